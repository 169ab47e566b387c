import type { ChangedPart, Doubt, Proposal, ProposalCoverage, ProposedChange } from '../model/proposal.ts';
import type { Resource } from '../model/resource.ts';
import { same } from '../model/same.ts';
import { byCodeUnit, type Found, isUnknown, unknown } from '../model/value.ts';

function coverageOf(proposals: readonly Proposal[]): ProposalCoverage {
  const sum = (of: (coverage: ProposalCoverage) => number) =>
    proposals.reduce((total, { coverage }) => total + of(coverage), 0);
  const counts = new Map<string, number>();
  for (const { type, count } of proposals.flatMap(({ coverage }) => coverage.unmapped))
    counts.set(type, (counts.get(type) ?? 0) + count);
  return {
    declared: sum(({ declared }) => declared),
    mapped: sum(({ mapped }) => mapped),
    unmapped: [...counts].sort(([a], [b]) => byCodeUnit(a, b)).map(([type, count]) => ({ type, count })),
  };
}

function placeKey({ after, before, type, declared }: ProposedChange): string {
  const { account = '', region = '', id = '' } = after ?? before ?? {};
  return `${account}/${region}/${type}/${id}/${declared.address}`;
}

/** Which proposal a part is from. */
function ownersOf(proposals: readonly Proposal[]): ReadonlyMap<ChangedPart, Proposal> {
  return new Map(
    proposals.flatMap((proposal) =>
      proposal.changes.flatMap(({ parts }) => parts.map((part) => [part, proposal] as const)),
    ),
  );
}

/** A value that is told to its end; a list that others may add to is not. */
function isWhole(value: Found): boolean {
  return value !== undefined && !isUnknown(value) && !(Array.isArray(value) && value.some(isUnknown));
}

/** The properties of one resource that several documents set, each to something else. */
function disputedIn(records: readonly Resource[]): readonly string[] {
  const names = new Set(records.flatMap(({ properties }) => Object.keys(properties)));
  return [...names].sort(byCodeUnit).filter((name) => {
    const [first, ...rest] = records.map(({ properties }) => properties[name]).filter(isWhole);
    return rest.some((value) => !same(value, first));
  });
}

const disputed = 'several documents set it differently';

function withoutDisputed(record: Resource, names: readonly string[]): Resource {
  const properties = { ...record.properties };
  const calls = { ...record.calls };
  const gaps = { ...record.gaps };
  for (const name of names) {
    properties[name] = unknown('known-after-apply', disputed);
    if (calls[name] === undefined) continue;
    delete properties[name];
    delete calls[name];
    gaps[name] = { reason: 'known-after-apply', detail: disputed };
  }
  return { ...record, properties, calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

/** Changes of one resource by several documents: where they contradict each other, nobody knows which comes last. */
function reconcile(changes: readonly ProposedChange[]): {
  readonly changes: readonly ProposedChange[];
  readonly doubts: readonly Doubt[];
} {
  const groups = new Map<string, ProposedChange[]>();
  for (const change of changes) {
    if (change.after === undefined) continue;
    const { account, region, type, id } = change.after;
    const key = JSON.stringify([account, region, type, id]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const mended = new Map<ProposedChange, ProposedChange>();
  const doubts: Doubt[] = [];
  for (const group of groups.values()) {
    const names = disputedIn(group.flatMap(({ after }) => after ?? []));
    if (names.length === 0) continue;
    const addresses = group.map(({ declared }) => declared.address).sort(byCodeUnit);
    const detail = `${addresses.join(', ')} set ${names.join(', ')} of ${group[0]?.after?.id} differently: whichever is deployed last counts`;
    doubts.push({ code: 'incomplete', detail });
    for (const change of group) {
      const { after, ifThere } = change;
      mended.set(change, {
        ...change,
        ...(after === undefined ? {} : { after: withoutDisputed(after, names) }),
        ...(ifThere === undefined ? {} : { ifThere: withoutDisputed(ifThere, names) }),
      });
    }
  }
  return { changes: changes.map((change) => mended.get(change) ?? change), doubts };
}

/**
 * What several plans or templates would do together. Whether they are deployed in turn makes no difference to what comes of it,
 * but for what they contradict each other in.
 */
export function mergeProposals(first: Proposal, others: readonly Proposal[]): Proposal {
  if (others.length === 0) return first;
  const proposals = [first, ...others];
  const owners = ownersOf(proposals);
  const places = new Map(
    proposals.flatMap((one) => one.places.map((place) => [`${place.account}/${place.region}`, place] as const)),
  );
  const keyed = proposals.flatMap(({ changes }) => changes.map((change) => [placeKey(change), change] as const));
  const sorted = keyed.sort(([a], [b]) => byCodeUnit(a, b)).map(([, change]) => change);
  const { changes, doubts } = reconcile(sorted);
  const made = proposals.flatMap(({ madeAt }) => madeAt ?? []);
  return {
    ...first,
    // The oldest tells how stale they are.
    ...(made.length === 0 ? {} : { madeAt: Math.min(...made) }),
    files: proposals.flatMap(({ files }) => files),
    places: [...places.values()].sort((a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region)),
    types: new Set(proposals.flatMap(({ types }) => [...types])),
    changes,
    coverage: coverageOf(proposals),
    doubts: [
      ...proposals.flatMap((one) =>
        one.doubts.map((doubt) => ({ ...doubt, detail: `${one.files.join(', ')}: ${doubt.detail}` })),
      ),
      ...doubts,
    ],
    trace: (part, attribute) => owners.get(part)?.trace(part, attribute) ?? [],
    placeOf: (part, attribute) => owners.get(part)?.placeOf?.(part, attribute),
  };
}

/** Those of several proposals, by index, that call something alike. */
export function alikeAmong(proposals: readonly Proposal[]): ReadonlySet<number> {
  const owners = new Map<string, number>();
  const alike = new Set<number>();
  for (const [index, { changes }] of proposals.entries())
    for (const address of new Set(changes.map(({ declared }) => declared.address))) {
      const owner = owners.get(address) ?? index;
      owners.set(address, owner);
      if (owner !== index) alike.add(owner).add(index);
    }
  return alike;
}
