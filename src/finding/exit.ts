import { type Assessment, type RuleSummary, type Severity, severities } from './finding.ts';

/** What makes a run red. */
export interface Gate {
  /** Failures of this severity and above gate; `info` is every severity, `none` is no failure at all. */
  readonly failOn: Severity | 'none';
  /** Whether an unknown outcome of a rule that gates makes the run incomplete. */
  readonly onUnknown: 'fail' | 'warn';
}

/** Whether rules of a severity gate. */
export function gates(severity: Severity, gate: Gate): boolean {
  return gate.failOn !== 'none' && severities.indexOf(severity) <= severities.indexOf(gate.failOn);
}

/**
 * The exit code of a run that judged something: 1 for a failure at or above the gate, 3 when something that gates could
 * not be decided or no resource was judged at all, else 0. A certain failure weighs more than a gap, and a gap is never 0
 * unless the user asked for that: a gate that lets every failure through still wants to know. Codes 2, 4 and 130 come
 * from errors, before there is an assessment.
 */
export function exitCode(assessment: Pick<Assessment, 'rules' | 'totals'>, gate: Gate): 0 | 1 | 3 {
  const count = (outcome: keyof RuleSummary['outcomes'], failOn: Gate['failOn']) =>
    assessment.rules
      .filter((rule) => gates(rule.severity, { ...gate, failOn }))
      .reduce((sum, rule) => sum + rule.outcomes[outcome], 0);
  if (count('fail', gate.failOn) > 0) return 1;
  const wanted = gate.failOn === 'none' ? 'info' : gate.failOn;
  if (count('not-evaluated', wanted) > 0) return 3;
  if (count('unknown', wanted) > 0 && gate.onUnknown === 'fail') return 3;
  return assessment.totals.pass + assessment.totals.fail === 0 ? 3 : 0;
}
