import type { ChangedPart, Proposal, ProposedChange } from '../model/proposal.ts';
import { byCodeUnit } from '../model/value.ts';
import type { GateCoverage } from './finding.ts';

interface Unjudged {
  readonly type: string;
  readonly count: number;
  readonly hasRule: boolean;
}

/** Blocks that make up nothing that is judged, each with whether a rule is about what it makes up. */
function unjudgedBlocks(
  changes: readonly ProposedChange[],
  judged: ReadonlySet<ProposedChange>,
  ruled: ReadonlySet<string>,
): ReadonlyMap<string, { readonly part: ChangedPart; readonly hasRule: boolean }> {
  const seen = new Set(
    changes
      .filter((change) => judged.has(change))
      .flatMap(({ parts }) => parts.map(({ declared }) => declared.address)),
  );
  const left = new Map<string, { readonly part: ChangedPart; readonly hasRule: boolean }>();
  for (const { type, parts } of changes)
    for (const part of parts) {
      const { address } = part.declared;
      if (seen.has(address)) continue;
      left.set(address, { part, hasRule: ruled.has(type) || left.get(address)?.hasRule === true });
    }
  return left;
}

/**
 * How many of the blocks that are declared were judged: to be read is not enough, as a type may be read that no chosen
 * rule is about.
 *
 * @param judged what results are about
 * @param ruled types that a rule is about
 */
export function coverageOfGate(
  { changes, coverage }: Proposal,
  judged: ReadonlySet<ProposedChange>,
  ruled: ReadonlySet<string>,
): GateCoverage {
  const counts = new Map<string, Unjudged>();
  for (const { part, hasRule } of unjudgedBlocks(changes, judged, ruled).values()) {
    const key = `${part.type} ${hasRule}`;
    counts.set(key, { type: part.type, count: (counts.get(key)?.count ?? 0) + 1, hasRule });
  }
  const unjudged = [...counts].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
  const left = unjudged.reduce((sum, { count }) => sum + count, 0);
  return { ...coverage, judged: judged.size === 0 ? 0 : Math.max(0, coverage.mapped - left), unjudged };
}
