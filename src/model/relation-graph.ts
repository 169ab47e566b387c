import type { Coverage, Partition } from './partition.ts';
import { parsePath, type Step } from './path.ts';
import type { Graph, Related } from './graph.ts';
import { member, type Resource } from './resource.ts';
import type { Relation, ResourceType } from './resource-type.ts';
import type { Snapshot } from './snapshot.ts';
import { type Found, isUnknown, type Json, type JsonObject, type Unknown, unknown } from './value.ts';

/** A type whose instances rules reach from elsewhere. */
export interface JoinTarget {
  readonly type: ResourceType;
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

interface KeyPath {
  readonly steps: readonly Step[];
  /** Path of each step's value from the root. */
  readonly prefixes: readonly string[];
}

function keyPath(path: string): KeyPath {
  const steps = parsePath(path);
  const prefixes: string[] = [];
  let prefix = '';
  for (const step of steps) {
    prefixes.push(prefix + step.name);
    prefix = `${prefix}${step.name}${step.items ? '[]' : ''}.`;
  }
  return { steps, prefixes };
}

/** Text and numbers must not meet: `"1"` is not `1`. */
function keyOf(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `\u0000${value}` : undefined;
}

/** Collects the keys at a path into `keys`, and returns why there may be more. */
function collectKeys(
  object: Json,
  resource: Resource,
  type: ResourceType,
  path: KeyPath,
  keys: string[],
  depth = 0,
): Unknown | undefined {
  const step = path.steps[depth];
  const prefix = path.prefixes[depth];
  if (step === undefined || prefix === undefined) return undefined;
  const found: Found = isUnknown(object) ? object : member(object, step.name, resource, type, prefix);
  if (found === undefined || isUnknown(found)) return found;
  if (step.items && !Array.isArray(found)) return unknown('type', `${prefix} is not a list`);
  const last = depth === path.steps.length - 1;
  let gap: Unknown | undefined;
  for (const value of step.items ? (found as readonly Json[]) : [found]) {
    if (!last || value === null || isUnknown(value)) {
      if (value !== null) gap ??= isUnknown(value) ? value : collectKeys(value, resource, type, path, keys, depth + 1);
      continue;
    }
    const key = keyOf(value);
    if (key === undefined) gap ??= unknown('type', `${prefix} is not a name`);
    else keys.push(key);
  }
  return gap;
}

function project(resource: Resource, properties: JoinTarget['properties']): Resource {
  if (properties === 'all') return resource;
  const kept: Record<string, Json | undefined> = {};
  for (const name of properties) {
    if (Object.hasOwn(resource.properties, name)) kept[name] = resource.properties[name];
  }
  return { ...resource, properties: kept as JsonObject };
}

async function indexRegion(
  snapshot: Snapshot,
  partition: Partition,
  target: JoinTarget,
  paths: ReadonlyMap<string, KeyPath>,
): Promise<Region> {
  const resources: Resource[] = [];
  const indexes = new Map<string, Index>();
  for (const match of target.matches) indexes.set(match, { byKey: new Map(), undecided: undefined });
  if (partition.collection !== undefined) {
    for await (const record of snapshot.records(partition.collection)) {
      const resource = project(record, target.properties);
      resources.push(resource);
      for (const [match, index] of indexes) addToIndex(index, record, resource, target.type, paths.get(match));
    }
  }
  return { region: partition.region, resources, incomplete: partition.incomplete, indexes };
}

function addToIndex(index: Index, record: Resource, kept: Resource, type: ResourceType, path: KeyPath | undefined) {
  if (path === undefined) return;
  const keys: string[] = [];
  const gap = collectKeys(record.properties, record, type, path, keys);
  index.undecided ??= gap;
  for (const key of new Set(keys)) {
    const same = index.byKey.get(key);
    if (same === undefined) index.byKey.set(key, [kept]);
    else same.push(kept);
  }
}

/** What was read of one account. */
interface Account {
  readonly id: string;
  readonly types: ReadonlyMap<string, { readonly type: ResourceType; readonly regions: readonly Region[] }>;
  readonly unseenRegions: Unknown | undefined;
  /** Paths split once, by their text. */
  readonly paths: Map<string, KeyPath>;
}

/** The part of a type's instances that a look-up ranges over, and why that part may lack some. */
interface Reach {
  readonly regions: readonly Region[];
  readonly incomplete: Unknown | undefined;
}

function notRead(type: string): Unknown {
  return unknown('not-collected', `${type} was not collected`);
}

/** @param region undefined for all of the account */
function reach(account: Account, name: string, wanted: string, region: string | undefined): Reach {
  const known = wanted === account.id ? account.types.get(name) : undefined;
  if (known === undefined) return { regions: [], incomplete: notRead(name) };
  const everywhere = region === undefined || known.type.reach === 'global';
  const regions = everywhere ? known.regions : known.regions.filter((candidate) => candidate.region === region);
  if (regions.length === 0) return { regions, incomplete: notRead(name) };
  const unseen = everywhere && known.type.reach === 'region' ? account.unseenRegions : undefined;
  return { regions, incomplete: regions.find((one) => one.incomplete !== undefined)?.incomplete ?? unseen };
}

/** Look-ups by key through the given regions: what was found, and whether every key was found somewhere. */
function lookUp(regions: readonly Region[], match: string, keys: readonly string[]) {
  const found = new Set<Resource>();
  let all = true;
  let undecided: Unknown | undefined;
  for (const key of keys) {
    let hit = false;
    for (const region of regions) {
      const index = region.indexes.get(match);
      undecided ??= index?.undecided;
      for (const resource of index?.byKey.get(key) ?? noResources) {
        found.add(resource);
        hit = true;
      }
    }
    all &&= hit;
  }
  return { found, all, undecided };
}

function related(account: Account, resource: Resource, type: ResourceType, relation: Relation): Related {
  const path = account.paths.get(relation.from) ?? keyPath(relation.from);
  account.paths.set(relation.from, path);
  const keys: string[] = [];
  const gap = collectKeys(resource.properties, resource, type, path, keys);
  if (keys.length === 0) return { resources: noResources, incomplete: gap };
  const everywhere = relation.within === 'account' || resource.region === 'global';
  const { regions, incomplete } = reach(
    account,
    relation.to,
    resource.account,
    everywhere ? undefined : resource.region,
  );
  const { found, all, undecided } = lookUp(regions, relation.match, keys);
  // An id names one instance of its region: once every id is found, no unread instance can add to the answer.
  const whole =
    all && regions.length === 1 && !everywhere && relation.match === account.types.get(relation.to)?.type.id;
  return { resources: [...found], incomplete: gap ?? (whole ? undefined : (incomplete ?? undecided)) };
}

/**
 * Reads the instances of the target types in one account and indexes them, so that a look-up costs a hash. Memory grows
 * with what is kept of the targets alone. Whatever the snapshot does not know of a target's type, or of a key, makes the
 * answers that depend on it incomplete.
 */
export async function buildGraph(
  snapshot: Snapshot,
  coverage: Coverage,
  id: string,
  targets: ReadonlyMap<string, JoinTarget>,
): Promise<Graph> {
  const types = new Map<string, { readonly type: ResourceType; readonly regions: readonly Region[] }>();
  for (const target of targets.values()) {
    const paths = new Map([...target.matches].map((match) => [match, keyPath(match)]));
    const regions: Region[] = [];
    for (const partition of coverage.partitions(id, target.type)) {
      regions.push(await indexRegion(snapshot, partition, target, paths));
    }
    types.set(target.type.type, { type: target.type, regions });
  }
  const account: Account = { id, types, unseenRegions: coverage.unseenRegions, paths: new Map() };
  return {
    related: (resource, type, relation) => related(account, resource, type, relation),
    all(name, wanted, region) {
      const { regions, incomplete } = reach(account, name, wanted, region);
      return { resources: regions.flatMap((one) => one.resources), incomplete };
    },
  };
}
