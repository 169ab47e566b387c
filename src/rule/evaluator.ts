import type { Leaf, Run } from '../model/operator.ts';
import type { Resource } from '../model/resource.ts';
import type { Truth } from '../model/truth.ts';
import type { Json } from '../model/value.ts';

/** How many list items one rule may visit for one resource. */
export const visitLimit = 100_000;

/** Where an explanation goes, and from where it looks. */
export interface Explaining {
  readonly resource: Resource;
  readonly run: Run;
  readonly leaves: Leaves;
}

/** A condition made ready for judging. Both walks are pure; neither throws. */
export interface Evaluator {
  /** @param item the current item: the resource's properties, or an item of a list */
  evaluate(item: Json, resource: Resource, run: Run): Truth;
  /**
   * Names the observations that led to an answer.
   *
   * @param path the item's own, with item numbers
   * @param negated a negation around makes this condition wanted false: what is expected is its opposite
   */
  explain(item: Json, path: string, answer: Truth, negated: boolean, context: Explaining): void;
}

const leafLimit = 20;

/** Collects the first observations and counts the others. */
export interface Leaves {
  readonly list: Leaf[];
  more: number;
}

export function newLeaves(): Leaves {
  return { list: [], more: 0 };
}

export function addLeaf(leaves: Leaves, leaf: Leaf): void {
  if (leaves.list.length < leafLimit) leaves.list.push(leaf);
  else leaves.more += 1;
  leaves.more += leaf.more ?? 0;
}
