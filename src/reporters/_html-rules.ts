import { number, several } from '../finding/counts.ts';
import { type Assessment, type Population, type RuleSummary, severities, waiverType } from '../finding/finding.ts';
import { byCodeUnit } from '../model/value.ts';
import { addressOf } from '../page/filter.ts';
import { outcomeLabels, outcomeOrder, severityBadge, short } from '../page/label.ts';
import { h, linkTo, type Markup } from '../page/markup.ts';
import { emptyPlaces, populationTable, scrolling, sortPlaces, tableOf } from '../page/population-view.ts';
import { countCell } from './_html-clauses.ts';

type Names = ReadonlyMap<string, string>;

/** Places of a rule's population that the page shows before anybody asks for all. */
const placesShown = 25;

/** How many of a rule's results the report lists, where it does not list all. */
export type Listed = (rule: RuleSummary) => string | undefined;

function populationWords({ population }: RuleSummary): string {
  const sum = (count: (one: Population) => number) => number(population.reduce((total, one) => total + count(one), 0));
  const accounts = new Set(population.map(({ account }) => account)).size;
  const partly = population.filter(({ complete }) => !complete).length;
  const counts = [
    `${sum(({ enumerated }) => enumerated)} seen`,
    `${sum(({ evaluated }) => evaluated)} judged`,
    `${sum(({ excluded }) => excluded)} not applicable`,
    `${sum(({ unreadable }) => unreadable)} unreadable`,
  ];
  const where = `in ${several(population.length, 'place')} of ${several(accounts, 'account')}`;
  return `${counts.join(', ')} ${where}${partly === 0 ? '' : `; ${several(partly, 'list')} not whole`}.`;
}

/** What is judged by a rule that is about no resources. */
function wholeWords({ type }: RuleSummary): string {
  return type === waiverType
    ? "It looks at the policy's own waivers."
    : 'It looks at an account or a region as a whole.';
}

function population(rule: RuleSummary, names: Names): readonly (Markup | undefined)[] {
  const places = sortPlaces(rule.population);
  const left = places.rows.length - placesShown;
  return [
    h('h3', { class: 'minor' }, 'Population'),
    h('p', {}, rule.population.length === 0 ? wholeWords(rule) : populationWords(rule)),
    populationTable(rule.id, places.rows.slice(0, placesShown), names),
    left > 0
      ? h(
          'button',
          { type: 'button', class: 'with-script', hidden: '', 'data-population': rule.id },
          `Show ${several(left, 'more place')}`,
        )
      : undefined,
    emptyPlaces(places),
  ];
}

/** The places that the page does not show at once, by the rule's id. */
export function* furtherPlaces({ rules }: Assessment): Generator<readonly [rule: string, rows: readonly Population[]]> {
  for (const { id, population: all } of rules) {
    const { rows } = sortPlaces(all);
    if (rows.length > placesShown) yield [id, rows];
  }
}

function means({ fix }: RuleSummary): Markup | undefined {
  const ways = Object.entries(fix).sort(([a], [b]) => byCodeUnit(a, b));
  if (ways.length === 0) return undefined;
  const terms = ways.map(([name, text]) => [
    h('dt', {}, short(name, 40)),
    h('dd', {}, h('code', {}, short(text, 2000))),
  ]);
  return h('div', {}, h('h3', { class: 'minor' }, 'How to mend a failure'), h('dl', { class: 'facts' }, terms));
}

function controls({ controls: all }: RuleSummary): Markup | undefined {
  const frameworks = Object.entries(all).sort(([a], [b]) => byCodeUnit(a, b));
  if (frameworks.length === 0) return undefined;
  const terms = frameworks.map(([name, ids]) => [
    h('dt', {}, short(name, 60)),
    h('dd', {}, short(ids.join(', '), 500)),
  ]);
  return h('div', {}, h('h3', { class: 'minor' }, 'Controls'), h('dl', { class: 'facts' }, terms));
}

function counts(rule: RuleSummary): Markup {
  const head = [...outcomeOrder.map((outcome) => outcomeLabels[outcome].words), 'Waived'];
  const cells = outcomeOrder.map((outcome) => countCell(rule.id, outcome, rule.outcomes[outcome]));
  const row = h('tr', {}, cells, h('td', { class: 'number' }, number(rule.waived)));
  return scrolling(`Outcomes of ${rule.id}`, tableOf(head, [row]));
}

function headline({ severity, title, outcomes: { fail, unknown, pass } }: RuleSummary): Markup {
  const told = [
    ...(fail > 0 ? [`${number(fail)} failed`] : []),
    ...(unknown > 0 ? [`${number(unknown)} unknown`] : []),
    `${number(pass)} passed`,
  ];
  const what = h('span', { class: 'what' }, short(title, 300));
  return h('summary', {}, severityBadge(severity), what, h('span', { class: 'owner' }, told.join(' · ')));
}

function origin({ id, type, digest }: RuleSummary, clauses: readonly string[]): readonly Markup[] {
  const links = clauses.map((clause) => h('span', { class: 'item' }, linkTo(`clause-${clause}`, {}, short(clause))));
  const words = [
    'Rule ',
    h('code', {}, id),
    ' about ',
    h('code', {}, short(type)),
    ', SHA-256 ',
    h('code', {}, digest),
  ];
  return [
    h('p', { class: 'note' }, 'Clauses: ', links.length === 0 ? 'none' : links),
    h('p', { class: 'note' }, words),
  ];
}

function entry(rule: RuleSummary, clauses: readonly string[], note: string | undefined, names: Names): Markup {
  const link = h('a', { href: addressOf('findings', { rule: rule.id }) }, 'Its findings');
  return h(
    'details',
    { id: `rule-${rule.id}`, class: 'rule' },
    headline(rule),
    h(
      'div',
      { class: 'body' },
      h('p', {}, short(rule.why, 2000)),
      counts(rule),
      h('p', {}, link, note === undefined ? undefined : ` ${note}`),
      population(rule, names),
      means(rule),
      controls(rule),
      origin(rule, clauses),
    ),
  );
}

/** Every rule that judged, those that fail and the gravest first. */
export function* ruleSection({ rules, clauses }: Assessment, listed: Listed, names: Names): Generator<Markup> {
  const rank = ({ outcomes: { fail, unknown, ...rest }, severity }: RuleSummary) =>
    (fail > 0 ? 0 : unknown + rest['not-evaluated'] > 0 ? 1 : 2) * severities.length + severities.indexOf(severity);
  const sorted = [...rules].sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.id, b.id));
  for (const rule of sorted) {
    const bound = clauses.filter((clause) => clause.rules.includes(rule.id)).map(({ id }) => id);
    yield entry(rule, bound, listed(rule), names);
  }
}
