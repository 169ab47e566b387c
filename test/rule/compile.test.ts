import { describe, expect, it } from 'vitest';
import { type JsonObject, unknown } from '../../src/model/value.ts';
import { compileRule } from '../../src/rule/compile.ts';
import { graphOf, rack, resourceOf, ruleFrom, runOf, snapshot, verdictOf, volume } from './acme.ts';

const denied = unknown('denied');
const notDefault = { ...unknown('known-after-apply'), not: ['default'] };
const disks = (...sizes: (number | null | undefined | object)[]) => ({
  Disks: sizes.map((size) => (typeof size === 'object' && size !== null ? size : { Size: size })),
});

async function outcome(lines: string, properties: object): Promise<string> {
  return (await verdictOf(lines, properties as JsonObject)).outcome;
}

describe('a test', () => {
  it.each<[string, object, string]>([
    ['Port: 22', { Port: 22 }, 'pass'],
    ['Port: 22', { Port: 23 }, 'fail'],
    ['Port: 22', {}, 'fail'],
    ['Port: 22', { Port: null }, 'fail'],
    ['Port: 22', { Port: '22' }, 'unknown'],
    ['Port: 22', { Port: denied }, 'unknown'],
    ['not: { Port: 22 }', { Port: denied }, 'unknown'],
    // A name that is chosen later is known not to be one that is taken.
    ['Name: default', { Name: notDefault }, 'fail'],
    ['Name: { ne: default }', { Name: notDefault }, 'pass'],
    ['Name: { like: "def*" }', { Name: notDefault }, 'unknown'],
    ['Name: web', { Name: notDefault }, 'unknown'],
    ['Name: { ne: web }', { Name: notDefault }, 'unknown'],
    ['Port: { ne: 22 }', {}, 'pass'],
    ['Port: { exists: false }', {}, 'pass'],
    ['Port: { exists: false }', { Port: denied }, 'unknown'],
    ['Port: { gte: 20, lte: 22 }', { Port: 21 }, 'pass'],
    ['Port: { gte: 20, lte: 22 }', { Port: 23 }, 'fail'],
    ['Detail.Inner.Leaf: x', { Detail: { Inner: { Leaf: 'x' } } }, 'pass'],
    ['Detail.Inner.Leaf: x', { Detail: {} }, 'fail'],
    ['Detail.Inner.Leaf: x', {}, 'fail'],
    ['Detail.Inner.Leaf: x', { Detail: denied }, 'unknown'],
    ['Detail.Inner.Leaf: x', { Detail: { Inner: denied } }, 'unknown'],
    ['Detail.Inner.Leaf: x', { Detail: 'x' }, 'unknown'],
    ['Detail.Inner.Leaf: x', { Detail: [{ Inner: { Leaf: 'x' } }] }, 'unknown'],
    ['Detail.Inner.Leaf: { exists: false }', { Detail: 7 }, 'unknown'],
    ['Free.length: { exists: true }', { Free: 'text' }, 'unknown'],
    ['Free.length: { exists: true }', { Free: [1] }, 'unknown'],
    ['Free.detail: { exists: true }', { Free: unknown('denied', 'why') }, 'unknown'],
    ['length: 3', { length: 3 }, 'pass'],
    ['path: { of: every, eq: 3 }', { every: 3 }, 'pass'],
    ['tag.Owner: sam', { Tags: [{ Key: 'Owner', Value: 'sam' }] }, 'pass'],
    ['tag.Owner: sam', { Tags: [{ Key: 'owner', Value: 'sam' }] }, 'fail'],
    ['tag.Owner: { exists: false }', {}, 'pass'],
    ['tag.Owner: sam', { Tags: denied }, 'unknown'],
    ['tag.Owner: sam', { Tags: [denied] }, 'unknown'],
    ['Labels.a: x', { Labels: { a: 'x' } }, 'pass'],
  ])('%s of %j is %s', async (condition, properties, expected) => {
    expect(await outcome(`assert: { ${condition} }`, properties)).toBe(expected);
  });
});

