import type { ChangeAction, Doubt, Proposal } from '../model/proposal.ts';
import type { DeclaredAt } from '../model/resource.ts';
import type { Block, ResourceType, Shape } from '../model/resource-type.ts';
import type { Unknown } from '../model/value.ts';

/** What the caller knows of the place where something is to be deployed. */
export interface Destination {
  /** Twelve digits. */
  readonly account?: string;
  readonly region?: string;
  /** Whether the user names the account; else it is that of the snapshot. */
  readonly isAccountGiven?: boolean;
  /** Whether the user names the region; else it is that of the snapshot. */
  readonly isRegionGiven?: boolean;
  /** `aws` unless told. */
  readonly partition?: string;
}

/** The resource types and AWS's own shapes of them. */
export interface Types {
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** A block, and where it is to be. */
export interface PlacedBlock extends Block {
  readonly account: string;
  readonly region: string;
  readonly declared: DeclaredAt;
  /** Names under which AWS may know it besides its identity. */
  readonly aliases?: readonly string[];
  /** Set when nothing of it can be read: why. */
  readonly hidden?: Unknown;
}

/** A plan or template that has been read. */
export interface Declaration
  extends Pick<
    Proposal,
    'source' | 'noun' | 'files' | 'partition' | 'home' | 'call' | 'trace' | 'placeOf' | 'stacks' | 'now'
  > {
  readonly madeAt?: number;
  readonly stack?: string;
  /** All blocks as they would be, those that go among them, marked as removed. */
  readonly blocks: readonly PlacedBlock[];
  /** Those of the same that are there already, as they are; nothing where nobody knows. */
  readonly past: readonly PlacedBlock[];
  /** What becomes of each block, by address. */
  readonly actions: ReadonlyMap<string, ChangeAction>;
  /** All resources of the document by type, those that are not read among them. */
  readonly counts: ReadonlyMap<string, number>;
  readonly doubts: readonly Doubt[];
}

/**
 * The instant of a deployment that is judged at another: shortly before it, so that what is new has an age, and is not
 * granted what is granted for no time at all.
 */
export function deployedAt(judgedAt: number): string {
  return new Date(judgedAt - 1000).toISOString();
}
