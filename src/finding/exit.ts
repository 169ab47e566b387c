import type { Doubt } from '../model/proposal.ts';
import { type Assessment, type RuleSummary, type Severity, severities, waiverType } from './finding.ts';

/** What makes a run red. */
export interface Gate {
  /** Failures of this severity and above gate; `info` is every severity, `none` is no failure at all. */
  readonly failOn: Severity | 'none';
  /** Whether an unknown outcome of a rule that gates makes the run incomplete. */
  readonly onUnknown: 'fail' | 'warn';
  /** Only failures that the baseline, or the account before a change, lacks gate; what is unknown gates as ever. */
  readonly only?: 'new';
}

/** Whether rules of a severity gate. */
export function gates(severity: Severity, gate: Gate): boolean {
  return gate.failOn !== 'none' && severities.indexOf(severity) <= severities.indexOf(gate.failOn);
}

/** Failures of a rule that count: no waiver covers them and, where only new ones are wanted, the baseline lacks them. */
export function gatingFailures({ outcomes, waived, introduced }: RuleSummary, gate: Gate): number {
  const failures = outcomes.fail - waived;
  return gate.only === 'new' ? (introduced ?? failures) : failures;
}

/** How many resources passed or failed. What is said of waivers is no resource: it makes no empty run a clean one. */
function judged({ rules, totals }: Pick<Assessment, 'rules' | 'totals'>): number {
  const waivers = rules.filter(({ type }) => type === waiverType);
  return waivers.reduce((sum, { outcomes: { pass, fail } }) => sum - pass - fail, totals.pass + totals.fail);
}

type Counted = Pick<Assessment, 'rules' | 'totals' | 'gate'>;

/** A sum over the rules that gate at a severity. */
function sumOf({ rules }: Counted, gate: Gate, failOn: Gate['failOn'], count: (rule: RuleSummary) => number): number {
  return rules
    .filter((rule) => gates(rule.severity, { ...gate, failOn }))
    .reduce((total, rule) => total + count(rule), 0);
}

/** Whether a doubt makes a run incomplete. One that says that nothing was looked at does for those, too, whom no unknown troubles. */
export function doubtGates({ code }: Doubt, { onUnknown }: Gate): boolean {
  return onUnknown === 'fail' || code === 'empty' || code === 'errored';
}

/**
 * Whether a change could be judged as a whole. What was unknown before it does not count; every doubt does, and one that
 * says that nothing was looked at, or that the plan itself failed, counts even for those whom no unknown troubles.
 */
function changeIsOpen(assessment: Counted, gate: Gate, wanted: Severity): boolean {
  if (assessment.gate?.doubts.some((doubt) => doubtGates(doubt, gate)) === true) return true;
  if (gate.onUnknown === 'warn') return false;
  return sumOf(assessment, gate, wanted, (rule) => rule.introducedUnknown ?? 0) > 0;
}

/** Whether something that gates could not be decided, or nothing was judged. */
function isOpen(assessment: Counted, gate: Gate): boolean {
  const wanted = gate.failOn === 'none' ? 'info' : gate.failOn;
  if (assessment.gate !== undefined) return changeIsOpen(assessment, gate, wanted);
  if (sumOf(assessment, gate, wanted, ({ outcomes }) => outcomes['not-evaluated']) > 0) return true;
  if (sumOf(assessment, gate, wanted, ({ outcomes }) => outcomes.unknown) > 0 && gate.onUnknown === 'fail') return true;
  return judged(assessment) === 0;
}

/**
 * The exit code of a run that judged something: 1 for a failure at or above the gate that no waiver covers, 3 when
 * something that gates could not be decided or no resource was judged at all, else 0. A certain failure weighs more than
 * a gap, and a gap is never 0 unless the user asked for that: a gate that lets every failure through still wants to
 * know. Codes 2, 4 and 130 come from errors, before there is an assessment.
 */
export function exitCode(assessment: Counted, gate: Gate): 0 | 1 | 3 {
  if (sumOf(assessment, gate, gate.failOn, (rule) => gatingFailures(rule, gate)) > 0) return 1;
  return isOpen(assessment, gate) ? 3 : 0;
}
