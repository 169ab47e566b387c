import { number } from '../finding/counts.ts';
import type { Gate } from '../finding/exit.ts';
import type { Assessment } from '../finding/finding.ts';
import { accountLabel, regionLabel, short } from '../page/label.ts';
import { h, type Markup } from '../page/markup.ts';
import { gateWords } from './_html-overview.ts';

const nameLimit = 200;

function names(all: readonly string[]): string {
  const listed = all.slice(0, nameLimit).join(', ');
  return all.length > nameLimit ? `${listed} and ${number(all.length - nameLimit)} more` : listed;
}

function regionWords({ regions }: Assessment, wanted: (one: Assessment['regions'][number]) => boolean): string {
  const found = new Set(regions.filter(wanted).map(({ region }) => regionLabel(region)));
  return found.size === 0 ? 'none' : names([...found].map((region) => short(region, 60)));
}

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'goes to the search'],
  ['j', 'goes to the next finding'],
  ['k', 'goes to the finding before'],
  ['Enter', 'opens and closes what has the focus'],
  ['Escape', 'clears the search, or closes what is open around the focus'],
  ['?', 'shows these keys'],
];

export function keyHelp(): Markup {
  const lines = keys.map(([key, does]) => h('li', {}, h('kbd', {}, key), ` ${does}`));
  return h('details', { id: 'keys', class: 'with-script', hidden: '' }, h('summary', {}, 'Keys'), h('ul', {}, lines));
}

function facts(assessment: Assessment, gate: Gate, accountNames: ReadonlyMap<string, string>) {
  const { tool, now, snapshot, policy, accounts } = assessment;
  return [
    ['Judged by', `${tool.name} ${tool.version}`],
    ['Ages measured at', now],
    ['Result', gateWords(assessment, gate)],
    ['Accounts', names(accounts.map(({ id }) => accountLabel(id, accountNames)))],
    ['Regions seen', regionWords(assessment, ({ status, selected }) => status === 'enabled' && selected)],
    ['Regions left out', regionWords(assessment, ({ status, selected }) => status === 'enabled' && !selected)],
    ['Regions not enabled', regionWords(assessment, ({ status }) => status !== 'enabled')],
    ['Source', `${snapshot.source}${snapshot.endpoint === undefined ? '' : `, ${short(snapshot.endpoint)}`}`],
    ['Snapshot, SHA-256', snapshot.digest],
    ['Policy, SHA-256', policy.digest],
  ] as const;
}

/** How the report came about, and how to read it. */
export function aboutSection(assessment: Assessment, gate: Gate, accountNames: ReadonlyMap<string, string>): Markup {
  const terms = facts(assessment, gate, accountNames).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]);
  return h(
    'section',
    { id: 'about', 'aria-labelledby': 'about-title' },
    h('h2', { id: 'about-title' }, 'How to read this report'),
    h(
      'p',
      {},
      'A promise holds when at least one resource passes its rules and nothing that they need is in doubt. One failure ' +
        'that no waiver covers breaks it. What was denied, cut short or not understood is unknown, and never a pass. ' +
        'Where the rules are about nothing that exists, there is nothing to prove.',
    ),
    h(
      'p',
      {},
      'Each finding names the value that was observed, where it stood, what was expected, and the API call that said ' +
        'so. The address of a finding, a clause, a rule or a filter can be sent to others who have this file.',
    ),
    h('dl', { class: 'facts' }, terms),
  );
}
