import { operator } from '../../src/operators/exists.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [true, 'a', 'TRUE'],
    [true, '', 'TRUE'],
    [true, 0, 'TRUE'],
    [true, false, 'TRUE'],
    [true, [], 'TRUE'],
    [true, {}, 'TRUE'],
    [true, { a: denied }, 'TRUE'],
    [true, undefined, 'FALSE'],
    [true, null, 'FALSE'],
    [true, denied, 'UNKNOWN'],
    [false, 'a', 'FALSE'],
    [false, [], 'FALSE'],
    [false, undefined, 'TRUE'],
    [false, null, 'TRUE'],
    [false, denied, 'UNKNOWN'],
  ],
  words: [
    [true, 'is set', 'is not set'],
    [false, 'is not set', 'is set'],
  ],
  refused: [
    ['true', 'expected true or false, found a string'],
    [null, 'expected true or false'],
  ],
});
