import { type Lack, lacksOf } from '../finding/clause.ts';
import { number, several } from '../finding/counts.ts';
import type { Assessment, Refusal, RuleSummary } from '../finding/finding.ts';
import { byCodeUnit } from '../model/value.ts';
import { accountLabel, regionLabel, short } from '../page/label.ts';
import { h, linkTo, type Markup } from '../page/markup.ts';
import { scrolling, tableOf } from '../page/population-view.ts';

type Names = ReadonlyMap<string, string>;

function list(names: readonly string[], most = 8): string {
  const listed = names.slice(0, most).map((name) => short(name, 60));
  return names.length > most ? `${listed.join(', ')} and ${number(names.length - most)} more` : listed.join(', ');
}

function unknownWords({ reason, detail }: { readonly reason: string; readonly detail?: string }): string {
  return detail === undefined ? reason : `${reason} (${short(detail, 200)})`;
}

function leftOutRegions({ regions }: Assessment): readonly string[] {
  const left = regions.filter(({ status, selected }) => status === 'enabled' && !selected);
  return [...new Set(left.map(({ region }) => region))];
}

/** Accounts of which nothing was seen. */
function unreachable({ accounts }: Assessment): readonly string[] {
  return accounts.flatMap(({ id, unreachable }) =>
    unreachable === undefined ? [] : [`${id} (${unknownWords(unreachable)})`],
  );
}

/** What limits everything that the report says, each as a word and a sentence. */
export function notices(assessment: Assessment): readonly (readonly [name: string, text: string])[] {
  const { snapshot, policy, regionsIncomplete, totals, rules } = assessment;
  const away = unreachable(assessment);
  const left = leftOutRegions(assessment);
  const { accounts, regions } = policy.scope;
  const partly = rules.filter((rule) => rule.population.some(({ complete }) => !complete)).length;
  const open = totals.unknown + totals['not-evaluated'];
  return [
    ...said(snapshot.endpoint, (endpoint) => ['Emulated.', `The answers came from ${short(endpoint)}, not from AWS.`]),
    ...when(!snapshot.finished, 'Stopped.', 'The collection ended before it had asked for everything.'),
    ...when(away.length > 0, 'Accounts missing.', `Nothing was seen of ${list(away, 4)}.`),
    ...said(regionsIncomplete, (why) => [
      'Regions missing.',
      `They could not be listed: ${unknownWords(why)}. There may be more than were seen.`,
    ]),
    ...incomplete(open, partly),
    ...said(accounts, (ids) => [
      'Limited.',
      `The policy is about ${several(ids.length, 'account')} alone: ${list(ids, 4)}.`,
    ]),
    ...said(regions, (names) => [
      'Limited.',
      `The policy is about ${several(names.length, 'region')} alone: ${list(names, 4)}.`,
    ]),
    ...when(left.length > 0 && regions === undefined, 'Limited.', `Left out of the collection: ${list(left)}.`),
  ];
}

function incomplete(open: number, partly: number): readonly Notice[] {
  const told = [
    ...(open > 0 ? [`${several(open, 'result')} could not be decided`] : []),
    ...(partly > 0 ? [`${several(partly, 'rule')} did not see everything`] : []),
  ];
  return when(told.length > 0, 'Incomplete.', `${told.join(', and ')}.`);
}

type Notice = readonly [name: string, text: string];

function when(holds: boolean, name: string, text: string): readonly Notice[] {
  return holds ? [[name, text]] : [];
}

function said<T>(value: T | undefined, notice: (value: T) => Notice): readonly Notice[] {
  return value === undefined ? [] : [notice(value)];
}

interface Lacked {
  readonly permission: string;
  readonly calls: number;
  readonly accounts: number;
}

/** Permissions that would have allowed what was denied, those of most calls first. */
export function lackedPermissions({ refused }: Assessment): readonly Lacked[] {
  const found = new Map<string, { calls: number; readonly accounts: Set<string> }>();
  for (const { outcome, permission, account } of refused) {
    if (outcome !== 'denied') continue;
    const entry = found.get(permission) ?? { calls: 0, accounts: new Set() };
    entry.calls += 1;
    entry.accounts.add(account);
    found.set(permission, entry);
  }
  const all = [...found].map(([permission, { calls, accounts }]) => ({ permission, calls, accounts: accounts.size }));
  return all.sort((a, b) => b.calls - a.calls || byCodeUnit(a.permission, b.permission));
}

