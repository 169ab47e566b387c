import { operator } from '../../src/operators/lte.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [184, 183, 'TRUE'],
    [184, 184, 'TRUE'],
    [184, 185, 'FALSE'],
    [184, 183.999, 'TRUE'],
    [184, -1, 'TRUE'],
    [0, -0, 'TRUE'],
    [-1, -2, 'TRUE'],
    [184, Number.MAX_SAFE_INTEGER, 'FALSE'],
    [184, Number.NaN, 'UNKNOWN'],
    [184, undefined, 'FALSE'],
    [184, '90', 'UNKNOWN'],
    [184, '', 'UNKNOWN'],
    [184, true, 'UNKNOWN'],
    [184, [90], 'UNKNOWN'],
    [184, { a: 90 }, 'UNKNOWN'],
    [184, denied, 'UNKNOWN'],
  ],
  words: [
    [184, 'is at most 184', 'is more than 184'],
    [{ param: 'maxDays' }, "is at most the policy's maxDays", "is more than the policy's maxDays"],
  ],
  refused: [
    ['184', 'expected a number, found a string'],
    [null, 'expected a number, found nothing'],
    [Number.POSITIVE_INFINITY, 'expected a number'],
  ],
});
