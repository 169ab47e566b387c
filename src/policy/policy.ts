import type { Place } from '../errors.ts';
import type { Json } from '../model/value.ts';

/** How a clause is verified. */
export type Verification = 'rules' | 'attested' | 'elsewhere' | 'inherited';

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

/** The values that a policy sets for the parameters of one rule, and where. */
export interface RuleParameters {
  readonly rule: string;
  readonly at: Place;
  readonly values: Readonly<Record<string, Json>>;
  /** By parameter: where its value stands. */
  readonly valuesAt: Readonly<Record<string, Place>>;
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
  readonly scope: {
    readonly accounts?: readonly string[];
    readonly regions?: readonly string[];
  };
}
