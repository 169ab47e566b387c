import { type ChangeAction, changeActions, type Doubt, type Proposal, type ProposedChange } from '../model/proposal.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Assessment, ClauseSummary, GateCoverage, GateSummary } from './finding.ts';

/** What a gate's summary is made of, once both sides were judged. */
export interface Gated {
  readonly proposal: Proposal;
  /** The snapshot that the change was laid over. */
  readonly live?: Snapshot;
  readonly doubts: readonly Doubt[];
  readonly rulesLeftOut: readonly string[];
  readonly coverage: GateCoverage;
  /** The assessment before the change. */
  readonly before: Assessment;
  /** The assessment after the change, compared with the one before. */
  readonly after: Assessment;
}

/** What becomes of a resource, or of what is added to one that is declared elsewhere. */
function actionOf({ action, isPartial, parts }: ProposedChange): ChangeAction {
  const [first, ...others] = parts;
  return isPartial === true && first !== undefined && others.every((part) => part.action === first.action)
    ? first.action
    : action;
}

function countChanges({ changes }: Proposal): Readonly<Record<ChangeAction, number>> {
  const counts: Record<ChangeAction, number> = { create: 0, update: 0, replace: 0, delete: 0, forget: 0, none: 0 };
  for (const change of changes) counts[actionOf(change)] += 1;
  return Object.fromEntries(changeActions.map((action) => [action, counts[action]])) as Record<ChangeAction, number>;
}

type Side = Pick<Assessment, 'clauses' | 'rules'>;

/** Clauses that are broken on one side alone. */
function brokenOnly(side: Side, other: Side): readonly ClauseSummary[] {
  const broken = new Set(other.clauses.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id));
  return side.clauses.filter(({ id, verdict }) => verdict === 'broken' && !broken.has(id));
}

function unknowns({ rules }: Side): ReadonlyMap<string, number> {
  return new Map(rules.map(({ id, outcomes }) => [id, outcomes.unknown + outcomes['not-evaluated']]));
}

/** Clauses whose failures are gone. One whose failure cannot be judged any more is not mended. */
function mendedBy(before: Side, after: Side): readonly ClauseSummary[] {
  const [then, now] = [unknowns(before), unknowns(after)];
  return brokenOnly(before, after).filter(({ rules }) =>
    rules.every((id) => (now.get(id) ?? 0) <= (then.get(id) ?? 0)),
  );
}

/** Each doubt once, in the order in which they were raised. */
function distinct(doubts: readonly Doubt[]): readonly Doubt[] {
  return [...new Map(doubts.map((doubt) => [`${doubt.code} ${doubt.detail}`, doubt])).values()];
}

export function summariseGate({ proposal, live, doubts, rulesLeftOut, coverage, before, after }: Gated): GateSummary {
  const { source, files, madeAt } = proposal;
  return {
    source,
    files,
    ...(madeAt === undefined ? {} : { madeAt: new Date(madeAt).toISOString() }),
    ...(live === undefined
      ? {}
      : {
          live: {
            digest: live.manifest.contentDigest,
            takenAt: new Date(live.manifest.startedAt).toISOString(),
          },
        }),
    changes: countChanges(proposal),
    coverage,
    doubts: distinct(doubts),
    rulesLeftOut,
    broken: brokenOnly(after, before).map(({ id }) => id),
    mended: mendedBy(before, after).map(({ id }) => id),
    unknown: after.rules.reduce((sum, { introducedUnknown = 0 }) => sum + introducedUnknown, 0),
  };
}
