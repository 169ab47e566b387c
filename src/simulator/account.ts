import type { JsonObject } from '../model/value.ts';

/** An error that AWS answers with, by its name on the wire. */
export interface DeclaredError {
  readonly name: string;
  readonly message?: string;
  /** HTTP status; 400 by default. */
  readonly status?: number;
}

/** The answer to those requests whose input holds all members of `when`. */
export type Conditional =
  | { readonly when: JsonObject; readonly then: JsonObject }
  | { readonly when: JsonObject; readonly error: DeclaredError };

/** One answer for every request, or the first of several whose condition is met. */
export type DeclaredAnswer = JsonObject | readonly Conditional[];

/** A role that leads into the account; `externalId` is the one that its trust policy asks for. */
export interface SimulatedRole {
  readonly arn: string;
  readonly externalId?: string;
  /** When its credentials expire, ISO 8601. */
  readonly expires?: string;
}

/**
 * An account's state, in the shapes of AWS's own API: timestamps as ISO 8601 text, bytes as base64.
 *
 * An operation that is not declared answers with empty lists, where its answer has lists, and else with an error
 * (501, NotImplemented).
 */
export interface SimulatedAccount {
  /** Twelve digits. */
  readonly account: string;
  readonly caller: string;
  readonly partition?: string;
  /** Those that callers from the other accounts may assume. */
  readonly roles?: readonly SimulatedRole[];
  /** SDK client → region, `global` or `*` for every region → operation → answer. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, DeclaredAnswer>>>>>>;
}

/** What can go wrong with one operation. */
export const faultKinds = [
  'denied',
  'throttled',
  'truncated',
  'repeated-token',
  'html-200',
  'empty-200',
  'wrong-shape',
  'cut',
  'silence',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/**
 * `truncated` gives half of the list and a token whose page never comes; `repeated-token` gives the same half and token
 * for ever. An operation without pages is not hurt by these two.
 */
export interface InjectedFault {
  readonly service: string;
  readonly operation: string;
  readonly fault: FaultKind;
  /** Only in this account. */
  readonly account?: string;
  /** How many calls of the operation are answered rightly first. */
  readonly after?: number;
}
