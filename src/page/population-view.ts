import { number, several } from '../finding/counts.ts';
import type { Population } from '../finding/finding.ts';
import { accountLabel, regionLabel, short } from './label.ts';
import { h, type Markup } from './markup.ts';

/** Places where something was or might be; the empty ones are named together. */
export interface Places {
  readonly rows: readonly Population[];
  readonly empty: readonly Population[];
  readonly disabled: readonly Population[];
}

/** What was not seen as a whole comes first: it limits what is said of everything else. */
export function sortPlaces(population: readonly Population[]): Places {
  const doubtful = (one: Population) => !one.complete || one.unreadable > 0;
  const disabled = population.filter((one) => one.disabled === true && one.enumerated === 0);
  const others = population.filter((one) => !disabled.includes(one));
  const empty = others.filter((one) => one.enumerated === 0 && !doubtful(one));
  const rows = others.filter((one) => !empty.includes(one));
  return { rows: [...rows.filter(doubtful), ...rows.filter((one) => !doubtful(one))], empty, disabled };
}

const columns = ['Account', 'Region', 'Seen', 'Judged', 'Not applicable', 'Unreadable', 'List', 'Calls'];

function placeRow(one: Population, names: ReadonlyMap<string, string>): Markup {
  const counts = [one.enumerated, one.evaluated, one.excluded, one.unreadable];
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, accountLabel(one.account, names)),
    h('td', {}, regionLabel(one.region)),
    counts.map((count) => h('td', { class: 'number' }, number(count))),
    h('td', one.complete ? {} : { class: 'open' }, one.complete ? 'whole' : 'not whole'),
    h('td', {}, h('code', {}, short(one.calls.join(', '), 300))),
  );
}

/** A table that scrolls by itself where it is wider than the page. */
export function scrolling(name: string, table: Markup): Markup {
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': name }, table);
}

export function tableOf(head: readonly string[], rows: readonly Markup[]): Markup {
  const cells = head.map((name) => h('th', { scope: 'col' }, name));
  return h('table', {}, h('thead', {}, h('tr', {}, cells)), h('tbody', {}, rows));
}

export function populationTable(
  rule: string,
  rows: readonly Population[],
  names: ReadonlyMap<string, string>,
): Markup | undefined {
  if (rows.length === 0) return undefined;
  const lines = rows.map((row) => placeRow(row, names));
  return scrolling(`Population of ${rule}`, tableOf(columns, lines));
}

/** Where nothing was, in one sentence. */
export function emptyPlaces({ empty, disabled }: Places): Markup | undefined {
  const told = [
    ...(empty.length === 0 ? [] : [`Nothing of the kind in ${named(empty)}.`]),
    ...(disabled.length === 0 ? [] : [`Not enabled, so that nothing can be there: ${named(disabled)}.`]),
  ];
  return told.length === 0 ? undefined : h('p', { class: 'note' }, told.join(' '));
}

function named(places: readonly Population[]): string {
  const regions = [...new Set(places.map(({ region }) => regionLabel(region)))];
  const accounts = new Set(places.map(({ account }) => account)).size;
  if (accounts > 1) return `${several(places.length, 'place')} of ${several(accounts, 'account')}`;
  const listed = regions.slice(0, 20).join(', ');
  return regions.length > 20 ? `${listed} and ${number(regions.length - 20)} more regions` : listed;
}
