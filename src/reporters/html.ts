import { hash } from 'node:crypto';
import { several } from '../finding/counts.ts';
import type { Assessment } from '../finding/finding.ts';
import type { Reporter } from '../finding/reporter.ts';
import { unnamed } from '../model/unnamed.ts';
import { type Context, contextOf } from '../page/context.ts';
import { accountLabel, short } from '../page/label.ts';
import { h, type Markup } from '../page/markup.ts';
import { aboutSection, keyHelp } from './_html-about.ts';
import { clauseSection } from './_html-clauses.ts';
import { filterForm } from './_html-filters.ts';
import { type Examples, exampleList, findingBlocks, listedWords, quotaOf } from './_html-findings.ts';
import { limitsSection } from './_html-limits.ts';
import { overview } from './_html-overview.ts';
import { script, style } from './_html-page.generated.ts';
import { changeSection, waiverSection } from './_html-records.ts';
import { furtherPlaces, ruleSection } from './_html-rules.ts';
import { dataBlock, html } from './_html-write.ts';

/** Nothing is loaded, and only this very script and style are run. */
function contentPolicy(): string {
  const source = (text: string) => `'sha256-${hash('sha256', text, 'base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function head({ policy }: Assessment): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${html(h('meta', { 'http-equiv': 'Content-Security-Policy', content: contentPolicy() }))}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${html(h('title', {}, `${short(policy.title)}: what holds and what does not`))}<style>${style}</style>
</head>
<body>
`;
}

function masthead(assessment: Assessment, { accountNames }: Context): Markup {
  const { policy, accounts, regions, now } = assessment;
  const seen = new Set(regions.filter((one) => one.selected && one.status === 'enabled').map(({ region }) => region));
  const [only] = accounts;
  const who =
    accounts.length === 1 && only
      ? `${only.id === unnamed.account ? '' : 'account '}${accountLabel(only.id, accountNames)}`
      : several(accounts.length, 'account');
  const places: readonly (readonly [id: string, name: string])[] = [
    ['summary', 'Summary'],
    ['clauses', 'Clauses'],
    ['findings', 'Findings'],
    ['rules', 'Rules'],
    ...(assessment.change === undefined ? [] : [['change', 'Change'] as const]),
    ['waivers', 'Waivers'],
    ['not-seen', 'Not seen'],
    ['about', 'About'],
  ];
  return h(
    'header',
    {},
    h('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
    h(
      'div',
      { class: 'title' },
      h('h1', {}, short(policy.title, 200)),
      h('p', {}, `${who} · ${several(seen.size, 'region')} · ${now.slice(0, 10)}`),
    ),
    h(
      'nav',
      { 'aria-label': 'Parts of the report' },
      places.map(([id, name]) => h('a', { href: `#${id}` }, name)),
      h('button', { type: 'button', id: 'theme', class: 'with-script', hidden: '' }, 'Light / dark'),
    ),
  );
}

function pageData({ rules, clauses, accounts }: Assessment) {
  const bound = (rule: string) => clauses.filter((clause) => clause.rules.includes(rule)).map(({ id }) => id);
  return {
    accounts: accounts.map(({ id, name }) => (name === undefined ? { id } : { id, name })),
    rules: rules.map(({ id, title, severity }) => ({ id, title, severity, clauses: bound(id) })),
    clauses: clauses.map(({ id, claim, verdict, owner = '', section = '', rules: ids }) => ({
      id,
      verdict,
      owner,
      text: [id, claim, owner, section, ...ids].join('\n').toLowerCase(),
    })),
  };
}

/** Says by what a list is narrowed, where somebody sees it who came by a link. */
function narrowed(): Markup {
  const reset = h('button', { type: 'reset', form: 'filters' }, 'Show all');
  return h('div', { class: 'narrowed', hidden: '' }, h('span', {}), reset);
}

/** Opening tags of a part, whose content comes in portions. */
function part(id: string, title: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title">\n${html(h('h2', { id: `${id}-title` }, title))}`;
}

function* findingsPart(assessment: Assessment, examples: Examples, context: Context): Generator<string> {
  const note = 'A few findings of each rule. With scripts allowed, this page lists, narrows and searches all of them.';
  yield part('findings', 'Findings');
  yield html(narrowed());
  yield html(h('p', { class: 'without-script note' }, note));
  yield html(h('p', { id: 'print-note', class: 'note' }));
  yield '<div id="list">\n';
  for (const group of exampleList(assessment, examples, context)) yield html(group);
  yield '</div>\n';
  yield html(h('div', { id: 'pager', class: 'pager' }));
  yield html(keyHelp());
  yield '</section>\n';
}

/** One file to show a customer: what one sees first is there without scripts, the rest is narrowed and opened by one. */
export const reporter: Reporter = {
  name: 'html',
  extension: '.html',
  title: 'one page for browsers, with everything in it',
  async *render(assessment, results, { gate }) {
    const data = pageData(assessment);
    const context = contextOf(data);
    const { accountNames } = context;
    const quota = quotaOf(assessment);
    yield head(assessment);
    yield html(masthead(assessment, context));
    yield '<main id="main">\n';
    yield html(overview(assessment, gate));
    yield html(filterForm(assessment, accountNames));
    yield part('clauses', 'Clause by clause');
    yield html(narrowed());
    for (const section of clauseSection(assessment)) yield html(section);
    yield '</section>\n';
    yield dataBlock({ id: 'data' }, data);
    const examples = new Map();
    yield* findingBlocks(results, quota, examples);
    yield* findingsPart(assessment, examples, context);
    yield part('rules', 'Rule by rule');
    for (const rule of ruleSection(assessment, (one) => listedWords(quota, one), accountNames)) yield html(rule);
    for (const [rule, rows] of furtherPlaces(assessment)) yield dataBlock({ id: `population-${rule}` }, rows);
    yield '</section>\n';
    const change = changeSection(assessment, accountNames);
    if (change !== undefined) yield html(change);
    yield html(waiverSection(assessment));
    yield html(limitsSection(assessment, accountNames));
    yield html(aboutSection(assessment, gate, accountNames));
    yield `</main>\n<script>${script}</script>\n</body>\n</html>\n`;
  },
};
