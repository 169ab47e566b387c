import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Related } from '../../src/model/graph.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../../src/model/value.ts';
import { compileRule } from '../../src/rule/compile.ts';
import { checkParameters } from '../../src/rule/parameters.ts';
import { sentence } from '../../src/rule/sentence.ts';
import { graphOf, problemsOf, rack, resourceOf, ruleFrom, runOf, snapshot, verdictOf, volume } from './acme.ts';

const denied = unknown('denied');
const of = 'among: [{ of: Acme::Volume, where: { Encrypted: true } }]';
const byServer = 'among: [{ of: Acme::Volume, distinct: ServerId }]';

function volumes(...properties: readonly JsonObject[]): Related {
  const resources = properties.map((one, index) => resourceOf(one, { type: volume.type, id: `v${index}` }));
  return { resources, incomplete: undefined };
}

const [yes, no, open] = [{ Encrypted: true }, { Encrypted: false }, { Encrypted: denied }];
const on = (server: Json) => ({ ServerId: server });

async function counted(count: string, related: Related, more: Readonly<Record<string, Related>> = {}) {
  return await verdictOf(`assert: { count: { ${count} } }`, {}, { related: { [volume.type]: related, ...more } });
}

describe('a count', () => {
  it.each<[string, readonly JsonObject[], string, string]>([
    [`${of}, at-most: 1`, [], 'pass', 'unknown'],
    [`${of}, at-most: 1`, [yes, no], 'pass', 'unknown'],
    [`${of}, at-most: 1`, [yes, yes], 'fail', 'fail'],
    [`${of}, at-most: 1`, [yes, open], 'unknown', 'unknown'],
    [`${of}, at-most: 1`, [yes, yes, open], 'fail', 'fail'],
    [`${of}, at-most: 1`, [open], 'pass', 'unknown'],
    [`${of}, at-most: 0`, [no], 'pass', 'unknown'],
    [`${of}, at-least: 1`, [], 'fail', 'unknown'],
    [`${of}, at-least: 1`, [open], 'unknown', 'unknown'],
    [`${of}, at-least: 1`, [open, yes], 'pass', 'pass'],
    [`${of}, at-least: 1, at-most: 1`, [yes], 'pass', 'unknown'],
    [`${of}, at-least: 1, at-most: 1`, [yes, yes], 'fail', 'fail'],
    [`${of}, plus: 1, at-most: 1`, [], 'pass', 'unknown'],
    [`${of}, plus: 1, at-most: 1`, [yes], 'fail', 'fail'],
    [`${byServer}, at-most: 1`, [on('a'), on('a')], 'pass', 'unknown'],
    [`${byServer}, at-most: 1`, [on('a'), on('b')], 'fail', 'fail'],
    [`${byServer}, at-most: 1`, [on('a'), on(denied)], 'unknown', 'unknown'],
    [`${byServer}, at-most: 1`, [on('a'), {}], 'fail', 'fail'],
    [`${byServer}, at-least: 2`, [on('a'), on(denied)], 'unknown', 'unknown'],
  ])('%s of %j is %s, and %s when there may be more', async (count, given, whole, cut) => {
    const related = volumes(...given);
    expect((await counted(count, related)).outcome).toBe(whole);
    expect((await counted(count, { ...related, incomplete: denied })).outcome).toBe(cut);
  });

  it('adds up several kinds of things, and takes those with the same value for one', async () => {
    const among = (distinct: string) =>
      `among: [{ of: Acme::Volume, distinct: ${distinct} }, { of: Acme::Rack, distinct: Id }], at-most: 1`;
    const racks = { [rack.type]: { resources: [resourceOf({ Id: 'a' }, { type: rack.type })], incomplete: undefined } };
    expect((await counted(among('Id'), volumes({ Id: 'a' }), racks)).outcome).toBe('pass');
    expect((await counted(among('ServerId'), volumes({ Id: 'a' }), racks)).outcome).toBe('fail');
  });

  it('never takes a value of AWS for a thing that stands for itself', async () => {
    const own = JSON.stringify([volume.type, '111122223333', 'eu-west-1', 'v0']);
    expect((await counted(`${byServer}, at-most: 1`, volumes({}, on(own)))).outcome).toBe('fail');
  });

  it('counts what relations lead to', async () => {
    const count = 'among: [{ follow: volumes.snapshots, where: { Public: true } }], at-most: 1';
    const snapshots = {
      [snapshot.type]: {
        resources: ['s1', 's2'].map((id) => resourceOf({ Public: true }, { type: snapshot.type, id })),
        incomplete: undefined,
      },
    };
    expect((await counted(count, volumes({ Id: 'v' }), snapshots)).outcome).toBe('fail');
    expect((await counted(count, volumes(), snapshots)).outcome).toBe('pass');
  });

  it('says how many there are and which, or what keeps it open', async () => {
    const failed = await counted(`${of}, at-most: 1`, volumes(yes, no, yes));
    expect(failed.leaves.map(({ path, observed }) => [path, observed])).toEqual([
      ['Acme::Volume', 2],
      ['Acme::Volume[v0]', 'v0'],
      ['Acme::Volume[v2]', 'v2'],
    ]);
    expect(failed.leaves[0]?.expected).toContain('at most 1');
    const doubtful = await counted(`${of}, at-most: 1`, { ...volumes(yes, open), incomplete: unknown('throttled') });
    expect(doubtful.leaves.map(({ path, observed }) => [path, observed])).toEqual([
      ['Acme::Volume', unknown('throttled')],
      ['Acme::Volume[v1].Encrypted', denied],
    ]);
  });

  it('stays open when there are more things than anyone visits', async () => {
    const many = volumes(...Array.from({ length: 100_001 }, () => no));
    const verdict = await counted(`${of}, at-most: 1`, many);
    expect(verdict.outcome).toBe('unknown');
    expect(verdict.leaves[0]?.observed).toMatchObject({ $unknown: 'limit' });
  });

  it('takes its bounds from the policy, which cannot set impossible ones', async () => {
    const rule = await ruleFrom(
      `params: { most: { description: x, schema: { type: integer }, default: 1 } }\nassert: { count: { ${of}, at-most: { param: most } } }`,
    );
    const judge = (most: number) =>
      compileRule(rule, { most }).judge(resourceOf({}), runOf(graphOf({ [volume.type]: volumes(yes, yes) }))).outcome;
    expect([judge(1), judge(2)]).toEqual(['fail', 'pass']);
    expect(checkParameters(rule, { most: -1 })).toMatchObject([{ name: 'most' }]);
    expect(checkParameters(rule, { most: 2 })).toEqual([]);
  });

  it('can be said in words', async () => {
    const rule = await ruleFrom(`assert: { count: { ${of}, plus: 2, at-least: 1, at-most: 3 } }`);
    expect(sentence(rule)).toBe(
      'Every server: there are at least 1 and at most 3 of what is counted: each volume of the account of which Encrypted is true; 2 more.',
    );
    const other = await ruleFrom(`assert: { not: { count: { ${byServer}, at-least: 1, at-most: 3 } } }`);
    expect(sentence(other)).toBe(
      'Every server: there are fewer than 1 or more than 3 of what is counted: each different ServerId of each volume of the account.',
    );
  });

  it.each([
    ['nothing to count', 'at-most: 1', "1:11+1 'count' needs 'among'"],
    ['an empty list', 'among: [], at-most: 1', "'among' lists 1 to 8 things to count, not a list of 0 items"],
    ['no bound', of, "'count' needs 'at-most' or 'at-least'"],
    ['a bound below nothing', `${of}, at-most: -1`, 'at-most: '],
    ['a bound that is text', `${of}, at-most: many`, 'at-most: '],
    ['a parameter that is not declared', `${of}, at-most: { param: most }`, "the rule has no parameter 'most'"],
    ['a misspelt bound', `${of}, atmost: 1`, "'count' has no 'atmost' (did you mean 'at-most'?)"],
    ['a list', 'among: [{ in: Disks }], at-most: 1', "what is counted has no 'in'"],
    ['a type that there is not', 'among: [{ of: Acme::Volum }], at-most: 1', "did you mean 'Acme::Volume'?"],
    [
      'a path that there is not',
      'among: [{ of: Acme::Volume, distinct: Serverid }], at-most: 1',
      "no field 'Serverid'",
    ],
    ['a path to a number', 'among: [{ of: Acme::Volume, distinct: Size }], at-most: 1', 'is no text'],
    ['a wrong condition', 'among: [{ of: Acme::Volume, where: { Encryptd: true } }], at-most: 1', "'Encryptd' cannot"],
  ])('with %s is refused', async (_, count, message) => {
    const problems = await problemsOf(`assert: { count: { ${count} } }`);
    expect(problems.join('\n')).toContain(message.replace('1:11+1 ', ''));
  });
});

