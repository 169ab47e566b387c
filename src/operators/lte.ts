import { numberComparison } from '../model/number-comparison.ts';

/** At most: true for the bound itself. */
export const operator = numberComparison({
  name: 'lte',
  summary: 'Is a number of at most the operand.',
  example: 184,
  words: 'is at most',
  negatedWords: 'is more than',
  holds: (value, bound) => value <= bound,
});
