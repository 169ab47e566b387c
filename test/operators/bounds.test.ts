import fc from 'fast-check';
import { expect, test } from 'vitest';
import { not } from '../../src/model/truth.ts';
import { operator as gt } from '../../src/operators/gt.ts';
import { operator as gte } from '../../src/operators/gte.ts';
import { operator as lt } from '../../src/operators/lt.ts';
import { operator as lte } from '../../src/operators/lte.ts';
import { json } from './arbitrary-json.ts';
import { judge } from './operator-table.ts';

const bound = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.oneof(bound, json);

test.each([
  ['lt', lt, 'gte', gte],
  ['lte', lte, 'gt', gt],
] as const)('%s is the opposite of %s for every present value', (_name, operator, _other, opposite) => {
  fc.assert(
    fc.property(bound, value, (operand, found) => {
      expect(judge(operator, operand, found ?? '')).toBe(not(judge(opposite, operand, found ?? '')));
    }),
  );
});

test('a number is exactly one of less than, equal to and more than a bound', () => {
  fc.assert(
    fc.property(bound, bound, (operand, found) => {
      const answers = [judge(lt, operand, found), judge(gt, operand, found), found === operand ? 2 : 0];
      expect(answers.filter((answer) => answer === 2)).toHaveLength(1);
    }),
  );
});
