import { type Assessment, clauseVerdicts, everywhere, severities } from '../finding/finding.ts';
import { byCodeUnit } from '../model/value.ts';
import type { FilterName } from '../page/filter.ts';
import {
  accountLabel,
  nobody,
  outcomeLabels,
  outcomeOrder,
  regionLabel,
  severityWords,
  short,
  verdictLabels,
} from '../page/label.ts';
import { h, type Markup } from '../page/markup.ts';

type Choice = readonly [value: string, words: string];

function choose(name: FilterName, label: string, all: string, choices: readonly Choice[]): Markup {
  const options = choices.map(([value, words]) => h('option', { value }, words));
  const select = h('select', { name, autocomplete: 'off' }, h('option', { value: '' }, all), options);
  return h('label', {}, h('span', {}, label), select);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(byCodeUnit);
}

function whoAndWhere(assessment: Assessment, names: ReadonlyMap<string, string>): readonly Markup[] {
  const { accounts, regions, rules, clauses } = assessment;
  const owners = distinct(clauses.map(({ owner }) => owner ?? nobody)).map(
    (owner): Choice => [owner, short(owner, 60)],
  );
  const ids = accounts.map(({ id }): Choice => [id, accountLabel(id, names)]);
  const places = distinct([
    ...regions.filter(({ selected, status }) => selected && status === 'enabled').map(({ region }) => region),
    ...rules.flatMap(({ population }) => population.filter((one) => one.enumerated > 0).map(({ region }) => region)),
  ]);
  const shown = [...places.filter((region) => region !== everywhere), everywhere];
  return [
    choose('owner', 'Owner', 'Any owner', owners),
    choose('account', 'Account', 'Any account', [...ids, [everywhere, accountLabel(everywhere, names)]]),
    choose(
      'region',
      'Region',
      'Any region',
      shown.map((region): Choice => [region, regionLabel(region)]),
    ),
  ];
}

function whatAndHow({ rules, change, waivers }: Assessment): readonly Markup[] {
  const byTitle = [...rules].sort((a, b) => byCodeUnit(a.title, b.title));
  return [
    choose(
      'rule',
      'Rule',
      'Any rule',
      byTitle.map(({ id, title }): Choice => [id, short(title, 80)]),
    ),
    ...(change === undefined
      ? []
      : [
          choose('change', 'Change', 'Any change', [
            ['introduced', 'Introduced'],
            ['existing', 'Still there'],
          ]),
        ]),
    ...(waivers.length === 0
      ? []
      : [
          choose('waived', 'Waiver', 'Waived or not', [
            ['no', 'Not waived'],
            ['yes', 'Waived'],
          ]),
        ]),
  ];
}

function searchLine(): Markup {
  const input = { id: 'search', name: 'q', type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: '500' };
  const placeholder = 'Resource, ARN, message, rule or clause';
  return h(
    'div',
    { class: 'first' },
    h('label', { class: 'wide' }, h('span', {}, 'Search'), h('input', { ...input, placeholder })),
    h('button', { type: 'reset' }, 'Clear'),
  );
}

function chooseAll(): readonly Markup[] {
  const verdicts = clauseVerdicts.map((verdict): Choice => [verdict, verdictLabels[verdict].words]);
  const outcomes = outcomeOrder.map((outcome): Choice => [outcome, outcomeLabels[outcome].words]);
  const grades = severities.map((severity): Choice => [severity, severityWords[severity]]);
  return [
    choose('verdict', 'Verdict', 'Any verdict', verdicts),
    choose('outcome', 'Outcome', 'Any outcome', outcomes),
    choose('severity', 'Severity', 'Any severity', grades),
  ];
}

/** Narrows clauses and findings; only of use to the page's script, which shows it. */
export function filterForm(assessment: Assessment, names: ReadonlyMap<string, string>): Markup {
  const label = 'Narrow clauses and findings';
  return h(
    'form',
    { id: 'filters', role: 'search', 'aria-label': label, class: 'with-script', hidden: '' },
    searchLine(),
    h('div', { class: 'choices' }, chooseAll(), whatAndHow(assessment), whoAndWhere(assessment, names)),
    h('input', { type: 'hidden', name: 'clause', value: '' }),
    h('p', { id: 'count', role: 'status', 'aria-live': 'polite' }),
  );
}
