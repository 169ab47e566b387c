import { number, several } from '../finding/counts.ts';
import { exitCode, type Gate } from '../finding/exit.ts';
import { figure } from '../finding/figure.ts';
import { type Assessment, type ClauseSummary, type Outcome, severities } from '../finding/finding.ts';
import { isOfGate } from '../finding/gate-words.ts';
import type { Reporter } from '../finding/reporter.ts';
import { gateMarkdown } from './_gate-markdown.ts';
import { readFindings } from './_markdown-findings.ts';
import { fitting, markdownCode, markdownHead, markdownRow, markdownText } from './_markdown-text.ts';
import { accountNames, placeText } from './_result-text.ts';

/**
 * Bytes for each section. Together they stay below the 1 MiB that GitHub takes as a step's summary; one that is larger it
 * drops as a whole.
 */
const room = { broken: 150_000, failures: 350_000, unknowns: 150_000, unseen: 60_000, waivers: 60_000, change: 60_000 };
const roomForUnproven = 100_000;

/** A table within its section's room, and a line for what had none. */
function table(titles: readonly string[], rows: readonly string[], bytes: number): readonly string[] {
  if (rows.length === 0) return [];
  const { fit, left } = fitting(rows, bytes);
  const rest = left === 0 ? [] : [`…and ${number(left)} more, for which this summary has no room.`, ''];
  return [...markdownHead(titles), ...fit, '', ...rest];
}

function header(assessment: Assessment, gate: Gate): readonly string[] {
  const { tool, policy, now, accounts, regions, snapshot, verdicts, totals, failuresBySeverity } = assessment;
  const seen = new Set(regions.filter(({ status, selected }) => status === 'enabled' && selected).map((r) => r.region));
  const names = accountNames(assessment);
  const [only] = accounts;
  const who =
    accounts.length === 1 && only
      ? markdownText(placeText({ account: only.id, region: '*' }, names), 200)
      : several(accounts.length, 'account');
  const failures = severities
    .filter((severity) => failuresBySeverity[severity] > 0)
    .map((severity) => `${number(failuresBySeverity[severity])} ${severity}`);
  const waived = assessment.rules.reduce((sum, rule) => sum + rule.waived, 0);
  const counts = [...failures, ...(waived === 0 ? [] : [`${number(waived)} of them waived`])];
  const counted = (outcome: Outcome, words: string) => `${number(totals[outcome])} ${words}`;
  const code = exitCode(assessment, gate);
  return [
    `# ${markdownText(policy.title, 200)}`,
    '',
    `**${figure(verdicts)}**`,
    '',
    `${who} · ${several(seen.size, 'region')} · ages at ${now} · snapshot ${markdownCode(snapshot.digest.slice(0, 12), 12)} · ${markdownText(`${tool.name} ${tool.version}`, 60)}`,
    '',
    ...(snapshot.endpoint === undefined
      ? []
      : [`> The answers came from ${markdownCode(snapshot.endpoint, 200)}, not from AWS.`, '']),
    ...(policy.scope.regions === undefined
      ? []
      : [
          `> The policy is about ${several(policy.scope.regions.length, 'region')} alone: ${markdownText(policy.scope.regions.slice(0, 40).join(', '), 1000)}.`,
          '',
        ]),
    ...(snapshot.finished ? [] : ['> The collection ended before it had asked for everything.', '']),
    `${counted('fail', 'failed')}${counts.length === 0 ? '' : ` (${counts.join(', ')})`}, ${counted('unknown', 'unknown')}, ${counted('not-evaluated', 'not evaluated')}, ${counted('pass', 'passed')}; exit code ${code} (${{ 0: 'clean', 1: 'failures', 3: 'incomplete' }[code]})`,
    '',
  ];
}

function clauseRow({ id, claim, owner, reasons }: ClauseSummary): string {
  const why = reasons.slice(0, 10).map((reason) => markdownText(reason, 200));
  return markdownRow([
    markdownCode(id, 60),
    markdownText(claim, 300),
    markdownText(owner ?? '', 100),
    [...why, ...(reasons.length > why.length ? [`and ${reasons.length - why.length} more`] : [])].join('; '),
  ]);
}

const clauseTitles = ['Clause', 'Promise', 'Owner', 'Why'];

function broken({ clauses }: Assessment): readonly string[] {
  const rows = clauses.filter(({ verdict }) => verdict === 'broken').map(clauseRow);
  return rows.length === 0 ? [] : ['## Broken promises', '', ...table(clauseTitles, rows, room.broken)];
}

