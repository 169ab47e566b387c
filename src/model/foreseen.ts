import type { Doubt } from './proposal.ts';
import type { Snapshot } from './snapshot.ts';

/** An account before and after a change that is not deployed yet. Both have the same accounts, regions and collections. */
export interface Foreseen {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What the proposal could not be laid over, besides its own doubts. */
  readonly doubts: readonly Doubt[];
  /** Ids of resources that are made anew: `account/region/type/id` after the change → id before it. */
  readonly was: ReadonlyMap<string, string>;
}
