import { lacksOf } from '../finding/clause.ts';
import type { Assessment, ClauseSummary, ClauseVerdict } from '../finding/finding.ts';
import { cut, pad, plain, width, wrap } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';
import { lackWords, verdictWords } from '../finding/verdict-words.ts';
import { columns } from './_blocks.ts';

/** In the order in which a reader wants them. */
const listed: readonly ClauseVerdict[] = ['broken', 'unproven', 'holds-with-exceptions', 'holds'];

/** So many clauses that lack proof are listed; more of them would bury the failures, and are counted. */
const mostWithoutProof = 5;

/** Those whose proof nobody has given, when there are too many of them to be listed. */
function folded(clauses: readonly ClauseSummary[]): readonly ClauseSummary[] {
  const lacking = clauses.filter((clause) => lacksOf(clause).length > 0);
  return lacking.length > mostWithoutProof ? lacking : [];
}

function oneClause({ id, claim, verdict }: ClauseSummary, idWidth: number, wordWidth: number, colours: Colours) {
  const { mark, words, colour } = verdictWords[verdict];
  const head = `${mark} ${words.padEnd(wordWidth)}  `;
  const start = `${pad(cut(plain(id), idWidth), idWidth)}  `;
  const lines = wrap(plain(claim), columns - head.length - width(start));
  return lines.map((line, index) =>
    index === 0 ? `${colours[colour](head)}${start}${line}` : ' '.repeat(head.length + width(start)) + line,
  );
}

/** A verdict with what follows it on the same line, wrapped beside it. */
function together(verdict: ClauseVerdict, text: string, colours: Colours): readonly string[] {
  const { mark, words, colour } = verdictWords[verdict];
  const head = `${mark} ${words}  `;
  return wrap(text, columns - head.length).map((line, index) =>
    index === 0 ? colours[colour](head) + line : ' '.repeat(head.length) + line,
  );
}

function foldedLines(lacking: readonly ClauseSummary[], others: number, colours: Colours): readonly string[] {
  if (lacking.length === 0) return [];
  const lacks = lacking.map(lacksOf);
  const counts = lackWords.flatMap(([lack, words]) => {
    const count = lacks.filter((some) => some.includes(lack)).length;
    return count === 0 ? [] : [`${words} (${count})`];
  });
  const text = `${lacking.length} ${others > 0 ? 'more' : 'promises'} lack ${counts.join(', ')}: see \`proviso policy\``;
  return together('unproven', text, colours);
}

/** Clauses by verdict: broken ones first, those that only wait for proof counted, those about nothing by their ids. */
export function clauseLines({ clauses }: Assessment, colours: Colours): readonly string[] {
  if (clauses.length === 0) return [];
  const away = folded(clauses);
  const shown = clauses.filter((clause) => listed.includes(clause.verdict) && !away.includes(clause));
  const idWidth = Math.min(20, Math.max(0, ...shown.map(({ id }) => width(plain(id)))));
  const wordWidth = Math.max(0, ...shown.map(({ verdict }) => verdictWords[verdict].words.length));
  const linesOf = (verdict: ClauseVerdict) =>
    shown
      .filter((clause) => clause.verdict === verdict)
      .flatMap((clause) => oneClause(clause, idWidth, wordWidth, colours));
  const unproven = shown.filter(({ verdict }) => verdict === 'unproven').length;
  const nothing = clauses.filter(({ verdict }) => verdict === 'nothing-to-prove').map(({ id }) => cut(plain(id), 20));
  return [
    ...linesOf('broken'),
    ...linesOf('unproven'),
    ...foldedLines(away, unproven, colours),
    ...linesOf('holds-with-exceptions'),
    ...linesOf('holds'),
    ...(nothing.length === 0 ? [] : together('nothing-to-prove', nothing.join(', '), colours)),
    '',
  ];
}

/** What keeps the unproven clauses open that are listed, besides their rules' outcomes, which have blocks of their own. */
export function openClauses({ clauses, rules }: Assessment): readonly string[] {
  const judged = new Set(rules.map(({ id }) => id));
  const away = folded(clauses);
  return clauses.flatMap((clause) => {
    if (clause.verdict !== 'unproven' || away.includes(clause)) return [];
    const shown = clause.rules.filter((rule) => judged.has(rule));
    const own = clause.reasons.filter((reason) => !shown.some((rule) => reason.startsWith(`${rule} `)));
    return own.map((reason) => `clause ${plain(clause.id)} ${reason}`);
  });
}
