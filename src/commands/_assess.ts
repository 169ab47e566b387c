import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { assess } from '../assess.ts';
import { ProvisoError } from '../errors.ts';
import type { Baseline } from '../finding/compare.ts';
import { exitCode, type Gate } from '../finding/exit.ts';
import { type Assessment, type Result, type Severity, severities } from '../finding/finding.ts';
import { noColours, type Reporter } from '../finding/reporter.ts';
import { visibleJson } from '../finding/result-line.ts';
import { parseInstant } from '../model/instant.ts';
import { nearest } from '../model/nearest.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { policyFolder } from '../policy/place-in-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { reporters } from '../reporters/index.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { readResults, spoolResults, unwritable, writeNewFile } from './_output.ts';

const formats = Object.keys(reporters).sort() as (keyof typeof reporters)[];

/** What is judged, and by what. */
export interface Judged {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** Those of the rules that were asked for by their ids. */
  readonly named: readonly string[];
  readonly catalogue: Catalogue;
  readonly now: number;
  /** An earlier run, to be compared with. */
  readonly baseline?: Baseline;
}

function isSeverity(word: string | undefined): word is Severity {
  return severities.some((severity) => severity === word);
}

export function gateOf(options: Options): Gate {
  const failOn = text(options.failOn);
  return {
    failOn: failOn === 'none' ? 'none' : isSeverity(failOn) ? failOn : 'info',
    onUnknown: options.onUnknown === 'warn' ? 'warn' : 'fail',
    ...(options.only === 'new' ? { only: 'new' } : {}),
  };
}

function hintFor(name: string): string {
  const near = nearest(name, formats);
  return near === undefined ? `one of: ${formats.join(', ')}` : `did you mean '${near}'?`;
}

async function loadReporter(name: string): Promise<Reporter> {
  const format = formats.find((known) => known === name);
  if (format === undefined) {
    throw new ProvisoError('usage', `there is no report format '${name}'`, { hint: hintFor(name) });
  }
  return (await reporters[format]()).reporter;
}

/** A report file and its format: `json:report.txt`, or by its ending. */
async function reportFile(given: string): Promise<{ readonly file: string; readonly reporter: Reporter }> {
  const named = /^([a-z]+):(.+)$/.exec(given);
  if (named?.[1] !== undefined && named[2] !== undefined) {
    return { file: named[2], reporter: await loadReporter(named[1]) };
  }
  for (const format of formats) {
    const reporter = await loadReporter(format);
    if (reporter.extension === extname(given)) return { file: given, reporter };
  }
  throw new ProvisoError('usage', `the ending of '${basename(given)}' names no report format`, {
    hint: `Write FORMAT:FILE, with one of: ${formats.join(', ')}`,
  });
}

/**
 * What can be told of a report's place without writing to it; the run itself makes its folder and those on the way.
 *
 * @param file as the user wrote it
 */
function checkPlace(file: string, path: string, runs: string): void {
  if (existsSync(path)) throw unwritable(file, { code: 'EEXIST' });
  const folder = dirname(path);
  if (!existsSync(folder) && !`${runs}${sep}`.startsWith(`${folder}${sep}`)) throw unwritable(file, { code: 'ENOENT' });
}

/** Reports that were asked for, looked up before anything is collected so that a mistake costs no time. */
export async function reportsOf(options: Options, cwd: string) {
  const stdout = await loadReporter(text(options.format) ?? 'terminal');
  const files = await Promise.all(texts(options.report).map(reportFile));
  const places = files.map(({ file }) => resolve(cwd, file));
  const twice = files.find((_, index) => places.indexOf(places[index] ?? '') !== index);
  if (twice !== undefined) {
    throw new ProvisoError('usage', `two reports are to be written to ${twice.file}`, { hint: 'Name another file.' });
  }
  const runs = resolve(cwd, text(options.out) ?? 'reports');
  for (const { file } of files) checkPlace(file, resolve(cwd, file), runs);
  return { stdout, files };
}

export type Reports = Awaited<ReturnType<typeof reportsOf>>;

/**
 * Judges a snapshot, keeps assessment and results in the run's folder, writes the reports.
 *
 * @returns the exit code
 */
export function judge(judged: Judged, folder: string, reports: Reports, gate: Gate, io: Io): Promise<number> {
  return reportRun(assess(judged), judged, folder, reports, gate, io);
}

/**
 * Keeps assessment and results of a run in its folder, and writes the reports.
 *
 * @returns the exit code
 */
export async function reportRun(
  run: AsyncGenerator<readonly Result[], Assessment>,
  { policy, rules }: Pick<Judged, 'policy' | 'rules'>,
  folder: string,
  reports: Reports,
  gate: Gate,
  io: Io,
  runFolder?: string,
): Promise<number> {
  io.progress(`judging by ${rules.length} rules`);
  const spool = join(folder, 'results.ndjson');
  const assessment: Assessment = await spoolResults(spool, run);
  await writeNewFile(
    join(folder, 'assessment.json'),
    (async function* () {
      yield `${visibleJson(assessment)}\n`;
    })(),
  );
  io.progress(undefined);
  const below = policyFolder(policy);
  const options = {
    gate,
    ...(below === undefined ? {} : { policyFolder: below }),
    ...(runFolder === undefined ? {} : { runFolder }),
  };
  for (const { file, reporter } of reports.files) {
    const rendered = reporter.render(assessment, readResults(spool), { ...options, colours: noColours });
    await writeNewFile(resolve(io.cwd, file), rendered);
  }
  const rendered = reports.stdout.render(assessment, readResults(spool), { ...options, colours: io.colours });
  for await (const portion of rendered) await io.write(portion);
  return exitCode(assessment, gate);
}

/** The instant to measure ages against, in milliseconds since 1970. */
export function instantOf(given: string | undefined, fallback: () => Date): number {
  if (given === undefined) return fallback().getTime();
  const instant = parseInstant(given);
  if (instant === undefined) {
    throw new ProvisoError('usage', `'${given}' is not an instant`, { hint: 'Write it in UTC: 2026-11-24T00:00:00Z' });
  }
  return instant;
}
