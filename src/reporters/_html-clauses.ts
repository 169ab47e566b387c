import { number } from '../finding/counts.ts';
import type { Assessment, ClauseSummary, Outcome, RuleSummary } from '../finding/finding.ts';
import { addressOf } from '../page/filter.ts';
import {
  badge,
  nobody,
  outcomeLabels,
  outcomeOrder,
  severityBadge,
  short,
  verdictLabels,
  verificationWords,
} from '../page/label.ts';
import { h, linkTo, type Markup } from '../page/markup.ts';
import { scrolling, tableOf } from '../page/population-view.ts';

type Rules = ReadonlyMap<string, RuleSummary>;

/** A count that leads to what was counted. */
export function countCell(rule: string, outcome: Outcome, count: number): Markup {
  if (count === 0) return h('td', { class: 'number none' }, '0');
  const { tone, words } = outcomeLabels[outcome];
  const attributes = { class: tone, href: addressOf('findings', { rule, outcome }) };
  return h(
    'td',
    { class: 'number' },
    h('a', { ...attributes, 'aria-label': `${words} ${number(count)}` }, number(count)),
  );
}

function ruleRow(id: string, rules: Rules): Markup {
  const rule = rules.get(id);
  if (rule === undefined) {
    const words = h('td', { colspan: String(outcomeOrder.length + 2) }, 'is not among the rules of this run');
    return h('tr', {}, h('th', { scope: 'row' }, h('code', {}, short(id))), words);
  }
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      linkTo(`rule-${id}`, {}, short(rule.title, 200)),
      h('span', { class: 'under' }, short(id)),
    ),
    h('td', {}, severityBadge(rule.severity)),
    outcomeOrder.map((outcome) => countCell(id, outcome, rule.outcomes[outcome])),
    h('td', { class: 'number' }, number(rule.waived)),
  );
}

function ruleTable({ id, rules: bound }: ClauseSummary, rules: Rules): Markup {
  if (bound.length === 0) return h('p', { class: 'note' }, 'No rule is bound to it.');
  const head = ['Rule', 'Severity', ...outcomeOrder.map((outcome) => outcomeLabels[outcome].words), 'Waived'];
  return scrolling(
    `Rules of ${short(id)}`,
    tableOf(
      head,
      [...new Set(bound)].map((rule) => ruleRow(rule, rules)),
    ),
  );
}

function clauseEntry(clause: ClauseSummary, rules: Rules): Markup {
  const { id, claim, owner, verdict, verification, reasons } = clause;
  return h(
    'details',
    { id: `clause-${id}`, class: 'clause', 'data-clause': id },
    h(
      'summary',
      {},
      badge(verdictLabels[verdict]),
      h('span', { class: 'id' }, short(id, 40)),
      h('span', { class: 'what' }, short(claim, 2000)),
      h('span', { class: 'owner' }, short(owner ?? nobody, 60)),
    ),
    h(
      'div',
      { class: 'body' },
      h(
        'dl',
        { class: 'facts' },
        h('dt', {}, 'Owner'),
        h('dd', {}, short(owner ?? nobody)),
        h('dt', {}, 'How it is verified'),
        h('dd', {}, verification.map((way) => verificationWords[way]).join(', ')),
        reasons.length === 0
          ? undefined
          : [
              h('dt', {}, 'Why'),
              h(
                'dd',
                {},
                reasons.map((why) => h('div', {}, short(why, 500))),
              ),
            ],
      ),
      ruleTable(clause, rules),
      clause.rules.length === 0
        ? undefined
        : h('p', {}, h('a', { href: addressOf('findings', { clause: id }) }, 'The findings behind it')),
    ),
  );
}

/** Every promise of the policy, under its heading and in its order. */
export function* clauseSection({ clauses, rules }: Assessment): Generator<Markup> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const sections = new Map<string, ClauseSummary[]>();
  for (const clause of clauses) {
    const section = sections.get(clause.section ?? '');
    if (section === undefined) sections.set(clause.section ?? '', [clause]);
    else section.push(clause);
  }
  for (const [section, members] of sections) {
    const heading = section === '' ? (sections.size === 1 ? undefined : 'Others') : short(section, 200);
    yield h(
      'section',
      { class: 'clauses' },
      heading === undefined ? undefined : h('h3', {}, heading),
      members.map((clause) => clauseEntry(clause, byId)),
    );
  }
}
