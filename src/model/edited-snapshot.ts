import type { MemoryEnd } from './memory-snapshot.ts';
import type { Resource } from './resource.ts';
import type { Collection, LedgerEntry, Manifest, Snapshot } from './snapshot.ts';
import { collectionOf, sha256 } from './snapshot-manifest.ts';
import { byCodeUnit, canonicalJson } from './value.ts';

/** What is otherwise in one collection: by id, the resource that takes another's place, or undefined for one that goes. */
export type Edits = ReadonlyMap<string, Resource | undefined>;

/** What is otherwise in a snapshot. */
export interface SnapshotEdits {
  /** By `account/region/type`. */
  readonly collections: ReadonlyMap<string, Edits>;
  /** Ends of collections that the snapshot lacks. */
  readonly ends: readonly MemoryEnd[];
  readonly accounts: Manifest['accounts'];
  readonly regions: Manifest['regions'];
  readonly ledger: readonly (readonly [string, LedgerEntry])[];
}

export function collectionKey({ account, region, type }: Pick<Collection, 'account' | 'region' | 'type'>): string {
  return `${account}/${region}/${type}`;
}

/**
 * A snapshot with some of its resources replaced, added or taken away. It is read through, so that it costs no more memory
 * than what was edited.
 *
 * @param existing ids, by collection, of those edited resources that the snapshot has
 */
export function editedSnapshot(
  live: Snapshot,
  edits: SnapshotEdits,
  existing: ReadonlyMap<string, ReadonlySet<string>>,
): Snapshot {
  const { manifest } = live;
  const none = { records: 0 };
  const known = new Set(manifest.collections.map(collectionKey));
  const added = edits.ends.filter((end) => !known.has(collectionKey(end))).map((end) => collectionOf(end, end, none));
  const all = [...manifest.collections, ...added].map((collection): Collection => {
    const key = collectionKey(collection);
    const changed = edits.collections.get(key);
    if (changed === undefined) return collection;
    const there = existing.get(key);
    const [come, go] = [[...changed.values()].filter((one) => one !== undefined).length, there?.size ?? 0];
    const { file: _, sha256: __, ...rest } = collection;
    return { ...rest, records: collection.records + come - go };
  });
  const collections = all.sort(
    (a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region) || byCodeUnit(a.type, b.type),
  );
  const what = [...edits.collections]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, map]) => [key, [...inOrder(map)]]);
  return {
    manifest: {
      ...manifest,
      accounts: [...manifest.accounts, ...edits.accounts],
      regions: [...manifest.regions, ...edits.regions],
      collections,
      contentDigest: sha256(`${manifest.contentDigest}${canonicalJson(what)}`),
    },
    ledger: new Map([...live.ledger, ...edits.ledger]),
    records(collection) {
      const original = manifest.collections.find((one) => collectionKey(one) === collectionKey(collection));
      const changed = edits.collections.get(collectionKey(collection));
      if (changed !== undefined) return edited(original === undefined ? [] : live.records(original), changed);
      return original === undefined ? empty() : live.records(original);
    },
  };
}

async function* empty(): AsyncGenerator<readonly Resource[]> {
  // A collection without records.
}

function inOrder(edits: Edits): readonly (readonly [string, Resource | undefined])[] {
  return [...edits].sort(([a], [b]) => byCodeUnit(a, b));
}

/** Both sides are sorted by id, and so is what comes of them. */
async function* edited(
  batches: AsyncIterable<readonly Resource[]> | Iterable<readonly Resource[]>,
  edits: Edits,
): AsyncGenerator<readonly Resource[]> {
  const waiting = inOrder(edits);
  let next = 0;
  const upTo = (id: string | undefined) => {
    const out: Resource[] = [];
    for (;;) {
      const one = waiting[next];
      if (one === undefined || (id !== undefined && one[0] > id)) break;
      if (one[1] !== undefined) out.push(one[1]);
      next += 1;
    }
    return out;
  };
  for await (const batch of batches)
    yield batch.flatMap((record) => [...upTo(record.id), ...(edits.has(record.id) ? [] : [record])]);
  yield upTo(undefined);
}
