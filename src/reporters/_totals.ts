import { number, several } from '../finding/counts.ts';
import { exitCode, type Gate, gates, gatingFailures } from '../finding/exit.ts';
import { type Assessment, type RuleSummary, severities, waiverType } from '../finding/finding.ts';
import { plain } from '../finding/plain-text.ts';
import { labelled } from './_blocks.ts';

/** Failures that no waiver covers, by severity: those that gate, and behind a bar those that do not. */
function failureCounts({ rules }: Assessment, gate: Gate): string {
  const gating = (rule: RuleSummary) => (gates(rule.severity, gate) ? gatingFailures(rule, gate) : 0);
  const counts = (count: (rule: RuleSummary) => number) =>
    severities
      .map((severity) => {
        const sum = rules.filter((rule) => rule.severity === severity).reduce((total, rule) => total + count(rule), 0);
        return sum > 0 ? `${number(sum)} ${severity}` : '';
      })
      .filter((text) => text !== '')
      .join('  ');
  const rest = counts((rule) => rule.outcomes.fail - rule.waived - gating(rule));
  const why = gate.only === 'new' ? 'not at the gate' : 'below the gate';
  return `${counts(gating) || (rest ? '' : '0')}${rest ? `  │  ${rest} ${why}` : ''}`.trim();
}

/** Each resource once, however many rules looked at it: rules of one type see the same ones. */
function resourcesSeen({ rules }: Assessment): number {
  const byType = new Map<string, number>();
  for (const { type, population } of rules) {
    if (![waiverType, 'account', 'region'].includes(type))
      byType.set(type, population.reduce((sum, { enumerated }) => sum + enumerated, 0) || (byType.get(type) ?? 0));
  }
  return [...byType.values()].reduce((sum, seen) => sum + seen, 0);
}

function gateLine(assessment: Assessment, gate: Gate): string {
  const code = exitCode(assessment, gate);
  const unknowns = gate.onUnknown === 'warn' ? ' --on-unknown warn' : '';
  const only = gate.only === undefined ? '' : ` --only ${gate.only}`;
  const why = { 0: 'clean', 1: 'failures', 3: 'incomplete' }[code];
  return `--fail-on ${gate.failOn}${unknowns}${only} → exit ${code} (${why})`;
}

/** How the run differs from its baseline, and why the two may not be alike. */
function changeLines({ change }: Assessment): readonly string[] {
  if (change === undefined) return [];
  const { introduced, existing, fixed, unknown, notes = [] } = change;
  const counts = [`${number(introduced)} new`, `${number(existing)} still open`, `${number(fixed)} fixed`];
  const doubt = unknown === 0 ? [] : [`${number(unknown)} of then not known now`];
  return [
    ...labelled('CHANGE', [...counts, ...doubt].join('    '), 2),
    ...labelled('since', `${plain(change.baseline.now)}, snapshot ${plain(change.baseline.snapshot.slice(0, 12))}`, 2),
    ...notes.flatMap((note) => labelled('', plain(note), 2)),
  ];
}

/** What was judged, what came of it, and what decided the exit code. */
export function totalLines(assessment: Assessment, gate: Gate): readonly string[] {
  const { totals: sum, accounts, rules } = assessment;
  const judged = [
    several(accounts.length, 'account'),
    several(resourcesSeen(assessment), 'resource'),
    several(rules.length, 'rule'),
  ];
  const waived = rules.reduce((total, rule) => total + rule.waived, 0);
  return [
    `  ${judged.join(' · ')}`,
    ...labelled('FAIL', failureCounts(assessment, gate), 2),
    ...(waived === 0 ? [] : labelled('WAIVED', number(waived), 2)),
    ...labelled('PASS', number(sum.pass), 2),
    ...labelled(
      'UNKNOWN',
      `${number(sum.unknown)}    NOT EVALUATED ${number(sum['not-evaluated'])}    NOT APPLICABLE ${number(sum['not-applicable'])}`,
      2,
    ),
    ...changeLines(assessment),
    ...labelled('gate', gateLine(assessment, gate), 2),
  ];
}
