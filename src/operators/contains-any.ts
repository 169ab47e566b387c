import { listTest } from '../model/list-test.ts';
import { holdsOne, scalarSet } from '../model/membership-test.ts';
import { itemLeaves } from '../model/observations.ts';
import { itemShape, scalarsOperand, scalarsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { sayList } from '../model/words.ts';

/** A list with at least one item out of the operand's. */
export const operator: Operator = {
  name: 'containsAny',
  summary: 'Is a list with at least one of the listed values.',
  operand: { ...scalarsSchema, examples: [['SSLv3', 'TLSv1', 'TLSv1.1']] },
  kinds: ['list'],
  whenAbsent: FALSE,
  prepare(operand, place) {
    const members = scalarSet(scalarsOperand(operand, itemShape(place.shape)));
    return listTest({
      judge: (list) => holdsOne(list, members),
      judges: members.judges,
      words: (negated) => words(operand, negated),
      evidence: (list, path, expected) => itemLeaves(list, path, expected, members.has),
    });
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  return negated ? `contains none of ${sayList(operand, 'and')}` : `contains ${sayList(operand, 'or')}`;
}
