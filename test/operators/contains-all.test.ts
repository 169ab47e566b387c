import { operator } from '../../src/operators/contains-all.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [['audit', 'error'], ['error', 'general', 'audit'], 'TRUE'],
    [['audit', 'error'], ['error'], 'FALSE'],
    [['audit', 'error'], [], 'FALSE'],
    [['audit'], undefined, 'FALSE'],
    [[], [], 'TRUE'],
    [[], ['a'], 'TRUE'],
    [['audit', 'error'], ['error', denied], 'UNKNOWN'],
    [['audit', 'error'], ['error', denied, 'audit'], 'TRUE'],
    [['audit'], [1], 'UNKNOWN'],
    [['audit', 1], ['error'], 'FALSE'],
    [['audit'], 'audit', 'UNKNOWN'],
    [['audit'], { audit: 1 }, 'UNKNOWN'],
  ],
  words: [[['a', 'b', 'c'], 'contains "a", "b" and "c"', 'does not contain all of "a", "b" and "c"']],
  refused: [
    ['audit', 'expected a list of values'],
    [[true], 'write "true" in quotes', { shape: { list: 'string' }, at: [0] }],
  ],
});
