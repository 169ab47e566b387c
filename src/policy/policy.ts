import type { Place } from '../errors.ts';
import type { Verification } from '../finding/finding.ts';
import type { Json } from '../model/value.ts';
import type { YamlEntry } from '../model/yaml.ts';

/** One promise of the policy, in our own words, with the rules that prove it. */
export interface Clause {
  readonly id: string;
  readonly claim: string;
  readonly owner?: string;
  /** Heading under which the policy has it: `1.3 Servers`. */
  readonly section?: string;
  readonly verification: readonly Verification[];
  readonly rules: readonly string[];
  readonly at: Place;
  /** Where each of `rules` is named. */
  readonly rulesAt: readonly Place[];
}

/** The values that a policy sets for the parameters of one rule. */
export interface RuleParameters {
  readonly at: Place;
  readonly values: Readonly<Record<string, Json>>;
  /** The same as written, with their places. */
  readonly entries: readonly YamlEntry[];
}

/** An account to be judged, and how its answers are reached when the caller's own credentials do not. */
export interface ScopedAccount {
  readonly id: string;
  readonly name?: string;
  /** ARN of the role to assume. */
  readonly role?: string;
  readonly externalId?: string;
  readonly at: Place;
}

/** A failure that is accepted until a day. `resource` is a glob over id, ARN and name; `tag` a key and perhaps a value. */
export interface Waiver {
  readonly rule: string;
  readonly resource?: string;
  readonly tag?: { readonly key: string; readonly value?: string };
  readonly account?: string;
  readonly region?: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  /** `2027-03-31`. */
  readonly expires: string;
  /** SHA-256 over the observed values of the failure that was accepted: another failure of the same resource is not. */
  readonly observed?: string;
  readonly at: Place;
  /** Where `rule` is named. */
  readonly ruleAt: Place;
}

export interface Scope {
  readonly accounts?: readonly ScopedAccount[];
  readonly regions?: readonly string[];
}

/** The organisation's policy document, includes merged. */
export interface Policy {
  readonly title: string;
  readonly file: string;
  /** SHA-256 over the documents it is made of. */
  readonly digest: string;
  readonly clauses: readonly Clause[];
  /** By rule id. */
  readonly parameters: ReadonlyMap<string, RuleParameters>;
  readonly scope: Scope;
  /** In the order of the file. */
  readonly waivers: readonly Waiver[];
}
