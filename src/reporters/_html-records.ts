import { number, several } from '../finding/counts.ts';
import { coverageSentence } from '../finding/coverage-sentence.ts';
import type { Assessment, Change, FixedResult, WaiverSummary } from '../finding/finding.ts';
import {
  changesPhrase,
  doubtLabel,
  type GateAssessment,
  isOfGate,
  leftOutSentence,
  subjectSentence,
  verdictSentence,
} from '../finding/gate-words.ts';
import { addressOf } from '../page/filter.ts';
import { accountLabel, badge, type Label, regionLabel, severityBadge, short } from '../page/label.ts';
import { h, linkTo, type Markup } from '../page/markup.ts';
import { scrolling, tableOf } from '../page/population-view.ts';

type Names = ReadonlyMap<string, string>;

const states: Readonly<Record<WaiverSummary['state'], Label>> = {
  active: { mark: '✔', words: 'Active', tone: 'good' },
  expired: { mark: '✖', words: 'Expired', tone: 'bad' },
  unmatched: { mark: '?', words: 'Matches nothing', tone: 'open' },
  'over-broad': { mark: '✖', words: 'Too broad', tone: 'bad' },
};

const rowLimit = 1000;

function waiverRow({ id, rule, covers, reason, owner, approver, expires, state, matched }: WaiverSummary): Markup {
  return h(
    'tr',
    { id: `waiver-${id}` },
    h('td', {}, badge(states[state])),
    h(
      'td',
      {},
      linkTo(`rule-${rule}`, {}, short(rule)),
      h('span', { class: 'under' }, h('code', {}, short(covers, 300))),
    ),
    h('td', {}, short(reason, 500)),
    h('td', {}, short(owner, 100)),
    h('td', {}, short(approver, 100)),
    h('td', {}, short(expires, 20)),
    h('td', { class: 'number' }, number(matched)),
    h('td', {}, h('code', {}, short(id))),
  );
}

function furtherRows(count: number, shown: number, noun: string): Markup | undefined {
  return count > shown ? h('p', { class: 'note' }, `and ${several(count - shown, `more ${noun}`)}`) : undefined;
}

/** What somebody answers for until a day. */
export function waiverSection({ waivers }: Assessment): Markup {
  const rows = waivers.slice(0, rowLimit).map(waiverRow);
  const head = ['State', 'Covers', 'Reason', 'Owner', 'Approved by', 'Expires', 'Failures', 'Id'];
  return h(
    'section',
    { id: 'waivers', 'aria-labelledby': 'waivers-title' },
    h('h2', { id: 'waivers-title' }, 'Waivers'),
    rows.length === 0
      ? h('p', {}, 'The policy has none: every failure counts.')
      : [
          h(
            'p',
            { class: 'note' },
            'A waived failure stays a failure. Only active waivers cover anything, up to their last day in UTC.',
          ),
          scrolling('Waivers', tableOf(head, rows)),
          furtherRows(waivers.length, rows.length, 'waiver'),
        ],
  );
}

function fixedRow({ rule, severity, account, region, resource, name, fingerprint }: FixedResult, names: Names): Markup {
  return h(
    'tr',
    {},
    h('td', {}, severityBadge(severity)),
    h('td', {}, linkTo(`rule-${rule}`, {}, short(rule))),
    h('td', {}, short(name ?? resource ?? '–')),
    h('td', {}, accountLabel(account, names)),
    h('td', {}, regionLabel(region)),
    h('td', {}, h('code', {}, fingerprint)),
  );
}

function fixedTable(fixed: readonly FixedResult[], total: number, names: Names): readonly (Markup | undefined)[] {
  if (fixed.length === 0) return [];
  const head = ['Severity', 'Rule', 'Resource', 'Account', 'Region', 'Finding'];
  const rows = fixed.map((result) => fixedRow(result, names));
  const table = scrolling('Fixed failures', tableOf(head, rows));
  return [h('h3', {}, 'Fixed'), table, furtherRows(total, rows.length, 'failure')];
}

function clauseNames(ids: readonly string[], word: string): Markup | undefined {
  if (ids.length === 0) return undefined;
  return h(
    'li',
    {},
    `${word} `,
    ids.map((id) => h('span', { class: 'item' }, linkTo(`clause-${id}`, {}, short(id)))),
  );
}

/** What a change would do that is not deployed yet, and what of it was not checked. */
function gateSection(assessment: GateAssessment, fixed: readonly FixedResult[], names: Names): Markup {
  const { gate, change } = assessment;
  const left = leftOutSentence(gate, 100);
  const subject = `${subjectSentence(gate)}: ${changesPhrase(gate)}.`;
  return h(
    'section',
    { id: 'change', 'aria-labelledby': 'change-title' },
    h('h2', { id: 'change-title' }, short(verdictSentence(assessment), 500)),
    h('p', {}, short(subject, 1000)),
    changeFacts(change),
    h(
      'ul',
      {},
      clauseNames(gate.broken, 'Breaks'),
      clauseNames(gate.mended, 'Mends'),
      gate.doubts
        .slice(0, rowLimit)
        .map((doubt) => h('li', {}, h('strong', {}, `Not checked, ${doubtLabel(doubt)}: `), short(doubt.detail, 500))),
      h('li', {}, short(coverageSentence(gate, 40), 2000)),
      left === undefined ? undefined : h('li', {}, short(left, 5000)),
    ),
    fixedTable(fixed, change.fixed, names),
  );
}

function changeFacts({ introduced, existing, fixed, unknown }: Change): Markup {
  const found = (change: string, count: number, words: string) =>
    h(
      'li',
      {},
      count === 0 ? `0 ${words}` : h('a', { href: addressOf('findings', { change }) }, `${number(count)} ${words}`),
    );
  return h(
    'ul',
    {},
    found('introduced', introduced, 'introduced'),
    found('existing', existing, 'still there'),
    h('li', {}, `${number(fixed)} fixed`),
    h('li', {}, `${number(unknown)} that failed then and cannot be judged now`),
  );
}

/** How the failures differ from those of an earlier run, or of the account before a change. */
export function changeSection(assessment: Assessment, names: Names): Markup | undefined {
  const { change } = assessment;
  if (change === undefined) return undefined;
  if (isOfGate(assessment)) return gateSection(assessment, change.fixedResults.slice(0, rowLimit), names);
  const { baseline, fixed, fixedResults, notes = [] } = change;
  return h(
    'section',
    { id: 'change', 'aria-labelledby': 'change-title' },
    h('h2', { id: 'change-title' }, 'Change since the baseline'),
    h('p', {}, `The baseline was judged at ${baseline.now}. Only failures are compared.`),
    changeFacts(change),
    notes.map((note) => h('p', { class: 'note' }, short(note, 500))),
    fixedTable(fixedResults.slice(0, rowLimit), fixed, names),
    h(
      'p',
      { class: 'note' },
      'Baseline: snapshot ',
      h('code', {}, baseline.snapshot),
      ', policy ',
      h('code', {}, baseline.policy),
    ),
  );
}
