import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { assess } from '../assess.ts';
import { ProvisoError } from '../errors.ts';
import type { Result } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Io, type Options, text } from './_command.ts';
import { readResults } from './_output.ts';
import { loadQuestion, openFrom } from './_question.ts';
import { newestRun } from './_run.ts';

type Question = Awaited<ReturnType<typeof loadQuestion>>;

async function newestFolder(cwd: string): Promise<string> {
  const newest = await newestRun(cwd, () => true);
  if (newest !== undefined) return newest;
  const hint = 'Name the folder of a run or snapshot with --run; the demo keeps one with --out.';
  throw new ProvisoError('usage', 'there is no run in reports/', { hint });
}

/** What a run found; judged once more where only the snapshot was kept, which gives the same results. */
function resultsOf(folder: string, snapshot: Snapshot | undefined, question: Question, cwd: string) {
  const kept = resolve(cwd, folder, 'results.ndjson');
  if (existsSync(kept) || snapshot === undefined) return readResults(kept);
  return assess({ ...question, snapshot, now: Date.parse(snapshot.manifest.startedAt) });
}

async function findResult(id: string, folder: string, results: AsyncIterable<readonly Result[]>): Promise<Result> {
  try {
    for await (const batch of results) {
      const found = batch.find((result) => fingerprint(result) === id);
      if (found !== undefined) return found;
    }
  } catch (error) {
    if (error instanceof ProvisoError) throw error;
    const hint = 'Name the folder of a run or snapshot with --run.';
    throw new ProvisoError('input', `${folder} has no results that can be read`, { hint, cause: error });
  }
  throw new ProvisoError('usage', `there is no finding ${id} in ${folder}`, {
    hint: 'A finding has the same id as long as its rule, account, region and resource stay the same: is it mended?',
  });
}

/** A finding of a run, with the rules and the policy at hand, and the run's snapshot where it is kept. */
export interface Finding {
  readonly folder: string;
  readonly question: Question;
  readonly snapshot: Snapshot | undefined;
  readonly result: Result;
}

/**
 * Looks a finding up in the run that `--run` names, or the newest in `reports/`.
 *
 * @throws ProvisoError when there is no such run or finding
 */
export async function loadFinding(id: string, options: Options, io: Io): Promise<Finding> {
  const folder = text(options.run) ?? (await newestFolder(io.cwd));
  const question = await loadQuestion({ rules: options.rules, policy: options.policy }, io);
  const snapshot = await openFrom(folder, io.cwd).catch((error: unknown) => {
    if (existsSync(resolve(io.cwd, folder, 'results.ndjson'))) return undefined;
    throw error;
  });
  const result = await findResult(id, folder, resultsOf(folder, snapshot, question, io.cwd));
  return { folder, question, snapshot, result };
}
