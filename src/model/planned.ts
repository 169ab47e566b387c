import type { Foreseen } from './foreseen.ts';
import { type MemoryEnd, memorySnapshot } from './memory-snapshot.ts';
import type { Doubt, Proposal } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import { settle } from './settle.ts';
import type { LedgerEntry, Snapshot } from './snapshot.ts';

/** Doubts about the document itself, because of which it may not even tell all that it declares. */
const wholesale: ReadonlySet<Doubt['code']> = new Set(['errored', 'incomplete', 'deferred', 'unexpanded']);

type Place = Proposal['home'];

/** What records of a proposal cite as their call. */
export function proposalCall({ call }: Pick<Proposal, 'call'>): string {
  return call.join(':');
}

export function proposalEntry(proposal: Proposal, place: Place): LedgerEntry {
  const [service, operation] = proposal.call;
  const time = new Date(proposal.now).toISOString();
  return {
    key: proposalCall(proposal),
    ...place,
    service,
    operation,
    input: {},
    outcome: 'complete',
    permission: '',
    pages: 1,
    items: proposal.changes.length,
    attempts: 1,
    requestIds: [],
    startedAt: time,
    answeredAt: time,
  };
}

/** A declaration never tells all that an account has, so that no list of it is whole. */
export function proposalEnd(proposal: Proposal, place: Place, type: string): MemoryEnd {
  const { noun, types, doubts } = proposal;
  const flaw = doubts.find(({ code }) => wholesale.has(code));
  const only = types.has(type) ? `a ${noun} tells only of what it declares` : `a ${noun} is not read for ${type}`;
  const detail = types.has(type) && flaw !== undefined ? flaw.detail : only;
  return { ...place, type, complete: false, reason: 'not-collected', detail, calls: [proposalCall(proposal)] };
}

/**
 * The part of an account that a plan or template declares, before and after the change, as snapshots that are judged like
 * any other: each resource by what is declared, no list as whole.
 */
export function planned(proposal: Proposal, types: ReadonlyMap<string, ResourceType>): Foreseen {
  const before = proposal.changes.flatMap((change) => change.before ?? []);
  const after = settle(proposal, types, undefined);
  const was = new Map(proposal.changes.flatMap((change) => renamed(change.before, change.after)));
  const shared = partsOf(proposal, types);
  // A setting that stands at several addresses is one record.
  const sideOf = (records: readonly Resource[]) => snapshotOf(proposal, shared, [...new Set(records)]);
  return { before: sideOf(before), after: sideOf(after), doubts: [], was };
}

/** A resource that has another id after the change than before it. */
export function renamed(before: Resource | undefined, after: Resource | undefined): readonly [string, string][] {
  if (before === undefined || after === undefined || before.id === after.id) return [];
  return [[`${after.account}/${after.region}/${after.type}/${after.id}`, before.id]];
}

/** What both sides share: the places, and how each list there ended. */
interface Shared {
  readonly regional: readonly Place[];
  readonly global: readonly Place[];
  readonly ends: readonly MemoryEnd[];
}

function partsOf(proposal: Proposal, types: ReadonlyMap<string, ResourceType>): Shared {
  const regional = proposal.places;
  const global = [...new Set(regional.map(({ account }) => account))].map((account) => ({ account, region: 'global' }));
  const ends = [...types.values()].flatMap(({ type, reach }) =>
    (reach === 'global' ? global : regional).map((place) => proposalEnd(proposal, place, type)),
  );
  return { regional, global, ends };
}

function snapshotOf(proposal: Proposal, { regional, global, ends }: Shared, records: readonly Resource[]): Snapshot {
  const time = new Date(proposal.now).toISOString();
  return memorySnapshot(
    {
      source: proposal.source,
      partition: proposal.partition,
      accounts: global.map(({ account }) =>
        /^0+$/.test(account) ? { id: account, name: `not named by the ${proposal.noun}` } : { id: account },
      ),
      regions: regional.map((place) => ({ ...place, status: 'enabled', selected: true })),
      finished: !proposal.doubts.some(({ code }) => wholesale.has(code)),
      startedAt: time,
      finishedAt: time,
    },
    [...regional, ...global].map((place) => proposalEntry(proposal, place)),
    records,
    ends,
  );
}
