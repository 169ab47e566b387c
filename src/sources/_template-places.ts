import type { Json } from '../model/value.ts';

/** What a reader of JSON or YAML makes of the bytes. */
export interface ReadText {
  readonly root: Json;
  /** Offsets of keys by their path. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly lineAt: (offset: number) => number;
}

/** Keys from the root, as one text. */
export function keyPath(path: readonly string[]): string {
  return path.join('\u0000');
}

export const deepestTold = 4;

/** How deep a template's keys are told: a section's entries, and the properties of resources. */
export function isTold(path: readonly string[]): boolean {
  return path.length <= 2 || (path.length <= deepestTold && path[0] === 'Resources');
}

/** The line of an offset, from 1. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) starts.push(next + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
