import { membershipTest, membershipWords } from '../model/membership-test.ts';
import { scalarsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { TRUE } from '../model/truth.ts';

/** The opposite of `in`; what is absent is none of the values. */
export const operator: Operator = {
  name: 'notIn',
  summary: 'Is none of the listed values, or is absent.',
  operand: { ...scalarsSchema, examples: [['SSLv3', 'TLSv1']] },
  kinds: ['string', 'number', 'boolean', 'any'],
  whenAbsent: TRUE,
  prepare: (operand, place) => membershipTest(operand, place, true),
  words: (operand, negated) => membershipWords(operand, !negated),
};
