import { membershipTest, membershipWords } from '../model/membership-test.ts';
import { scalarsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE } from '../model/truth.ts';

/** Membership without coercion: a value whose kind is that of no member is UNKNOWN. */
export const operator: Operator = {
  name: 'in',
  summary: 'Is one of the listed values.',
  operand: { ...scalarsSchema, examples: [['TCP', 'UDP']] },
  kinds: ['string', 'number', 'boolean', 'any'],
  whenAbsent: FALSE,
  prepare: (operand, place) => membershipTest(operand, place, false),
  words: membershipWords,
};
