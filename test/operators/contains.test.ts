import { describe, expect, test } from 'vitest';
import { operator } from '../../src/operators/contains.ts';
import { bucket, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['a', ['a', 'b'], 'TRUE'],
    ['a', ['b', 'c'], 'FALSE'],
    ['a', ['A'], 'FALSE'],
    ['a', [], 'FALSE'],
    ['a', undefined, 'FALSE'],
    ['a', [denied, 'a'], 'TRUE'],
    ['a', ['a', denied], 'TRUE'],
    ['a', ['b', denied], 'UNKNOWN'],
    ['a', [1, 2], 'UNKNOWN'],
    ['a', ['b', 2], 'UNKNOWN'],
    ['a', [['a']], 'UNKNOWN'],
    ['a', [{ a: 'a' }], 'UNKNOWN'],
    ['a', { a: 'a' }, 'UNKNOWN'],
    [22, [80, 22], 'TRUE'],
    [22, [80], 'FALSE'],
    [22, ['22'], 'UNKNOWN'],
    [true, [false], 'FALSE'],
    ['TLS', 'ELBSecurityPolicy-TLS13', 'TRUE'],
    ['tls', 'ELBSecurityPolicy-TLS13', 'FALSE'],
    ['.*', 'abc', 'FALSE'],
    ['a', '', 'FALSE'],
    [1, '1', 'UNKNOWN'],
    ['1', 1, 'UNKNOWN'],
  ],
  words: [['a', 'contains "a"', 'does not contain "a"']],
  refused: [
    [null, 'found nothing'],
    [['a'], 'found a list'],
    ['', 'every text contains the empty one'],
    [22, 'write "22" in quotes', { shape: 'string' }],
    ['22', 'the field is a number', { shape: { list: 'number' } }],
  ],
});

describe('what contains observes', () => {
  const { explain } = operator.prepare('a', placeOf({ list: 'string' }));
  const observe = (value: readonly (string | number | typeof denied)[], answer: 0 | 1 | 2) =>
    explain?.(value, bucket({}), runAt(now), 'Names', answer);

  test('the whole list lacks the item', () => {
    expect(observe(['b'], 0)).toEqual([{ path: 'Names', observed: ['b'], expected: 'contains "a"' }]);
  });
  test('an item of another kind is named', () => {
    const observed = { $unknown: 'type', detail: 'a number cannot be judged here' };
    expect(observe(['b', 2], 1)).toEqual([{ path: 'Names[1]', observed, expected: 'contains "a"' }]);
  });
  test('of many items of another kind the first five are named', () => {
    expect(observe([1, 2, 3, 4, 5, 6], 1)).toHaveLength(5);
  });
  test('items that were not collected come before those of another kind, and no more than five', () => {
    const many = [2, ...new Array(9).fill(denied)];
    expect(observe(many, 1)?.map((leaf) => leaf.path)).toEqual([1, 2, 3, 4, 5].map((index) => `Names[${index}]`));
  });
});

test('a list longer than the visits that are left is unknown', () => {
  const run = { ...runAt(now), visits: 2 };
  const { test: judge } = operator.prepare('a', placeOf({ list: 'string' }));
  expect(judge(['b', 'c'], bucket({}), run)).toBe(0);
  expect(run.visits).toBe(0);
  expect(judge(['a'], bucket({}), run)).toBe(1);
});
