import { describe, expect, test } from 'vitest';
import { operator } from '../../src/operators/subset-of.ts';
import { bucket, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [['TLSv1.2', 'TLSv1.3'], ['TLSv1.2'], 'TRUE'],
    [['TLSv1.2', 'TLSv1.3'], ['TLSv1.3', 'TLSv1.2', 'TLSv1.2'], 'TRUE'],
    [['TLSv1.2'], ['TLSv1.2', 'TLSv1'], 'FALSE'],
    [['TLSv1.2'], [], 'TRUE'],
    [['TLSv1.2'], undefined, 'TRUE'],
    [[], [], 'TRUE'],
    [[], ['TLSv1'], 'FALSE'],
    [['TLSv1.2'], ['TLSv1.2', denied], 'UNKNOWN'],
    [['TLSv1.2'], [denied, 'TLSv1'], 'FALSE'],
    [['TLSv1.2'], [1.2], 'UNKNOWN'],
    [[443], ['443'], 'UNKNOWN'],
    [[443], [443], 'TRUE'],
    [['TLSv1.2'], 'TLSv1.2', 'UNKNOWN'],
    [['TLSv1.2'], {}, 'UNKNOWN'],
  ],
  words: [[['a', 'b'], 'contains nothing but "a" and "b"', 'contains something other than "a" and "b"']],
  refused: [
    ['a', 'expected a list of values'],
    [[1], 'write "1" in quotes', { shape: { list: 'string' }, at: [0] }],
  ],
});

describe('what subsetOf observes', () => {
  const { explain } = operator.prepare(['a'], placeOf({ list: 'string' }));
  test('each stranger where it stands', () => {
    expect(explain?.(['a', 'x', 'y'], bucket({}), runAt(now), 'Names', 0)).toEqual([
      { path: 'Names[1]', observed: 'x', expected: 'contains nothing but "a"' },
      { path: 'Names[2]', observed: 'y', expected: 'contains nothing but "a"' },
    ]);
  });
  test('the whole list when it should have had a stranger', () => {
    expect(explain?.(['a'], bucket({}), runAt(now), 'Names', 2)).toEqual([
      { path: 'Names', observed: ['a'], expected: 'contains something other than "a"' },
    ]);
  });
});
