import type { ChangeAction, Doubt, ExpressionStep, ProposalCoverage } from '../model/proposal.ts';
import type { DeclaredAt } from '../model/resource.ts';
import type { Json, UnknownReason } from '../model/value.ts';

/** How a clause is verified. */
export const verifications = ['rules', 'attested', 'elsewhere', 'inherited'] as const;
export type Verification = (typeof verifications)[number];

export const outcomes = ['pass', 'fail', 'unknown', 'not-applicable', 'not-evaluated'] as const;
export type Outcome = (typeof outcomes)[number];

/** Gravest first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** The type of what a policy's own waivers are judged as. */
export const waiverType = 'waiver';

/** Stands for a region or an account where a result is about all of them, or about those that nobody can name. */
export const everywhere = '*';

/** One observation behind an outcome: what stood where, what should have, and the API call that said so. */
export interface Evidence {
  readonly path: string;
  /** Left out when the value is known absent or not collected. */
  readonly observed?: Json;
  /** `permission` is the IAM action that would have allowed the call, where it was denied. */
  readonly unknown?: { readonly reason: UnknownReason; readonly detail?: string; readonly permission?: string };
  readonly expected: string;
  /** What else decides about the value, in words: `TCP ports 0-65535` beside a source. */
  readonly within?: string;
  /** Ledger key: `ec2:DescribeSecurityGroups`. */
  readonly call?: string;
  /** Set where a change makes a failure worse: this is what it lacked before. */
  readonly added?: true;
}

/** The resource that a result is about. */
export interface Subject {
  readonly id: string;
  readonly arn?: string;
  readonly name?: string;
  readonly declared?: DeclaredAt;
}

/** A part of a plan or template that a finding comes from, and where to mend it. */
export interface Cause {
  readonly declared: DeclaredAt;
  /** What becomes of it: a safeguard that is deleted is a cause too. */
  readonly action: ChangeAction;
  /** The attribute or property that decides: `ingress`, `SecurityGroupIngress`. */
  readonly attribute?: string;
  /** From the attribute's expression to the variable or literal at its root. */
  readonly chain?: readonly ExpressionStep[];
}

/** One rule's outcome for one resource; or, without `resource`, for a whole account and region. */
export interface Result {
  readonly rule: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  /** Twelve digits, or `*`. */
  readonly account: string;
  /** A region, `global`, or `*`. */
  readonly region: string;
  /** CloudFormation's type name; `account` or `region` for a rule about one as a whole; `waiver` for the policy's own. */
  readonly type: string;
  readonly resource?: Subject;
  readonly message?: string;
  /** Id of the waiver that covers the failure. The outcome stays what it is. */
  readonly waiver?: string;
  /**
   * Against the baseline, where the run has one, for failures; what was waived then and is not now is introduced. Against
   * the account before a change, for unknowns too: those are introduced that were none before, or for another reason.
   */
  readonly change?: 'introduced' | 'existing';
  /**
   * Set for an introduced failure that there was before the change, too, for less: `added` stands at what is new. Where it
   * stands nowhere, not all can be known on one side, so that nobody can tell what is new.
   */
  readonly worse?: true;
  /** For what a change introduces: where it comes from. */
  readonly causes?: readonly Cause[];
  readonly evidence: readonly Evidence[];
  /** How many observations there were beyond those in `evidence`. */
  readonly moreEvidence?: number;
}

/** A result as documents carry it. Results have no fingerprint of their own: millions of them pass and none is asked for. */
export type ResultLine = Result & { readonly fingerprint: string };

/** Results in their order, in portions, so that their number costs no memory and waiting for each costs no time. */
export type Results = AsyncIterable<readonly Result[]> | Iterable<readonly Result[]>;

/**
 * How many resources of a rule's type were seen in one account and region, and what became of them:
 * `enumerated = evaluated + excluded + unreadable`.
 */
export interface Population {
  readonly account: string;
  readonly region: string;
  /** False when there may be more than was enumerated. */
  readonly complete: boolean;
  readonly enumerated: number;
  /** Passed or failed. */
  readonly evaluated: number;
  /** Not applicable. */
  readonly excluded: number;
  /** Seen, but unknown. */
  readonly unreadable: number;
  /** Ledger keys of the calls that enumerated them. */
  readonly calls: readonly string[];
  /** The region is not enabled for the account: nothing can be there. */
  readonly disabled?: true;
}

export interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly type: string;
  /** SHA-256 of the rule's file. */
  readonly digest: string;
  readonly why: string;
  /** How to mend a failure, by means: `cli`, `console`, `terraform`. */
  readonly fix: Readonly<Record<string, string>>;
  /** Framework → ids of the controls to which the rule speaks. */
  readonly controls: Readonly<Record<string, readonly string[]>>;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** How many of the failures a waiver covers. */
  readonly waived: number;
  /** How many of the failures that no waiver covers are new since the baseline, where the run has one. */
  readonly introduced?: number;
  /** How many results, unknown or not evaluated, a change introduces; left out where there are none. */
  readonly introducedUnknown?: number;
  readonly population: readonly Population[];
}

/** In the order in which reports count them. */
export const clauseVerdicts = ['holds', 'holds-with-exceptions', 'broken', 'unproven', 'nothing-to-prove'] as const;
export type ClauseVerdict = (typeof clauseVerdicts)[number];

