import type { ChangedPart, Proposal, ProposalCoverage, ProposedChange } from '../model/proposal.ts';
import { byCodeUnit } from '../model/value.ts';

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

/** What several templates would do together. Whether they are deployed in turn makes no difference to what comes of it. */
export function mergeProposals(first: Proposal, others: readonly Proposal[]): Proposal {
  if (others.length === 0) return first;
  const proposals = [first, ...others];
  const owners = ownersOf(proposals);
  const places = new Map(
    proposals.flatMap((one) => one.places.map((place) => [`${place.account}/${place.region}`, place] as const)),
  );
  const keyed = proposals.flatMap(({ changes }) => changes.map((change) => [placeKey(change), change] as const));
  return {
    ...first,
    files: proposals.flatMap(({ files }) => files),
    places: [...places.values()].sort((a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region)),
    types: new Set(proposals.flatMap(({ types }) => [...types])),
    changes: keyed.sort(([a], [b]) => byCodeUnit(a, b)).map(([, change]) => change),
    coverage: coverageOf(proposals),
    doubts: proposals.flatMap(({ doubts, files }) =>
      doubts.map(({ code, detail }) => ({ code, detail: `${files.join(', ')}: ${detail}` })),
    ),
    trace: (part, attribute) => owners.get(part)?.trace(part, attribute) ?? [],
    placeOf: (part, attribute) => owners.get(part)?.placeOf?.(part, attribute),
  };
}
