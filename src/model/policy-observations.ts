import { doubts, firstLeaves } from './observations.ts';
import type { Leaf } from './operator.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';
import { isObject, type Json, unknown } from './value.ts';

const most = 5;

/** Whether anything of a document is not known. */
export function hasMarker(document: Json): boolean {
  return doubts(document, '', '').some(({ path }) => path !== '');
}

/** The statements of a document that decide an answer, as observations; the whole document where none does. */
export function statementLeaves(
  document: Json,
  path: string,
  statements: readonly Statement[],
  expected: string,
): readonly Leaf[] {
  if (statements.length === 0) return [{ path, observed: document, expected }];
  const leaves = statements.map((statement) => {
    return { path: below(path, statement.path), observed: find(document, statement.path), expected };
  });
  return firstLeaves(leaves, most);
}

/** Why a document cannot be judged: its flaw, the markers in it, or the statements with conditions that no document decides. */
export function policyDoubts(
  document: Json,
  path: string,
  parsed: PolicyDocument,
  open: readonly Statement[],
  expected: string,
): readonly Leaf[] {
  const { malformed } = parsed;
  if (malformed !== undefined) return [{ path: below(path, malformed.path), observed: malformed.why, expected }];
  const suspects = open.filter(({ conditions }) => conditions.length > 0).slice(0, most);
  const undecided = suspects.map((statement) => ({
    path: below(path, `${statement.path}.Condition`),
    observed: unknown('type', 'the document alone does not say whom this condition leaves out'),
    expected,
  }));
  const missing = doubts(document, path, expected).filter(({ path: at }) => at !== path);
  return missing.length === 0 && undecided.length > 0 ? undecided : doubts(document, path, expected);
}

function below(path: string, name: string): string {
  return name === '' || path === '' ? `${path}${name}` : `${path}.${name}`;
}

/** The statement at a path such as `Statement[2]`. */
function find(document: Json, path: string): Json {
  const statements = isObject(document) ? document.Statement : undefined;
  const index = /\[([0-9]+)\]$/.exec(path)?.[1];
  if (index === undefined || !Array.isArray(statements)) return statements ?? document;
  return (statements as readonly Json[])[Number(index)] ?? document;
}
