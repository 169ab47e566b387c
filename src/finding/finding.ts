import type { Json, UnknownReason } from '../model/value.ts';

export type Outcome = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'not-evaluated';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** One observation behind an outcome: what stood where, what should have, and the API call that said so. */
export interface Evidence {
  readonly path: string;
  /** Left out when the value is known absent or not collected. */
  readonly observed?: Json;
  readonly unknown?: { readonly reason: UnknownReason; readonly detail?: string };
  readonly expected: string;
  /** Ledger key: `ec2:DescribeSecurityGroups`. */
  readonly call?: string;
}

/** One rule's outcome for one resource; or, without `resource`, for a whole account and region. */
export interface Result {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly resource?: {
    readonly id: string;
    readonly arn?: string;
    readonly name?: string;
    readonly declared?: string;
  };
  readonly message?: string;
  readonly evidence: readonly Evidence[];
}

/** How many resources of a rule's type were seen in one account and region, and what became of them. */
export interface Population {
  readonly account: string;
  readonly region: string;
  readonly complete: boolean;
  readonly enumerated: number;
  readonly evaluated: number;
  readonly excluded: number;
  readonly unreadable: number;
  readonly calls: readonly string[];
}

export interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly type: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly population: readonly Population[];
}

export type ClauseVerdict = 'holds' | 'holds-with-exceptions' | 'broken' | 'unproven' | 'nothing-to-prove';

export interface ClauseSummary {
  readonly id: string;
  readonly claim: string;
  readonly verdict: ClauseVerdict;
  /** Why it is not proven, in one phrase each. */
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
}

/** The summary document of an assessment; the results are a stream beside it. */
export interface Assessment {
  readonly $schema: string;
  readonly format: 'proviso-assessment/1';
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC: ages were measured against it. */
  readonly now: string;
  readonly snapshot: {
    readonly digest: string;
    readonly source: string;
    readonly finished: boolean;
    readonly endpoint?: string;
  };
  readonly policy: { readonly title: string; readonly digest: string };
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
  readonly regions: readonly {
    readonly account: string;
    readonly region: string;
    readonly status: string;
    readonly selected: boolean;
  }[];
  readonly clauses: readonly ClauseSummary[];
  readonly rules: readonly RuleSummary[];
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly failuresBySeverity: Readonly<Record<Severity, number>>;
  /** Calls that gave no whole answer, each with the permission that would. */
  readonly refused: readonly {
    readonly account: string;
    readonly region: string;
    readonly key: string;
    readonly outcome: string;
    readonly permission: string;
    readonly detail?: string;
  }[];
}
