import type { Result } from '../../src/finding/finding.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Collection, Snapshot } from '../../src/model/snapshot.ts';
import { isObject, isUnknown, type Json, type JsonObject, unknown } from '../../src/model/value.ts';
import { judge, type Question } from './audited.ts';

/** A snapshot in memory, what judges it, and when. */
export interface World {
  readonly name: string;
  readonly question: Question;
  readonly snapshot: Snapshot;
  readonly records: readonly Resource[];
  readonly now: number;
}

/** One property fewer: taken away, or not collected. */
export interface Thinning {
  /** The property's path, the items of a list as `[]`. */
  readonly path: string;
  readonly how: 'deleted' | 'not collected';
  readonly properties: JsonObject;
}

/** Decoded documents are one value each. */
const documents: ReadonlySet<string> = new Set([
  'Policy',
  'PolicyVersionList[].Document',
  'UserPolicyList[].PolicyDocument',
]);

const denied: Json = unknown('denied');

function* thinnedObject(
  object: JsonObject,
  path: string,
): Generator<Omit<Thinning, 'properties'> & { value: JsonObject }> {
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined || isUnknown(member)) continue;
    const at = path === '' ? key : `${path}.${key}`;
    const { [key]: _, ...rest } = object;
    yield { path: at, how: 'deleted', value: rest };
    yield { path: at, how: 'not collected', value: { ...object, [key]: denied } };
    if (documents.has(at)) continue;
    for (const inner of thinnedValue(member, at)) yield { ...inner, value: { ...object, [key]: inner.value } };
  }
}

function* thinnedValue(value: Json, path: string): Generator<Omit<Thinning, 'properties'> & { value: Json }> {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    for (const [index, item] of items.entries()) {
      const put = (other: Json) => items.map((one, i) => (i === index ? other : one));
      yield { path: `${path}[]`, how: 'not collected', value: put(denied) };
      for (const inner of thinnedValue(item, `${path}[]`)) yield { ...inner, value: put(inner.value) };
    }
  } else if (isObject(value) && !isUnknown(value)) yield* thinnedObject(value, path);
}

/** All variants of a resource's properties with one of them, at any depth, taken away or not collected. */
export function* thinnings(properties: JsonObject): Generator<Thinning> {
  for (const { path, how, value } of thinnedObject(properties, '')) yield { path, how, properties: value };
}

/** The records of a snapshot, gathered. */
export async function recordsOf(snapshot: Snapshot): Promise<readonly Resource[]> {
  const records: Resource[] = [];
  for (const collection of snapshot.manifest.collections)
    for await (const batch of snapshot.records(collection)) records.push(...batch);
  return records;
}

/** The same snapshot with other records. */
export function withRecords(snapshot: Snapshot, records: readonly Resource[]): Snapshot {
  const placed = (collection: Pick<Collection, 'account' | 'region' | 'type'>) =>
    `${collection.account}/${collection.region}/${collection.type}`;
  const byPlace = new Map<string, Resource[]>();
  for (const record of records) byPlace.set(placed(record), [...(byPlace.get(placed(record)) ?? []), record]);
  return {
    ...snapshot,
    async *records(collection) {
      yield byPlace.get(placed(collection)) ?? [];
    },
  };
}

/** Judges a world with other records in it. */
export async function judgeWith(world: World, records: readonly Resource[]): Promise<readonly Result[]> {
  return (await judge(world.question, withRecords(world.snapshot, records), world.now)).results;
}
