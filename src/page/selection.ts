import { severities } from '../finding/finding.ts';
import { type Block, columnOf, decodeHead, type Row } from './block.ts';
import type { ClauseFacts, Context } from './context.ts';
import type { Filter } from './filter.ts';
import type { FindingHead } from './finding-view.ts';
import { nobody, outcomeOrder } from './label.ts';

/** What narrows findings by their own members. */
const narrowing = [
  'outcome',
  'rule',
  'account',
  'region',
  'change',
  'waiver',
] as const satisfies readonly (keyof FindingHead)[];
type Narrowing = (typeof narrowing)[number];

/** All results of the page. A place is the number of a result as the file has them. */
export interface Findings {
  readonly count: number;
  /** Places in the order in which they are listed: failures first, then the gravest rules. */
  readonly order: Float64Array;
  /** For each place the number of its word; `numberOf` has them. */
  readonly columns: Readonly<Record<Narrowing, Uint32Array>>;
  /** 0 is the empty word; undefined is one that no result has. */
  numberOf(word: string): number | undefined;
  head(place: number): FindingHead;
  /** Block and row in which the body of a result stands. */
  bodyAt(place: number): { readonly block: number; readonly row: number };
  /** What a search looks through, in lower case. */
  text(place: number): string;
  find(fingerprint: string): number | undefined;
}

interface Joined {
  readonly rows: readonly Row[];
  readonly blockOf: Uint32Array;
  /** Where each block begins. */
  readonly starts: readonly number[];
}

function joinBlocks(blocks: readonly Block[]): Joined {
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

/** Gives the words by which findings are narrowed one number each in all blocks, so that comparing them is cheap. */
function numberWords(blocks: readonly Block[], { rows, starts }: Joined) {
  const numbers = new Map([['', 0]]);
  const numberOf = (word: string) => {
    const known = numbers.get(word) ?? numbers.size;
    numbers.set(word, known);
    return known;
  };
  const column = (member: Narrowing) => {
    const index = columnOf(member);
    const found = new Uint32Array(rows.length);
    for (const [block, { texts, rows: own }] of blocks.entries()) {
      const start = starts[block] ?? 0;
      for (const [offset, row] of own.entries()) found[start + offset] = numberOf(texts[row[index] ?? 0] ?? '');
    }
    return found;
  };
  const columns = Object.fromEntries(narrowing.map((member) => [member, column(member)]));
  return { columns: columns as Readonly<Record<Narrowing, Uint32Array>>, numbers };
}

/** A result's rank and its place in one number, so that sorting them is sorting numbers. */
function ranked(count: number, rankOf: (place: number) => number): Float64Array {
  const width = 2 ** 24;
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) keys[place] = rankOf(place) * width + place;
  return keys.sort().map((key) => key % width);
}

/** Ranks by the number of a word; words that nobody ranks come first. */
function rankTable(numbers: ReadonlyMap<string, number>, words: readonly string[]): Float64Array {
  const ranks = new Float64Array(numbers.size);
  for (const [rank, word] of words.entries()) {
    const number = numbers.get(word);
    if (number !== undefined) ranks[number] = rank;
  }
  return ranks;
}

function orderOf(columns: Findings['columns'], numbers: ReadonlyMap<string, number>, { rules }: Context): Float64Array {
  const byGravity = severities.flatMap((severity) => rules.filter((rule) => rule.severity === severity));
  const ruleRanks = rankTable(
    numbers,
    byGravity.map(({ id }) => id),
  );
  const outcomeRanks = rankTable(numbers, outcomeOrder);
  const { outcome, rule } = columns;
  return ranked(
    rule.length,
    (place) => (outcomeRanks[outcome[place] ?? 0] ?? 0) * rules.length + (ruleRanks[rule[place] ?? 0] ?? 0),
  );
}

export function openFindings(blocks: readonly Block[], context: Context): Findings {
  const joined = joinBlocks(blocks);
  const { rows, blockOf, starts } = joined;
  const { columns, numbers } = numberWords(blocks, joined);
  const blockAt = (place: number) => blocks[blockOf[place] ?? 0] ?? { texts: [], rows: [] };
  const head = (place: number) => decodeHead(blockAt(place), rows[place] ?? []);
  const titles = new Map(context.rules.map(({ id, title }) => [id, title]));
  const searched: string[] = [];
  const fingerprints = columnOf('fingerprint');
  return {
    count: rows.length,
    order: orderOf(columns, numbers, context),
    columns,
    numberOf: (word) => numbers.get(word),
    head,
    bodyAt: (place) => ({ block: blockOf[place] ?? 0, row: place - (starts[blockOf[place] ?? 0] ?? 0) }),
    text(place) {
      const known = searched[place];
      if (known !== undefined) return known;
      const { id, name, arn, message, rule, fingerprint } = head(place);
      const text = [id, name, arn, message, rule, titles.get(rule), fingerprint].join('\n').toLowerCase();
      searched[place] = text;
      return text;
    },
    find(fingerprint) {
      const found = rows.findIndex((row, place) => blockAt(place).texts[row[fingerprints] ?? 0] === fingerprint);
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

/** Rules that a filter leaves; undefined where it says nothing of them, so that rules without clauses stay. */
function selectRules(filter: Filter, { clauses, rules }: Context): ReadonlySet<string> | undefined {
  const byClause = filter.verdict !== '' || filter.owner !== '' || filter.clause !== '';
  if (!byClause && filter.severity === '' && filter.rule === '') return undefined;
  const chosen = new Set(clauses.filter((clause) => names(filter, clause)).map(({ id }) => id));
  const left = rules.filter(
    (rule) =>
      (!byClause || rule.clauses.some((id) => chosen.has(id))) &&
      (filter.severity === '' || filter.severity === rule.severity) &&
      (filter.rule === '' || filter.rule === rule.id),
  );
  return new Set(left.map(({ id }) => id));
}

type Fits = (place: number) => boolean;

/** One test for each member that a filter names. */
function testsOf(filter: Filter, { columns, numberOf }: Findings, context: Context): readonly Fits[] {
  const rules = selectRules(filter, context);
  const numbers = new Set([...(rules ?? [])].map(numberOf));
  const equal = (['outcome', 'account', 'region', 'change'] as const).flatMap((name): readonly Fits[] => {
    if (filter[name] === '') return [];
    const wanted = numberOf(filter[name]);
    return [(place) => columns[name][place] === wanted];
  });
  const isWaived = filter.waived === 'yes';
  return [
    ...equal,
    ...(rules === undefined ? [] : [(place: number) => numbers.has(columns.rule[place])]),
    ...(filter.waived === '' ? [] : [(place: number) => (columns.waiver[place] !== 0) === isWaived]),
  ];
}

/** The places of the findings that a filter shows, in their order. */
export function selectFindings(filter: Filter, findings: Findings, context: Context): readonly number[] {
  const tests = testsOf(filter, findings, context);
  const wanted = filter.q.toLowerCase();
  const shown: number[] = [];
  for (const place of findings.order) {
    if (tests.every((fits) => fits(place)) && (wanted === '' || findings.text(place).includes(wanted)))
      shown.push(place);
  }
  return shown;
}
