import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import type { Manifest } from '../model/snapshot.ts';
import { gateOf, instantOf, judge, reportsOf } from './_assess.ts';
import type { Collecting } from './_collect.ts';
import { type Io, type Options, text } from './_command.ts';
import { connectionOf } from './_connection.ts';
import { makeNewFolder, makeRunFolder, temporaryFolder } from './_output.ts';
import { loadQuestion, openFrom } from './_question.ts';

/** `20261124T020000Z`, for names of folders. */
export function stamp(now: Date): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** Where a run keeps its files; `remove` does something only when nothing is to be kept. */
async function runFolder(options: Options, name: string, io: Io) {
  if (options.save === false) return temporaryFolder();
  const chosen = text(options.out);
  const path = resolve(io.cwd, chosen ?? join('reports', name));
  if (chosen !== undefined) await makeRunFolder(path);
  return { path: chosen === undefined ? await makeNewFolder(path) : path, remove: async () => undefined };
}

function interrupted(manifest: Manifest, folder: string, kept: boolean): ProvisoError {
  const records = manifest.collections.reduce((sum, { records: count }) => sum + count, 0);
  return new ProvisoError('interrupted', `stopped after ${records} resources`, {
    hint: kept ? `What was collected is in ${folder}, marked as incomplete.` : 'Nothing was kept, as --no-save asks.',
  });
}

/** Judges what was recorded earlier. */
async function auditRecorded(from: string, options: Options, io: Io): Promise<number> {
  const reports = await reportsOf(options, io.cwd);
  const question = await loadQuestion(options, io);
  const snapshot = await openFrom(from, io.cwd);
  const now = instantOf(text(options.now), () => new Date(snapshot.manifest.startedAt));
  // The snapshot is there already: only --out asks for the results to be kept beside it.
  const keeping = options.out === undefined ? { ...options, save: false } : options;
  const folder = await runFolder(keeping, '', io);
  try {
    return await judge({ ...question, snapshot, now }, folder.path, reports, gateOf(options), io);
  } finally {
    await folder.remove();
  }
}

/** Collects an account and judges it. */
async function auditLive(options: Options, io: Io): Promise<number> {
  const reports = await reportsOf(options, io.cwd);
  const question = await loadQuestion(options, io);
  const given = text(options.now);
  if (given !== undefined) instantOf(given, io.now);
  // What talks to AWS is the larger half of the program, and no judge of what is recorded needs it.
  const { collect, connect } = await import('./_collect.ts');
  const collecting: Collecting = { ...question, connection: connectionOf(options, io), io };
  const opened = await connect(collecting);
  // The instant that the snapshot keeps, so that judging it again measures the same ages.
  const now = instantOf(given, () => new Date(opened.startedAt));
  const folder = await runFolder(options, `${opened.caller.account}-${stamp(io.now())}`, io);
  try {
    const path = join(folder.path, 'snapshot');
    const manifest = await collect(opened, collecting, path, now);
    if (io.signal.aborted) throw interrupted(manifest, path, options.save !== false);
    const snapshot = await openFrom(path, io.cwd);
    const code = await judge({ ...question, snapshot, now }, folder.path, reports, gateOf(options), io);
    if (options.save !== false) io.note(`snapshot and results are in ${folder.path}`);
    return code;
  } finally {
    await folder.remove();
  }
}

/** Options that would have no effect are a mistake of the user's, who expects one. */
function refuseIdle(options: Options): void {
  const refuse = (flag: string, other: string) => {
    throw new ProvisoError('usage', `${flag} has no effect with ${other}`, { hint: 'Leave out one of the two.' });
  };
  if (options.from !== undefined && options.region !== undefined) refuse('--region', '--from');
  if (options.from !== undefined && options.roleArn !== undefined) refuse('--role-arn', '--from');
  if (options.out !== undefined && options.save === false) refuse('--out', '--no-save');
}

/** Without an earlier run everything would be new. */
function refuseWithoutBaseline({ only, baseline }: Options): void {
  if (only === undefined || baseline !== undefined) return;
  throw new ProvisoError('usage', '--only new needs an earlier run to compare with', {
    hint: 'Name its folder with --baseline.',
  });
}

export async function runAudit(options: Options, io: Io): Promise<number> {
  refuseIdle(options);
  refuseWithoutBaseline(options);
  const from = text(options.from);
  return from === undefined ? auditLive(options, io) : auditRecorded(from, options, io);
}
