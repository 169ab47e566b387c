import type { Aws } from '../aws/aws.ts';
import type { RegionPlan } from '../aws/discover-regions.ts';
import { inParallel } from '../model/in-parallel.ts';
import type { Resource } from '../model/resource.ts';
import type { ResourceType } from '../model/resource-type.ts';
import type { CollectionEnd, ManifestFacts, SnapshotWriter } from '../model/snapshot.ts';
import { byCodeUnit, type JsonObject } from '../model/value.ts';
import { type Collecting, startCollecting } from './_collection.ts';
import { type Hydrate, hydrateWith } from './_hydrate.ts';
import { type List, listWith, type Take } from './_list.ts';

/** What happened during a collection. */
export type LiveEvent =
  | {
      readonly kind: 'collected';
      readonly region: string;
      readonly type: string;
      readonly records: number;
      readonly complete: boolean;
    }
  /** Resources that an account-wide list showed, in a region that is not collected. */
  | { readonly kind: 'left-out'; readonly region: string; readonly type: string; readonly records: number };

export interface LiveOptions {
  readonly aws: Aws;
  readonly account: string;
  /** What to collect; the parents of each type among them, see {@link withParents}. */
  readonly types: readonly ResourceType[];
  readonly regions: RegionPlan;
  /**
   * The property groups that are worth asking for one resource in view of what is known of it. Asked again after each
   * round, until it names nothing new: what one call answered may make another one needless, or needed.
   */
  readonly wanted: (type: ResourceType, resource: Resource) => readonly string[];
  readonly writer: SnapshotWriter;
  /** Stops the collection; what was collected is kept, and the rest is marked as not collected. */
  readonly signal?: AbortSignal;
  readonly progress?: (event: LiveEvent) => void;
}

/** What a live collection knows of its snapshot; times, caller and endpoint are the opener's to add. */
export type LiveFacts = Omit<ManifestFacts, 'startedAt' | 'finishedAt' | 'caller' | 'endpoint'>;

/** The types and all whose instances must be known to enumerate them, in the order of their names. */
export function withParents(
  types: Iterable<ResourceType>,
  known: ReadonlyMap<string, ResourceType>,
): readonly ResourceType[] {
  const all = new Map<string, ResourceType>();
  const add = (type: ResourceType | undefined): void => {
    if (type === undefined || all.has(type.type)) return;
    all.set(type.type, type);
    if (type.listing.parent !== undefined) add(known.get(type.listing.parent));
  };
  for (const type of types) add(type);
  return [...all.values()].sort((a, b) => byCodeUnit(a.type, b.type));
}

/** How many lists of one type are under way at once, one for each parent. */
const listsAtOnce = 32;

/** How one type in one region came out: for the types that are listed once for each of its instances. */
interface Enumerated {
  readonly end: CollectionEnd;
  /** Of each instance the members that children refer to. */
  readonly members: readonly JsonObject[];
}

/** What all parts of one collection share. */
interface Run extends LiveOptions {
  /** The regions to collect. */
  readonly names: readonly string[];
  readonly hydrate: Hydrate;
  readonly list: List;
  readonly enumerated: Map<string, Promise<Enumerated>>;
  readonly isStopped: () => boolean;
  /** Set once something was left undone because the run was stopped. */
  wasCut: boolean;
}

/**
 * Collects all types in all enabled and selected regions, types without regions once. Every type in every region gets
 * one end, whatever happens.
 *
 * @throws only what the writer, `wanted` or `progress` throw, and an Error when a type's parent is missing
 */