const arbitraryVolume = fc.record(
  { Encrypted: fc.boolean(), ServerId: fc.constantFrom('a', 'b') },
  { requiredKeys: [] },
);
const bound = fc.record({ most: fc.nat(3), least: fc.nat(3), plus: fc.nat(2) }, { requiredKeys: [] });

/** What is left of the volumes when less of them is known. */
function* lessKnown(given: readonly JsonObject[]): Generator<Related> {
  const whole = volumes(...given);
  yield { ...whole, incomplete: denied };
  for (const index of given.keys()) {
    yield { resources: whole.resources.filter((_, i) => i !== index), incomplete: denied };
    for (const name of ['Encrypted', 'ServerId'])
      yield volumes(...given.map((one, i) => (i === index ? { ...one, [name]: denied } : one)));
  }
}

it('to know less keeps the answer of a count or leaves it open', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryVolume, { maxLength: 4 }),
      bound,
      fc.boolean(),
      fc.boolean(),
      async (given, { most = 2, least, plus }, isFiltered, isDistinct) => {
        const among = {
          of: volume.type,
          ...(isFiltered && { where: { Encrypted: true } }),
          ...(isDistinct && { distinct: 'ServerId' }),
        };
        const count = {
          among: [among],
          'at-most': most,
          ...(least !== undefined && { 'at-least': least }),
          ...(plus !== undefined && { plus }),
        };
        const judge = compileRule(await ruleFrom(`assert: ${JSON.stringify({ count })}`), {});
        const judged = (related: Related) => judge.judge(resourceOf({}), runOf(graphOf({ [volume.type]: related })));
        const { outcome } = judged(volumes(...given));
        for (const related of lessKnown(given)) {
          const now = judged(related);
          expect([outcome, 'unknown']).toContain(now.outcome);
          if (now.outcome === 'unknown') expect(now.leaves.some(({ observed }) => isUnknown(observed))).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('what nobody can tell', () => {
  it.each([
    ['unknown: nobody looked', 'unknown'],
    ['not: { unknown: nobody looked }', 'unknown'],
    ['any: [{ Port: 22 }, { unknown: nobody looked }]', 'pass'],
    ['all: [{ Port: 23 }, { unknown: nobody looked }]', 'fail'],
    ['if: { Port: 22 }, then: { unknown: nobody looked }', 'unknown'],
  ])('%s is %s', async (condition, expected) => {
    const verdict = await verdictOf(`assert: { ${condition} }`, { Port: 22 });
    expect(verdict.outcome).toBe(expected);
    if (expected === 'unknown')
      expect(verdict.leaves).toMatchObject([{ observed: unknown('not-collected', 'nobody looked') }]);
  });

  it('needs a reason, which an auditor reads', async () => {
    expect(await problemsOf('assert: { unknown: true }')).toEqual(["1:20+4 'unknown' is text, not true (quote it)"]);
    expect(sentence(await ruleFrom('assert: { unknown: nobody looked }'))).toBe(
      'Every server: nobody can tell (nobody looked).',
    );
  });
});
