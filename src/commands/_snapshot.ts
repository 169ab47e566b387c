import { join, resolve, sep } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { openRecorded } from '../sources/recorded.ts';
import { instantOf } from './_assess.ts';
import { stamp } from './_audit.ts';
import { collect, connect } from './_collect.ts';
import type { Io, Options } from './_command.ts';
import { connectionOf } from './_connection.ts';
import { makeNewFolder, makeRunFolder } from './_output.ts';
import { shipped } from './_package.ts';
import { loadQuestion } from './_question.ts';

export interface SnapshotWish {
  readonly out: string | undefined;
  readonly now: string | undefined;
}

async function snapshotFolder(chosen: string | undefined, name: string, io: Io): Promise<string> {
  if (chosen === undefined) return join(await makeNewFolder(resolve(io.cwd, 'reports', name)), 'snapshot');
  await makeRunFolder(resolve(io.cwd, chosen));
  return chosen;
}

/** Collects what the rules read. Exit code 3 says that something could not be read; the manifest and the ledger say what. */
export async function runSnapshot(wish: SnapshotWish, options: Options, io: Io): Promise<number> {
  const question = await loadQuestion(options, io);
  const now = instantOf(wish.now, io.now);
  // Rules of the user's own are collected for even before a clause names them.
  const own = question.rules.filter(({ file }) => !resolve(io.cwd, file).startsWith(shipped('rules') + sep));
  const named = [...question.named, ...own.map(({ id }) => id)];
  const collecting = { ...question, named, connection: connectionOf(options, io), io };
  const opened = await connect(collecting);
  const name = await snapshotFolder(wish.out, `${opened.caller.account}-${stamp(io.now())}`, io);
  const folder = resolve(io.cwd, name);
  const manifest = await collect(opened, collecting, folder, now);
  const records = manifest.collections.reduce((sum, collection) => sum + collection.records, 0);
  const gaps = manifest.collections.filter((collection) => !collection.complete);
  if (io.signal.aborted) {
    const hint = `What was collected is in ${name}, marked as incomplete.`;
    throw new ProvisoError('interrupted', `stopped after ${records} resources`, { hint });
  }
  for (const { account, region, type, reason, detail } of gaps) {
    io.note(
      `not whole: ${type} in ${account} ${region}: ${reason ?? 'failed'}${detail === undefined ? '' : ` (${detail})`}`,
    );
  }
  const { ledger } = await openRecorded(folder);
  const refused = [...ledger.values()].filter(({ outcome }) => outcome !== 'complete');
  for (const { key, account, region, outcome, permission } of refused) {
    const needs = outcome === 'denied' ? `, needs ${permission}` : '';
    io.note(`refused: ${key} in ${account} ${region}: ${outcome}${needs}`);
  }
  io.note(`${records} resources in ${manifest.collections.length} collections, digest ${manifest.contentDigest}`);
  await io.write(`${name}\n`);
  const partial = manifest.accounts.some((account) => account.unreachable ?? account.regionsIncomplete);
  return gaps.length + refused.length > 0 || partial ? 3 : 0;
}
