import { hasAtLeast } from '../model/list-size.ts';
import { listTest } from '../model/list-test.ts';
import { countOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { not, TRUE } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { count } from '../model/words.ts';

/** A list's greatest length; what is absent has no items. A marker in the list may be any number of items. */
export const operator: Operator = {
  name: 'maxItems',
  summary: 'Is a list with at most so many items, or is absent.',
  operand: { type: 'integer', minimum: 0, examples: [1] },
  kinds: ['list'],
  whenAbsent: TRUE,
  prepare(operand) {
    const most = countOperand(operand, 0);
    return listTest({ judge: (list) => not(hasAtLeast(list, most + 1)), words: (negated) => words(operand, negated) });
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  if (operand === 0) return negated ? 'has at least 1 item' : 'is empty';
  return `has ${negated ? 'more than' : 'at most'} ${count(operand, 'item')}`;
}
