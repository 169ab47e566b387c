import type { Outcome } from '../finding/finding.ts';
import type { Context } from './context.ts';
import { accountLabel, badge, outcomeLabels, outcomeOrder, regionLabel, severityBadge, short } from './label.ts';
import { h, linkTo, type Markup } from './markup.ts';

/** What a list needs to know of a result. All is text; what is missing is empty. */
export interface FindingHead {
  readonly rule: string;
  readonly outcome: string;
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly waiver: string;
  readonly change: string;
}

/** What stands behind a result; read when somebody looks at it. */
export interface FindingBody {
  readonly declared: string;
  /** Where a change introduces it from, a line each. */
  readonly causes: string;
  /** How many observations there were beyond those that are listed. */
  readonly more: string;
  readonly evidence: readonly EvidenceView[];
}

/** `observed` and `unknown` are both empty when the value is known to be absent. */
export interface EvidenceView {
  readonly path: string;
  readonly observed: string;
  readonly unknown: string;
  readonly permission: string;
  readonly expected: string;
  readonly call: string;
}

const longText = 2000;

function term(name: string, value: Markup | string | undefined): readonly Markup[] {
  return value === undefined || value === '' ? [] : [h('dt', {}, name), h('dd', {}, value)];
}

function code(text: string): Markup | undefined {
  return text === '' ? undefined : h('code', {}, short(text, longText));
}

function observedView({ path, observed, unknown }: EvidenceView): Markup {
  const what = unknown !== '' ? `not known: ${unknown}` : observed === '' ? 'absent' : observed;
  return h('span', {}, path === '' ? undefined : [code(path), ' is '], h('code', {}, short(what, longText)));
}

function evidenceView(evidence: EvidenceView): Markup {
  return h(
    'dl',
    { class: 'facts evidence' },
    term('Observed', observedView(evidence)),
    term('Expected', short(evidence.expected, longText)),
    term('API call', code(evidence.call)),
    term('Allow', code(evidence.permission)),
  );
}

const changes: Readonly<Record<string, string>> = {
  introduced: 'introduced',
  existing: 'was there before',
};

function isOutcome(word: string): word is Outcome {
  return outcomeOrder.some((outcome) => outcome === word);
}

function outcomeBadge(outcome: string): Markup {
  return isOutcome(outcome) ? badge(outcomeLabels[outcome]) : h('span', {}, outcome);
}

/** What a name says at a glance: of an ARN, which the details have whole, the part after partition and place. */
function glance(name: string): string {
  return short(name.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, ''));
}

const messageLength = 300;

/** The line by which a finding is known in a list. */
export function findingSummary(head: FindingHead, { accountNames }: Context): readonly Markup[] {
  const where = `${accountLabel(head.account, accountNames)} · ${regionLabel(head.region)}`;
  const what = glance(head.name || head.id);
  return [
    h('span', { class: 'what' }, what || where),
    h('span', { class: 'where' }, what === '' ? '' : where),
    h(
      'span',
      { class: 'marks' },
      head.change === 'introduced' ? h('span', { class: 'badge bad' }, 'New') : undefined,
      head.waiver === '' ? undefined : h('span', { class: 'badge quiet' }, 'Waived'),
      outcomeBadge(head.outcome),
    ),
    h('span', { class: 'says' }, short(head.message, messageLength)),
  ];
}

function causeLines(causes: string): readonly string[] {
  return causes === '' ? [] : causes.split('\n');
}

/** All that is known about one finding: what it is about, what was seen, and by which call. */
export function findingDetails(
  head: FindingHead,
  body: FindingBody,
  { rules, clauses, accountNames }: Context,
): Markup {
  const rule = rules.find(({ id }) => id === head.rule);
  const bound = clauses.filter((clause) => rule?.clauses.includes(clause.id));
  const more = Number(body.more);
  return h(
    'div',
    { class: 'body' },
    head.message.length > messageLength ? h('p', {}, short(head.message, longText)) : undefined,
    body.evidence.map(evidenceView),
    more > 0 ? h('p', {}, `and ${more} more ${more === 1 ? 'observation' : 'observations'}`) : undefined,
    h(
      'dl',
      { class: 'facts' },
      term('Resource', code(head.arn || head.id)),
      term('Declared in', code(body.declared)),
      ...causeLines(body.causes).flatMap((line) => term('Comes from', code(line))),
      term('Account', accountLabel(head.account, accountNames)),
      term('Region', regionLabel(head.region)),
      term('Rule', rule && h('span', {}, severityBadge(rule.severity), ' ', linkTo(`rule-${rule.id}`, {}, rule.title))),
      term('Clauses', bound.length === 0 ? undefined : h('span', {}, bound.map(clauseLink))),
      term('Waiver', head.waiver === '' ? undefined : linkTo(`waiver-${head.waiver}`, {}, head.waiver)),
      term('Change', changes[head.change]),
      term('Finding', linkTo(head.fingerprint, { class: 'name' }, head.fingerprint)),
    ),
  );
}

/** Heads the findings of one rule and outcome. */
export function groupHeading({ rule, outcome }: Pick<FindingHead, 'rule' | 'outcome'>, { rules }: Context): Markup {
  const facts = rules.find(({ id }) => id === rule);
  const words = isOutcome(outcome) ? outcomeLabels[outcome].words.toLowerCase() : outcome;
  const title = linkTo(`rule-${rule}`, {}, short(facts?.title ?? rule, 300));
  return h(
    'h3',
    { class: 'group' },
    facts && [severityBadge(facts.severity), ' '],
    title,
    h('span', { class: 'outcome' }, ` ${words}`),
  );
}

function clauseLink({ id }: { readonly id: string }): Markup {
  return h('span', { class: 'item' }, linkTo(`clause-${id}`, {}, id));
}
