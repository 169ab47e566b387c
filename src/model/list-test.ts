import { doubts } from './observations.ts';
import type { Leaf, Run, Test } from './operator.ts';
import { type Truth, UNKNOWN } from './truth.ts';
import type { Json } from './value.ts';
import { expectation } from './words.ts';

/** What a list operator decides about lists; {@link listTest} does the rest. */
export interface ListJudgement {
  judge(list: readonly Json[]): Truth;
  /** The sentence of the operator for this operand. */
  words(negated: boolean): string;
  /** Whether it can judge an item of this kind; left out, any but a marker. */
  judges?(item: Json): boolean;
  /** The items that led to a certain answer; left out, the list itself is observed. */
  evidence?(list: readonly Json[], path: string, expected: string, answer: Truth): readonly Leaf[];
}

/** A test of a list's items. Each item counts as a visit, and no other value than a list can be judged. */
export function listTest(judgement: ListJudgement): Test {
  return {
    test: (value, _resource, run) => (Array.isArray(value) && mayVisit(value, run) ? judgement.judge(value) : UNKNOWN),
    explain(value, _resource, _run, path, answer) {
      const expected = expectation(judgement.words(answer > UNKNOWN));
      if (answer === UNKNOWN) return doubts(value, path, expected, judgement.judges);
      const leaves = Array.isArray(value) ? judgement.evidence?.(value, path, expected, answer) : undefined;
      return leaves ?? [{ path, observed: value, expected }];
    },
  };
}

function mayVisit(list: readonly Json[], run: Run): boolean {
  run.visits -= list.length;
  return run.visits >= 0;
}
