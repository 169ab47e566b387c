import { createHash } from 'node:crypto';
import { ledgerOf } from './ledger.ts';
import type { Resource } from './resource.ts';
import type { Collection, CollectionEnd, LedgerEntry, ManifestFacts, Snapshot } from './snapshot.ts';
import { collectionOf, manifestOf, neverEnded } from './snapshot-manifest.ts';
import { byCodeUnit, canonicalJson } from './value.ts';

/** How one collection of a snapshot in memory ended. */
export type MemoryEnd = Pick<Collection, 'account' | 'region' | 'type'> & CollectionEnd;

/**
 * A snapshot that never was on a disk, with the same order and digest as if it had been. Records without an end of
 * their collection make it incomplete, as they do on the disk. Nothing is checked: it is for those who made the records.
 */
export function memorySnapshot(
  facts: ManifestFacts,
  ledger: Iterable<LedgerEntry>,
  records: Iterable<Resource>,
  ends: Iterable<MemoryEnd>,
): Snapshot {
  const groups = new Map<string, { readonly end: MemoryEnd; readonly records: Resource[] }>();
  for (const end of ends) groups.set(keyOf(end), { end, records: [] });
  for (const record of records) {
    const { account, region, type } = record;
    const group = groups.get(keyOf(record)) ?? { end: { account, region, type, ...neverEnded }, records: [] };
    groups.set(keyOf(record), group);
    group.records.push(record);
  }
  for (const group of groups.values()) group.records.sort((a, b) => byCodeUnit(a.id, b.id));
  const calls = ledgerOf(ledger);
  const collections = [...groups.values()].map((group) => collectionOf(group.end, group.end, holdings(group.records)));
  return {
    manifest: manifestOf(facts, collections, { entries: calls.size, sha256: digestOf(calls.values()) }),
    ledger: calls,
    async *records(collection) {
      yield groups.get(keyOf(collection))?.records ?? [];
    },
  };
}

function holdings(records: readonly Resource[]): Pick<Collection, 'records' | 'sha256'> {
  return records.length === 0 ? { records: 0 } : { records: records.length, sha256: digestOf(records) };
}

const batchSize = 256 * 1024;

/** Of the lines that a disk would have, in batches: all of them together can be longer than a text may be. */
function digestOf(values: Iterable<unknown>): string {
  const hash = createHash('sha256');
  let batch = '';
  for (const value of values) {
    batch += `${canonicalJson(value)}\n`;
    if (batch.length < batchSize) continue;
    hash.update(batch);
    batch = '';
  }
  return hash.update(batch).digest('hex');
}

function keyOf({ account, region, type }: Pick<Collection, 'account' | 'region' | 'type'>): string {
  return `${account}/${region}/${type}`;
}
