import type { Snapshot } from '../model/snapshot.ts';
import { openSnapshot } from '../model/snapshot-reader.ts';

/**
 * The source that was recorded before: a snapshot's folder.
 *
 * @throws ProvisoError 'snapshot'
 */
export async function openRecorded(folder: string): Promise<Snapshot> {
  return await openSnapshot(folder);
}
