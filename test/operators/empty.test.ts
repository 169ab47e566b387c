import { expect, test } from 'vitest';
import { operator } from '../../src/operators/empty.ts';
import { bucket, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [true, [], 'TRUE'],
    [true, ['a'], 'FALSE'],
    [true, '', 'TRUE'],
    [true, ' ', 'FALSE'],
    [true, {}, 'TRUE'],
    [true, { a: 1 }, 'FALSE'],
    [true, { a: null }, 'TRUE'],
    [true, { a: denied }, 'UNKNOWN'],
    [true, { a: denied, b: 1 }, 'FALSE'],
    [true, [denied], 'UNKNOWN'],
    [true, [denied, 'a'], 'FALSE'],
    [true, undefined, 'TRUE'],
    [true, 0, 'UNKNOWN'],
    [true, false, 'UNKNOWN'],
    [false, undefined, 'FALSE'],
    [false, [], 'FALSE'],
    [false, ['a'], 'TRUE'],
    [false, [denied], 'UNKNOWN'],
    [false, 'a', 'TRUE'],
  ],
  words: [
    [true, 'is empty', 'is not empty'],
    [false, 'is not empty', 'is empty'],
  ],
  refused: [['yes', 'expected true or false']],
});

test('a doubt about emptiness is the part that was not collected', () => {
  const prepared = operator.prepare(true, placeOf({ list: 'string' }));
  expect(prepared.explain?.([denied], bucket({}), runAt(now), 'Rules', 1)).toEqual([
    { path: 'Rules[0]', observed: denied, expected: 'empty' },
  ]);
});
