import type { LedgerEntry } from '../model/snapshot.ts';
import { isObject } from '../model/value.ts';
import type { Aws } from './aws.ts';
import { describeRegions } from './own-calls.ts';

export interface DiscoveredRegion {
  readonly region: string;
  readonly status: 'enabled' | 'disabled';
}

/** All regions of the account and whether they are switched on; none unless the entry is `complete`. */
export async function discoverRegions(
  aws: Aws,
  account: string,
  region: string,
): Promise<{ readonly regions: readonly DiscoveredRegion[]; readonly entry: LedgerEntry }> {
  const question = { account, region, call: describeRegions, input: { AllRegions: true } };
  const { entry, value } = await aws.ask(question, 'Regions[]');
  const regions: DiscoveredRegion[] = [];
  for (const each of Array.isArray(value) ? value : []) {
    if (!isObject(each) || typeof each.RegionName !== 'string') {
      const error = { name: 'WrongAnswer', message: 'the answer holds a region without a name' };
      return { regions: [], entry: { ...entry, outcome: 'failed', error } };
    }
    const off = each.OptInStatus === 'not-opted-in';
    regions.push({ region: each.RegionName, status: off ? 'disabled' : 'enabled' });
  }
  return { regions, entry };
}
