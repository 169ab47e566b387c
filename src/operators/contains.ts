import { listTest } from '../model/list-test.ts';
import { holdsOne, scalarSet } from '../model/membership-test.ts';
import { itemShape, refuseMisfit, scalarOperand } from '../model/operand.ts';
import { OperandError, type Operator, type Test } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { say } from '../model/words.ts';

/** For a list: one item equals the operand. For text: the operand, which must be text, occurs in it, letter case included. */
export const operator: Operator = {
  name: 'contains',
  summary: 'Is a list with this item, or a text with this part.',
  operand: { type: ['string', 'number', 'boolean'], examples: ['TLSv1.2'] },
  kinds: ['list', 'string'],
  whenAbsent: FALSE,
  prepare(operand, place): Test {
    const scalar = scalarOperand(operand, 'any');
    if (place.shape === 'string') refuseMisfit(scalar, 'string');
    else refuseMisfit(scalar, itemShape(place.shape));
    if (scalar === '') throw new OperandError('every text contains the empty one');
    const members = scalarSet([scalar]);
    const inList = listTest({
      judge: (list) => holdsOne(list, members),
      judges: members.judges,
      words: (negated) => words(operand, negated),
    });
    return {
      ...inList,
      test(value, resource, run) {
        if (typeof value !== 'string') return inList.test(value, resource, run);
        return typeof scalar === 'string' ? truth(value.includes(scalar)) : UNKNOWN;
      },
    };
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  return `${negated ? 'does not contain' : 'contains'} ${say(operand)}`;
}
