import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Place, ProvisoError, ProvisoErrors } from '../errors.ts';
import { readYaml } from '../model/read-yaml.ts';
import { byCodeUnit } from '../model/value.ts';
import { decodeText } from '../model/yaml.ts';
import { type PolicyDocument, readDocument } from './document.ts';
import type { Clause, Policy } from './policy.ts';
import type { Placed } from './reading.ts';

/** The most files of which a policy may be made. */
export const fileLimit = 32;

/** Reads the bytes of a file. */
export type ReadFile = (file: string) => Promise<Uint8Array>;

interface Loading {
  readonly root: string;
  readonly read: ReadFile;
  readonly problems: ProvisoError[];
  /** Files under way or done, by their path from the root policy's folder. */
  readonly seen: Map<string, { readonly sha256: string; readonly document: PolicyDocument | undefined }>;
  readonly order: string[];
}

function mistake(message: string, where: Place | undefined, hint?: string, cause?: unknown): ProvisoError {
  const details = { ...(where === undefined ? {} : { where }), ...(hint === undefined ? {} : { hint }), cause };
  return new ProvisoError('policy', message, details);
}

/** The included file's path from the root policy's folder, or undefined when it leads elsewhere. */
function locate(from: string, include: string): string | undefined {
  if (include.startsWith('/') || /[\\:\p{Cc}]/u.test(include)) return undefined;
  const path = posix.normalize(posix.join(posix.dirname(from), include));
  return path === '..' || path.startsWith('../') ? undefined : path;
}

async function readBytes(loading: Loading, path: string, at: Place | undefined): Promise<Uint8Array | undefined> {
  const file = fileOf(loading, path);
  try {
    return await loading.read(file);
  } catch (cause) {
    const told = cause instanceof ProvisoError ? cause : undefined;
    const reason = told?.message ?? `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    loading.problems.push(mistake(`the policy ${reason}`, at, told?.hint, cause));
    return undefined;
  }
}

function fileOf({ root }: Loading, path: string): string {
  const slash = Math.max(root.lastIndexOf('/'), root.lastIndexOf('\\'));
  return root.slice(0, slash + 1) + path;
}

/** Reads one file and, after it, those that it includes. */
async function visit(loading: Loading, path: string, at: Place | undefined, above: readonly string[]): Promise<void> {
  const bytes = await readBytes(loading, path, at);
  if (bytes === undefined) return;
  const file = fileOf(loading, path);
  let document: PolicyDocument | undefined;
  try {
    const yaml = await readYaml(decodeText(bytes, file, 'policy'), file, 'policy');
    document = readDocument(yaml, above.length > 0, loading.problems);
  } catch (error) {
    if (!(error instanceof ProvisoErrors)) throw error;
    loading.problems.push(...error.errors);
  }
  loading.seen.set(path, { sha256: createHash('sha256').update(bytes).digest('hex'), document });
  loading.order.push(path);
  for (const include of document?.include ?? []) await follow(loading, path, include, above);
}

async function follow(loading: Loading, from: string, include: Placed, above: readonly string[]): Promise<void> {
  const path = locate(from, include.text);
  const { problems } = loading;
  if (path === undefined) {
    const hint = 'name a file in or below the folder of the policy, with a relative path and /';
    problems.push(mistake(`'${include.text}' leads out of the policy's folder`, include.at, hint));
  } else if (path === from || above.includes(path)) {
    problems.push(mistake(`'${include.text}' includes itself`, include.at));
  } else if (loading.seen.has(path)) {
    problems.push(mistake(`'${include.text}' is included twice`, include.at));
  } else if (loading.seen.size >= fileLimit) {
    const said = problems.some(({ message }) => message.startsWith('the policy is made of more than'));
    if (!said) problems.push(mistake(`the policy is made of more than ${fileLimit} files`, include.at));
  } else await visit(loading, path, include.at, [...above, from]);
}

function mergeClauses(documents: readonly PolicyDocument[], problems: ProvisoError[]): readonly Clause[] {
  const clauses = new Map<string, Clause>();
  for (const clause of documents.flatMap((document) => document.clauses)) {
    const same = clauses.get(clause.id);
    // Within one file the reader has already said so.
    if (same !== undefined && same.at.file !== clause.at.file)
      problems.push(mistake(`clause ${clause.id} stands in ${same.at.file}, too`, clause.at));
    clauses.set(clause.id, same ?? clause);
  }
  return [...clauses.values()];
}

function byPlace(a: ProvisoError, b: ProvisoError): number {
  return (
    byCodeUnit(a.where?.file ?? '', b.where?.file ?? '') ||
    (a.where?.line ?? 0) - (b.where?.line ?? 0) ||
    (a.where?.column ?? 0) - (b.where?.column ?? 0)
  );
}

/**
 * Reads a policy and the documents that it includes.
 *
 * @param file path of the organisation's document; includes are relative to the file that names them and stay in its folder
 * @throws ProvisoErrors with every mistake of every file, sorted by place
 */
export async function loadPolicy(file: string, read: ReadFile): Promise<Policy> {
  const loading: Loading = { root: file, read, problems: [], seen: new Map(), order: [] };
  const { problems, seen, order } = loading;
  const main = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  await visit(loading, main, undefined, []);
  const documents = order.flatMap((path) => seen.get(path)?.document ?? []);
  const clauses = mergeClauses(documents, problems);
  const [own] = documents;
  if (problems.length > 0 || own === undefined) throw new ProvisoErrors(problems.sort(byPlace));
  const digest = createHash('sha256');
  for (const path of [...order].sort(byCodeUnit)) digest.update(`${seen.get(path)?.sha256} ${path}\n`);
  const { title, scope, parameters, waivers } = own;
  return { title, file, digest: digest.digest('hex'), clauses, parameters, scope, waivers };
}
