import { equalityTest, equalityWords } from '../model/equality-test.ts';
import type { Operator } from '../model/operator.ts';
import { TRUE } from '../model/truth.ts';

/** The opposite of `eq`; what is absent differs from every value. */
export const operator: Operator = {
  name: 'ne',
  summary: 'Does not equal the operand, or is absent.',
  operand: { type: ['string', 'number', 'boolean', 'array', 'object'], examples: ['PUBLIC', 0] },
  kinds: ['string', 'number', 'boolean', 'policy', 'list', 'object', 'any'],
  whenAbsent: TRUE,
  prepare: (operand, place) => equalityTest(operand, place, true),
  words: (operand, negated) => equalityWords(operand, !negated),
};
