import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProvisoErrors } from '../../src/errors.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../../src/model/value.ts';
import { compileRule } from '../../src/rule/compile.ts';
import { loadRule } from '../../src/rule/load.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { sentence } from '../../src/rule/sentence.ts';
import { acme, graphOf, resourceOf, ruleFrom, runOf, server, volume } from './acme.ts';

type Tree = { readonly [key: string]: unknown };

const serverTest: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom(20, 22).map((port) => ({ Port: port })),
  fc.constantFrom('lt', 'lte', 'gt', 'gte', 'ne').map((operator) => ({ Port: { [operator]: 21 } })),
  fc.boolean().map((wanted) => ({ Name: { exists: wanted } })),
  fc.constantFrom({ Name: { in: ['a', 'b'] } }, { Name: { notIn: ['a'] } }, { Name: { like: 'a*' } }),
  fc.boolean().map((wanted) => ({ Open: wanted })),
  fc.constantFrom({ 'tag.Role': 'web' }, { 'tag.Role': { exists: false } }, { 'Detail.Depth': { gte: 1 } }),
  fc.constantFrom({ Names: { contains: 'a' } }, { Names: { subsetOf: ['a', 'b'] } }, { Names: { minItems: 1 } }),
  fc.constantFrom({ Created: { within: '30d' } }, { Created: { olderThan: '30d' } }),
);
const diskTest: fc.Arbitrary<Tree> = fc.constantFrom<Tree[]>(
  { Size: 1 },
  { Size: { gt: 1 } },
  { Kind: { ne: 'ssd' } },
  { Kind: 'ssd' },
  { Made: { exists: true } },
);
const volumeTest: fc.Arbitrary<Tree> = fc.constantFrom<Tree[]>(
  { Encrypted: true },
  { Size: { lte: 1 } },
  { Size: { exists: false } },
);
const allowEmpty = fc.constantFrom(true, false, 'unknown');
const quantifier = fc.constantFrom('some', 'every', 'none');

function quantified(range: Tree, test: fc.Arbitrary<Tree>, newest: string | undefined): fc.Arbitrary<Tree> {
  return fc
    .record({
      word: quantifier,
      filter: fc.option(test),
      where: fc.option(test),
      empty: allowEmpty,
      latest: fc.boolean(),
    })
    .map(({ word, filter, where, empty, latest }) => ({
      [word]: {
        ...range,
        ...(filter === null ? {} : { filter }),
        ...(where === null ? {} : { where }),
        ...(latest && newest !== undefined ? { newest } : {}),
        'allow-empty': empty,
      },
    }));
}

const { condition } = fc.letrec<{ condition: Tree; leaf: Tree }>((tie) => ({
  leaf: fc.oneof(
    { weight: 3, arbitrary: serverTest },
    { weight: 2, arbitrary: quantified({ in: 'Disks' }, diskTest, 'Made') },
    { weight: 2, arbitrary: quantified({ follow: 'volumes' }, volumeTest, undefined) },
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('leaf'),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
    fc.record({ if: tie('condition'), then: tie('condition'), else: tie('condition') }),
  ),
}));

const time = fc.constantFrom('2026-11-20T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2025-01-01T00:00:00Z');
const disk = fc.record(
  { Size: fc.constantFrom(1, 2), Kind: fc.constantFrom('ssd', 'hdd'), Made: time },
  { requiredKeys: [] },
);
const properties = fc.record(
  {
    Port: fc.constantFrom(20, 21, 22),
    Name: fc.constantFrom('a', 'b', 'c'),
    Open: fc.boolean(),
    Created: time,
    Names: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    Detail: fc.record({ Depth: fc.constantFrom(0, 1) }, { requiredKeys: [] }),
    Disks: fc.array(disk, { maxLength: 3 }),
    Tags: fc.array(fc.record({ Key: fc.constantFrom('Role', 'Owner'), Value: fc.constantFrom('web', 'db') }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: [] },
);
const volumes = fc.array(fc.record({ Encrypted: fc.boolean(), Size: fc.constantFrom(1, 2) }, { requiredKeys: [] }), {
  maxLength: 3,
});

/** All variants of a value with one part of it not collected. */
function* unknowings(value: Json): Generator<Json> {
  yield unknown('denied');
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const variant of unknowings(item as Json)) yield value.map((other, i) => (i === index ? variant : other));
  } else if (typeof value === 'object' && value !== null && !isUnknown(value)) {
    for (const [key, member] of Object.entries(value))
      for (const variant of unknowings(member ?? null)) yield { ...value, [key]: variant };
  }
}

