import { numberOperand } from './operand.ts';
import type { Operator } from './operator.ts';
import { FALSE, truth, UNKNOWN } from './truth.ts';
import { say } from './words.ts';

/** What one of the four comparisons of numbers differs in. */
export interface NumberComparison {
  readonly name: string;
  readonly summary: string;
  readonly example: number;
  /** Goes before the bound: `is at most`. */
  readonly words: string;
  readonly negatedWords: string;
  holds(value: number, bound: number): boolean;
}

/** An operator that compares a number with a bound. Text that looks like a number is of the wrong kind. */
export function numberComparison(comparison: NumberComparison): Operator {
  const { name, summary, example, words, negatedWords, holds } = comparison;
  return {
    name,
    summary,
    operand: { type: 'number', examples: [example] },
    kinds: ['number'],
    whenAbsent: FALSE,
    prepare(operand) {
      const bound = numberOperand(operand);
      return {
        test: (value) => (typeof value === 'number' && !Number.isNaN(value) ? truth(holds(value, bound)) : UNKNOWN),
      };
    },
    words: (operand, negated) => `${negated ? negatedWords : words} ${say(operand)}`,
  };
}
