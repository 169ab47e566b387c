import { describe, expect, it } from 'vitest';
import { type JsonObject, unknown } from '../../src/model/value.ts';
import { verdictOf } from './acme.ts';

const denied = unknown('denied', 'AccessDenied', 'acme:ListServers');

async function leaves(lines: string, properties: object): Promise<string[]> {
  const verdict = await verdictOf(lines, properties as JsonObject);
  return verdict.leaves.map((leaf) => `${leaf.path} = ${JSON.stringify(leaf.observed)}: ${leaf.expected}`);
}

const word = (reason: string, detail: string) => JSON.stringify({ $unknown: reason, detail });

describe('an explanation names what fixed the answer:', () => {
  it.each<[string, string, object, string[]]>([
    ['the test', 'Port: { lte: 22 }', { Port: 23 }, ['Port = 23: at most 22']],
    ['what is absent', 'Port: { lte: 22 }', {}, ['Port = undefined: at most 22']],
    [
      'only the parts that fail',
      'Port: 22, Open: true, Name: x',
      { Port: 22, Open: false },
      ['Open = false: true', 'Name = undefined: "x"'],
    ],
    [
      'only the parts that are not known',
      'Port: 22, Open: true',
      { Port: 22, Open: denied },
      [`Open = ${JSON.stringify(denied)}: true`],
    ],
    [
      'every alternative',
      'any: [{ Port: 22 }, { Open: true }]',
      { Port: 1, Open: false },
      ['Port = 1: 22', 'Open = false: true'],
    ],
    [
      'what should not have been',
      'not: { any: [{ Port: 22 }, { Open: true }] }',
      { Port: 22, Open: false },
      ['Port = 22: not 22'],
    ],
    [
      'the branch that was taken',
      'if: { Open: true }, then: { Port: 22 }, else: { Port: 23 }',
      { Open: false, Port: 22 },
      ['Port = 22: 23'],
    ],
    [
      'the open condition',
      'if: { Open: true }, then: { Port: 22 }',
      { Open: denied, Port: 23 },
      [`Open = ${JSON.stringify(denied)}: true`],
    ],
    [
      'the item',
      'none: { in: Disks, where: { Size: { gt: 5 } } }',
      { Disks: [{ Size: 1 }, { Size: 9 }] },
      ['Disks[1].Size = 9: at most 5'],
    ],
    [
      'each item',
      'some: { in: Disks, where: { Size: 5 } }',
      { Disks: [{ Size: 1 }, {}] },
      ['Disks[0].Size = 1: 5', 'Disks[1].Size = undefined: 5'],
    ],
    [
      'the item that breaks it',
      'every: { in: Disks, where: { Size: 5 }, allow-empty: true }',
      { Disks: [{ Size: 5 }, { Size: 6 }] },
      ['Disks[1].Size = 6: 5'],
    ],
    [
      'that there is none',
      'some: { in: Disks, where: { Size: 5 } }',
      { Disks: [] },
      ['Disks = []: at least one item of Disks'],
    ],
    ['that there is one', 'none: { in: Names }', { Names: ['a'] }, ['Names[0] = "a": there is no item of Names']],
    [
      'that the filter left none',
      'every: { in: Disks, filter: { Kind: ssd }, where: { Size: 5 }, allow-empty: false }',
      { Disks: [{ Kind: 'hdd' }] },
      ['Disks = [{"Kind":"hdd"}]: at least one item of Disks of which Kind is "ssd"'],
    ],
    [
      'that there is no evidence',
      'every: { in: Disks, where: { Size: 5 }, allow-empty: unknown }',
      {},
      [`Disks = ${word('not-collected', 'there is nothing to judge by')}: at least one item of Disks`],
    ],
    [
      'that there is no evidence that counts',
      'every: { in: Disks, filter: { Kind: ssd }, where: { Size: 5 }, allow-empty: unknown }',
      { Disks: [{ Kind: 'hdd' }] },
      [
        `Disks = ${word('stale', 'there is nothing that counts to judge by')}: at least one item of Disks of which Kind is "ssd"`,
      ],
    ],
    [
      'the open filter',
      'none: { in: Disks, filter: { Kind: ssd }, where: { Size: 5 } }',
      { Disks: [{ Kind: denied, Size: 5 }] },
      [`Disks[0].Kind = ${JSON.stringify(denied)}: "ssd"`],
    ],
    [
      'the nested item',
      'none: { in: Disks, where: { some: { in: Mounts, where: { Path: / } } } }',
      { Disks: [{}, { Mounts: [{ Path: '/a' }, { Path: '/' }] }] },
      ['Disks[1].Mounts[1].Path = "/": not "/"'],
    ],
    ['the wrong type', 'Port: 22', { Port: '22' }, [`Port = ${word('type', 'cannot be judged: "22"')}: 22`]],
    ['the tag', 'tag.Owner: sam', { Tags: [{ Key: 'Owner', Value: 'kim' }] }, ['tag.Owner = "kim": "sam"']],
    [
      'the plain item',
      'none: { in: Names, where: { like: "a*" } }',
      { Names: ['b', 'ab'] },
      ['Names[1] = "ab": not like "a*"'],
    ],
  ])('%s', async (_, condition, properties, expected) => {
    expect(await leaves(`assert: { ${condition} }`, properties)).toEqual(expected);
  });

  it('the condition under which it is meant, when that is open', async () => {
    expect(await leaves('when: { Open: true }\nassert: { Port: 22 }', { Open: denied, Port: 1 })).toEqual([
      `Open = ${JSON.stringify(denied)}: true`,
    ]);
  });

  it('twenty observations, and the number of the others', async () => {
    const Disks = Array.from({ length: 50 }, (_, index) => ({ Size: index }));
    const verdict = await verdictOf('assert: { none: { in: Disks, where: { Size: { gte: 0 } } } }', { Disks });
    expect([verdict.leaves.length, verdict.more]).toEqual([20, 30]);
    expect(verdict.leaves[19]?.path).toBe('Disks[19].Size');
  });

  it('the call behind it', async () => {
    const resource = { calls: { '': 'acme:ListServers', Extra: 'acme:GetExtra {"Id":"s"}' } };
    const verdict = await verdictOf(
      'assert: { Extra.Level: 3, Port: 22 }',
      { Extra: { Level: 2 }, Port: 1 },
      { resource },
    );
    expect(verdict.leaves.map((leaf) => leaf.call)).toEqual(['acme:GetExtra {"Id":"s"}', 'acme:ListServers']);
    const refused = {
      ...resource,
      gaps: { Extra: { reason: 'denied', call: 'acme:GetExtra', detail: 'no' } as const },
    };
    const open = await verdictOf('assert: { Extra.Level: 3, Port: 22 }', { Port: 22 }, { resource: refused });
    expect(open.leaves).toEqual([
      {
        path: 'Extra.Level',
        observed: { $unknown: 'denied', detail: 'no', call: 'acme:GetExtra' },
        expected: '3',
        call: 'acme:GetExtra',
      },
    ]);
  });
});