export async function collectLive(options: LiveOptions): Promise<LiveFacts> {
  const { aws, account, signal } = options;
  const stop = () => aws.stop();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const isWhole = await collectAll(options);
    return {
      source: 'live',
      partition: aws.partition,
      accounts: [{ id: account }],
      regions: options.regions.regions,
      ...(options.regions.incomplete === undefined ? {} : { regionsIncomplete: options.regions.incomplete }),
      finished: isWhole,
    };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** @returns false when the run was stopped before everything had been asked for */
async function collectAll(options: LiveOptions): Promise<boolean> {
  const { types, aws, account, regions } = options;
  const names = regions.regions.filter(({ selected, status }) => selected && status === 'enabled');
  const run: Run = {
    ...options,
    names: names.map(({ region }) => region),
    hydrate: hydrateWith(aws),
    list: listWith(aws, account),
    enumerated: new Map(),
    isStopped: () => options.signal?.aborted ?? false,
    wasCut: false,
  };
  let failure: { readonly error: unknown } | undefined;
  const jobs = types.flatMap((type) => jobsOf(run, type));
  await Promise.all(
    jobs.map((job) =>
      job.catch((error: unknown) => {
        // A full disk or a bug: nothing more can be kept, so that asking on is of no use.
        failure ??= { error };
        aws.stop();
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
  return !run.wasCut;
}

function jobsOf(run: Run, type: ResourceType): readonly Promise<unknown>[] {
  if (type.listing.region !== undefined) return [spread(run, type)];
  return (type.reach === 'global' ? ['global'] : run.names).map((region) => enumerateOnce(run, type, region));
}

async function finish(run: Run, type: ResourceType, region: string, collecting: Collecting): Promise<CollectionEnd> {
  const end = collecting.end();
  if (!end.complete && run.isStopped()) run.wasCut = true;
  await run.writer.end(run.account, region, type.type, end);
  const { records } = collecting;
  run.progress?.({ kind: 'collected', region, type: type.type, records, complete: end.complete });
  return end;
}

async function keep(run: Run, type: ResourceType, resource: Resource, collecting: Collecting): Promise<void> {
  let known = resource;
  const asked = new Set<string>();
  for (;;) {
    const wanted = run.wanted(type, known).filter((group) => !asked.has(group));
    if (wanted.length === 0) break;
    for (const group of wanted) asked.add(group);
    known = await run.hydrate(type, known, wanted);
  }
  run.writer.add(known);
  collecting.records += 1;
}

/** A type that others wait for is still enumerated only once. */
function enumerateOnce(run: Run, type: ResourceType, region: string): Promise<Enumerated> {
  const key = `${region}/${type.type}`;
  const found = run.enumerated.get(key) ?? enumerate(run, type, region);
  run.enumerated.set(key, found);
  return found;
}

async function enumerate(run: Run, type: ResourceType, region: string): Promise<Enumerated> {
  const collecting = startCollecting();
  const referred = membersReferredTo(type, run.types);
  const members: JsonObject[] = [];
  const take: Take = async (resource) => {
    if (referred.length > 0) members.push(project(resource.properties, referred));
    await keep(run, type, resource, collecting);
  };
  const parents = await parentsOf(run, type, region, collecting);
  await inParallel(parents, listsAtOnce, async (parent) => {
    if (run.isStopped()) collecting.stop();
    else await run.list(type, region, parent, collecting, run.isStopped, take);
  });
  return { end: await finish(run, type, region, collecting), members };
}

async function parentsOf(
  run: Run,
  type: ResourceType,
  region: string,
  collecting: Collecting,
): Promise<readonly JsonObject[]> {
  if (type.listing.parent === undefined) return [{}];
  const parent = run.types.find((candidate) => candidate.type === type.listing.parent);
  if (parent === undefined) throw new Error(`${type.type} is listed by ${type.listing.parent}, which is not collected`);
  const { end, members } = await enumerateOnce(run, parent, region);
  collecting.inherit(end, parent.noun);
  return members;
}

/** Lists once for all regions, and gives each region its own. */
async function spread(run: Run, type: ResourceType): Promise<void> {
  const all = startCollecting();
  const each = new Map(run.names.map((region) => [region, startCollecting()]));
  const leftOut = new Map<string, number>();
  const take: Take = async (resource) => {
    const collecting = each.get(resource.region);
    if (collecting !== undefined) await keep(run, type, resource, collecting);
    else leftOut.set(resource.region, (leftOut.get(resource.region) ?? 0) + 1);
  };
  if (run.isStopped()) all.stop();
  else await run.list(type, 'global', {}, all, run.isStopped, take);
  for (const [region, collecting] of each) {
    collecting.inherit(all.end(), type.noun);
    await finish(run, type, region, collecting);
  }
  for (const [region, records] of [...leftOut].sort(([a], [b]) => byCodeUnit(a, b))) {
    run.progress?.({ kind: 'left-out', region, type: type.type, records });
    if (isAccountedFor(run, region)) continue;
    const collecting = startCollecting();
    collecting.inherit(all.end(), type.noun);
    const noun = records === 1 ? `${type.noun} lies` : `${type.noun}s lie`;
    collecting.flaw('0', 'not-collected', `${records} ${noun} in ${region}, which is not enabled for the account`);
    await finish(run, type, region, collecting);
  }
}

/**
 * Whether the manifest says by itself that a region was not looked at: the user confined the collection to others, or
 * nobody knows which there are. Else nothing that exists may stay out of sight.
 */
function isAccountedFor({ regions: { regions, incomplete } }: Run, region: string): boolean {
  const listed = regions.find((one) => one.region === region);
  if (listed !== undefined) return !listed.selected;
  return incomplete !== undefined || regions.some(({ selected }) => !selected);
}

/** The root members of a type that its children's calls and copies refer to. */
function membersReferredTo(type: ResourceType, types: readonly ResourceType[]): readonly string[] {
  const children = types.filter((child) => child.listing.parent === type.type);
  const paths = children.flatMap(({ listing }) => [
    ...Object.values(listing.inherit ?? {}),
    ...[...JSON.stringify(listing.call.input ?? {}).matchAll(/"from":"([^"]+)"/g)].map(([, path]) => path ?? ''),
  ]);
  const names = paths.filter((path) => !path.startsWith('@')).map((path) => path.split('.')[0] ?? '');
  return [...new Set(names)].sort(byCodeUnit);
}

function project(properties: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}
