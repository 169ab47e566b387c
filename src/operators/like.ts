import { compileGlobs } from '../model/glob.ts';
import { textsOperand, textsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import { sayList } from '../model/words.ts';

/** Globs over the whole text, letter case included: `*` is any run of characters, `?` one. A list matches by any. */
export const operator: Operator = {
  name: 'like',
  summary: 'Is text that matches the glob, or one of the globs: `*` for any characters, `?` for one.',
  operand: { ...textsSchema, examples: ['vault-*', ['prod-*', 'stage-?']] },
  kinds: ['string'],
  whenAbsent: FALSE,
  prepare(operand) {
    const matches = compileGlobs(textsOperand(operand, 'a pattern'));
    return { test: (value) => (typeof value === 'string' ? truth(matches(value)) : UNKNOWN) };
  },
  words: (operand, negated) => `is ${negated ? 'not ' : ''}like ${sayList(operand, 'or')}`,
};
