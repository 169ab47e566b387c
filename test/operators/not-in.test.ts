import fc from 'fast-check';
import { expect, test } from 'vitest';
import { not } from '../../src/model/truth.ts';
import { operator as isIn } from '../../src/operators/in.ts';
import { operator } from '../../src/operators/not-in.ts';
import { json, scalar } from './arbitrary-json.ts';
import { denied, describeOperator, judge } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    [['SSLv3', 'TLSv1'], 'TLSv1.2', 'TRUE'],
    [['SSLv3', 'TLSv1'], 'SSLv3', 'FALSE'],
    [['SSLv3', 'TLSv1'], undefined, 'TRUE'],
    [['SSLv3', 'TLSv1'], 3, 'UNKNOWN'],
    [['SSLv3', 'TLSv1'], ['TLSv1.2'], 'UNKNOWN'],
    [[1], 2, 'TRUE'],
    [[true], false, 'TRUE'],
    [[], 'a', 'TRUE'],
    [[], denied, 'UNKNOWN'],
  ],
  words: [[['a', 'b'], 'is none of "a" and "b"', 'is one of "a" or "b"']],
  refused: [
    ['a', 'expected a list of values'],
    [[1], 'write "1" in quotes', { shape: 'string', at: [0] }],
  ],
});

test('notIn is the opposite of in for every present value', () => {
  fc.assert(
    fc.property(fc.array(scalar), json, (operand, value) => {
      expect(judge(operator, operand, value ?? 0)).toBe(not(judge(isIn, operand, value ?? 0)));
    }),
  );
});
