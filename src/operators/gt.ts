import { numberComparison } from '../model/number-comparison.ts';

/** More than: false for the bound itself. */
export const operator = numberComparison({
  name: 'gt',
  summary: 'Is a number greater than the operand.',
  example: 0,
  words: 'is more than',
  negatedWords: 'is at most',
  holds: (value, bound) => value > bound,
});
