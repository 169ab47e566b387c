import type { Call, Poll } from '../model/resource-type.ts';
import type { LedgerEntry } from '../model/snapshot.ts';
import type { Json, JsonObject } from '../model/value.ts';

/** One operation to be asked in one account and region, its input resolved. */
export interface Question {
  readonly account: string;
  /** `global` for services without regions. */
  readonly region: string;
  readonly call: Call;
  readonly input: JsonObject;
}

/** A whole answer, or the ledger's account of why there is none. */
export interface Answer {
  readonly entry: LedgerEntry;
  /** Undefined unless the entry is `complete`, and when AWS said that nothing is configured (`entry.absent`). */
  readonly value: Json | undefined;
}

/**
 * The one way to call AWS. Every question ends as one ledger entry, whatever happened: nothing here throws for a call
 * that failed. The same question asked twice in a run is one call and one entry; a list is not kept, so that listing it
 * twice calls twice, but it has one entry all the same.
 *
 * Answers are plain JSON: timestamps as ISO 8601 text in UTC with milliseconds, bytes as base64, without `$metadata`.
 */
export interface Aws {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /**
   * @param value path of what is wanted in the answer: `Policy`, `''` for all of it, `Rules[]` for a list that is paged
   * to its end; an answer that does not have it is a failure
   */
  ask(question: Question, value: string): Promise<Answer>;
  /** Pages a list to its end. `onItems` gets the items of each page, flattened along `items` (`Reservations[].Instances[]`). */
  list(
    question: Question,
    items: string,
    onItems: (items: readonly Json[]) => void | Promise<void>,
  ): Promise<LedgerEntry>;
  /** Repeats a question until the answer has what `until` names; the entry is not complete when it never does. */
  prepare(question: Question, until: Poll['until']): Promise<LedgerEntry>;
  /** All entries so far, sorted by account, region and key. */
  ledger(): readonly LedgerEntry[];
  /** Ends all calls under way; whatever is asked from now on fails. */
  stop(): void;
}
