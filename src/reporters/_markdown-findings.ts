import { number } from '../finding/counts.ts';
import { type Assessment, type Result, type Results, type RuleSummary, severities } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { byCodeUnit } from '../model/value.ts';
import { type Gravest, keepGravest, rankOf } from './_gravest.ts';
import { fitting, markdownCode, markdownHead, markdownRow, markdownText } from './_markdown-text.ts';
import {
  type AccountNames,
  accountNames,
  clausesByRule,
  fixOf,
  placeText,
  reasonText,
  subjectText,
} from './_result-text.ts';

const loud = ['fail', 'unknown', 'not-evaluated'] as const;
type Loud = (typeof loud)[number];

const examplesPerRule = 20;

/** What one rule says loudly in one way. */
interface Block {
  readonly rule: RuleSummary;
  readonly outcome: Loud;
  readonly examples: Gravest<Result>;
  introduced: number;
}

export interface Findings {
  /** Failures of each rule, the gravest first, within so many bytes. */
  failures(bytes: number): readonly string[];
  /** The same for what is unknown, or lacks a parameter. */
  unknowns(bytes: number): readonly string[];
}

function blocksOf({ rules }: Assessment): ReadonlyMap<string, Block> {
  const sorted = [...rules].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || byCodeUnit(a.id, b.id),
  );
  const blocks = loud.flatMap((outcome) =>
    sorted
      .filter((rule) => rule.outcomes[outcome] > 0)
      .map((rule): [string, Block] => {
        const examples = keepGravest<Result>({ items: examplesPerRule, size: Number.POSITIVE_INFINITY });
        return [`${outcome}/${rule.id}`, { rule, outcome, examples, introduced: 0 }];
      }),
  );
  return new Map(blocks);
}

function countText({ rule: { outcomes, waived }, outcome, introduced }: Block): string {
  if (outcome === 'not-evaluated') return 'not evaluated';
  if (outcome === 'unknown') return `${number(outcomes.unknown)} unknown`;
  const notes = [
    ...(introduced > 0 ? [`${number(introduced)} new`] : []),
    ...(waived > 0 ? [`${number(waived)} waived`] : []),
  ];
  const of = `${number(outcomes.fail)} of ${number(outcomes.pass + outcomes.fail)} fail`;
  return notes.length === 0 ? of : `${of} (${notes.join(', ')})`;
}

function row(result: Result, names: AccountNames): string {
  const { waiver, change } = result;
  const notes = [...(change === 'introduced' ? ['**new**'] : []), ...(waiver === undefined ? [] : ['waived'])];
  return markdownRow([
    markdownCode(subjectText(result, 150), 310),
    markdownText(placeText(result, names), 150),
    [...notes, markdownText(reasonText(result, 400), 400)].join(' · '),
    markdownCode(fingerprint(result), 40),
  ]);
}

interface Scene {
  readonly names: AccountNames;
  readonly clauses: ReadonlyMap<string, readonly string[]>;
}

/** @param withRows false where the space only suffices for the headline */
function blockText(block: Block, { names, clauses: proven }: Scene, withRows: boolean): string {
  const { rule, outcome, examples } = block;
  const rows = withRows ? [...examples.kept()].map((result) => row(result, names)) : [];
  const more = rule.outcomes[outcome] - rows.length;
  const clauses = proven.get(rule.id) ?? [];
  const fix = outcome === 'fail' ? fixOf(rule) : undefined;
  const title = `${markdownCode(rule.id, 100)} ${markdownText(rule.title, 200)}`;
  return [
    `<details><summary><b>${rule.severity.toUpperCase()}</b> ${title} · <b>${countText(block)}</b></summary>`,
    '',
    ...(rows.length === 0 ? [] : [...markdownHead(['Resource', 'Where', 'What is wrong', 'Finding']), ...rows, '']),
    ...(more > 0 ? [`…and ${number(more)} more.`, ''] : []),
    ...(clauses.length === 0 ? [] : [`Clauses: ${clauses.map((id) => markdownCode(id, 60)).join(', ')}`, '']),
    ...(fix === undefined ? [] : [`To mend: ${markdownCode(fix, 1000)}`, '']),
    '</details>',
    '',
  ].join('\n');
}

function section(blocks: readonly Block[], scene: Scene, bytes: number): readonly string[] {
  const written: string[] = [];
  let room = bytes;
  for (const block of blocks) {
    const tries = [true, false].map((withRows) => blockText(block, scene, withRows));
    const text = tries.find((one) => fitting([one], room).left === 0);
    if (text === undefined) break;
    room -= Buffer.byteLength(text) + 1;
    written.push(text);
  }
  const left = blocks.length - written.length;
  return left === 0 ? written : [...written, `…and ${number(left)} more rules, for which this summary has no room.\n`];
}

/** Reads the results once and keeps the gravest of each rule. */
export async function readFindings(assessment: Assessment, results: Results): Promise<Findings> {
  const blocks = blocksOf(assessment);
  for await (const batch of results) {
    for (const result of batch) {
      if (result.outcome === 'pass') continue;
      const block = blocks.get(`${result.outcome}/${result.rule}`);
      block?.examples.add(result, rankOf(result), 0);
      if (block !== undefined && result.change === 'introduced') block.introduced += 1;
    }
  }
  const scene = { names: accountNames(assessment), clauses: clausesByRule(assessment) };
  const all = [...blocks.values()];
  const failing = all.filter(({ outcome }) => outcome === 'fail');
  const open = all.filter(({ outcome }) => outcome !== 'fail');
  open.sort((a, b) => severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity));
  return {
    failures: (bytes) => section(failing, scene, bytes),
    unknowns: (bytes) => section(open, scene, bytes),
  };
}
