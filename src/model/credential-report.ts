import { isObject, type Json, type JsonObject, unknown } from './value.ts';

const booleans = new Set([
  'password_enabled',
  'mfa_active',
  'access_key_1_active',
  'access_key_2_active',
  'cert_1_active',
  'cert_2_active',
]);

/** In these columns the report's words for "never" are answers, which differ from a time that is not known. */
const lastUses = new Set(['password_last_used', 'access_key_1_last_used_date', 'access_key_2_last_used_date']);

/** A report of five thousand users, the most that an account can have, has about two megabytes. */
const longestReport = 50_000_000;

interface Report {
  readonly made: string;
  readonly rows: ReadonlyMap<string, JsonObject>;
}

const parsed = new WeakMap<object, Report>();

/**
 * Finds one user's row in the answer of `GetCredentialReport`: a member for each column of the report, the time at which
 * the report was made, and `InReport`. IAM renews the report every four hours at most, so that a user may be newer: then
 * `InReport` is false and no column is there, which for a column that every row has means "not collected".
 *
 * @param user the user's `Arn` and `CreateDate`
 * @throws Error when the answer is not a credential report
 */
export function findCredentials(answer: Json, user: JsonObject): JsonObject {
  if (!isObject(answer)) throw new Error('the answer is not an object');
  const report = parsed.get(answer) ?? readReport(answer);
  parsed.set(answer, report);
  const row = typeof user.Arn === 'string' ? report.rows.get(user.Arn) : undefined;
  // A row with another time of creation is that of an earlier user of the same name.
  const isTheirs = row !== undefined && sameSecond(row.user_creation_time, user.CreateDate);
  return isTheirs ? row : { InReport: false, GeneratedTime: report.made };
}

/** Finds the row of the root user, who has an ARN and no time of creation of their own. @param root its `AccountId` */
export function findRootCredentials(answer: Json, root: JsonObject): JsonObject {
  if (!isObject(answer)) throw new Error('the answer is not an object');
  const report = parsed.get(answer) ?? readReport(answer);
  parsed.set(answer, report);
  const own = typeof root.AccountId === 'string' ? `iam::${root.AccountId}:root` : undefined;
  const row = [...report.rows].find(([arn]) => arn.split(':').slice(2).join(':') === own)?.[1];
  return row ?? { InReport: false, GeneratedTime: report.made };
}

function readReport(answer: JsonObject): Report {
  const { Content: content, GeneratedTime: made } = answer;
  if (typeof content !== 'string' || typeof made !== 'string')
    throw new Error('the credential report lacks its content or its time');
  if (content.length > longestReport) throw new Error('the credential report is too long');
  const [head, ...lines] = Buffer.from(content, 'base64').toString('utf8').split(/\r?\n/);
  const columns = columnsOf(head ?? '');
  const rows = new Map<string, JsonObject>();
  for (const line of lines) {
    if (line === '') continue;
    const cells = cellsOf(line);
    if (cells.length !== columns.length) throw new Error('a row of the credential report is cut');
    const row = Object.fromEntries(columns.map((column, index) => [column, decode(column, cells[index] ?? '')]));
    if (typeof row.arn !== 'string') throw new Error('a row of the credential report has no ARN');
    if (rows.has(row.arn)) throw new Error('the credential report tells of the same user twice');
    rows.set(row.arn, { ...row, InReport: true, GeneratedTime: made });
  }
  return { made, rows };
}

function columnsOf(head: string): readonly string[] {
  const columns = cellsOf(head);
  if (columns[0] !== 'user' || !columns.includes('arn'))
    throw new Error('the credential report does not begin with its columns');
  if (new Set(columns).size < columns.length) throw new Error('the credential report has a column twice');
  return columns;
}

/** The cells of one line. Names of users hold no quotation marks, but commas, and then stand between such marks. */
function cellsOf(line: string): string[] {
  return (line.match(/(?<=^|,)(?:"[^"]*"(?=,|$)|[^,]*)/g) ?? []).map((cell) =>
    /^".*"$/.test(cell) ? cell.slice(1, -1) : cell,
  );
}

/**
 * `N/A` says that there is no such thing (no password, no key), which is an absence. The other words say that IAM does
 * not know or does not tell, which must never become a `false`. For when something was last used, `N/A` and
 * `no_information` mean that it never was, as far back as IAM remembers: they are kept, and told from a lost column.
 */
function decode(column: string, cell: string): Json | undefined {
  if (booleans.has(column)) {
    const word = cell.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    return unknown('not-collected', `the credential report says '${cell.slice(0, 40)}' for ${column}`);
  }
  if (lastUses.has(column) && (cell === 'N/A' || cell === 'no_information')) return cell;
  if (cell === 'N/A') return undefined;
  if (cell === 'no_information' || cell === 'not_supported') {
    return unknown('not-collected', `the credential report says '${cell}' for ${column}`);
  }
  return cell;
}

/** Both times are the user's creation, but the report may leave out fractions of the second. */
function sameSecond(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return Math.abs(Date.parse(a) - Date.parse(b)) < 1000;
}
