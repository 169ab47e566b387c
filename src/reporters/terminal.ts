import { number, several } from '../finding/counts.ts';
import { figure } from '../finding/figure.ts';
import { type Assessment, waiverType } from '../finding/finding.ts';
import { isOfGate } from '../finding/gate-words.ts';
import { cut, inert, plain, wrap } from '../finding/plain-text.ts';
import type { Colours, Reporter } from '../finding/reporter.ts';
import { accountLines } from './_accounts.ts';
import { blockLines, columns, foldBlocks, labelled, placeName } from './_blocks.ts';
import { clauseLines, openClauses } from './_clauses.ts';
import { gateLines } from './_gate-lines.ts';
import { totalLines } from './_totals.ts';
import { waivedLines } from './_waived.ts';

/** The few regions of a policy by name, more of them counted. */
function regionList(regions: readonly string[]): string {
  const named = regions.length > 4 ? '' : ` ${regions.map(plain).join(', ')}`;
  return named === '' ? several(regions.length, 'region') : `the region${regions.length === 1 ? '' : 's'}${named}`;
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
    ...(policy.scope.regions === undefined
      ? []
      : labelled('limited', `the policy is about ${regionList(policy.scope.regions)} alone`, 0)),
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
    ({ type, outcomes: { pass, fail, unknown, ...rest } }) =>
      type !== waiverType && pass + fail + unknown + rest['not-evaluated'] === 0,
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

/** What somebody answers for, and until when. */
function waived(assessment: Assessment, colours: Colours): readonly string[] {
  const lines = waivedLines(assessment).map((line) => cut(plain(line), 300));
  return lines.length === 0 ? [] : [colours.bold('Waived'), ...bullets(lines), ''];
}

const fixedLimit = 10;

/** What failed in the baseline and does not any more. */
function fixedNow({ change }: Assessment, colours: Colours): readonly string[] {
  if (change === undefined || change.fixed === 0) return [];
  const lines = change.fixedResults.slice(0, fixedLimit).map(({ rule, account, region, resource, name }) => {
    const what = name ?? resource;
    return cut(plain(`${rule}${what === undefined ? '' : `, ${what}`} · ${account} · ${region}`), 300);
  });
  const more = change.fixed - lines.length;
  return [colours.bold('Fixed'), ...bullets([...lines, ...(more > 0 ? [`and ${number(more)} more`] : [])]), ''];
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${inert(line)}\n`).join('');
}

/** For people: clauses, findings folded by rule, what was not seen, totals, and what decided the exit code. */
export const reporter: Reporter = {
  name: 'terminal',
  extension: '.txt',
  title: 'text for people, 78 columns wide',
  async *render(assessment, results, { gate, colours, runFolder }) {
    if (isOfGate(assessment)) {
      for await (const lines of gateLines(assessment, results, gate, colours, runFolder)) yield text(lines);
      return;
    }
    yield text([...header(assessment, colours), ...clauseLines(assessment, colours)]);
    for (const block of await foldBlocks(assessment, results)) yield text(blockLines(block, assessment, colours));
    yield text([...waived(assessment, colours), ...fixedNow(assessment, colours)]);
    yield text([...limits(assessment, colours), ...accountLines(assessment, colours), ...totalLines(assessment, gate)]);
  },
};
