import { expect, test } from 'vitest';
import { operator } from '../../src/operators/contains-any.ts';
import { bucket, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [['SSLv3', 'TLSv1'], ['TLSv1', 'TLSv1.2'], 'TRUE'],
    [['SSLv3', 'TLSv1'], ['TLSv1.2'], 'FALSE'],
    [['SSLv3'], [], 'FALSE'],
    [['SSLv3'], undefined, 'FALSE'],
    [[], ['SSLv3'], 'FALSE'],
    [[], [denied], 'UNKNOWN'],
    [['SSLv3'], ['TLSv1.2', denied], 'UNKNOWN'],
    [['SSLv3'], [denied, 'SSLv3'], 'TRUE'],
    [['SSLv3'], [3], 'UNKNOWN'],
    [['1', 2], [1], 'FALSE'],
    [['SSLv3'], 'SSLv3', 'UNKNOWN'],
    [['SSLv3'], { a: 'SSLv3' }, 'UNKNOWN'],
  ],
  words: [
    [['a', 'b'], 'contains "a" or "b"', 'contains none of "a" and "b"'],
    [{ param: 'old' }, "contains the policy's old", "contains none of the policy's old"],
  ],
  refused: [
    ['SSLv3', 'expected a list of values'],
    [[1], 'write "1" in quotes', { shape: { list: 'string' }, at: [0] }],
  ],
});

test('a forbidden value is observed where it stands', () => {
  const { explain } = operator.prepare(['SSLv3'], placeOf({ list: 'string' }));
  expect(explain?.(['TLSv1.2', 'SSLv3'], bucket({}), runAt(now), 'Protocols', 2)).toEqual([
    { path: 'Protocols[1]', observed: 'SSLv3', expected: 'contains none of "SSLv3"' },
  ]);
});
