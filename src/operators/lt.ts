import { numberComparison } from '../model/number-comparison.ts';

/** Less than: false for the bound itself. */
export const operator = numberComparison({
  name: 'lt',
  summary: 'Is a number less than the operand.',
  example: 365,
  words: 'is less than',
  negatedWords: 'is at least',
  holds: (value, bound) => value < bound,
});
