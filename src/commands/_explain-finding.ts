import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { assess } from '../assess.ts';
import { ProvisoError } from '../errors.ts';
import type { Evidence, Result } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { plain } from '../finding/plain-text.ts';
import { findCall } from '../model/ledger.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { sentence } from '../rule/sentence.ts';
import { loadQuestion, openFrom } from './_audit.ts';
import type { Io, Options } from './_command.ts';
import { readResults } from './_output.ts';
import { newestRun } from './_run.ts';
import { section } from './_section.ts';

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

function observedText({ unknown, observed }: Evidence): string {
  if (unknown === undefined) return observed === undefined ? 'absent' : JSON.stringify(observed);
  return `not known: ${unknown.reason}${unknown.detail === undefined ? '' : `, ${unknown.detail}`}`;
}

function evidenceLines(evidence: Evidence, result: Result, snapshot: Snapshot | undefined): readonly string[] {
  const lines = [
    plain(evidence.path),
    `  observed  ${plain(observedText(evidence))}`,
    `  expected  ${plain(evidence.expected)}`,
  ];
  if (evidence.call === undefined) return lines;
  const entry = snapshot && findCall(snapshot.ledger, result.account, result.region, evidence.call);
  const when =
    entry === undefined ? '' : `, answered ${entry.answeredAt}, request ${entry.requestIds.at(-1) ?? 'without id'}`;
  return [...lines, `  call      ${plain(evidence.call)}${when}`];
}

/** Shows all that is known of one finding, with the calls behind it where the run's snapshot is at hand. */
export async function explainFinding(id: string, run: string | undefined, options: Options, io: Io): Promise<number> {
  const folder = run ?? (await newestFolder(io.cwd));
  const question = await loadQuestion({ rules: options.rules, policy: options.policy }, io);
  const snapshot = await openFrom(folder, io.cwd).catch((error: unknown) => {
    if (existsSync(resolve(io.cwd, folder, 'results.ndjson'))) return undefined;
    throw error;
  });
  const result = await findResult(id, folder, resultsOf(folder, snapshot, question, io.cwd));
  const rule = question.rules.find((one) => one.id === result.rule);
  const { resource: subject, message } = result;
  const lines = [
    `${io.colours.bold(id)} · ${result.outcome.toUpperCase()} · ${result.rule}`,
    ...(rule === undefined ? [] : [rule.title]),
    '',
    `${result.account} · ${result.region} · ${result.type}`,
    ...(subject === undefined ? [] : [plain(subject.arn ?? subject.id)]),
    ...(message === undefined ? [] : [plain(message)]),
  ];
  const evidence = result.evidence.flatMap((one) => evidenceLines(one, result, snapshot));
  await io.write(`${lines.join('\n')}\n${section('Evidence', evidence)}`);
  if (rule === undefined) return 0;
  const fixes = Object.entries(rule.fix).map(([means, how]) => `${means}: ${how}`);
  await io.write(section('What must hold', [sentence(rule)]) + section('How to mend it', fixes));
  return 0;
}