describe('a connective', () => {
  const value = { T: { Port: 22 }, F: { Port: 1 }, U: { Port: denied } };
  const test = { T: 'Port: 22', F: 'Port: 1' };

  it.each([
    ['all', 'TT', 'pass'],
    ['all', 'TF', 'fail'],
    ['any', 'TF', 'pass'],
    ['any', 'FF', 'fail'],
  ])('%s of %s is %s', async (word, parts, expected) => {
    const list = [...parts].map((part) => (part === 'T' ? `{ ${test.T} }` : `{ ${test.F} }`)).join(', ');
    expect(await outcome(`assert: { ${word}: [${list}] }`, value.T)).toBe(expected);
  });

  it.each([
    ['any: [{ Open: true }, { Port: 22 }]', { Open: true, Port: denied }, 'pass'],
    ['any: [{ Open: true }, { Port: 22 }]', { Open: false, Port: denied }, 'unknown'],
    ['all: [{ Open: true }, { Port: 22 }]', { Open: false, Port: denied }, 'fail'],
    ['all: [{ Open: true }, { Port: 22 }]', { Open: true, Port: denied }, 'unknown'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: true, Port: 22 }, 'pass'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: true, Port: 23 }, 'fail'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: false, Port: 23 }, 'pass'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: denied, Port: 22 }, 'pass'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: denied, Port: 23 }, 'unknown'],
    ['if: { Open: true }, then: { Port: 22 }', { Open: false, Port: denied }, 'pass'],
    ['if: { Open: true }, then: { Port: 22 }, else: { Port: 23 }', { Open: false, Port: 23 }, 'pass'],
    ['if: { Open: true }, then: { Port: 22 }, else: { Port: 23 }', { Open: false, Port: 22 }, 'fail'],
    ['if: { Open: true }, then: { Port: 22 }, else: { Port: 23 }', { Open: denied, Port: 22 }, 'unknown'],
    ['if: { Open: true }, then: { Port: 22 }, else: { Port: 23 }', { Open: denied, Port: 24 }, 'fail'],
  ])('%s of %j is %s', async (condition, properties, expected) => {
    expect(await outcome(`assert: { ${condition} }`, properties)).toBe(expected);
  });
});

describe('when', () => {
  it.each([
    [{ Open: false, Port: denied }, 'not-applicable'],
    [{ Open: denied, Port: 22 }, 'unknown'],
    [{ Open: true, Port: 22 }, 'pass'],
    [{ Open: true, Port: 23 }, 'fail'],
  ])('of %j gives %s', async (properties, expected) => {
    expect(await outcome('when: { Open: true }\nassert: { Port: 22 }', properties)).toBe(expected);
  });
});

