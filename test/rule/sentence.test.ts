import { expect, it } from 'vitest';
import { sentence } from '../../src/rule/sentence.ts';
import { ruleFrom } from './acme.ts';

it.each<[string, string]>([
  ['assert: { Port: { lte: 22 } }', 'Every server: Port is at most 22.'],
  ['assert: { not: { Port: { lte: 22 } } }', 'Every server: Port is more than 22.'],
  ['assert: { Port: 22, Open: true }', 'Every server: Port is 22 and Open is true.'],
  ['assert: { not: { Port: 22, Open: true } }', 'Every server: Port is not 22 or Open is not true.'],
  [
    'assert: { Port: 22, any: [{ Open: true }, { Name: x }] }',
    'Every server: Port is 22 and (Open is true or Name is "x").',
  ],
  ['when: { Open: true }\nassert: { Port: 22 }', 'Every server of which it is true that Open is true: Port is 22.'],
  ['assert: { if: { Open: true }, then: { Port: 22 } }', 'Every server: if Open is true, then Port is 22.'],
  ['assert: { not: { if: { Open: true }, then: { Port: 22 } } }', 'Every server: Open is true and Port is not 22.'],
  [
    'assert: { if: { Open: true }, then: { Port: 22 }, else: { Port: 23 } }',
    'Every server: if Open is true, then Port is 22, otherwise Port is 23.',
  ],
  ['assert: { none: { in: Disks, where: { Size: 1 } } }', 'Every server: for no item of Disks, Size is 1.'],
  ['assert: { not: { none: { in: Disks, where: { Size: 1 } } } }', 'Every server: for some item of Disks, Size is 1.'],
  [
    'assert: { not: { every: { in: Disks, where: { Size: 1 }, allow-empty: true } } }',
    'Every server: for some item of Disks, Size is not 1.',
  ],
  [
    'assert: { every: { in: Disks, where: { Size: 1 }, allow-empty: false } }',
    'Every server: for every item of Disks, Size is 1, and there is at least one.',
  ],
  [
    'assert: { every: { in: Disks, where: { Size: 1 }, allow-empty: unknown } }',
    'Every server: for every item of Disks, Size is 1 (without one, nobody can tell).',
  ],
  [
    'assert: { some: { follow: volumes, filter: { Encrypted: true } } }',
    'Every server: there is at least one volume among its volumes of which Encrypted is true.',
  ],
  [
    'assert: { some: { in: Disks, newest: Made, where: { Size: 1 } } }',
    'Every server: for some item of Disks with the latest Made, Size is 1.',
  ],
  ['assert: { tag.Owner: sam }', 'Every server: the tag Owner is "sam".'],
  [
    'scope: account\npass: { a: {} }\nfail: { b: {} }\nunknown: { c: {} }\nassert: { some: { of: Acme::Rack, where: { Locked: true } } }',
    'Every account: for some rack of the account, Locked is true.',
  ],
])('%s is said in words', async (lines, words) => {
  expect(sentence(await ruleFrom(lines))).toBe(words);
});

it('a parameter is said by its value, else by its name', async () => {
  const rule = await ruleFrom(
    'params: { most: { description: x, schema: { type: integer } } }\nassert: { Port: { lte: { param: most } } }',
  );
  expect(sentence(rule, { most: 7 })).toBe('Every server: Port is at most 7.');
  expect(sentence(rule)).toBe("Every server: Port is at most the policy's most.");
});
