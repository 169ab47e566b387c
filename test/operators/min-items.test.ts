import { operator } from '../../src/operators/min-items.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [2, ['a'], 'FALSE'],
    [2, ['a', 'b'], 'TRUE'],
    [2, ['a', 'b', 'c'], 'TRUE'],
    [1, [], 'FALSE'],
    [1, undefined, 'FALSE'],
    [2, ['a', denied], 'UNKNOWN'],
    [2, [denied], 'UNKNOWN'],
    [2, ['a', denied, { b: denied }], 'TRUE'],
    [2, 'ab', 'UNKNOWN'],
    [2, { a: 1, b: 2 }, 'UNKNOWN'],
    [2, 3, 'UNKNOWN'],
  ],
  words: [
    [2, 'has at least 2 items', 'has fewer than 2 items'],
    [1, 'has at least 1 item', 'is empty'],
    [{ param: 'least' }, "has at least the policy's least items", "has fewer than the policy's least items"],
  ],
  refused: [
    [0, 'a whole number of at least 1'],
    [1.5, 'a whole number'],
    ['2', 'expected a number'],
  ],
});
