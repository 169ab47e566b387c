import type { Place } from '../errors.ts';
import type { Json } from '../model/value.ts';
import type { YamlEntry } from '../model/yaml.ts';

export const verifications = ['rules', 'attested', 'elsewhere', 'inherited'] as const;

/** How a clause is verified. */
export type Verification = (typeof verifications)[number];

/** One promise of the policy, in our own words, with the rules that prove it. */
export interface Clause {
  readonly id: string;
  readonly claim: string;
  readonly owner?: string;
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

export interface Scope {
  readonly accounts?: readonly string[];
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
}
