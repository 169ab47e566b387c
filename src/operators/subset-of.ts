import { listTest } from '../model/list-test.ts';
import { holdsOnly, scalarSet } from '../model/membership-test.ts';
import { itemLeaves } from '../model/observations.ts';
import { itemShape, scalarsOperand, scalarsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, TRUE } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { sayList } from '../model/words.ts';

/** A list without a stranger: true for an empty list, and for what is absent. */
export const operator: Operator = {
  name: 'subsetOf',
  summary: 'Is a list of nothing but the listed values, or is absent.',
  operand: { ...scalarsSchema, examples: [['TLSv1.2', 'TLSv1.3']] },
  kinds: ['list'],
  whenAbsent: TRUE,
  prepare(operand, place) {
    const members = scalarSet(scalarsOperand(operand, itemShape(place.shape)));
    const stranger = (item: Json) => members.judges(item) && !members.has(item);
    return listTest({
      judge: (list) => holdsOnly(list, members),
      judges: members.judges,
      words: (negated) => words(operand, negated),
      evidence: (list, path, expected, answer) =>
        itemLeaves(list, path, expected, answer === FALSE ? stranger : () => false),
    });
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  return negated
    ? `contains something other than ${sayList(operand, 'and')}`
    : `contains nothing but ${sayList(operand, 'and')}`;
}
