import { ProvisoError } from '../errors.ts';
import { checkListings, readManifest } from './snapshot-head.ts';
import { readLedger } from './snapshot-ledger.ts';
import { readRecords } from './snapshot-records.ts';

const maxMistakes = 50;

/** Goes through a whole snapshot and returns its mistakes, the first 50 of them; none means that it is sound. */
export async function checkSnapshot(folder: string): Promise<readonly ProvisoError[]> {
  const mistakes: ProvisoError[] = [];
  await checkAll(folder, (error) => {
    mistakes.push(error);
    if (mistakes.length >= maxMistakes) throw new EnoughMistakes();
  }).catch((error: unknown) => {
    if (!(error instanceof EnoughMistakes)) throw error;
  });
  return mistakes;
}

class EnoughMistakes extends Error {}

async function checkAll(folder: string, report: (error: ProvisoError) => void): Promise<void> {
  const manifest = await orReport(() => readManifest(folder, report), report);
  if (manifest === undefined) return;
  const ledger = await orReport(() => readLedger(folder, manifest, report), report);
  // Without the ledger each record would be reported for want of its calls.
  if (ledger === undefined) return;
  checkListings(manifest, ledger, report);
  for (const collection of manifest.collections) {
    await orReport(async () => {
      for await (const _ of readRecords(folder, collection, ledger, report));
    }, report);
  }
}

async function orReport<T>(work: () => Promise<T>, report: (error: ProvisoError) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProvisoError)) throw error;
    report(error);
    return undefined;
  }
}
