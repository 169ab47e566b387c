import { declaredText } from '../finding/declared-text.ts';
import type { Cause, Result } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { causeText, chainText } from '../finding/gate-words.ts';
import type { Reporter } from '../finding/reporter.ts';
import { unnamed } from '../model/unnamed.ts';
import { type AccountNames, accountNames, clausesByRule, observedText, placeText, shown } from './_result-text.ts';

/** Below the 32,767 characters that a spreadsheet's cell holds. */
const cellLimit = 10_000;

interface Row {
  readonly result: Result;
  readonly names: AccountNames;
  readonly clauses: ReadonlyMap<string, readonly string[]>;
}

/** Columns in their order. The observation is the first one; `observations` says how many there are. */
const columns: Readonly<Record<string, (row: Row) => string | number | undefined>> = {
  fingerprint: ({ result }) => fingerprint(result),
  outcome: ({ result }) => result.outcome,
  severity: ({ result }) => result.severity,
  rule: ({ result }) => result.rule,
  clauses: ({ result, clauses }) => clauses.get(result.rule)?.join(' '),
  // Spreadsheets make numbers of accounts' ids, and drop the zeros in front of them; here they are part of a text.
  where: ({ result, names }) => placeText(result, names),
  account: ({ result: { account } }) => (account === unnamed.account ? 'account not known' : account),
  account_name: ({ result, names }) => names.get(result.account),
  region: ({ result: { region } }) => (region === unnamed.region ? 'region not known' : region),
  type: ({ result }) => result.type,
  resource_id: ({ result }) => result.resource?.id,
  resource_name: ({ result }) => result.resource?.name,
  arn: ({ result }) => result.resource?.arn,
  declared: ({ result: { resource } }) => resource && declaredText(resource),
  message: ({ result }) => result.message,
  waiver: ({ result }) => result.waiver,
  change: ({ result }) => result.change,
  causes: ({ result: { causes } }) => causes?.map(causeCell).join('; '),
  path: ({ result }) => result.evidence[0]?.path,
  observed: ({ result: { evidence } }) => (evidence[0] === undefined ? undefined : observedText(evidence[0])),
  expected: ({ result }) => result.evidence[0]?.expected,
  unknown_reason: ({ result }) => result.evidence[0]?.unknown?.reason,
  permission: ({ result }) => result.evidence[0]?.unknown?.permission,
  call: ({ result }) => result.evidence[0]?.call,
  observations: ({ result }) => result.evidence.length + (result.moreEvidence ?? 0),
};

/** One cause, with the way to what gives its value. */
function causeCell(cause: Cause): string {
  const chain = chainText(cause);
  return `${causeText(cause)}${chain === undefined ? '' : ` set by ${chain}`}`;
}

const formula = /^(?=[\s'"]*[=+\-@|%＝＋－＠])/;
/** Where a spreadsheet separates by semicolons, quotes in the middle of a line protect nothing. */
const formulaInside = /;(?=[\s'"]*[=+\-@|%＝＋－＠])/g;

/** A cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = shown(value, cellLimit).replace(formula, "'").replace(formulaInside, ";'");
  return /[",;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A row a result, as RFC 4180 has it. It begins with a byte order mark: without it spreadsheets read UTF-8 as something
 * else, and parsers skip it.
 */
export const reporter: Reporter = {
  name: 'csv',
  extension: '.csv',
  title: 'a table for spreadsheets, one row a result',
  async *render(assessment, results) {
    const names = accountNames(assessment);
    const clauses = clausesByRule(assessment);
    const read = Object.values(columns);
    yield `\ufeff${Object.keys(columns).join(',')}\r\n`;
    for await (const batch of results) {
      yield batch
        .map((result) => `${read.map((column) => cell(column({ result, names, clauses }))).join(',')}\r\n`)
        .join('');
    }
  },
};
