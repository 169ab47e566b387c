import { type Outcome, type Result, severities } from '../finding/finding.ts';

const order: Readonly<Record<Outcome, number>> = {
  fail: 0,
  unknown: 1,
  'not-evaluated': 2,
  'not-applicable': 3,
  pass: 4,
};

/** How many ranks there are. */
export const ranks = severities.length * 6 * 2 + 2;

/**
 * Where a result stands when not all can be shown; 0 is the gravest. An unknown follows the failures of its own severity
 * and precedes those of the next; what a baseline knew follows what is new; what is waived, and what is no finding at all,
 * comes last.
 */
export function rankOf({ outcome, severity, waiver, change }: Result): number {
  if (outcome === 'pass') return ranks - 1;
  if (outcome === 'not-applicable') return ranks - 2;
  const grave = severities.indexOf(severity) * 6 + order[outcome] * 2 + (change === 'existing' ? 1 : 0);
  return grave + (waiver === undefined ? 0 : severities.length * 6);
}

/** The gravest of a stream, in order, with a bound on their number and size. */
export interface Gravest<T> {
  /** False when an item of this rank would be dropped at once, so that it need not even be made. */
  takes(rank: number): boolean;
  /** @param size of the item, in the unit of the limit */
  add(item: T, rank: number, size: number): void;
  kept(): Generator<T>;
}

/** Keeps the gravest; among equals those that came first. Memory is bounded by the limits. */
export function keepGravest<T>(limits: { readonly items: number; readonly size: number }): Gravest<T> {
  const buckets = Array.from({ length: ranks }, (): { readonly item: T; readonly size: number }[] => []);
  const held = { items: 0, size: 0, full: false };
  const drop = () => {
    const last = buckets.findLast((bucket) => bucket.length > 0)?.pop();
    held.items -= 1;
    held.size -= last?.size ?? 0;
    held.full = true;
  };
  return {
    takes: (rank) => !held.full || rank < buckets.findLastIndex((bucket) => bucket.length > 0),
    add(item, rank, size) {
      buckets[rank]?.push({ item, size });
      held.items += 1;
      held.size += size;
      while (held.items > 0 && (held.items > limits.items || held.size > limits.size)) drop();
    },
    *kept() {
      for (const bucket of buckets) for (const { item } of bucket) yield item;
    },
  };
}
