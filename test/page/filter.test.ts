import { expect, it } from 'vitest';
import { addressOf, everything, filterNames, readTarget } from '../../src/page/filter.ts';

it.each([
  ['f_0123456789abcdef', { kind: 'finding', fingerprint: 'f_0123456789abcdef' }],
  ['f_0123', { kind: 'place', id: 'f_0123' }],
  ['clause-1%20%3Cb%3E', { kind: 'place', id: 'clause-1 <b>' }],
  ['clause-100%', { kind: 'place', id: 'clause-100%' }],
  ['findings', { kind: 'place', id: 'findings' }],
  [
    'findings?outcome=fail&q=a+b%26c',
    { kind: 'list', list: 'findings', filter: { ...everything, outcome: 'fail', q: 'a b&c' } },
  ],
  [
    'clauses?verdict=broken&nonsense=1',
    { kind: 'list', list: 'clauses', filter: { ...everything, verdict: 'broken' } },
  ],
])('%s leads where it says', (hash, target) => {
  expect(readTarget(hash)).toEqual(target);
});

it('a filter comes back from its address as it was', () => {
  const filter = { ...everything, ...Object.fromEntries(filterNames.map((name) => [name, `${name} & "%" #é`])) };
  expect(readTarget(addressOf('findings', filter).slice(1))).toEqual({ kind: 'list', list: 'findings', filter });
});

it('what does not narrow is left out of an address', () => {
  expect(addressOf('findings', everything)).toBe('#findings');
  expect(addressOf('clauses', { owner: 'platform' })).toBe('#clauses?owner=platform');
});

it('an address is read to a bound', () => {
  const target = readTarget(`findings?q=${'x'.repeat(100_000)}`);
  expect(target.kind === 'list' && target.filter.q.length).toBe(500);
});
