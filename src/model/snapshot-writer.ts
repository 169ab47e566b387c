import { constants } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { isTooDeep, maxJsonDepth } from './json-text.ts';
import { ledgerOf } from './ledger.ts';
import { maxLineBytes } from './lines.ts';
import { flushFolder, makeFolders, outputError, writeFileWhole } from './output-file.ts';
import type { Resource } from './resource.ts';
import type { Collection, CollectionEnd, LedgerEntry, Manifest, ManifestFacts, SnapshotWriter } from './snapshot.ts';
import { collectionOf, manifestOf, neverEnded } from './snapshot-manifest.ts';
import { type SortedRecords, sortRecords } from './sorted-records.ts';
import { canonicalJson } from './value.ts';

/** How much a writer holds in memory before it turns to the disk: records of one collection, characters of all. */
export interface WriterLimits {
  readonly records: number;
  readonly characters: number;
}

const defaultLimits: WriterLimits = { records: 100_000, characters: 64 * 1024 * 1024 };

type Place = Pick<Collection, 'account' | 'region' | 'type'>;

interface OpenCollection {
  readonly place: Place;
  readonly records: SortedRecords;
  /** Why the collection cannot be called complete, whatever its source says. */
  flaw: Pick<CollectionEnd, 'reason' | 'detail'> | undefined;
}

/**
 * Begins a snapshot in a folder that is empty or does not exist yet. Its manifest comes last: without one, a folder is
 * no snapshot.
 *
 * @throws ProvisoError 'output', here and in all its functions, when the disk does not take it
 */
export async function openSnapshotWriter(
  folder: string,
  limits: WriterLimits = defaultLimits,
): Promise<SnapshotWriter> {
  await prepareFolder(folder);
  const shelf = openShelf(folder, limits);
  const ended = new Set<string>();
  const collections: Collection[] = [];
  let finished = false;

  async function end(place: Place, how: CollectionEnd): Promise<void> {
    const key = keyOf(place);
    if (finished || ended.has(key)) throw new Error(`the collection ${key} was ended before`);
    ended.add(key);
    collections.push(await writeCollection(folder, shelf.take(place), how));
  }

  return {
    add(resource) {
      if (finished || ended.has(keyOf(resource))) throw new Error(`the collection ${keyOf(resource)} was ended before`);
      shelf.add(resource);
    },
    end: (account, region, type, how) => end({ account, region, type }, how),
    async finish(facts, ledger) {
      for (const place of shelf.places()) await end(place, neverEnded);
      finished = true;
      return await writeManifest(folder, facts, ledger, collections);
    },
  };
}

async function writeManifest(
  folder: string,
  facts: ManifestFacts,
  ledger: Iterable<LedgerEntry>,
  collections: readonly Collection[],
): Promise<Manifest> {
  await checkFiles(folder, collections);
  const entries = [...ledgerOf(ledger).values()];
  const calls = await writeFileWhole(join(folder, 'calls.ndjson'), linesOf(entries));
  const manifest = manifestOf(facts, collections, { entries: entries.length, sha256: calls.sha256 });
  const text = JSON.stringify(JSON.parse(canonicalJson(manifest)), null, 2);
  await writeFileWhole(join(folder, 'manifest.json'), [`${text}\n`]);
  await flushFolder(folder);
  return manifest;
}

/** A manifest must not name files that something removed in the meantime. */
async function checkFiles(folder: string, collections: readonly Collection[]): Promise<void> {
  for (const { file } of collections) {
    if (file === undefined) continue;
    await access(join(folder, file)).catch((error: unknown) => {
      throw outputError(error, join(folder, file));
    });
  }
}

function* linesOf(entries: readonly LedgerEntry[]): Generator<string> {
  for (const entry of entries) yield `${canonicalJson(entry)}\n`;
}

