import fc from 'fast-check';
import { expect, test } from 'vitest';
import { not } from '../../src/model/truth.ts';
import { operator as eq } from '../../src/operators/eq.ts';
import { operator } from '../../src/operators/ne.ts';
import { json, scalar } from './arbitrary-json.ts';
import { denied, describeOperator, judge } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['PUBLIC', 'PRIVATE', 'TRUE'],
    ['PUBLIC', 'PUBLIC', 'FALSE'],
    ['PUBLIC', undefined, 'TRUE'],
    ['PUBLIC', 5, 'UNKNOWN'],
    [0, 1, 'TRUE'],
    [0, '0', 'UNKNOWN'],
    [false, true, 'TRUE'],
    [['a'], ['b'], 'TRUE'],
    [['a'], [denied], 'UNKNOWN'],
    [{ a: 1 }, { a: 1 }, 'FALSE'],
    [{ a: 1 }, { a: denied }, 'UNKNOWN'],
  ],
  words: [['PUBLIC', 'is not "PUBLIC"', 'is "PUBLIC"']],
  refused: [
    [null, "write 'exists: false'"],
    ['false', 'the field is a boolean', { shape: 'boolean' }],
  ],
});

test('ne is the opposite of eq for every present value', () => {
  fc.assert(
    fc.property(fc.oneof(scalar, fc.array(scalar)), json, (operand, value) => {
      expect(judge(operator, operand, value ?? 0)).toBe(not(judge(eq, operand, value ?? 0)));
    }),
  );
});
