import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { ProvisoError, ProvisoErrors } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { byCodeUnit } from '../model/value.ts';
import { waiverRuleIds } from '../policy/waiver-rule-ids.ts';
import { checkRuleFile, loadRule } from '../rule/load.ts';
import type { CheckedRule, Rule } from '../rule/rule.ts';
import { loadCatalogue, loadVocabulary } from './_catalogue.ts';
import { shipped } from './_package.ts';

/** The most rule files that one run reads. */
const fileLimit = 10_000;

/** Why a file of the user's cannot be read, in words and with what to do. */
export function unreadable(file: string, error: unknown): ProvisoError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
    ELOOP: 'its links lead in a circle',
  };
  return new ProvisoError('input', `${file} cannot be read: ${reasons[code] ?? code}`, {
    hint: 'Check the path, which is relative to the current folder.',
    cause: error,
  });
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(byCodeUnit);
}

/** The rule files that paths stand for: files themselves, and all `.yaml` files below folders. */
async function findFiles(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const full = resolve(cwd, path);
    try {
      const files = (await stat(full)).isDirectory() ? await filesBelow(full) : [full];
      if (files.length === 0) {
        throw new ProvisoError('input', `${path} has no rule files`, { hint: 'Rules are files that end in .yaml.' });
      }
      for (const file of files) found.add(file);
    } catch (error) {
      throw error instanceof ProvisoError ? error : unreadable(path, error);
    }
  }
  if (found.size > fileLimit) throw new ProvisoError('input', `more than ${fileLimit} rule files`);
  return [...found];
}

/** Ids that belong to what Proviso itself finds about waivers. */
function takenIds(rules: readonly CheckedRule[]): readonly ProvisoError[] {
  const taken = rules.filter(({ id }) => waiverRuleIds.some((own) => own === id));
  return taken.map(({ id, file }) => {
    const where = { file, line: 1, column: 1 };
    const hint = 'A rule is called like its file: give it another name.';
    return new ProvisoError('rule', `the rule '${id}' is one of Proviso's own, about waivers`, { where, hint });
  });
}

function sameIdTwice(rules: readonly CheckedRule[]): readonly ProvisoError[] {
  const byId = new Map<string, CheckedRule>();
  const errors: ProvisoError[] = [];
  for (const rule of rules) {
    const other = byId.get(rule.id);
    if (other === undefined) byId.set(rule.id, rule);
    else {
      errors.push(
        new ProvisoError('rule', `the rule '${rule.id}' exists twice, also in ${other.file}`, {
          where: { file: rule.file, line: 1, column: 1 },
          hint: 'A rule is called like its file: rename one of them.',
        }),
      );
    }
  }
  return errors;
}

/** Without a turn of the event loop for each step, which takes longer than to read so small a file. */
function readAtOnce(file: string, shown: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(shown, error);
  }
}

/** @param full the whole path of the file, of which `file` is what is shown */
type Load<T> = (file: string, bytes: Uint8Array, full: string) => Promise<T>;

/** A rule that was proven when the program was built, and whose file has not changed since; any other is checked. */
async function loadProven(file: string, bytes: Uint8Array, full: string): Promise<Rule> {
  const catalogue = await loadCatalogue();
  const below = shipped('rules') + sep;
  if (!full.startsWith(below)) return loadRule(file, bytes, catalogue);
  const { provenRules } = await import('./_proven-rules.ts');
  const path = full.slice(below.length).replaceAll('\\', '/');
  const proven = Object.hasOwn(provenRules, path) ? provenRules[path] : undefined;
  if (proven === undefined) return loadRule(file, bytes, catalogue);
  const { hash } = await import('node:crypto');
  if (proven.digest !== hash('sha256', bytes, 'hex')) return loadRule(file, bytes, catalogue);
  const { thawRule } = await import('../rule/frozen-rule.ts');
  return thawRule(proven, file, catalogue);
}

async function loadOne<T>(load: Load<T>, file: string, cwd: string, problems: ProvisoError[]): Promise<T | undefined> {
  const shown = relative(cwd, file);
  try {
    const bytes = readAtOnce(file, shown);
    return await load(shown.startsWith('..') ? file : shown, bytes, file);
  } catch (error) {
    if (error instanceof ProvisoErrors) problems.push(...error.errors);
    else if (error instanceof ProvisoError) problems.push(error);
    else throw error;
    return undefined;
  }
}

async function loadAll<T extends CheckedRule>(
  load: Load<T>,
  paths: readonly string[],
  cwd: string,
): Promise<readonly T[]> {
  const files = await findFiles(paths.length === 0 ? [shipped('rules')] : paths, cwd);
  const problems: ProvisoError[] = [];
  const rules: T[] = [];
  for (const file of files) {
    const rule = await loadOne(load, file, cwd, problems);
    if (rule !== undefined) rules.push(rule);
  }
  problems.push(...sameIdTwice(rules), ...takenIds(rules));
  if (problems.length > 0) throw new ProvisoErrors(problems);
  return rules.sort((a, b) => byCodeUnit(a.id, b.id));
}

/**
 * Reads rules, those of the program where no paths are given, and checks them, but for those of the program that were
 * checked when it was built.
 *
 * @throws ProvisoErrors with the mistakes of all files
 */
export function loadRules(paths: readonly string[], cwd: string): Promise<readonly Rule[]> {
  return loadAll(loadProven, paths, cwd);
}

/** The same, with every one of them checked. @throws ProvisoErrors */
export function loadRulesAnew(paths: readonly string[], cwd: string): Promise<readonly Rule[]> {
  return loadAll(async (file, bytes) => loadRule(file, bytes, await loadCatalogue()), paths, cwd);
}

/** The same for those to whom the rules' digests do not matter. @throws ProvisoErrors */
export function checkRules(paths: readonly string[], cwd: string): Promise<readonly CheckedRule[]> {
  return loadAll(async (file, bytes) => checkRuleFile(file, bytes, await loadVocabulary()), paths, cwd);
}

/** The rules that were asked for by id, or all. */
export function chooseRules(rules: readonly Rule[], ids: readonly string[]): readonly Rule[] {
  if (ids.length === 0) return rules;
  const known = rules.map((rule) => rule.id);
  for (const id of ids) if (!known.includes(id)) throw noSuchRule(id, known);
  return rules.filter((rule) => ids.includes(rule.id));
}

export function noSuchRule(id: string, known: readonly string[]): ProvisoError {
  const near = nearest(id, known);
  const hint =
    near === undefined
      ? 'See `proviso rules list`; rules of your own are named with --rules.'
      : `did you mean ${near}?`;
  return new ProvisoError('usage', `there is no rule '${id}'`, { hint });
}
