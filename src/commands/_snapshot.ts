import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { instantOf } from './_assess.ts';
import { loadQuestion, stamp } from './_audit.ts';
import { collect, connect } from './_collect.ts';
import type { Io, Options } from './_command.ts';
import { connectionOf } from './_connection.ts';
import { makeNewFolder, makeRunFolder } from './_output.ts';

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
  const collecting = { ...question, connection: connectionOf(options, io), io };
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
  for (const { region, type, reason, detail } of gaps) {
    io.note(`not whole: ${type} in ${region}: ${reason ?? 'failed'}${detail === undefined ? '' : ` (${detail})`}`);
  }
  const refused = opened.aws.ledger().filter(({ outcome }) => outcome !== 'complete');
  for (const { key, region, outcome, permission } of refused) {
    io.note(`refused: ${key} in ${region}: ${outcome}${outcome === 'denied' ? `, needs ${permission}` : ''}`);
  }
  io.note(`${records} resources in ${manifest.collections.length} collections, digest ${manifest.contentDigest}`);
  await io.write(`${name}\n`);
  return gaps.length + refused.length > 0 || manifest.regionsIncomplete !== undefined ? 3 : 0;
}