export interface ClauseSummary {
  readonly id: string;
  readonly claim: string;
  readonly owner?: string;
  /** Heading under which the policy has it. */
  readonly section?: string;
  readonly verification: readonly Verification[];
  readonly verdict: ClauseVerdict;
  /** Why it does not hold, in one phrase each. */
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
  /** Where the policy has it, from the policy's own folder. */
  readonly at?: { readonly file: string; readonly line: number };
}

/** A failure that somebody answers for until a day. */
export interface WaiverSummary {
  /** Stands in results as `waiver`: `w_` and twelve hexadecimal digits over what the waiver covers. */
  readonly id: string;
  readonly rule: string;
  /** What it covers, in words: `resource sg-0a1`, `tag Env=test`. */
  readonly covers: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  /** `2027-03-31`: the last day on which it counts, in UTC. */
  readonly expires: string;
  /** Only an active one covers anything. */
  readonly state: 'active' | 'expired' | 'unmatched' | 'over-broad';
  /** How many failures it covers, or would. */
  readonly matched: number;
}

/** How a run differs from an earlier one, of which only failures are compared. */
export interface Change {
  readonly baseline: { readonly now: string; readonly snapshot: string; readonly policy: string };
  readonly introduced: number;
  /** How many of those that are introduced failed before the change, too, for less; left out where none did. */
  readonly worse?: number;
  readonly existing: number;
  /** Failed then, and pass, do not apply or certainly are gone now. */
  readonly fixed: number;
  /** Failed then, and cannot be judged now. */
  readonly unknown: number;
  /** The first of those that are fixed. */
  readonly fixedResults: readonly FixedResult[];
  /** Why the two cannot be compared in every respect, in one phrase each. */
  readonly notes?: readonly string[];
}

/** How many of the declared resources were judged, and which were not. */
export interface GateCoverage extends ProposalCoverage {
  readonly judged: number;
  /** Types of what is read and was not judged, sorted; `hasRule` where a rule is about such. */
  readonly unjudged: readonly { readonly type: string; readonly count: number; readonly hasRule: boolean }[];
}

/** What a gate judged: a plan, template or change set, and the account that it is for. */
export interface GateSummary {
  readonly source: 'terraform-plan' | 'cloudformation';
  /** As the user named them. */
  readonly files: readonly string[];
  /** ISO 8601, UTC: when the plan was made. */
  readonly madeAt?: string;
  /** The snapshot that the change was laid over; without one, only what is declared was judged. */
  readonly live?: { readonly digest: string; readonly takenAt: string };
  /** How many resources are to be created, updated and so on. */
  readonly changes: Readonly<Record<ChangeAction, number>>;
  readonly coverage: GateCoverage;
  /** What was not checked; each makes the gate incomplete. */
  readonly doubts: readonly Doubt[];
  /** Rules about what no such document declares, such as the root user: they do not apply. */
  readonly rulesLeftOut: readonly string[];
  /** Clauses that the change breaks, and those that it mends, by id. */
  readonly broken: readonly string[];
  readonly mended: readonly string[];
  /** Results that cannot be judged because of the change: what was judged before, or was unknown for another reason. */
  readonly unknown: number;
}

/** A failure of an earlier run that is none now. */
export interface FixedResult
  extends Pick<ResultLine, 'fingerprint' | 'rule' | 'severity' | 'account' | 'region' | 'type'> {
  /** The resource's id. */
  readonly resource?: string;
  readonly name?: string;
}

/** A call that gave no whole answer, with the permission that would allow it. */
export interface Refusal {
  readonly account: string;
  readonly region: string;
  readonly key: string;
  readonly outcome: string;
  readonly permission: string;
  /** AWS's name for the error. */
  readonly detail?: string;
}

export interface AccountSummary {
  readonly id: string;
  readonly name?: string;
  /** Set when its regions could not be discovered: there may be more than `regions` lists. */
  readonly regionsIncomplete?: { readonly reason: UnknownReason; readonly detail?: string };
  /** Set when nothing of it was seen: every verdict about it is unknown. `call` is a ledger key. */
  readonly unreachable?: { readonly reason: UnknownReason; readonly detail?: string; readonly call?: string };
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
  readonly policy: {
    readonly title: string;
    readonly digest: string;
    readonly scope: { readonly accounts?: readonly string[]; readonly regions?: readonly string[] };
  };
  /** Those that were judged; an account of the policy's scope that the snapshot lacks is among them. */
  readonly accounts: readonly AccountSummary[];
  readonly regions: readonly {
    readonly account: string;
    readonly region: string;
    readonly status: string;
    readonly selected: boolean;
  }[];
  /** Set when the regions of an account could not be discovered, by the first such account's reason. */
  readonly regionsIncomplete?: { readonly reason: UnknownReason; readonly detail?: string };
  readonly clauses: readonly ClauseSummary[];
  /** The figure with which every report opens. */
  readonly verdicts: Readonly<Record<ClauseVerdict, number>>;
  /** Sorted by id; empty when the policy has none. */
  readonly waivers: readonly WaiverSummary[];
  /** Set when the run was compared with an earlier one. */
  readonly change?: Change;
  /** Set when a change was judged that is not deployed yet. */
  readonly gate?: GateSummary;
  readonly rules: readonly RuleSummary[];
  /** Results by outcome. */
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly failuresBySeverity: Readonly<Record<Severity, number>>;
  readonly refused: readonly Refusal[];
}
