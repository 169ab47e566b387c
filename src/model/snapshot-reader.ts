import type { ProvisoError } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';
import { checkListings, readManifest } from './snapshot-head.ts';
import { readLedger } from './snapshot-ledger.ts';
import { readRecords } from './snapshot-records.ts';

/**
 * Opens a snapshot's folder: its manifest and ledger are read and checked now, its records while they are streamed, up
 * to the checksum at the end of each collection. Who stops early has not checked the rest.
 *
 * @throws ProvisoError 'snapshot' for the first mistake
 */
export async function openSnapshot(folder: string): Promise<Snapshot> {
  const manifest = await readManifest(folder, fail);
  if (manifest === undefined) throw new Error('the manifest was refused without a reason');
  const ledger = await readLedger(folder, manifest, fail);
  checkListings(manifest, ledger, fail);
  return {
    manifest,
    ledger,
    records: (collection) => readRecords(folder, collection, ledger, fail),
  };
}

function fail(error: ProvisoError): never {
  throw error;
}
