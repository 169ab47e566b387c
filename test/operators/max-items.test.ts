import { operator } from '../../src/operators/max-items.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [1, [], 'TRUE'],
    [1, ['a'], 'TRUE'],
    [1, ['a', 'b'], 'FALSE'],
    [0, [], 'TRUE'],
    [0, ['a'], 'FALSE'],
    [1, undefined, 'TRUE'],
    [1, [denied], 'UNKNOWN'],
    [1, ['a', denied], 'UNKNOWN'],
    [1, ['a', 'b', denied], 'FALSE'],
    [1, 'a', 'UNKNOWN'],
    [1, {}, 'UNKNOWN'],
    [1, 0, 'UNKNOWN'],
  ],
  words: [
    [1, 'has at most 1 item', 'has more than 1 item'],
    [3, 'has at most 3 items', 'has more than 3 items'],
    [0, 'is empty', 'has at least 1 item'],
  ],
  refused: [
    [-1, 'a whole number of at least 0'],
    [null, 'expected a number'],
  ],
});
