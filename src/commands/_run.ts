import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import type { Assessment } from '../finding/finding.ts';
import { schemaMistakes } from '../model/schema-errors.ts';
import { validateAssessment } from '../model/validate-assessment.generated.ts';
import { byCodeUnit } from '../model/value.ts';
import { unreadable } from './_rules.ts';

const summary = 'assessment.json';
/** More than any run writes; what is larger is no summary. */
const sizeLimit = 512 * 1024 * 1024;

/** The newest of the folders below `reports/` that a run has named by its time; `kept` says which of them count. */
export async function newestRun(cwd: string, kept: (folder: string) => boolean): Promise<string | undefined> {
  const names = await readdir(resolve(cwd, 'reports')).catch(() => []);
  const newest = names
    .flatMap((name) => {
      const [, when, number = '1'] = /(\d{8}T\d{6}Z)(?:-(\d+))?$/.exec(name) ?? [];
      const counts = when !== undefined && kept(resolve(cwd, 'reports', name));
      return counts ? [{ name, order: `${when} ${number.padStart(4, '0')} ${name}` }] : [];
    })
    .sort((a, b) => byCodeUnit(a.order, b.order))
    .at(-1)?.name;
  return newest === undefined ? undefined : join('reports', newest);
}

/** The newest run that was judged, and not only collected. */
export function newestAssessment(cwd: string): Promise<string | undefined> {
  return newestRun(cwd, (folder) => existsSync(join(folder, summary)));
}

function foreign(file: string, why: string, cause?: unknown): ProvisoError {
  return new ProvisoError('input', `${file} is no summary of a run: ${why}`, {
    hint: 'Name the folder of a run, which this version of Proviso has made.',
    cause,
  });
}

/**
 * The summary of the run that was kept in a folder.
 *
 * @throws ProvisoError 'input'
 */
export async function readAssessment(folder: string, cwd: string): Promise<Assessment> {
  const file = join(folder, summary);
  const path = resolve(cwd, file);
  let text: string;
  try {
    if ((await stat(path)).size > sizeLimit) throw foreign(file, 'it is too large');
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof ProvisoError ? error : unreadable(file, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw foreign(file, 'it is not JSON', cause);
  }
  const [mistake] = schemaMistakes(validateAssessment, value);
  if (mistake !== undefined) throw foreign(file, mistake.message);
  return value as Assessment;
}
