import { lacksOf, missingProof } from '../finding/clause.ts';
import { figure } from '../finding/figure.ts';
import { type Assessment, type ClauseSummary, type Verification, verifications } from '../finding/finding.ts';
import { inert, pad, plain, width, wrap } from '../finding/plain-text.ts';
import { lackWords, verdictWords } from '../finding/verdict-words.ts';
import type { Io } from './_command.ts';

/** A clause with its verdict, where a run has given one. */
export type ListedClause = Omit<ClauseSummary, 'verdict' | 'reasons'> &
  Partial<Pick<ClauseSummary, 'verdict' | 'reasons'>>;

/** All clauses of a policy, and the run from which the verdicts are. */
export interface ListedPolicy {
  readonly title: string;
  readonly clauses: readonly ListedClause[];
  readonly verdicts?: Assessment['verdicts'];
  readonly run?: {
    readonly folder: string;
    readonly now: string;
    readonly accounts: readonly string[];
    /** Whether the policy is another one by now. */
    readonly changed: boolean;
    /** Set when the answers came from there and not from AWS. */
    readonly endpoint?: string;
    /** Set when the collection ended before it had asked for everything. */
    readonly stopped?: true;
  };
}

const ways: Readonly<Record<Verification, string>> = {
  rules: 'by rules',
  attested: 'by attestation',
  elsewhere: 'elsewhere',
  inherited: 'by a provider',
};

/** What the policy promises and how, where no run says what became of it. */
function plan(clauses: readonly ListedClause[]): string {
  const counts = verifications.flatMap((way) => {
    const some = clauses.filter(({ verification }) => verification.includes(way));
    const bare = way === 'rules' ? some.filter(({ rules }) => rules.length === 0).length : 0;
    return some.length === 0 ? [] : [`${some.length} ${ways[way]}${bare > 0 ? ` (${bare} without one yet)` : ''}`];
  });
  const promises = `${clauses.length} ${clauses.length === 1 ? 'promise' : 'promises'}`;
  return counts.length === 0 ? promises : `${promises}, verified ${counts.join(', ')}`;
}

function head({ title, clauses, verdicts, run }: ListedPolicy): readonly string[] {
  if (run === undefined || verdicts === undefined) {
    return [plain(title), plan(clauses), 'without verdicts: `proviso audit` makes a run to take them from'];
  }
  const accounts = run.accounts.length === 1 ? `account ${run.accounts[0]}` : `${run.accounts.length} accounts`;
  return [
    plain(title),
    figure(verdicts),
    `verdicts of ${plain(run.folder)}, ${plain(accounts)}, ages at ${plain(run.now)}`,
    ...(run.endpoint === undefined ? [] : [`its answers came from ${plain(run.endpoint)}, and not from AWS`]),
    ...(run.stopped ? ['its collection ended before it had asked for everything'] : []),
    ...(run.changed ? ['the policy has changed since that run: audit again for verdicts of what it says now'] : []),
  ];
}

/** What stands behind a verdict: why it does not hold, or by which rules it does. */
function judged(clause: ClauseSummary): readonly string[] {
  if (clause.verdict === 'holds') return [`shown by ${clause.rules.join(', ')}`];
  const lacks = lacksOf(clause);
  const missing = lackWords.filter(
    ([lack]) => lacks.includes(lack) || (lack !== 'judgement' && clause.reasons.includes(missingProof[lack])),
  );
  const proof = verifications.map((way) => missingProof[way]);
  return [
    ...clause.reasons.filter((reason) => !proof.includes(reason)),
    ...(missing.length === 0 ? [] : [`lacks ${missing.map(([, words]) => words).join(', ')}`]),
  ];
}

function planned({ verification, rules }: ListedClause): readonly string[] {
  const named = verification.map((way) => {
    if (way !== 'rules') return ways[way];
    return rules.length === 0 ? 'by rules, of which there is none yet' : `by ${rules.join(', ')}`;
  });
  return [`verified ${named.join('; ')}`];
}

function isJudged(clause: ListedClause): clause is ClauseSummary {
  return clause.verdict !== undefined && clause.reasons !== undefined;
}

interface Layout {
  readonly columns: number;
  readonly id: number;
  readonly word: number;
}

function clauseLines(clause: ListedClause, layout: Layout, { colours }: Io): readonly string[] {
  const words = clause.verdict === undefined ? undefined : verdictWords[clause.verdict];
  const mark = words === undefined ? '' : `${words.mark} ${words.words.padEnd(layout.word)}  `;
  const id = `${pad(plain(clause.id), layout.id)}  `;
  const indent = 2 + mark.length;
  const under = ' '.repeat(indent + width(id));
  const claim = wrap(plain(clause.claim), layout.columns - indent - width(id));
  const details = [
    ...(clause.owner === undefined ? [] : [`owner: ${clause.owner}`]),
    ...(isJudged(clause) ? judged(clause) : planned(clause)),
  ];
  return [
    ...claim.map((line, index) =>
      index > 0 ? under + line : `  ${words === undefined ? mark : colours[words.colour](mark)}${id}${line}`,
    ),
    ...details
      .flatMap((detail) => wrap(plain(detail), layout.columns - under.length, true))
      .map((line) => under + colours.dim(line)),
  ];
}

function layoutOf(clauses: readonly ListedClause[], columns: number): Layout {
  return {
    columns: Math.min(120, Math.max(60, columns)),
    id: Math.max(0, ...clauses.map(({ id }) => width(plain(id)))),
    word: Math.max(0, ...clauses.map(({ verdict }) => (verdict ? verdictWords[verdict].words.length : 0))),
  };
}

/** Clauses by section, in the policy's order; those without one come last. */
function bySection(clauses: readonly ListedClause[]): ReadonlyMap<string | undefined, readonly ListedClause[]> {
  const sections = new Map<string | undefined, ListedClause[]>();
  for (const clause of clauses) {
    const some = sections.get(clause.section);
    if (some === undefined) sections.set(clause.section, [clause]);
    else some.push(clause);
  }
  const rest = sections.get(undefined);
  if (rest === undefined || sections.size === 1) return sections;
  sections.delete(undefined);
  return sections.set(undefined, rest);
}

/** The figure first, then the clauses that were asked for under their headings. */
export function policyPage(policy: ListedPolicy, clauses: readonly ListedClause[], io: Io): string {
  const layout = layoutOf(clauses, io.columns);
  const [title = '', count = '', ...source] = head(policy);
  const lines = [
    io.colours.bold(title),
    ...wrap(count, layout.columns).map(io.colours.bold),
    ...source.flatMap((line) => wrap(line, layout.columns, true)),
  ];
  const sections = bySection(clauses);
  for (const [section, some] of sections) {
    const heading = section ?? (sections.size === 1 ? undefined : 'Without a section');
    lines.push('', ...(heading === undefined ? [] : [io.colours.bold(plain(heading))]));
    for (const clause of some) lines.push(...clauseLines(clause, layout, io));
  }
  if (clauses.length === 0) lines.push('', 'No promise matches.');
  else if (clauses.length < policy.clauses.length)
    lines.push('', `${clauses.length} of ${policy.clauses.length} shown`);
  return lines.map((line) => `${inert(line)}\n`).join('');
}
