import { hasAtLeast } from '../model/list-size.ts';
import { listTest } from '../model/list-test.ts';
import { countOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { count } from '../model/words.ts';

/** A list's least length. A marker in the list may be any number of items. */
export const operator: Operator = {
  name: 'minItems',
  summary: 'Is a list with at least so many items.',
  operand: { type: 'integer', minimum: 1, examples: [2] },
  kinds: ['list'],
  whenAbsent: FALSE,
  prepare(operand) {
    const least = countOperand(operand, 1);
    return listTest({ judge: (list) => hasAtLeast(list, least), words: (negated) => words(operand, negated) });
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  if (operand === 1) return negated ? 'is empty' : 'has at least 1 item';
  return `has ${negated ? 'fewer than' : 'at least'} ${count(operand, 'item')}`;
}