function* lessKnown(value: JsonObject): Generator<JsonObject> {
  for (const [key, member] of Object.entries(value))
    for (const variant of unknowings(member ?? null)) yield { ...value, [key]: variant };
}

interface World {
  readonly properties: JsonObject;
  readonly volumes: readonly JsonObject[];
  readonly complete: boolean;
}

function judge(rule: Rule, world: World): string {
  const resources = world.volumes.map((one, index) => resourceOf(one, { type: volume.type, id: `v${index}` }));
  const related = { [volume.type]: { resources, incomplete: world.complete ? undefined : unknown('denied') } };
  const verdict = compileRule(rule, {}).judge(resourceOf(world.properties), runOf(graphOf(related)));
  const explained = verdict.outcome === 'fail' || verdict.outcome === 'unknown';
  if (explained !== verdict.leaves.length > 0)
    throw new Error(`${verdict.outcome} with ${verdict.leaves.length} leaves`);
  if (verdict.outcome === 'unknown' && !verdict.leaves.some((leaf) => isUnknown(leaf.observed)))
    throw new Error(`nothing unknown is behind the answer: ${JSON.stringify(verdict.leaves)}`);
  return verdict.outcome;
}

function* lessKnownWorlds(world: World): Generator<World> {
  for (const variant of lessKnown(world.properties)) yield { ...world, properties: variant };
  for (const [index, one] of world.volumes.entries())
    for (const variant of lessKnown(one))
      yield { ...world, volumes: world.volumes.map((other, i) => (i === index ? variant : other)) };
  yield { ...world, complete: false };
  // Not having seen one is less knowledge, when it is known that not all were seen.
  for (const index of world.volumes.keys())
    yield { ...world, volumes: world.volumes.filter((_, i) => i !== index), complete: false };
}

const world: fc.Arbitrary<World> = fc.record({
  properties: properties as fc.Arbitrary<JsonObject>,
  volumes,
  complete: fc.boolean(),
});
const asRule = (tree: Tree) => ruleFrom(`assert: ${JSON.stringify(tree)}`);