/** All that nobody has proven yet, folded: there may be many, and they change seldom. */
function unproven({ clauses }: Assessment): readonly string[] {
  const rows = clauses.filter(({ verdict }) => verdict === 'unproven').map(clauseRow);
  if (rows.length === 0) return [];
  const summary = `<details><summary>${several(rows.length, 'promise')} without proof</summary>`;
  return ['## Unproven promises', '', summary, '', ...table(clauseTitles, rows, roomForUnproven), '</details>', ''];
}

function headed(title: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [`## ${title}`, '', ...texts];
}

/** Regions that the user left out, of which no verdict speaks, and accounts of which nothing was seen. */
function blindSpots({ regions, accounts, policy }: Assessment): readonly string[] {
  const left = [...new Set(regions.filter((r) => r.status === 'enabled' && !r.selected).map(({ region }) => region))];
  return [
    ...accounts.flatMap(({ id, unreachable }) =>
      unreachable === undefined
        ? []
        : [
            `- account ${id} could not be reached: ${markdownText([unreachable.reason, unreachable.detail ?? ''].join(' '), 300)}`,
          ],
    ),
    ...accounts.flatMap(({ id, regionsIncomplete }) =>
      regionsIncomplete === undefined
        ? []
        : [`- the regions of account ${id} could not be listed: ${markdownText(regionsIncomplete.reason, 100)}`],
    ),
    ...(left.length === 0 || policy.scope.regions !== undefined
      ? []
      : [`- ${several(left.length, 'region')} left out: ${left.map((region) => markdownCode(region, 60)).join(', ')}`]),
  ];
}

function unseen(assessment: Assessment): readonly string[] {
  const names = accountNames(assessment);
  const rows = assessment.refused.map(({ account, region, key, outcome, permission, detail }) =>
    markdownRow([
      markdownCode(key, 200),
      markdownText(placeText({ account, region }, names), 150),
      markdownText(detail === undefined ? outcome : `${outcome} (${detail})`, 200),
      outcome === 'denied' ? markdownCode(permission, 100) : '',
    ]),
  );
  const { fit, left } = fitting(blindSpots(assessment), room.unseen / 2);
  const spots = [...fit, ...(left === 0 ? [] : [`- and ${number(left)} more`])];
  return [
    ...table(['Call', 'Where', 'What happened', 'Allow'], rows, room.unseen / 2),
    ...(spots.length === 0 ? [] : [...spots, '']),
  ];
}

function waivers({ waivers: all }: Assessment): readonly string[] {
  const rows = all.map(({ id, rule, covers, reason, owner, approver, expires, state, matched }) =>
    markdownRow([
      state === 'active' ? state : `**${state}**`,
      markdownCode(rule, 100),
      markdownText(covers, 200),
      number(matched),
      expires,
      markdownText(`${owner}, approved by ${approver}`, 150),
      markdownText(reason, 300),
      markdownCode(id, 20),
    ]),
  );
  return table(['State', 'Rule', 'Covers', 'Failures', 'Until', 'Owner', 'Reason', 'Waiver'], rows, room.waivers);
}

function change({ change: found, ...assessment }: Assessment): readonly string[] {
  if (found === undefined) return [];
  const names = accountNames(assessment);
  const { introduced, existing, fixed, unknown, baseline, fixedResults } = found;
  const rows = fixedResults.map((result) =>
    markdownRow([
      markdownCode(result.rule, 100),
      markdownCode(result.name ?? result.resource ?? result.type, 150),
      markdownText(placeText(result, names), 150),
      markdownCode(result.fingerprint, 40),
    ]),
  );
  const listed = table(['Fixed', 'Resource', 'Where', 'Finding'], rows, room.change);
  const more = fixed - rows.length;
  return [
    `**${number(introduced)} new**, ${number(existing)} still open, ${number(fixed)} fixed, ${number(unknown)} that cannot be judged any more, against the run of ${baseline.now}.`,
    '',
    ...listed,
    ...(more > 0 && rows.length > 0 ? [`…and ${number(more)} more that are fixed.`, ''] : []),
  ];
}

/** For pull requests and GitHub's step summary: the figure first, then what is broken, and what could not be seen. */
export const reporter: Reporter = {
  name: 'markdown',
  extension: '.md',
  title: "Markdown for pull requests and GitHub's step summary",
  async *render(assessment, results, { gate }) {
    if (isOfGate(assessment)) {
      yield await gateMarkdown(assessment, results, gate);
      return;
    }
    const findings = await readFindings(assessment, results);
    const lines = [
      ...header(assessment, gate),
      ...broken(assessment),
      ...headed('Failures', findings.failures(room.failures)),
      ...headed('Unknown', findings.unknowns(room.unknowns)),
      ...headed('Not seen', unseen(assessment)),
      ...headed('Waivers', waivers(assessment)),
      ...headed('Since the baseline', change(assessment)),
      ...unproven(assessment),
    ];
    yield lines.map((line) => `${line}\n`).join('');
  },
};
