import { severities } from '../finding/finding.ts';
import { type Block, column, decodeHead, type Row } from './block.ts';
import type { ClauseFacts, Context } from './context.ts';
import type { Filter } from './filter.ts';
import type { FindingHead } from './finding-view.ts';
import { nobody, outcomeOrder } from './label.ts';

/** All results of the page, in the order in which they are listed. */
export interface Findings {
  readonly count: number;
  /** Places of the results by rank: failures first, then the gravest rules. */
  readonly order: Float64Array;
  head(place: number): FindingHead;
  /** Block and row in which the body of a result stands. */
  bodyAt(place: number): { readonly block: number; readonly row: number };
  /** What a search looks through, in lower case. */
  text(place: number): string;
  find(fingerprint: string): number | undefined;
}

interface Columns {
  readonly rows: readonly Row[];
  readonly blockOf: Uint32Array;
  /** Where each block begins. */
  readonly starts: readonly number[];
}

function joinBlocks(blocks: readonly Block[]): Columns {
  const rows = blocks.flatMap((block) => block.rows);
  const blockOf = new Uint32Array(rows.length);
  const starts: number[] = [];
  let start = 0;
  for (const [index, block] of blocks.entries()) {
    starts.push(start);
    blockOf.fill(index, start, start + block.rows.length);
    start += block.rows.length;
  }
  return { rows, blockOf, starts };
}

/** A result's rank and its place in one number, so that sorting them is sorting numbers. */
function ranked(count: number, rankOf: (place: number) => number): Float64Array {
  const width = 2 ** 24;
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) keys[place] = rankOf(place) * width + place;
  return keys.sort().map((key) => key % width);
}

export function openFindings(blocks: readonly Block[], { rules }: Context): Findings {
  const { rows, blockOf, starts } = joinBlocks(blocks);
  const empty: Block = { texts: [], rows: [] };
  const blockAt = (place: number) => blocks[blockOf[place] ?? 0] ?? empty;
  const member = (place: number, name: keyof FindingHead) =>
    blockAt(place).texts[rows[place]?.[column(name)] ?? 0] ?? '';
  const ruleRank = new Map(
    rules.map(({ id, severity }, index) => [id, severities.indexOf(severity) * rules.length + index]),
  );
  const outcomeRank = new Map<string, number>(outcomeOrder.map((outcome, index) => [outcome, index]));
  const ranks = severities.length * rules.length + 1;
  const rankOf = (place: number) =>
    (outcomeRank.get(member(place, 'outcome')) ?? 0) * ranks + (ruleRank.get(member(place, 'rule')) ?? 0);
  const searched: string[] = [];
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return {
    count: rows.length,
    order: ranked(rows.length, rankOf),
    head: (place) => decodeHead(blockAt(place), rows[place] ?? []),
    bodyAt: (place) => ({ block: blockOf[place] ?? 0, row: place - (starts[blockOf[place] ?? 0] ?? 0) }),
    text(place) {
      const { id, name, arn, message, rule, fingerprint } = decodeHead(blockAt(place), rows[place] ?? []);
      searched[place] ??= [id, name, arn, message, rule, titles.get(rule), fingerprint].join('\n').toLowerCase();
      return searched[place];
    },
    find(fingerprint) {
      const found = rows.findIndex((_, place) => member(place, 'fingerprint') === fingerprint);
      return found === -1 ? undefined : found;
    },
  };
}

/** Whether a clause is among those that a filter names, text apart. */
function names(filter: Filter, { id, verdict, owner }: ClauseFacts): boolean {
  return (
    (filter.verdict === '' || filter.verdict === verdict) &&
    (filter.owner === '' || filter.owner === (owner || nobody)) &&
    (filter.clause === '' || filter.clause === id)
  );
}

/** The clauses that a filter shows; one that only findings have narrows nothing here, but for the rule. */
export function selectClauses(filter: Filter, { clauses, rules }: Context): ReadonlySet<string> {
  const bound = new Set(rules.find(({ id }) => id === filter.rule)?.clauses);
  const wanted = filter.q.toLowerCase();
  const shown = clauses.filter(
    (clause) => names(filter, clause) && (filter.rule === '' || bound.has(clause.id)) && clause.text.includes(wanted),
  );
  return new Set(shown.map(({ id }) => id));
}

/** Rules of the clauses that a filter names; undefined where it names none, so that rules without clauses stay. */
function selectRules(filter: Filter, { clauses, rules }: Context): ReadonlySet<string> | undefined {
  if (filter.verdict === '' && filter.owner === '' && filter.clause === '') return undefined;
  const chosen = new Set(clauses.filter((clause) => names(filter, clause)).map(({ id }) => id));
  return new Set(rules.filter((rule) => rule.clauses.some((id) => chosen.has(id))).map(({ id }) => id));
}

/** The places of the findings that a filter shows, in their order. */
export function selectFindings(filter: Filter, findings: Findings, context: Context): readonly number[] {
  const rules = selectRules(filter, context);
  const ofSeverity = new Set(context.rules.filter(({ severity }) => severity === filter.severity).map(({ id }) => id));
  const wanted = filter.q.toLowerCase();
  const fits = (head: FindingHead) =>
    (rules === undefined || rules.has(head.rule)) &&
    (filter.severity === '' || ofSeverity.has(head.rule)) &&
    (['outcome', 'rule', 'account', 'region', 'change'] as const).every(
      (name) => filter[name] === '' || filter[name] === head[name],
    ) &&
    (filter.waived === '' || (filter.waived === 'yes') === (head.waiver !== ''));
  const shown: number[] = [];
  for (const place of findings.order) {
    if (fits(findings.head(place)) && (wanted === '' || findings.text(place).includes(wanted))) shown.push(place);
  }
  return shown;
}