describe('a quantifier over a list', () => {
  const big = 'where: { Size: { gt: 5 } }';
  const filtered = `filter: { Kind: ssd }, ${big}`;
  const ssd = (size: unknown) => ({ Kind: 'ssd', Size: size });
  const maybe = (size: unknown) => ({ Kind: denied, Size: size });
  const hdd = (size: unknown) => ({ Kind: 'hdd', Size: size });

  it.each<[string, object, string]>([
    [`some: { in: Disks, ${big} }`, disks(1, 9), 'pass'],
    [`some: { in: Disks, ${big} }`, disks(1, 2), 'fail'],
    [`some: { in: Disks, ${big} }`, disks(1, denied), 'unknown'],
    [`some: { in: Disks, ${big} }`, disks(9, denied), 'pass'],
    [`some: { in: Disks, ${big} }`, disks(), 'fail'],
    [`some: { in: Disks, ${big} }`, {}, 'fail'],
    [`some: { in: Disks, ${big} }`, { Disks: denied }, 'unknown'],
    [`some: { in: Disks, ${big} }`, { Disks: { Size: 9 } }, 'unknown'],
    [`some: { in: Disks, ${big} }`, { Disks: ['9', 1, [{ Size: 9 }]] }, 'unknown'],
    [`some: { in: Disks, ${big} }`, { Disks: [null] }, 'unknown'],
    [`some: { in: Disks, ${big}, allow-empty: unknown }`, {}, 'unknown'],
    [`some: { in: Disks, ${big}, allow-empty: true }`, {}, 'pass'],
    ['some: { in: Disks }', disks(1), 'pass'],
    ['some: { in: Disks }', disks(), 'fail'],
    [`none: { in: Disks, ${big} }`, disks(1, 2), 'pass'],
    [`none: { in: Disks, ${big} }`, disks(1, 9, denied), 'fail'],
    [`none: { in: Disks, ${big} }`, disks(1, denied), 'unknown'],
    [`none: { in: Disks, ${big} }`, {}, 'pass'],
    [`none: { in: Disks, ${big}, allow-empty: false }`, {}, 'fail'],
    [`none: { in: Disks, ${big}, allow-empty: unknown }`, {}, 'unknown'],
    [`every: { in: Disks, ${big}, allow-empty: false }`, disks(8, 9), 'pass'],
    [`every: { in: Disks, ${big}, allow-empty: false }`, disks(8, 1, denied), 'fail'],
    [`every: { in: Disks, ${big}, allow-empty: false }`, disks(8, denied), 'unknown'],
    [`every: { in: Disks, ${big}, allow-empty: false }`, {}, 'fail'],
    [`every: { in: Disks, ${big}, allow-empty: true }`, {}, 'pass'],
    [`every: { in: Disks, ${big}, allow-empty: unknown }`, {}, 'unknown'],
    // With a filter, an item of which it is not known whether it counts makes emptiness itself uncertain.
    [`every: { in: Disks, ${filtered}, allow-empty: true }`, disks(hdd(1), ssd(9)), 'pass'],
    [`every: { in: Disks, ${filtered}, allow-empty: true }`, disks(hdd(1), ssd(1)), 'fail'],
    [`every: { in: Disks, ${filtered}, allow-empty: true }`, disks(maybe(9)), 'pass'],
    [`every: { in: Disks, ${filtered}, allow-empty: false }`, disks(maybe(9)), 'unknown'],
    [`every: { in: Disks, ${filtered}, allow-empty: false }`, disks(maybe(9), ssd(8)), 'pass'],
    [`every: { in: Disks, ${filtered}, allow-empty: true }`, disks(maybe(1), ssd(8)), 'unknown'],
    [`every: { in: Disks, ${filtered}, allow-empty: unknown }`, disks(hdd(9)), 'unknown'],
    [`some: { in: Disks, ${filtered} }`, disks(maybe(9)), 'unknown'],
    [`some: { in: Disks, ${filtered} }`, disks(maybe(1)), 'fail'],
    [`some: { in: Disks, ${filtered} }`, disks(hdd(9)), 'fail'],
    [`none: { in: Disks, ${filtered} }`, disks(maybe(1)), 'pass'],
    [`none: { in: Disks, ${filtered} }`, disks(maybe(9)), 'unknown'],
    [`none: { in: Disks, ${filtered}, allow-empty: false }`, disks(maybe(1)), 'unknown'],
    ['none: { in: Names, where: { like: "a*" } }', { Names: ['b', 'c'] }, 'pass'],
    ['none: { in: Names, where: { like: "a*" } }', { Names: ['b', 'ab'] }, 'fail'],
    ['none: { in: Names, where: { like: "a*" } }', { Names: ['b', denied] }, 'unknown'],
    ['none: { in: Names, where: { like: "a*" } }', { Names: ['b', 3] }, 'unknown'],
    [
      'none: { in: Disks, where: { some: { in: Mounts, where: { Path: / } } } }',
      disks({ Mounts: [{ Path: '/' }] }),
      'fail',
    ],
  ])('%s of %j is %s', async (condition, properties, expected) => {
    expect(await outcome(`assert: { ${condition} }`, properties)).toBe(expected);
  });
});

describe('newest', () => {
  const rule =
    'assert: { every: { in: Disks, filter: { Kind: ssd }, newest: Made, where: { Size: 1 }, allow-empty: unknown } }';
  const disk = (day: number | object | undefined, size: unknown, kind: unknown = 'ssd') => ({
    Kind: kind,
    Size: size,
    Made: typeof day === 'number' ? `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` : day,
  });

  it.each<[string, object[], string]>([
    ['the latest decides', [disk(1, 2), disk(3, 1), disk(2, 2)], 'pass'],
    ['the latest decides, wherever it stands', [disk(3, 2), disk(1, 1)], 'fail'],
    ['two of the same time both count', [disk(3, 1), disk(3, 2)], 'fail'],
    ['what the filter leaves out does not count', [disk(1, 1), disk(3, 2, 'hdd')], 'pass'],
    ['one that may count and be newer leaves it open', [disk(1, 1), disk(3, 2, denied)], 'unknown'],
    ['one that may count but is older does not', [disk(3, 1), disk(1, 2, denied)], 'pass'],
    ['one without a time may be the newest', [disk(1, 1), disk(undefined, 2)], 'unknown'],
    ['one whose time is not known may be the newest', [disk(1, 1), disk(denied, 2)], 'unknown'],
    ['but when all agree it does not matter', [disk(1, 1), disk(denied, 1)], 'pass'],
    ['nothing that counts is no evidence', [disk(1, 1, 'hdd')], 'unknown'],
  ])('%s', async (_, items, expected) => {
    expect(await outcome(rule, { Disks: items })).toBe(expected);
  });

  it('among resources that were not all seen is not known', async () => {
    const item = resourceOf({ Id: 's', Public: true }, { type: snapshot.type, id: 's' });
    const lines = 'assert: { some: { of: Acme::Snapshot, newest: Id, where: { Public: true } } }';
    const related = { [snapshot.type]: { resources: [item], incomplete: denied } };
    expect((await verdictOf(lines, {}, { related })).outcome).toBe('unknown');
  });
});

