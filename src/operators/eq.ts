import { equalityTest, equalityWords } from '../model/equality-test.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE } from '../model/truth.ts';

/** Equality without coercion: a value of another kind than the operand's is UNKNOWN. */
export const operator: Operator = {
  name: 'eq',
  summary: 'Equals the operand: for lists item by item in order, for objects member by member.',
  operand: { type: ['string', 'number', 'boolean', 'array', 'object'], examples: ['required', 443, true] },
  kinds: ['string', 'number', 'boolean', 'policy', 'list', 'object', 'any'],
  whenAbsent: FALSE,
  prepare: (operand, place) => equalityTest(operand, place, false),
  words: equalityWords,
};