describe('any condition', () => {
  it('keeps its answer or leaves it open when less is known', async () => {
    await fc.assert(
      fc.asyncProperty(condition, world, async (tree, start) => {
        const rule = await asRule(tree);
        const answer = judge(rule, start);
        for (const variant of lessKnownWorlds(start)) {
          const now = judge(rule, variant);
          if (now !== 'unknown' && now !== answer)
            throw new Error(`${answer} became ${now}: ${JSON.stringify(variant)}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('obeys De Morgan, double negation and the order of its parts', async () => {
    const pairs = (a: Tree, b: Tree): [Tree, Tree][] => [
      [{ not: { all: [a, b] } }, { any: [{ not: a }, { not: b }] }],
      [{ not: { any: [a, b] } }, { all: [{ not: a }, { not: b }] }],
      [{ not: { not: a } }, a],
      [{ all: [a, b] }, { all: [b, a] }],
      [{ any: [a, b] }, { any: [b, a] }],
    ];
    await fc.assert(
      fc.asyncProperty(condition, condition, world, async (a, b, start) => {
        for (const [left, right] of pairs(a, b))
          expect(judge(await asRule(left), start)).toBe(judge(await asRule(right), start));
      }),
      { numRuns: 60 },
    );
  });

  it('has quantifiers that are each other’s opposites', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(diskTest), diskTest, world, async (filter, where, start) => {
        const range = { in: 'Disks', ...(filter === null ? {} : { filter }) };
        const some = { some: { ...range, where } };
        const none = { none: { ...range, where } };
        const every = { every: { ...range, where: { not: where }, 'allow-empty': true } };
        const answers = await Promise.all(
          [{ not: some }, none, every].map(async (tree) => judge(await asRule(tree), start)),
        );
        expect(new Set(answers).size).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  it('can be said in words', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (tree) => {
        expect(sentence(await asRule(tree))).toMatch(/^Every server: \S.*\S\.$/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('hostile values', () => {
  const poisoned = JSON.parse(
    '{"__proto__":{"Port":22},"constructor":{"prototype":{}},"toString":1,"Port":22,"$unknown":"banana"}',
  ) as JsonObject;
  const deep = JSON.parse(`${'{"Inner":'.repeat(3000)}1${'}'.repeat(3000)}`) as JsonObject;
  const deepList = JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) as Json;
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json[]>(
      poisoned,
      deep,
      deepList,
      Array.from({ length: 50_000 }, () => null),
      'x'.repeat(1_000_000),
      Number.MAX_VALUE,
      -0,
    ),
  );
  const hostile = fc.dictionary(
    fc.constantFrom('Port', 'Name', 'Open', 'Disks', 'Names', 'Detail', 'Tags', 'Created', 'Free', 'length', 'Id'),
    anything,
  );

  it('never throw, and never give one answer today and another tomorrow', async () => {
    const message = 'message: "{Name} {Disks[].Size} {Detail.Inner.Leaf} {Tags[].Value} {Free} {Names}"';
    await fc.assert(
      fc.asyncProperty(condition, hostile, async (tree, value) => {
        const rule = await ruleFrom(
          `assert: ${JSON.stringify({ all: [tree, { length: 3, 'Free.length': 1 }] })}\n${message}`,
        );
        const judged = () => compileRule(rule, {}).judge(resourceOf(value as JsonObject), runOf());
        const verdict = judged();
        expect(judged()).toEqual(verdict);
        expect(verdict.leaves.length).toBeLessThanOrEqual(20);
        expect(verdict.message?.length ?? 0).toBeLessThan(10_000);
      }),
      { numRuns: 200 },
    );
  });

  it('whose prototype was meant to answer are not answered by it', async () => {
    const rule = await ruleFrom('assert: { Port: 22 }');
    const properties = JSON.parse('{"__proto__":{"Port":22}}') as JsonObject;
    expect(compileRule(rule, {}).judge(resourceOf(properties), runOf()).outcome).toBe('fail');
  });
});

describe('hostile rule files', () => {
  const words = [
    'assert',
    'when',
    'all',
    'any',
    'not',
    'some',
    'in',
    'where',
    'Port',
    'eq',
    'param',
    'Disks',
    'pass',
    'params',
    '$with',
    '$unknown',
    server.type,
  ];
  const piece = fc.oneof(
    fc.constantFrom(
      ...words,
      ':',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '&a',
      '*a',
      '!x',
      '|',
      '>',
      '#',
      '22',
      '012',
      '~',
    ),
    fc.string({ maxLength: 4 }),
  );

  it('are refused with a place, or are rules', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        try {
          await loadRule('rules/a/b.yaml', new TextEncoder().encode(pieces.join('')), acme);
        } catch (error) {
          if (!(error instanceof ProvisoErrors)) throw error;
          expect(error.errors.length).toBeGreaterThan(0);
          for (const one of error.errors) expect(one.where?.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('may have anything in the place of anything', async () => {
    const text = [
      'title: a',
      'severity: high',
      'resource: Acme::Server',
      'why: b',
      'fix: { cli: c }',
      'params: { most: { description: d, schema: { type: integer }, default: 3 } }',
      'controls: { fsbp: [A] }',
      'assert: { some: { in: Disks, where: { Size: { lte: { param: most } } } }, if: { Open: true }, then: { Port: 1 } }',
      'message: "{Name}"',
      'pass: { a: { $with: { Acme::Volume: [{ Size: 1 }] }, $params: { most: 4 }, $now: 2026-01-01T00:00:00Z } }',
      'fail: { b: {} }',
      'unknown: { c: { Port: { $unknown: denied } } }',
    ].join('\n');
    const nodes = [...text.matchAll(/[A-Za-z$][\w:.$-]*|\d+|\{[^{}]*\}|\[[^[\]]*\]/g)];
    const other = fc.constantFrom(
      '~',
      '3',
      'true',
      'x',
      '[]',
      '{}',
      '[1, x]',
      '{ x: 1 }',
      '{ param: most }',
      '{ $unknown: denied }',
      '""',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...nodes), other, async (node, replacement) => {
        const changed = text.slice(0, node.index) + replacement + text.slice(node.index + node[0].length);
        try {
          await loadRule('rules/a/b.yaml', new TextEncoder().encode(changed), acme);
        } catch (error) {
          if (!(error instanceof ProvisoErrors)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