describe('a relation', () => {
  const encrypted = (id: string, answer: unknown) =>
    resourceOf({ Id: id, Encrypted: answer } as JsonObject, { type: volume.type, id });
  const lines = (quantifier: string) =>
    `assert: { ${quantifier}: { follow: volumes, where: { Encrypted: true }, allow-empty: false } }`;

  it.each<[string, unknown[], boolean, string]>([
    ['some', [true], true, 'pass'],
    ['some', [false, true], false, 'pass'],
    ['some', [false], true, 'fail'],
    ['some', [false], false, 'unknown'],
    ['some', [], false, 'unknown'],
    ['every', [true, true], true, 'pass'],
    ['every', [true], false, 'unknown'],
    ['every', [false], false, 'fail'],
    ['every', [], true, 'fail'],
    ['none', [false], true, 'pass'],
    ['none', [true], false, 'fail'],
    ['none', [false], false, 'unknown'],
  ])('%s of %j, complete %s, is %s', async (quantifier, answers, complete, expected) => {
    const resources = answers.map((answer, index) => encrypted(`v${index}`, answer));
    const related = { [volume.type]: { resources, incomplete: complete ? undefined : denied } };
    expect((await verdictOf(lines(quantifier), { Id: 's' }, { related })).outcome).toBe(expected);
  });

  it('reads what it leads to by that type, and says where', async () => {
    const resources = [encrypted('v1', true), encrypted('v2', false)];
    const verdict = await verdictOf(
      lines('every'),
      { Id: 's' },
      { related: { [volume.type]: { resources, incomplete: undefined } } },
    );
    expect(verdict.leaves).toEqual([{ path: 'volumes[v2].Encrypted', observed: false, expected: 'true' }]);
  });

  it('is followed by another, and what is met twice counts once', async () => {
    const rule = 'assert: { none: { follow: volumes.snapshots, where: { Public: true } } }';
    const shared = resourceOf({ Id: 'p', Public: true }, { type: snapshot.type, id: 'p' });
    const related = {
      [volume.type]: { resources: [encrypted('v1', true), encrypted('v2', true)], incomplete: undefined },
      [snapshot.type]: { resources: [shared], incomplete: undefined },
    };
    const verdict = await verdictOf(rule, { Id: 's' }, { related });
    expect(verdict.leaves.map((leaf) => leaf.path)).toEqual(['volumes.snapshots[p].Public']);
    const partly = { ...related, [volume.type]: { resources: [], incomplete: denied } };
    expect((await verdictOf(rule, { Id: 's' }, { related: partly })).outcome).toBe('unknown');
  });

  it('of a whole account judges what there is', async () => {
    const rule = [
      'scope: account',
      'pass: { a: {} }',
      'fail: { b: {} }',
      'unknown: { c: {} }',
      'assert: { some: { of: Acme::Rack, where: { Locked: true } } }',
      'message: "{@account} has no locked rack"',
    ].join('\n');
    const one = resourceOf({ Id: 'r', Locked: false }, { type: rack.type, id: 'r', region: 'global' });
    const related = { [rack.type]: { resources: [one], incomplete: undefined } };
    const verdict = await verdictOf(rule, {}, { related });
    expect(verdict).toMatchObject({ outcome: 'fail', message: '111122223333 has no locked rack' });
    expect(verdict.leaves[0]?.path).toBe('Acme::Rack[r].Locked');
  });
});

