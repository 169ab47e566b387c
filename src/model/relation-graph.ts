import type { Graph, Related } from './graph.ts';
import type { Coverage, Partition } from './partition.ts';
import { type Keys, keysReader } from './relation-keys.ts';
import type { Resource } from './resource.ts';
import type { Relation, TypeFacts } from './resource-type.ts';
import type { Snapshot } from './snapshot.ts';
import { type Json, type Unknown, unknown } from './value.ts';

/** A type whose instances rules reach from elsewhere. */
export interface JoinTarget {
  readonly type: TypeFacts;
  /** Properties to keep of each instance, or all of them. Whole ones: a nested value cut away would read as absent. */
  readonly properties: ReadonlySet<string> | 'all';
  /** Paths by whose values it is looked up. */
  readonly matches: ReadonlySet<string>;
}

/** The instances of one type in one region by the values at one path. */
interface Index {
  readonly byKey: Map<string, Resource[]>;
  /** Set when the key of some instance is not known: it might answer to any value. */
  undecided: Unknown | undefined;
}

interface Region {
  readonly region: string;
  readonly resources: Resource[];
  readonly incomplete: Unknown | undefined;
  readonly indexes: ReadonlyMap<string, Index>;
}

const noResources: readonly Resource[] = [];

function project(resource: Resource, properties: JoinTarget['properties']): Resource {
  if (properties === 'all') return resource;
  const kept: Record<string, Json | undefined> = {};
  for (const name of properties) {
    const value = resource.properties[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...resource, properties: kept };
}

async function indexRegion(snapshot: Snapshot, partition: Partition, target: JoinTarget): Promise<Region> {
  const resources: Resource[] = [];
  const indexes = new Map<string, Index>();
  const fill: { readonly index: Index; readonly read: (resource: Resource) => Keys }[] = [];
  for (const match of target.matches) {
    const index: Index = { byKey: new Map(), undecided: undefined };
    indexes.set(match, index);
    fill.push({ index, read: keysReader(target.type, match) });
  }
  if (partition.collection !== undefined) {
    for await (const batch of snapshot.records(partition.collection)) {
      for (const record of batch) {
        const kept = project(record, target.properties);
        resources.push(kept);
        for (const { index, read } of fill) addToIndex(index, kept, read(record));
      }
    }
  }
  return { region: partition.region, resources, incomplete: partition.incomplete, indexes };
}

function addToIndex(index: Index, resource: Resource, { keys, gap }: Keys): void {
  index.undecided ??= gap;
  for (const key of keys) {
    const same = index.byKey.get(key);
    if (same === undefined) index.byKey.set(key, [resource]);
    else same.push(resource);
  }
}

/** What was read of one account. */
interface Account {
  readonly id: string;
  readonly types: ReadonlyMap<string, Instances>;
}

/** The instances of one type, by what a look-up ranges over. */
interface Instances {
  readonly type: TypeFacts;
  readonly everywhere: Reach;
  readonly byRegion: ReadonlyMap<string, Reach>;
}

/** The part of a type's instances that a look-up ranges over, and why that part may lack some. */
interface Reach {
  readonly regions: readonly Region[];
  readonly incomplete: Unknown | undefined;
}

function notRead(type: string): Reach {
  return { regions: [], incomplete: unknown('not-collected', `${type} was not collected`) };
}

/** Done once, since look-ups come by the thousand. @param unseen set when the account may have further regions */
function arrange(type: TypeFacts, regions: readonly Region[], unseen: Unknown | undefined): Instances {
  const gap = regions.find((one) => one.incomplete !== undefined)?.incomplete;
  const beyond = type.reach === 'region' ? unseen : undefined;
  const everywhere = regions.length === 0 ? notRead(type.type) : { regions, incomplete: gap ?? beyond };
  const byRegion = new Map(regions.map((one) => [one.region, { regions: [one], incomplete: one.incomplete }]));
  return { type, everywhere, byRegion };
}

/** @param region undefined for all of the account */
function reach(account: Account, name: string, wanted: string, region: string | undefined): Reach {
  const known = wanted === account.id ? account.types.get(name) : undefined;
  if (known === undefined) return notRead(name);
  if (region === undefined || known.type.reach === 'global') return known.everywhere;
  return known.byRegion.get(region) ?? notRead(name);
}

/** Look-ups by key through the given regions: what was found, each once, and a key that was found nowhere. */
function lookUp(regions: readonly Region[], match: string, keys: readonly string[]) {
  const found: (readonly Resource[])[] = [];
  let lacking: string | undefined;
  let undecided: Unknown | undefined;
  for (const key of keys) {
    const before = found.length;
    for (const { indexes } of regions) {
      const index = indexes.get(match);
      undecided ??= index?.undecided;
      const same = index?.byKey.get(key);
      if (same !== undefined) found.push(same);
    }
    if (found.length === before) lacking ??= key;
  }
  const [first = noResources] = found;
  return { resources: found.length <= 1 ? first : [...new Set(found.flat())], lacking, undecided };
}

/** The same for one key in one region, as it nearly always is. */
function lookUpOne({ indexes }: Region, match: string, key = '') {
  const index = indexes.get(match);
  const resources = index?.byKey.get(key);
  return {
    resources: resources ?? noResources,
    lacking: resources === undefined ? key : undefined,
    undecided: index?.undecided,
  };
}

function related(account: Account, resource: Resource, type: TypeFacts, relation: Relation): Related {
  const { keys, gap } = keysReader(type, relation.from)(resource);
  if (keys.length === 0) return { resources: noResources, incomplete: gap };
  if (relation.match === '@region') return lyingIn(account, resource, relation, keys, gap);
  const everywhere = relation.within === 'account' || resource.region === 'global';
  const { regions, incomplete } = reach(
    account,
    relation.to,
    resource.account,
    everywhere ? undefined : resource.region,
  );
  const [only] = keys.length === 1 && regions.length === 1 ? regions : [];
  const looked = only === undefined ? lookUp(regions, relation.match, keys) : lookUpOne(only, relation.match, keys[0]);
  const { resources, lacking, undecided } = looked;
  const isId = relation.match === account.types.get(relation.to)?.type.id;
  // An id names one instance of its region: once every id is found, no unread instance can add to the answer.
  const whole = isId && lacking === undefined && regions.length === 1 && !everywhere;
  const rest = incomplete ?? undecided ?? (isId && lacking !== undefined ? unlisted(relation.to, lacking) : undefined);
  return { resources, incomplete: gap ?? (whole ? undefined : rest) };
}

/** Everything of a type that lies in the regions that a resource names. */
function lyingIn(
  account: Account,
  resource: Resource,
  relation: Relation,
  regions: readonly string[],
  gap: Unknown | undefined,
): Related {
  const reaches = regions.map((region) => reach(account, relation.to, resource.account, region));
  const resources = reaches.flatMap((one) => one.regions.flatMap((region) => region.resources));
  return { resources, incomplete: gap ?? reaches.find((one) => one.incomplete !== undefined)?.incomplete };
}

/** An id that is referred to names something, be it of another account or newer than the list. */
function unlisted(type: string, key: string): Unknown {
  return unknown('not-collected', `${type} ${key.replace('\u0000', '')} is referred to, and the list does not show it`);
}

/**
 * Reads the instances of the target types in one account and indexes them, so that a look-up costs a hash. Memory grows
 * with what is kept of the targets alone. Whatever the snapshot does not know of a target's type, or of a key, makes the
 * answers that depend on it incomplete.
 *
 * @param wanted regions that the caller expects besides those that the snapshot lists
 */
export async function buildGraph(
  snapshot: Snapshot,
  coverage: Coverage,
  id: string,
  targets: ReadonlyMap<string, JoinTarget>,
  wanted?: readonly string[],
): Promise<Graph> {
  const types = new Map<string, Instances>();
  const unseen = coverage.unseenRegions(id);
  for (const target of targets.values()) {
    const regions: Region[] = [];
    for (const partition of coverage.partitions(id, target.type, wanted)) {
      regions.push(await indexRegion(snapshot, partition, target));
    }
    types.set(target.type.type, arrange(target.type, regions, unseen));
  }
  const account: Account = { id, types };
  const lists = new Map<string, Related>();
  return {
    related: (resource, type, relation) => related(account, resource, type, relation),
    all(name, wanted, region) {
      const key = `${name}/${wanted}/${region}`;
      const known = lists.get(key);
      if (known !== undefined) return known;
      const { regions, incomplete } = reach(account, name, wanted, region);
      const list = { resources: regions.flatMap((one) => one.resources), incomplete };
      lists.set(key, list);
      return list;
    },
  };
}
