import { declaredText } from '../finding/declared-text.ts';
import {
  type Assessment,
  type Evidence,
  everywhere,
  type Outcome,
  type Result,
  type Results,
  type RuleSummary,
  severities,
} from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { cut, pad, plain, width, wrap } from '../finding/plain-text.ts';
import type { Colours, Paint } from '../finding/reporter.ts';
import { byCodeUnit, canonicalJson, type Json } from '../model/value.ts';

/** Columns of a report; only ARNs, which are to be copied, may be longer. */
export const columns = 78;

const exampleLimit = 5;
const evidenceLimit = 3;
const arnLimit = 300;
const loud = ['fail', 'unknown', 'not-evaluated'] as const;
type Loud = (typeof loud)[number];

/** Everything that one rule says loudly in one way: a few examples, and how many there are. */
export interface Block {
  readonly rule: RuleSummary;
  readonly outcome: Loud;
  readonly examples: Result[];
}

export const marks: Readonly<Record<Loud, string>> = { fail: '✖', unknown: '?', 'not-evaluated': '!' };
const words: Readonly<Record<Loud, string>> = { fail: 'FAIL', unknown: 'UNKNOWN', 'not-evaluated': 'NOT EVALUATED' };

/** How often a rule had an outcome, but for failures that a waiver covers: these are folded elsewhere. */
function loudCount({ outcomes, waived }: RuleSummary, outcome: Loud): number {
  return outcome === 'fail' ? outcomes.fail - waived : outcomes[outcome];
}

/** Keeps the first few; what is new comes before what a baseline knew, since it may be what the run fails for. */
function keep(examples: Result[], result: Result): void {
  const known = examples.findIndex(({ change }) => change !== 'introduced');
  if (result.change === 'introduced' && known >= 0) examples.splice(known, 0, result);
  else examples.push(result);
  if (examples.length > exampleLimit) examples.pop();
}

/** Folds the results to blocks: failures first, then what is unknown; within them the gravest first. */
export async function foldBlocks(assessment: Assessment, results: Results): Promise<readonly Block[]> {
  const blocks = new Map<string, Block>();
  for (const outcome of loud) {
    const sorted = assessment.rules.filter((rule) => loudCount(rule, outcome) > 0);
    sorted.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || byCodeUnit(a.id, b.id));
    for (const rule of sorted) blocks.set(`${outcome}/${rule.id}`, { rule, outcome, examples: [] });
  }
  for await (const batch of results) {
    for (const result of batch) {
      if (result.outcome === 'pass' || result.waiver !== undefined) continue;
      const examples = blocks.get(`${result.outcome}/${result.rule}`)?.examples;
      if (examples !== undefined) keep(examples, result);
    }
  }
  return [...blocks.values()];
}

/** `label` in its column, the text behind it, wrapped. */
/** @param whole leave a long word whole, though it sticks out: what is to be copied must not be cut */
export function labelled(label: string, text: string, indent = 4, whole = false): readonly string[] {
  const start = `${' '.repeat(indent)}${label.padEnd(10)}`;
  return wrap(text, columns - start.length, whole).map(
    (line, index) => (index === 0 ? start : ' '.repeat(start.length)) + line,
  );
}

export function placeName(account: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(account);
  return name === undefined ? account : `${account} ${cut(plain(name), 24)}`;
}

function observedText({ observed, unknown }: Evidence): string {
  if (unknown !== undefined)
    return `not known: ${unknown.reason}${unknown.detail ? ` (${plain(unknown.detail)})` : ''}`;
  return observed === undefined ? 'absent' : cut(plain(canonicalJson(observed satisfies Json)), 60);
}

function evidenceLines(evidence: Evidence): readonly string[] {
  const path = plain(evidence.path);
  const permission = evidence.unknown?.permission;
  return [
    ...labelled('expected', cut(plain(evidence.expected), 300)),
    ...labelled('actual', `${path === '' ? '' : `${path} = `}${observedText(evidence)}`),
    ...(evidence.call === undefined ? [] : labelled('from', cut(plain(evidence.call), 200))),
    ...(permission === undefined ? [] : labelled('allow', plain(permission))),
  ];
}

