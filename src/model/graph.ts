import type { Resource } from './resource.ts';
import type { Relation, TypeFacts } from './resource-type.ts';
import type { Unknown } from './value.ts';

/** The resources that a relation or an `of` leads to, and what stands in the way of knowing them all. */
export interface Related {
  readonly resources: readonly Resource[];
  /** Undefined when the list is whole; otherwise why there may be more. */
  readonly incomplete: Unknown | undefined;
}

/** Look-ups across resources, for one account. */
export interface Graph {
  related(resource: Resource, type: TypeFacts, relation: Relation): Related;
  /** All instances of a type in an account, or in one region of it. */
  all(type: string, account: string, region: string | undefined): Related;
}
