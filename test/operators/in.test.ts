import { operator } from '../../src/operators/in.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [['TCP', 'UDP'], 'TCP', 'TRUE'],
    [['TCP', 'UDP'], 'tcp', 'FALSE'],
    [['TCP', 'UDP'], undefined, 'FALSE'],
    [['TCP', 'UDP'], 6, 'UNKNOWN'],
    [['TCP', 'UDP'], ['TCP'], 'UNKNOWN'],
    [['TCP', 'UDP'], { a: 1 }, 'UNKNOWN'],
    [[22, 3389], 3389, 'TRUE'],
    [[22, 3389], 23, 'FALSE'],
    [[22, 3389], '22', 'UNKNOWN'],
    [['-1', 6], 7, 'FALSE'],
    [['-1', 6], true, 'UNKNOWN'],
    [[true], true, 'TRUE'],
    [[true], false, 'FALSE'],
    [[], 'TCP', 'FALSE'],
    [[], 1, 'FALSE'],
    [[], denied, 'UNKNOWN'],
  ],
  words: [
    [['TCP', 'UDP', 'TLS'], 'is one of "TCP", "UDP" or "TLS"', 'is none of "TCP", "UDP" and "TLS"'],
    [['TCP'], 'is "TCP"', 'is not "TCP"'],
    [[], 'is one of nothing', 'is none of nothing'],
    [{ param: 'types' }, "is one of the policy's types", "is none of the policy's types"],
  ],
  refused: [
    ['TCP', 'expected a list of values'],
    [[null], 'found nothing', { at: [0] }],
    [['a', { b: 1 }], 'found an object', { at: [1] }],
    [['6', 17], 'write "17" in quotes', { shape: 'string', at: [1] }],
    [new Array(1001).fill('a'), 'at most 1000'],
  ],
});
