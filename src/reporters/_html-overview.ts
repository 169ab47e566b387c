import { number, several } from '../finding/counts.ts';
import { coverageSentence } from '../finding/coverage-sentence.ts';
import { exitCode, type Gate } from '../finding/exit.ts';
import { figure } from '../finding/figure.ts';
import {
  type Assessment,
  type ClauseSummary,
  type ClauseVerdict,
  clauseVerdicts,
  type RuleSummary,
  type Severity,
  severities,
} from '../finding/finding.ts';
import {
  changesPhrase,
  doubtLabel,
  type GateAssessment,
  gateSentence,
  isOfGate,
  subjectSentence,
  verdictSentence,
} from '../finding/gate-words.ts';
import { addressOf } from '../page/filter.ts';
import { nobody, severityBadge, short, verdictLabels } from '../page/label.ts';
import { type Content, h, linkTo, type Markup } from '../page/markup.ts';
import { lackedPermissions, notices, unseen } from './_html-limits.ts';

/** So many lines of each of the three answers; the rest is one link away. */
const most = 6;

/** The verdicts' shares as a bar. It says nothing that the words below it do not say. */
function bar({ verdicts }: Assessment): Markup {
  const total = clauseVerdicts.reduce((sum, verdict) => sum + verdicts[verdict], 0);
  let x = 0;
  const parts = clauseVerdicts.flatMap((verdict) => {
    const width = total === 0 ? 0 : (verdicts[verdict] / total) * 1000;
    if (width === 0) return [];
    const rect = h('rect', {
      class: `share ${verdict}`,
      x: x.toFixed(2),
      y: '0',
      width: Math.max(2, width - 3).toFixed(2),
      height: '20',
    });
    x += width;
    return [rect];
  });
  const attributes = { class: 'bar', viewBox: '0 0 1000 20', preserveAspectRatio: 'none', role: 'img' };
  return h('svg', { ...attributes, 'aria-label': figure(verdicts) }, parts);
}

function legend({ verdicts }: Assessment): Markup {
  const items = clauseVerdicts
    .filter((verdict) => verdict !== 'holds-with-exceptions' || verdicts[verdict] > 0)
    .map((verdict: ClauseVerdict) => {
      const { mark, words, tone } = verdictLabels[verdict];
      const count = h('span', { class: `count ${tone}` }, number(verdicts[verdict]));
      const label = h('span', {}, h('span', { class: tone, 'aria-hidden': 'true' }, `${mark} `), words);
      return h('li', {}, h('a', { href: addressOf('clauses', { verdict }) }, count, label));
    });
  return h('ul', { class: 'legend' }, items);
}

function more(count: number, href: string, noun: string): Markup | undefined {
  return count > most ? h('p', { class: 'more' }, h('a', { href }, `All ${several(count, noun)}`)) : undefined;
}

/** The gravest rule that breaks a clause. */
function gravest(clause: ClauseSummary, rules: ReadonlyMap<string, RuleSummary>): Severity {
  const failed = clause.rules.flatMap((id) => rules.get(id) ?? []).filter((rule) => rule.outcomes.fail > rule.waived);
  return severities.find((severity) => failed.some((rule) => rule.severity === severity)) ?? 'info';
}

function brokenPromises({ clauses, rules }: Assessment): Markup {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const broken = clauses
    .filter(({ verdict }) => verdict === 'broken')
    .map((clause) => ({ clause, severity: gravest(clause, byId) }));
  broken.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const items = broken
    .slice(0, most)
    .map(({ clause: { id, claim, owner }, severity }) =>
      h(
        'li',
        {},
        linkTo(`clause-${id}`, {}, short(claim, 200)),
        h(
          'span',
          { class: 'under' },
          severityBadge(severity),
          ` ${short(id, 40)} · ${owner === undefined ? nobody : short(owner, 40)}`,
        ),
      ),
    );
  return answer('Which promises are broken', 'None that was judged.', items, [
    more(broken.length, addressOf('clauses', { verdict: 'broken' }), 'broken promise'),
  ]);
}

interface Owed {
  readonly owner: string;
  broken: number;
  unproven: number;
}

function owners({ clauses }: Assessment): readonly Owed[] {
  const found = new Map<string, Owed>();
  for (const { owner = nobody, verdict } of clauses) {
    if (verdict !== 'broken' && verdict !== 'unproven') continue;
    const owed = found.get(owner) ?? { owner, broken: 0, unproven: 0 };
    owed[verdict] += 1;
    found.set(owner, owed);
  }
  return [...found.values()].sort((a, b) => b.broken - a.broken || b.unproven - a.unproven);
}

function whose(assessment: Assessment): Markup {
  const all = owners(assessment);
  const items = all.slice(0, most).map(({ owner, broken, unproven }) => {
    const counts = [
      ...(broken > 0 ? [`${number(broken)} broken`] : []),
      ...(unproven > 0 ? [`${number(unproven)} unproven`] : []),
    ];
    const link = h('a', { href: addressOf('clauses', { owner }) }, short(owner, 60));
    return h('li', {}, link, h('span', { class: 'under' }, counts.join(' · ')));
  });
  return answer('Whose they are', 'Nobody has to answer for anything.', items, [more(all.length, '#clauses', 'owner')]);
}

