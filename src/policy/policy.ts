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
}

/** The organisation's policy document, includes merged. */
export interface Policy {
  readonly title: string;
  readonly file: string;
  /** SHA-256 over the documents it is made of. */
  readonly digest: string;
  readonly clauses: readonly Clause[];
  /** Rule id → parameter → value. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly scope: {
    readonly accounts?: readonly string[];
    readonly regions?: readonly string[];
  };
}
