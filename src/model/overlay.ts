import { broughtBy } from './brought.ts';
import { collectionKey, type Edits, editedSnapshot, type SnapshotEdits } from './edited-snapshot.ts';
import type { Foreseen } from './foreseen.ts';
import { type Laid, layAll } from './laid-changes.ts';
import { findLive } from './live-match.ts';
import { proposalEnd, proposalEntry, renamed } from './planned.ts';
import type { Doubt, Proposal } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import { type SettingOf, settle } from './settle.ts';
import { ledgerKey, type Snapshot } from './snapshot.ts';
import { byCodeUnit } from './value.ts';

type Types = ReadonlyMap<string, ResourceType>;

/** By `account/region/type`, then by id. */
type Working = Map<string, Map<string, Resource | undefined>>;

function edit(working: Working, record: Resource, value: Resource | undefined): void {
  const key = collectionKey(record);
  const edits = working.get(key) ?? new Map<string, Resource | undefined>();
  working.set(key, edits.set(record.id, value));
}

/** The settings of accounts and regions that AWS fills new resources from, as they are live. */
async function settingsOf(live: Snapshot, proposal: Proposal, types: Types): Promise<SettingOf> {
  const wanted = new Set(
    [...types.values()].flatMap((type) => {
      const form = proposal.source === 'terraform-plan' ? type.terraform : type.cloudformation;
      return Object.values(form?.settledBy ?? {}).map((settlement) => settlement.type);
    }),
  );
  const settings = new Map<string, Resource>();
  for (const collection of live.manifest.collections) {
    if (!wanted.has(collection.type)) continue;
    for await (const batch of live.records(collection))
      for (const record of batch) settings.set(collectionKey(record), record);
  }
  return (type, account, region) =>
    settings.get(collectionKey({ account, region, type })) ??
    settings.get(collectionKey({ account, region: 'global', type }));
}

/** What the snapshot lacks of the places that the change reaches. */
function beyond({ manifest }: Snapshot, proposal: Proposal, types: Types) {
  const accounts = new Set(manifest.accounts.map(({ id }) => id));
  const regions = new Set(manifest.regions.map(({ account, region }) => `${account}/${region}`));
  const foreign = proposal.places.filter(({ account, region }) => !regions.has(`${account}/${region}`));
  const ids = [...new Set(foreign.map(({ account }) => account))].filter((id) => !accounts.has(id));
  const ends = foreign.flatMap((place) =>
    [...types.values()].flatMap(({ type, reach }) => (reach === 'global' ? [] : [proposalEnd(proposal, place, type)])),
  );
  const global = ids.flatMap((account) =>
    [...types.values()].flatMap(({ type, reach }) =>
      reach === 'global' ? [proposalEnd(proposal, { account, region: 'global' }, type)] : [],
    ),
  );
  const missing = proposal.changes.flatMap(({ before, after }) => {
    const record = after ?? before;
    return record === undefined ? [] : [proposalEnd(proposal, record, record.type)];
  });
  return {
    accounts: ids.map((id) => ({ id })),
    regions: foreign.map((place) => ({ ...place, status: 'enabled' as const, selected: true })),
    ends: [...new Map([...missing, ...ends, ...global].map((end) => [collectionKey(end), end])).values()],
  };
}

function doubtsOf({ manifest }: Snapshot, { changes }: Proposal): readonly Doubt[] {
  const known = new Set(manifest.regions.flatMap((one) => [`${one.account}/${one.region}`, `${one.account}/global`]));
  const counts = new Map<string, number>();
  for (const { before, after } of changes) {
    const record = after ?? before;
    const place = record && `${record.account}/${record.region}`;
    if (place !== undefined && !known.has(place)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([place, count]) => {
      const [account, region] = place.split('/');
      const many = `${count} ${count === 1 ? 'resource' : 'resources'}`;
      return {
        code: 'elsewhere',
        detail: `${many} in ${account}, ${region}, of which the snapshot has nothing, judged by the document alone`,
      };
    });
}

const namesShown = 5;

/** What is said to be there, and is not where the snapshot was taken. */
function missingOf({ manifest }: Snapshot, laid: readonly Laid[]): readonly Doubt[] {
  const known = new Set(manifest.regions.flatMap((one) => [`${one.account}/${one.region}`, `${one.account}/global`]));
  const missing = laid.flatMap(({ change: { action, before, after, declared }, live }) => {
    const record = before ?? after;
    const isExpected = action !== 'none' && action !== 'create' && live === undefined && record !== undefined;
    return isExpected && known.has(`${record.account}/${record.region}`) ? [declared.address] : [];
  });
  if (missing.length === 0) return [];
  const names = [...new Set(missing)];
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  const they = names.length === 1 ? 'is not in the snapshot: it was' : 'are not in the snapshot: they were';
  return [
    {
      code: 'elsewhere',
      detail: `${names.slice(0, namesShown).join(', ')}${more} ${they} judged by the document alone`,
    },
  ];
}

/**
 * A live account before and after a change: the snapshot, and the snapshot with the change laid over it. What the change
 * does not touch, or does not tell, is what it is live.
 */
export async function overlay(live: Snapshot, proposal: Proposal, types: Types): Promise<Foreseen> {
  const { matches, orphans } = await findLive(live, proposal, types);
  const laid = proposal.changes.map((change): Laid => ({ change, live: matches.get(change) }));
  const { changes, doubts } = layAll(laid, proposal, types);
  const settled = settle({ changes, source: proposal.source }, types, await settingsOf(live, proposal, types));
  const before: Working = new Map();
  const after: Working = new Map();
  const existing = new Map<string, Set<string>>();
  for (const { change, live: there } of laid) {
    if (there === undefined) {
      if (change.before !== undefined) edit(before, change.before, change.before);
      continue;
    }
    edit(after, there, undefined);
    const key = collectionKey(there);
    existing.set(key, (existing.get(key) ?? new Set()).add(there.id));
  }
  for (const record of [...(await broughtBy(live, proposal, types)), ...settled]) edit(after, record, record);
  const lacking = beyond(live, proposal, types);
  const places = [...proposal.places, ...new Set(proposal.places.map(({ account }) => account))].map((place) =>
    typeof place === 'string' ? { account: place, region: 'global' } : place,
  );
  const ledger = places.map((place) => {
    const entry = proposalEntry(proposal, place);
    return [ledgerKey(entry.account, entry.region, entry.key), entry] as const;
  });
  const editsOf = (working: ReadonlyMap<string, Edits>): SnapshotEdits => ({
    collections: working,
    ...lacking,
    ledger,
  });
  const was = new Map(
    laid.flatMap(({ change, live: there }, index) => renamed(there ?? change.before, changes[index]?.after)),
  );
  return {
    before: editedSnapshot(live, editsOf(before), new Map()),
    after: editedSnapshot(live, editsOf(after), existing),
    doubts: [...doubtsOf(live, proposal), ...missingOf(live, laid), ...doubts, ...orphans],
    was,
  };
}