function notChecked(assessment: Assessment): Markup {
  const permissions = lackedPermissions(assessment).map(({ permission, calls, accounts }) =>
    h(
      'li',
      {},
      h('code', {}, short(permission, 100)),
      h('span', { class: 'under' }, `would allow ${several(calls, 'denied call')} in ${several(accounts, 'account')}`),
    ),
  );
  const items = [...permissions, ...unseen(assessment).map((line) => h('li', {}, line))];
  return answer('What could not be checked', 'Everything that was asked for was seen.', items.slice(0, most), [
    items.length === 0 ? undefined : h('p', { class: 'more' }, h('a', { href: '#not-seen' }, 'All that was not seen')),
  ]);
}

function answer(question: string, none: string, items: readonly Markup[], after: Content): Markup {
  const content = items.length === 0 ? h('p', { class: 'note' }, none) : h('ul', { class: 'plain' }, items);
  return h('section', {}, h('h2', {}, question), content, after);
}

const endings = { 0: 'clean', 1: 'failures', 3: 'incomplete' };

/** Whether the run was red, in the words of the terminal. */
export function gateWords(assessment: Assessment, gate: Gate): string {
  const code = exitCode(assessment, gate);
  if (isOfGate(assessment)) return gateSentence(assessment, gate);
  const unknowns = gate.onUnknown === 'warn' ? ', unknowns only warn' : '';
  const only = gate.only === 'new' ? ', new ones alone' : '';
  return `exit code ${code} (${endings[code]}), as failures gate from ${gate.failOn}${only}${unknowns}`;
}

function changeLine(assessment: Assessment): Markup | undefined {
  const { change } = assessment;
  if (change === undefined || isOfGate(assessment)) return undefined;
  const counts = [
    `${number(change.introduced)} introduced`,
    `${number(change.existing)} still there`,
    `${number(change.fixed)} fixed`,
    ...(change.unknown > 0 ? [`${number(change.unknown)} that cannot be judged now`] : []),
  ];
  return h('p', { class: 'note' }, `Failures since ${change.baseline.now}: `, linkTo('change', {}, counts.join(', ')));
}

/** What is first of a change that is not deployed: its verdict, what it breaks, and what is in doubt. */
function verdictOf(assessment: GateAssessment): readonly Content[] {
  const { gate, clauses } = assessment;
  const broken = clauses.filter(({ id }) => gate.broken.includes(id));
  const items = [
    ...broken
      .slice(0, most)
      .map(({ id, claim }) => h('li', {}, 'Breaks ', linkTo(`clause-${id}`, {}, short(claim, 200)))),
    ...(broken.length > most ? [h('li', {}, `and ${number(broken.length - most)} more`)] : []),
    ...gate.doubts
      .slice(0, most)
      .map((doubt) => h('li', {}, h('strong', {}, `In doubt, ${doubtLabel(doubt)}: `), short(doubt.detail, 300))),
    ...(gate.doubts.length > most ? [h('li', {}, `and ${several(gate.doubts.length - most, 'more doubt')}`)] : []),
    h('li', {}, `${short(coverageSentence(gate), 500)}.`),
  ];
  return [
    h('h2', { id: 'figure', class: 'figure' }, short(verdictSentence(assessment), 500)),
    h('p', {}, short(`${subjectSentence(gate)}: ${changesPhrase(gate)}.`, 600)),
    h('ul', { class: 'notices', 'aria-label': 'What the change does' }, items),
    h('p', {}, linkTo('change', {}, 'What it introduces and fixes')),
  ];
}

/** The policy as a whole, which is the first thing to know of an account, and the second of a change. */
function policyFigure(assessment: Assessment): readonly Content[] {
  const sentence = figure(assessment.verdicts);
  const text = `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
  if (!isOfGate(assessment))
    return [h('h2', { id: 'figure', class: 'figure' }, text), bar(assessment), legend(assessment)];
  return [
    ...verdictOf(assessment),
    h('p', { class: 'note' }, `After the change: ${sentence}.`),
    bar(assessment),
    legend(assessment),
  ];
}

/** What one sees first: the figure, what limits it, and the three questions of everybody who opens a report. */
export function overview(assessment: Assessment, gate: Gate): Markup {
  const limits = notices(assessment);
  return h(
    'section',
    { id: 'summary', 'aria-labelledby': 'figure' },
    policyFigure(assessment),
    limits.length === 0
      ? undefined
      : h(
          'ul',
          { class: 'notices', 'aria-label': 'Limits of this report' },
          limits.map(([name, text]) => h('li', {}, h('strong', {}, name), ` ${text}`)),
        ),
    changeLine(assessment),
    h('div', { class: 'answers' }, brokenPromises(assessment), whose(assessment), notChecked(assessment)),
    h('p', { class: 'note' }, `The run ended with ${gateWords(assessment, gate)}.`),
  );
}
