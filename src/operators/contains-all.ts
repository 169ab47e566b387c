import { listTest } from '../model/list-test.ts';
import { holdsEach } from '../model/membership-test.ts';
import { itemShape, scalarsOperand, scalarsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { sayList } from '../model/words.ts';

/** A list with every one of the operand's values, whatever else it has. */
export const operator: Operator = {
  name: 'containsAll',
  summary: 'Is a list with each of the listed values.',
  operand: { ...scalarsSchema, examples: [['audit', 'error']] },
  kinds: ['list'],
  whenAbsent: FALSE,
  prepare(operand, place) {
    const members = scalarsOperand(operand, itemShape(place.shape));
    const kinds = new Set<string>(members.map((member) => typeof member));
    return listTest({
      judge: (list) => holdsEach(list, members),
      judges: (item) => kinds.has(typeof item),
      words: (negated) => words(operand, negated),
    });
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  return `${negated ? 'does not contain all of' : 'contains'} ${sayList(operand, 'and')}`;
}
