/**
 * Kleene's three truth values as numbers, so that conjunction is the minimum, disjunction the maximum and negation
 * `2 - x`.
 */
export type Truth = 0 | 1 | 2;

export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;

export function not(truth: Truth): Truth {
  return truth === TRUE ? FALSE : truth === FALSE ? TRUE : UNKNOWN;
}

export function truth(answer: boolean): Truth {
  return answer ? TRUE : FALSE;
}
