import { numberComparison } from '../model/number-comparison.ts';

/** At least: true for the bound itself. */
export const operator = numberComparison({
  name: 'gte',
  summary: 'Is a number of at least the operand.',
  example: 14,
  words: 'is at least',
  negatedWords: 'is less than',
  holds: (value, bound) => value >= bound,
});