/** The collections that are being filled, within the memory they may have together. */
function openShelf(folder: string, limits: WriterLimits) {
  const open = new Map<string, OpenCollection>();
  let characters = 0;
  let spilled = 0;

  function spill(records: SortedRecords): void {
    characters -= records.held.characters;
    spilled += 1;
    records.spill(join(folder, `.sorting-${spilled}.partial`));
  }

  function find(place: Place): OpenCollection {
    const found = open.get(keyOf(place));
    if (found !== undefined) return found;
    checkPlace(place);
    const { account, region, type } = place;
    const made = { place: { account, region, type }, records: sortRecords(), flaw: undefined };
    open.set(keyOf(place), made);
    return made;
  }

  return {
    places: () => [...open.values()].map(({ place }) => place),
    add(resource: Resource): void {
      const collection = find(resource);
      const line = canonicalJson(resource);
      const flaw = flawOf(line, resource.id);
      if (flaw !== undefined) {
        collection.flaw ??= flaw;
        return;
      }
      collection.records.add(resource.id, line);
      characters += line.length;
      if (collection.records.held.lines >= limits.records) spill(collection.records);
      if (characters >= limits.characters) spill(largest(open.values()));
    },
    take(place: Place): OpenCollection {
      const collection = find(place);
      characters -= collection.records.held.characters;
      open.delete(keyOf(place));
      return collection;
    },
  };
}

function largest(collections: Iterable<OpenCollection>): SortedRecords {
  let found: SortedRecords | undefined;
  for (const { records } of collections) {
    if (found === undefined || records.held.characters > found.held.characters) found = records;
  }
  if (found === undefined) throw new Error('nothing is held in memory');
  return found;
}

/** What no reader would take is left out and counted against the collection: the rest is still worth having. */
function flawOf(line: string, id: string): OpenCollection['flaw'] {
  const bytes = Buffer.from(line);
  if (id === '') return { reason: 'failed', detail: 'a resource has no id' };
  if (bytes.length > maxLineBytes) {
    return { reason: 'limit', detail: `a resource is bigger than ${maxLineBytes / 1024 / 1024} MB` };
  }
  if (isTooDeep(bytes)) return { reason: 'limit', detail: `a resource is nested deeper than ${maxJsonDepth} levels` };
  return undefined;
}

async function writeCollection(folder: string, collection: OpenCollection, how: CollectionEnd): Promise<Collection> {
  const { place, records } = collection;
  const file = `${place.account}/${place.region}/${place.type.replaceAll('::', '-')}.ndjson`;
  try {
    if (records.held.lines === 0 && records.runs === 0) {
      return collectionOf(place, marred(how, collection.flaw), { records: 0 });
    }
    await makeFolders(folder, dirname(file));
    let count = 0;
    const onConflict = () => {
      collection.flaw ??= { reason: 'failed', detail: 'two different resources have the same id' };
    };
    const counted = async function* () {
      for await (const line of records.lines(onConflict)) {
        count += 1;
        yield line;
      }
    };
    const { sha256 } = await writeFileWhole(join(folder, file), counted());
    return collectionOf(place, marred(how, collection.flaw), { records: count, file, sha256 });
  } finally {
    await records.dispose();
  }
}

function marred(how: CollectionEnd, flaw: OpenCollection['flaw']): CollectionEnd {
  return flaw === undefined || !how.complete ? how : { ...how, ...flaw, complete: false };
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    const entries = await readdir(folder);
    if (entries.length > 0) {
      throw new ProvisoError('output', `cannot write a snapshot to ${folder}: the folder is not empty`, {
        hint: 'choose a folder that does not exist yet: nothing is overwritten',
      });
    }
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!isMissing(error)) throw outputError(error, folder);
    await makeNew(folder);
  }
}

async function makeNew(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!isMissing(error)) throw outputError(error, folder);
    throw new ProvisoError('output', `cannot write ${folder}: its parent folder does not exist`, {
      hint: `make it first: mkdir -p ${dirname(folder)}`,
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function keyOf({ account, region, type }: Place): string {
  return `${account}/${region}/${type}`;
}

/** Names become paths, and some come from answers. */
function checkPlace({ account, region, type }: Place): void {
  if (
    /^[0-9]{12}$/.test(account) &&
    /^[a-z]+(-[a-z0-9]+)*$/.test(region) &&
    /^[A-Za-z0-9]+(::[A-Za-z0-9]+){1,3}$/.test(type)
  ) {
    return;
  }
  throw new ProvisoError(
    'snapshot',
    `no snapshot can hold ${JSON.stringify(type)} of account ${JSON.stringify(account)}, region ${JSON.stringify(region)}`,
    { hint: 'account ids have twelve digits, and regions are named like eu-west-1' },
  );
}
