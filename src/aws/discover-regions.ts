import { ProvisoError } from '../errors.ts';
import { blame } from '../model/blame.ts';
import { nearest } from '../model/nearest.ts';
import type { LedgerEntry, Manifest, SnapshotRegion } from '../model/snapshot.ts';
import { byCodeUnit, isObject, type Json } from '../model/value.ts';
import type { Aws } from './aws.ts';
import { describeRegions } from './own-calls.ts';

/** The regions of an account, and which of them are to be collected: those that are enabled and selected. */
export interface RegionPlan {
  readonly regions: readonly SnapshotRegion[];
  readonly incomplete: NonNullable<Manifest['regionsIncomplete']> | undefined;
  /** What the user should know: a region that was asked for and is switched off. */
  readonly notices: readonly string[];
}

export interface RegionWish {
  readonly account: string;
  /** The user's choice; undefined stands for all. */
  readonly selected: readonly string[] | undefined;
  /** The region that the calls are configured for; the only one that is known when the others cannot be discovered. */
  readonly home: string;
}

/** Regions that do not belong to the commercial partition are known by how their names begin. */
const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

export function partitionOf(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/**
 * Asks AWS which regions there are, and matches them with the user's choice.
 *
 * @throws ProvisoError 'usage' when the user chose a region that does not exist
 */
export async function discoverRegions(aws: Aws, wish: RegionWish): Promise<RegionPlan> {
  const found = new Map<string, SnapshotRegion['status']>();
  const first = await ask(aws, wish, wish.home, found);
  // An endpoint refuses to speak of a region that it does not know, when that is where it is asked.
  const retry = first.entry.outcome === 'failed' && wish.selected !== undefined;
  const { entry, unreadable } = retry ? await ask(aws, wish, 'global', found) : first;
  const { reason, detail } = blame(entry);
  if (entry.outcome !== 'complete') return undiscovered(wish, found, { reason, detail });
  if (found.size === 0 || unreadable) {
    return undiscovered(wish, found, { reason: 'failed', detail: 'the list of regions cannot be read' });
  }
  return plan(wish, found);
}

/** Asks in one region for all of them. */
async function ask(
  aws: Aws,
  { account }: RegionWish,
  region: string,
  found: Map<string, SnapshotRegion['status']>,
): Promise<{ readonly entry: LedgerEntry; readonly unreadable: boolean }> {
  let unreadable = false;
  const question = { account, region, call: describeRegions, input: { AllRegions: true } };
  const entry = await aws.list(question, 'Regions[]', (items) => {
    for (const item of items) {
      const read = readRegion(item);
      if (read === undefined) unreadable = true;
      else if (partitionOf(read.name) === aws.partition) found.set(read.name, read.status);
    }
  });
  return { entry, unreadable };
}

/** A status that is not known to mean "off" is taken for "on": the region is asked, and its answers show the truth. */
function readRegion(item: Json): { readonly name: string; readonly status: SnapshotRegion['status'] } | undefined {
  if (!isObject(item) || typeof item.RegionName !== 'string') return undefined;
  return { name: item.RegionName, status: item.OptInStatus === 'not-opted-in' ? 'disabled' : 'enabled' };
}

function plan({ account, selected }: RegionWish, found: ReadonlyMap<string, SnapshotRegion['status']>): RegionPlan {
  const unknown = [...new Set(selected ?? [])].filter((region) => !found.has(region));
  if (unknown.length > 0) throw noSuchRegion(unknown, found);
  const regions = [...found]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([region, status]) => ({ account, region, status, selected: selected?.includes(region) ?? true }));
  const off = selected === undefined ? [] : regions.filter((listed) => listed.selected && listed.status === 'disabled');
  const notices = off.map(
    ({ region }) => `region ${region} is switched off for account ${account}: nothing to collect`,
  );
  return { regions, incomplete: undefined, notices };
}

function noSuchRegion(unknown: readonly string[], found: ReadonlyMap<string, unknown>): ProvisoError {
  const names = [...found.keys()].sort(byCodeUnit);
  const shown = unknown.map((region) => `'${region.slice(0, 60)}'`).join(', ');
  const near = unknown.flatMap((region) => nearest(region, names) ?? []);
  const hint =
    near.length > 0 ? `did you mean ${[...new Set(near)].join(', ')}?` : `the regions are ${names.join(', ')}`;
  return new ProvisoError('usage', `there is no region ${shown}`, { hint });
}

/** Whatever was found, chosen or configured; there may be more, which is said. */
function undiscovered(
  { account, selected, home }: RegionWish,
  found: ReadonlyMap<string, SnapshotRegion['status']>,
  incomplete: NonNullable<RegionPlan['incomplete']>,
): RegionPlan {
  const names = [...new Set([...(selected ?? []), ...found.keys(), ...(found.size === 0 && !selected ? [home] : [])])];
  const regions = names.sort(byCodeUnit).map((region) => ({
    account,
    region,
    status: found.get(region) ?? 'enabled',
    selected: selected?.includes(region) ?? true,
  }));
  return { regions, incomplete, notices: [] };
}