const lackWords: Readonly<Record<Lack, string>> = {
  rules: 'have no rule that could prove them',
  judgement: 'have rules that this run left out',
  attested: 'need an attestation',
  elsewhere: 'are verified elsewhere',
  inherited: "need a provider's report",
};

/** What else could not be checked, a sentence each. */
export function unseen(assessment: Assessment): readonly Markup[] {
  const { refused, rules, clauses } = assessment;
  const failed = refused.filter(({ outcome }) => outcome !== 'denied').length;
  const ruleLines = rules.flatMap((rule) => {
    const { unknown, 'not-evaluated': idle } = rule.outcomes;
    const link = linkTo(`rule-${rule.id}`, {}, short(rule.title, 120));
    return [
      ...(unknown > 0 ? [h('span', {}, link, `: unknown for ${number(unknown)}`)] : []),
      ...(idle > 0 ? [h('span', {}, link, ': the policy must set a parameter')] : []),
    ];
  });
  const lacks = clauses.flatMap(lacksOf);
  const lines = Object.entries(lackWords).flatMap(([lack, words]) => {
    const count = lacks.filter((found) => found === lack).length;
    return count === 0 ? [] : [h('span', {}, `${several(count, 'promise')} ${words}`)];
  });
  const calls = failed === 0 ? [] : [h('span', {}, `${several(failed, 'call')} failed without being denied`)];
  return [...calls, ...ruleLines, ...lines];
}

const refusalLimit = 500;

function refusalRow({ permission, outcome, key, account, region, detail }: Refusal, names: Names): Markup {
  return h(
    'tr',
    {},
    h('td', {}, h('code', {}, short(key, 300))),
    h('td', {}, accountLabel(account, names)),
    h('td', {}, regionLabel(region)),
    h('td', {}, detail === undefined ? outcome : `${outcome} (${short(detail, 100)})`),
    h('td', {}, outcome === 'denied' ? h('code', {}, short(permission, 100)) : '–'),
  );
}

function refusals({ refused }: Assessment, names: Names): Markup {
  if (refused.length === 0) return h('p', {}, 'Every call was answered as a whole.');
  const rows = refused.slice(0, refusalLimit).map((refusal) => refusalRow(refusal, names));
  const table = tableOf(['Call', 'Account', 'Region', 'What became of it', 'Allow'], rows);
  const left = refused.length - rows.length;
  return h(
    'div',
    {},
    scrolling('Calls without a whole answer', table),
    left > 0 ? h('p', { class: 'note' }, `and ${several(left, 'more call')}`) : undefined,
  );
}

function incompleteLists(rules: readonly RuleSummary[]): Markup | undefined {
  const lines = rules.flatMap(({ id, title, population }) => {
    const places = population.filter(({ complete }) => !complete);
    if (places.length === 0) return [];
    return [h('li', {}, linkTo(`rule-${id}`, {}, short(title)), ` in ${several(places.length, 'place')}`)];
  });
  return lines.length === 0
    ? undefined
    : h('div', {}, h('h3', {}, 'Rules that did not see everything'), h('ul', {}, lines));
}

/** The limits of everything above: calls, regions, lists, and promises that need other proof. */
export function limitsSection(assessment: Assessment, names: Names): Markup {
  const permissions = lackedPermissions(assessment).map(({ permission }) =>
    h('li', {}, h('code', {}, short(permission, 100))),
  );
  const others = unseen(assessment).map((line) => h('li', {}, line));
  const empty = assessment.rules.filter(
    ({ outcomes: { pass, fail, unknown, ...rest } }) => pass + fail + unknown + rest['not-evaluated'] === 0,
  );
  return h(
    'section',
    { id: 'not-seen', 'aria-labelledby': 'not-seen-title' },
    h('h2', { id: 'not-seen-title' }, 'What could not be seen'),
    h(
      'ul',
      {},
      notices(assessment).map(([name, text]) => h('li', {}, h('strong', {}, name), ` ${text}`)),
    ),
    permissions.length === 0
      ? undefined
      : h('div', {}, h('h3', {}, 'Permissions that would show more'), h('ul', {}, permissions)),
    h('h3', {}, 'Calls without a whole answer'),
    refusals(assessment, names),
    incompleteLists(assessment.rules),
    others.length === 0 ? undefined : h('div', {}, h('h3', {}, 'What is therefore open'), h('ul', {}, others)),
    empty.length === 0
      ? undefined
      : h(
          'p',
          { class: 'note' },
          `Nothing to judge for ${list(
            empty.map(({ id }) => id),
            200,
          )}.`,
        ),
  );
}