describe('a property that is missing from a collected resource', () => {
  it.each<[string, object, string, string | undefined]>([
    ['Name: x', { calls: { '': 'acme:ListServers' } }, 'fail', undefined],
    ['Port: 22', { calls: { '': 'acme:ListServers' } }, 'unknown', 'failed'],
    ['Extra.Level: 1', { calls: { '': 'acme:ListServers' } }, 'unknown', 'not-collected'],
    ['Extra.Level: 1', { calls: { '': 'a', Extra: 'acme:GetExtra' } }, 'fail', undefined],
    [
      'Extra.Level: 1',
      { calls: { '': 'a' }, gaps: { Extra: { reason: 'throttled', call: 'acme:GetExtra' } } },
      'unknown',
      'throttled',
    ],
    ['some: { in: Disks, where: { Size: 3 } }', { calls: { '': 'a' } }, 'unknown', 'failed'],
  ])('%s of %j is %s', async (condition, resource, expected, reason) => {
    const verdict = await verdictOf(`assert: { ${condition} }`, { Disks: [{}] }, { resource });
    expect(verdict.outcome).toBe(expected);
    expect(verdict.leaves[0]?.observed).toEqual(
      reason === undefined ? undefined : expect.objectContaining({ $unknown: reason }),
    );
  });
});

describe('work', () => {
  it('ends at 100,000 items, and the answer is then unknown', async () => {
    const many = { Disks: Array.from({ length: 100_001 }, () => ({ Size: 1 })) };
    const verdict = await verdictOf('assert: { none: { in: Disks, where: { Size: 2 } } }', many);
    expect(verdict.outcome).toBe('unknown');
    expect(verdict.leaves[0]?.observed).toMatchObject({ $unknown: 'limit' });
    const few = { Disks: many.Disks.slice(1) };
    expect((await verdictOf('assert: { none: { in: Disks, where: { Size: 2 } } }', few)).outcome).toBe('pass');
  });

  it('is counted through nested lists, for judging and for explaining', async () => {
    const mounts = Array.from({ length: 2_000 }, (_, index) => ({ Path: `/${index}` }));
    const nested = { Disks: Array.from({ length: 2_000 }, () => ({ Size: 1, Mounts: mounts })) };
    const lines = 'assert: { none: { in: Disks, where: { none: { in: Mounts, where: { Path: x } }, Size: 2 } } }';
    const before = process.cpuUsage();
    expect((await verdictOf(lines, nested)).outcome).toBe('unknown');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });

  it('is counted anew for each resource', async () => {
    const judge = compileRule(await ruleFrom('assert: { none: { in: Disks, where: { Size: 2 } } }'), {});
    const resource = resourceOf({ Disks: Array.from({ length: 60_000 }, () => ({ Size: 1 })) });
    const run = runOf(graphOf({}));
    expect([judge.judge(resource, run).outcome, judge.judge(resource, run).outcome]).toEqual(['pass', 'pass']);
  });

  it('costs no memory for what passes or is not meant', async () => {
    const judge = compileRule(await ruleFrom('when: { Open: true }\nassert: { Port: 22 }'), {});
    const run = runOf();
    const pass = judge.judge(resourceOf({ Open: true, Port: 22 }), run);
    expect(judge.judge(resourceOf({ Open: true, Port: 22 }), run)).toBe(pass);
    const not = judge.judge(resourceOf({ Open: false }), run);
    expect(judge.judge(resourceOf({ Open: false }), run)).toBe(not);
  });
});

describe('parameters', () => {
  const lines = [
    'params:',
    '  most: { description: x, schema: { type: integer }, default: 10 }',
    '  ports: { description: x, schema: { type: array, items: { type: integer } } }',
    'assert: { Detail.Depth: { lte: { param: most } }, Port: { in: [22, { param: ports }] } }',
    'message: at most {param.most}, one of {param.ports}',
  ].join('\n');

  it('have the policy’s value, else their default', async () => {
    const at = (values: object, properties: object) =>
      verdictOf(lines, properties as JsonObject, { values: values as Record<string, never> });
    expect((await at({ ports: [23] }, { Detail: { Depth: 10 }, Port: 23 })).outcome).toBe('pass');
    expect((await at({ ports: [] }, { Detail: { Depth: 10 }, Port: 23 })).outcome).toBe('fail');
    expect(await at({ ports: [23, 24], most: 9 }, { Detail: { Depth: 10 }, Port: 22 })).toMatchObject({
      outcome: 'fail',
      message: 'at most 9, one of 23, 24',
    });
  });

  it('must all have one', async () => {
    const rule = await ruleFrom(lines);
    expect(() => compileRule(rule, {})).toThrow(/lacks values for its parameters: ports/);
  });
});
