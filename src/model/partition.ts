import { findCall } from './ledger.ts';
import type { ResourceType } from './resource-type.ts';
import type { Collection, Manifest, Snapshot } from './snapshot.ts';
import { byCodeUnit, type Unknown, unknown } from './value.ts';

/** What a snapshot knows of one type in one account and region. */
export interface Partition {
  readonly region: string;
  /**
   * `missing`: the region was asked for, but the type was never enumerated there; `unselected`: the user left the region
   * out; `unlisted`: the caller wants it and the snapshot does not know it; `disabled`: nothing can be there.
   */
  readonly state: 'collected' | 'missing' | 'unselected' | 'unlisted' | 'disabled';
  readonly collection: Collection | undefined;
  /** Why there may be more than the collection's records; undefined when there cannot. */
  readonly incomplete: Unknown | undefined;
}

/** Answers what was collected where. */
export interface Coverage {
  /** By region. `wanted` are regions that the caller expects besides those that the snapshot lists. */
  partitions(
    account: string,
    type: Pick<ResourceType, 'type' | 'reach'>,
    wanted?: readonly string[],
  ): readonly Partition[];
  /** Set when the account may have a region of which the snapshot knows nothing. */
  unseenRegions(account: string): Unknown | undefined;
}

/** Why a collection may lack records, and the call to blame: the first one whose ledger line is not whole. */
function incompleteness(snapshot: Snapshot, collection: Collection): Unknown | undefined {
  if (collection.complete) return undefined;
  const { account, region, calls } = collection;
  const failed = calls.find(
    (key) => (findCall(snapshot.ledger, account, region, key)?.outcome ?? 'complete') !== 'complete',
  );
  return unknown(collection.reason ?? 'failed', collection.detail, failed ?? calls[0]);
}

function regionsOf(manifest: Manifest, account: string): ReadonlyMap<string, Partition['state']> {
  const states = new Map<string, Partition['state']>();
  for (const listed of manifest.regions) {
    if (listed.account !== account) continue;
    states.set(listed.region, listed.status === 'disabled' ? 'disabled' : listed.selected ? 'missing' : 'unselected');
  }
  return states;
}

const globalOnly: ReadonlyMap<string, Partition['state']> = new Map([['global', 'missing']]);

function notCollected(type: string, region: string, state: Partition['state']): Unknown | undefined {
  if (state === 'disabled') return undefined;
  const why = {
    missing: `${type} was not collected in ${region}`,
    unselected: `${region} was left out of the collection`,
    unlisted: `the snapshot has nothing of ${region}`,
    collected: '',
  };
  return unknown('not-collected', why[state]);
}

const byRegion = (a: Partition, b: Partition) => byCodeUnit(a.region, b.region);

/** Reads the manifest once and indexes its collections. */
export function coverageOf(snapshot: Snapshot): Coverage {
  const { manifest } = snapshot;
  const collections = new Map<string, Collection[]>();
  for (const collection of manifest.collections) {
    const key = `${collection.account}/${collection.type}`;
    const same = collections.get(key);
    if (same === undefined) collections.set(key, [collection]);
    else same.push(collection);
  }
  const regions = new Map<string, ReadonlyMap<string, Partition['state']>>();
  const listedRegions = (account: string) => {
    const known = regions.get(account) ?? regionsOf(manifest, account);
    regions.set(account, known);
    return known;
  };
  const gaps = new Map(manifest.accounts.map(({ id, regionsIncomplete }) => [id, regionsIncomplete]));
  return {
    unseenRegions(account) {
      const gap = gaps.get(account) ?? manifest.regionsIncomplete;
      return gap && unknown(gap.reason, gap.detail ?? 'the regions of the account could not be listed');
    },
    partitions(account, type, wanted = []) {
      const states = new Map(type.reach === 'global' ? globalOnly : listedRegions(account));
      const unlisted = type.reach === 'global' ? [] : wanted.filter((region) => !states.has(region));
      for (const region of unlisted) states.set(region, 'unlisted');
      const found = new Map<string, Partition>();
      for (const [region, state] of states) {
        found.set(region, { region, state, collection: undefined, incomplete: notCollected(type.type, region, state) });
      }
      for (const collection of collections.get(`${account}/${type.type}`) ?? []) {
        const incomplete = incompleteness(snapshot, collection);
        found.set(collection.region, { region: collection.region, state: 'collected', collection, incomplete });
      }
      return [...found.values()].sort(byRegion);
    },
  };
}
