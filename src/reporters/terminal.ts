import { exitCode, type Gate, gates } from '../finding/exit.ts';
import { figure } from '../finding/figure.ts';
import { type Assessment, severities } from '../finding/finding.ts';
import { cut, inert, plain, wrap } from '../finding/plain-text.ts';
import type { Colours, Reporter } from '../finding/reporter.ts';
import { blockLines, columns, foldBlocks, labelled, placeName } from './_blocks.ts';
import { clauseLines, openClauses } from './_clauses.ts';

/** Digits in groups of three, the same in every locale. */
function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function several(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function header(assessment: Assessment, colours: Colours): readonly string[] {
  const { tool, policy, now, accounts, regions, snapshot, verdicts } = assessment;
  const enabled = regions.filter(({ status }) => status === 'enabled');
  const seen = new Set(enabled.filter(({ selected }) => selected).map(({ region }) => region));
  const all = new Set(enabled.map(({ region }) => region));
  const where =
    seen.size === all.size ? several(seen.size, 'region') : `${seen.size} of ${several(all.size, 'region')}`;
  const names = new Map(accounts.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
  const [only] = accounts;
  const who =
    accounts.length === 1 && only ? `account ${placeName(only.id, names)}` : several(accounts.length, 'account');
  return [
    colours.bold(cut(`${plain(policy.title)} · ${who} · ${where}`, columns)),
    colours.bold(figure(verdicts)),
    `${tool.name} ${tool.version} · ages at ${now} · snapshot ${snapshot.digest.slice(0, 12)}`,
    ...(snapshot.endpoint === undefined
      ? []
      : [...labelled('emulated', `the answers came from ${plain(snapshot.endpoint)}, not from AWS`, 0)]),
    ...(snapshot.finished ? [] : labelled('stopped', 'the collection ended before it had asked for everything', 0)),
    '',
  ];
}

/** Regions that the user left out, which no verdict speaks about. */
function leftOut({ regions, policy }: Assessment): readonly string[] {
  const names = [...new Set(regions.filter((r) => r.status === 'enabled' && !r.selected).map(({ region }) => region))];
  if (names.length === 0 || policy.scope.regions !== undefined) return [];
  return [`${several(names.length, 'region')} left out of the collection: ${names.map(plain).join(', ')}`];
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    wrap(line, columns - 4).map((part, index) => (index === 0 ? `  - ${part}` : `    ${part}`)),
  );
}

const refusalLimit = 20;

/** What could not be seen, and what was empty: the limits of everything above. */
function limits(assessment: Assessment, colours: Colours): readonly string[] {
  const { refused, rules, regionsIncomplete } = assessment;
  const calls = refused.slice(0, refusalLimit).map(({ account, region, key, outcome, permission, detail }) => {
    const mend = outcome === 'denied' ? `; allow ${plain(permission)}` : '';
    const error = detail === undefined ? '' : ` (${plain(detail)})`;
    return `${cut(plain(key), 200)} in ${plain(account)} ${plain(region)}: ${plain(outcome)}${error}${mend}`;
  });
  const empty = rules.filter(
    ({ outcomes: { pass, fail, unknown, ...rest } }) => pass + fail + unknown + rest['not-evaluated'] === 0,
  );
  const lines = [
    ...calls,
    ...(refused.length > refusalLimit ? [`and ${several(refused.length - refusalLimit, 'more call')}`] : []),
    ...(regionsIncomplete === undefined ? [] : [`regions could not be listed: ${plain(regionsIncomplete.reason)}`]),
    ...leftOut(assessment),
    ...openClauses(assessment),
    ...(empty.length === 0 ? [] : [`nothing to judge for ${empty.map(({ id }) => plain(id)).join(', ')}`]),
  ];
  return lines.length === 0 ? [] : [colours.bold('Not seen'), ...bullets(lines), ''];
}

function failureCounts({ failuresBySeverity }: Assessment, gate: Gate): string {
  const counts = (wanted: boolean) =>
    severities
      .filter((severity) => gates(severity, gate) === wanted && failuresBySeverity[severity] > 0)
      .map((severity) => `${number(failuresBySeverity[severity])} ${severity}`)
      .join('  ');
  const below = counts(false);
  return `${counts(true) || (below ? '' : '0')}${below ? `  │  ${below} below the gate` : ''}`.trim();
}

/** Each resource once, however many rules looked at it: rules of one type see the same ones. */
function resourcesSeen({ rules }: Assessment): number {
  const byType = new Map<string, number>();
  for (const { type, population } of rules) {
    if (type !== 'account' && type !== 'region')
      byType.set(type, population.reduce((sum, { enumerated }) => sum + enumerated, 0) || (byType.get(type) ?? 0));
  }
  return [...byType.values()].reduce((sum, seen) => sum + seen, 0);
}

function gateLine(assessment: Assessment, gate: Gate): string {
  const code = exitCode(assessment, gate);
  const unknowns = gate.onUnknown === 'warn' ? ' --on-unknown warn' : '';
  const why = { 0: 'clean', 1: 'failures', 3: 'incomplete' }[code];
  return `--fail-on ${gate.failOn}${unknowns} → exit ${code} (${why})`;
}

function totals(assessment: Assessment, gate: Gate): readonly string[] {
  const { totals: sum, accounts, rules } = assessment;
  const judged = [
    several(accounts.length, 'account'),
    several(resourcesSeen(assessment), 'resource'),
    several(rules.length, 'rule'),
  ];
  return [
    `  ${judged.join(' · ')}`,
    ...labelled('FAIL', failureCounts(assessment, gate), 2),
    ...labelled('PASS', number(sum.pass), 2),
    ...labelled(
      'UNKNOWN',
      `${number(sum.unknown)}    NOT EVALUATED ${number(sum['not-evaluated'])}    NOT APPLICABLE ${number(sum['not-applicable'])}`,
      2,
    ),
    ...labelled('gate', gateLine(assessment, gate), 2),
  ];
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${inert(line)}\n`).join('');
}

/** For people: clauses, findings folded by rule, what was not seen, totals, and what decided the exit code. */
export const reporter: Reporter = {
  name: 'terminal',
  extension: '.txt',
  title: 'text for people, 78 columns wide',
  async *render(assessment, results, { gate, colours }) {
    yield text([...header(assessment, colours), ...clauseLines(assessment, colours)]);
    for (const block of await foldBlocks(assessment, results)) yield text(blockLines(block, assessment, colours));
    yield text([...limits(assessment, colours), ...totals(assessment, gate)]);
  },
};