function where({ account, region }: Result, names: ReadonlyMap<string, string>): string {
  if (account === everywhere) return 'everywhere';
  return region === everywhere ? placeName(account, names) : `${placeName(account, names)} · ${plain(region)}`;
}

/** A list that is not whole says all in its message. */
function speaksForItself({ resource, outcome, message }: Result): boolean {
  return resource === undefined && outcome !== 'fail' && message !== undefined;
}

function observationLines(result: Result): readonly string[] {
  if (speaksForItself(result)) return [];
  const shown = result.evidence.slice(0, evidenceLimit);
  const more = result.evidence.length + (result.moreEvidence ?? 0) - shown.length;
  return [
    ...shown.flatMap(evidenceLines),
    ...(more > 0 ? labelled('', `and ${more} more ${more === 1 ? 'observation' : 'observations'}`) : []),
    ...labelled('id', `${fingerprint(result)}${result.change === 'introduced' ? ' · new' : ''}`),
  ];
}

function exampleLines(result: Result, names: ReadonlyMap<string, string>): readonly string[] {
  const { resource } = result;
  const place = where(result, names);
  const name = cut(plain(resource?.name ?? resource?.id ?? ''), Math.max(20, columns - 5 - width(place)));
  const message = result.message === undefined ? [] : wrap(cut(plain(result.message), 500), columns - 4);
  return [
    `  ${resource === undefined ? place : `${name} · ${place}`}`,
    ...(resource?.arn === undefined ? [] : [`  ${cut(plain(resource.arn), arnLimit)}`]),
    ...(resource?.declared === undefined ? [] : [`  ${cut(plain(declaredText(resource) ?? ''), columns - 2)}`]),
    ...message.map((line) => `    ${line}`),
    ...observationLines(result),
    '',
  ];
}

/** The rule and its outcome on one line that can be searched for, the count at its end. */
function headline({ rule, outcome }: Block, paint: Paint): string {
  const { pass, fail, unknown } = rule.outcomes;
  const counts = { fail: `  ${fail - rule.waived} of ${pass + fail}`, unknown: `  ${unknown}`, 'not-evaluated': '' };
  const tail = words[outcome] + counts[outcome];
  const head = `${marks[outcome]} ${rule.severity.toUpperCase().padEnd(8)}  `;
  const id = cut(plain(rule.id), columns - width(head) - tail.length - 2);
  return `${paint(head)}${pad(id, columns - width(head) - tail.length)}${paint(tail)}`;
}

function clausesOf(rule: RuleSummary, { clauses }: Assessment): readonly string[] {
  const ids = clauses.filter((clause) => clause.rules.includes(rule.id)).map(({ id }) => plain(id));
  return ids.length === 0 ? [] : labelled(ids.length === 1 ? 'clause' : 'clauses', ids.join(', '));
}

function mend({ fix }: RuleSummary): readonly string[] {
  const [means] = ['cli', 'console', 'terraform', ...Object.keys(fix).sort(byCodeUnit)].filter((key) =>
    Object.hasOwn(fix, key),
  );
  return means === undefined ? [] : labelled('fix', plain(fix[means] ?? ''), 4, true);
}

const paints: Readonly<Record<Loud, (colours: Colours) => Paint>> = {
  fail: (colours) => colours.red,
  unknown: (colours) => colours.yellow,
  'not-evaluated': (colours) => colours.yellow,
};

/** One block as lines. */
export function blockLines(block: Block, assessment: Assessment, colours: Colours): readonly string[] {
  const { rule, outcome, examples } = block;
  const names = new Map(assessment.accounts.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
  const more = loudCount(rule, outcome) - examples.length;
  const counted = outcome satisfies Outcome;
  return [
    headline(block, paints[counted](colours)),
    ...wrap(plain(rule.title), columns - 2).map((line) => `  ${colours.bold(line)}`),
    '',
    ...examples.flatMap((example) => exampleLines(example, names)),
    ...(more > 0 ? [`  and ${more} more`, ''] : []),
    ...clausesOf(rule, assessment),
    ...(outcome === 'fail' ? mend(rule) : []),
    ...labelled('more', `proviso explain ${plain(rule.id)}`),
    '',
  ];
}
