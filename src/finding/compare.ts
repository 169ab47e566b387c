import { type Change, type FixedResult, type Outcome, type Result, waiverType } from './finding.ts';
import { openDigest } from './open-digest.ts';
import type { Tally } from './tally.ts';
import { type PastEvidence, type Renamed, worsening } from './worsening.ts';

/** What is kept of an earlier run: its failures, and by what it judged. */
export interface Baseline {
  readonly facts: Change['baseline'];
  readonly accounts: readonly string[];
  /** Rule → digest. */
  readonly rules: ReadonlyMap<string, string>;
  readonly failures: readonly FixedResult[];
  /** Fingerprints of those failures that a waiver covered. */
  readonly waived?: ReadonlySet<string>;
  /** Set when it is the account before a change, which is compared with the same account after it. */
  readonly before?: Before;
}

/** What else is kept of an account before a change. */
export interface Before {
  /** What could not be judged: a digest of why, by `placeKey`. */
  readonly open: ReadonlyMap<string, string>;
  /** What was observed, by fingerprint, for failures that the change may make worse. */
  readonly observed: ReadonlyMap<string, PastEvidence>;
  /** Ids of what is made anew: `account/region/type/id` after the change → id before it. */
  readonly was: ReadonlyMap<string, string>;
  /** Rules that read a type of which something changes. */
  readonly concerned: ReadonlySet<string>;
  /** Whether the change alters what the result's rule reads of the result's own resource. */
  readonly alters: (result: Result) => boolean;
  /** Whether the change makes something unknown of what the result's rule reads of the result's own resource. */
  readonly obscures: (result: Result) => boolean;
}

/** One failure of then, and what became of it. */
interface Past {
  readonly failure: FixedResult;
  now: Outcome | undefined;
}

/** An earlier run while the results of a later one pass by. */
export interface Comparison {
  readonly baseline: Baseline;
  /** By rule, then by the resource's id; `''` for an account or region as a whole. */
  readonly past: ReadonlyMap<string, ReadonlyMap<string, readonly Past[]>>;
  introduced: number;
  worse: number;
  existing: number;
  /** Ids of what the change makes anew, without their places. */
  readonly renamed: Renamed;
  /** How many results cannot be judged because of the change, where there is one. */
  unknown: number;
}

const fixedLimit = 100;
const namesLimit = 5;

export function startComparison(baseline: Baseline): Comparison {
  const past = new Map<string, Map<string, Past[]>>();
  for (const failure of baseline.failures) {
    const ofRule = past.get(failure.rule) ?? new Map<string, Past[]>();
    const ofResource = ofRule.get(failure.resource ?? '') ?? [];
    ofResource.push({ failure, now: undefined });
    past.set(failure.rule, ofRule.set(failure.resource ?? '', ofResource));
  }
  return { baseline, past, introduced: 0, worse: 0, existing: 0, renamed: renamedBy(baseline), unknown: 0 };
}

function renamedBy({ before }: Baseline): Renamed {
  const afterLast = (key: string) => key.split('/').slice(3).join('/');
  return new Map([...(before?.was ?? [])].map(([key, id]) => [afterLast(key), id]));
}

/** Where a result stands: `rule/account/region/type/id`. */
export function placeKey(
  { rule, account, region, type }: Pick<Result, 'rule' | 'account' | 'region' | 'type'>,
  id: string,
): string {
  return `${rule}/${account}/${region}/${type}/${id}`;
}

/** The id by which the account before the change knew what a result is about. */
function idOfThen({ baseline }: Comparison, { account, region, type, resource }: Result): string {
  const id = resource?.id ?? '';
  return baseline.before?.was.get(`${account}/${region}/${type}/${id}`) ?? id;
}

/** The failure of then that has the same fingerprint; fingerprints themselves are too dear for every result. */
function pastOf({ past }: Comparison, result: Result, id: string): Past | undefined {
  const candidates = past.get(result.rule)?.get(id);
  const { account, region, type } = result;
  return candidates?.find(({ failure: one }) => one.account === account && one.region === region && one.type === type);
}

/** What a waiver covered then and none covers now was accepted until now: it counts again, as if it were new. */
function wasKnown({ baseline }: Comparison, { failure }: Past, { waiver }: Result): boolean {
  return waiver !== undefined || baseline.waived?.has(failure.fingerprint) !== true;
}

/**
 * Whether something that cannot be judged was no better before the change: it could not be judged for the same reasons, or
 * failed, and the change is not about what the rule reads. What failed before may be worse once nobody can tell. A rule
 * that lacks a parameter says nothing of what the change brings; nor does one that may not apply, where the change alters
 * what it would judge.
 */
function wasOpen(before: Before, result: Result, past: Past | undefined, id: string): boolean {
  if (result.type === waiverType) return true;
  if (past !== undefined) return !before.alters(result) && !before.concerned.has(result.rule);
  if (result.outcome === 'not-evaluated') return !before.concerned.has(result.rule);
  return before.open.get(placeKey(result, id)) === openDigest(result) && !before.alters(result);
}

function compareOpen(
  comparison: Comparison,
  result: Result,
  past: Past | undefined,
  id: string,
  tally?: Tally,
): Result {
  const { before } = comparison.baseline;
  if (before === undefined || result.outcome === 'pass' || result.outcome === 'not-applicable') return result;
  if (wasOpen(before, result, past, id)) return { ...result, change: 'existing' };
  comparison.unknown += 1;
  if (tally !== undefined) tally.introducedUnknown += 1;
  return { ...result, change: 'introduced' };
}

function compareOne(comparison: Comparison, result: Result, tallies: ReadonlyMap<string, Tally>): Result {
  const id = idOfThen(comparison, result);
  const past = pastOf(comparison, result, id);
  if (past !== undefined) past.now = result.outcome;
  const tally = tallies.get(result.rule);
  if (result.outcome !== 'fail') return compareOpen(comparison, result, past, id, tally);
  // What is wrong with a waiver is wrong with the policy, and no change to the account introduces it.
  const ofPolicy = comparison.baseline.before !== undefined && result.type === waiverType;
  const isKnown = ofPolicy || (past !== undefined && wasKnown(comparison, past, result));
  const marked = isKnown ? compareKnown(comparison, result, past) : ({ ...result, change: 'introduced' } as const);
  if (!ofPolicy) comparison[marked.change] += 1;
  if (marked.worse === true) comparison.worse += 1;
  if (tally !== undefined && marked.change === 'introduced' && result.waiver === undefined) tally.introduced += 1;
  return marked;
}

type Marked = Result & Required<Pick<Result, 'change'>>;

/** A failure that there was before a change: introduced, if it is one for more than it was then. */
function compareKnown({ baseline, renamed }: Comparison, result: Result, past: Past | undefined): Marked {
  const existing: Marked = { ...result, change: 'existing' };
  const { before } = baseline;
  const then = past && before?.observed.get(past.failure.fingerprint);
  if (before === undefined || then === undefined) return existing;
  const found = worsening(then, result, renamed, before.alters(result));
  // What is unknown beside what fails is no observation of the failure, and may be one more.
  if (found === undefined)
    return before.obscures(result) ? { ...existing, change: 'introduced', worse: true } : existing;
  const evidence = result.evidence.map((one) => (found.added.has(one) ? { ...one, added: true as const } : one));
  return { ...result, change: 'introduced', evidence, worse: true };
}

/** Marks failures as introduced or existing, and notes what became of the failures of then. */
export function compareAll(
  comparison: Comparison,
  results: readonly Result[],
  tallies: ReadonlyMap<string, Tally>,
): readonly Result[] {
  return results.map((result) => compareOne(comparison, result, tallies));
}

/**
 * Whether what failed then is certainly gone: its rule still judges its type, and the list of its account and region was
 * read to the end without it. Switching a region off removes nothing of what is there. What a policy says of its own waivers is known as a whole.
 */
function isGone({ rule, account, region, type }: FixedResult, tallies: ReadonlyMap<string, Tally>): boolean {
  if (type === waiverType) return true;
  const tally = tallies.get(rule);
  if (tally?.facts.type !== type) return false;
  return tally.population.some(
    (one) => one.account === account && one.region === region && one.complete && one.disabled === undefined,
  );
}

function isFixed({ failure, now }: Past, { baseline }: Comparison, tallies: ReadonlyMap<string, Tally>): boolean {
  if (now !== undefined) return now === 'pass' || now === 'not-applicable';
  // Before and after a change, records differ by what the change does alone.
  return (baseline.before !== undefined && failure.resource !== undefined) || isGone(failure, tallies);
}

function list(names: readonly string[]): string {
  const more = names.length - namesLimit;
  return `${names.slice(0, namesLimit).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a later run is judged by, to be held against the earlier one. */
export interface Present {
  readonly now: number;
  readonly policy: string;
  readonly accounts: readonly string[];
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Why the two runs cannot be compared in every respect, in one phrase each. */
function differences(
  { facts, rules: then, accounts }: Baseline,
  { now, policy, accounts: here, tallies }: Present,
): string[] {
  const own = [...tallies.values()].filter((tally) => tally.facts.type !== waiverType).map((tally) => tally.facts);
  const added = own.filter(({ id }) => !then.has(id)).map(({ id }) => id);
  const altered = own.filter(({ id, digest }) => (then.get(id) ?? digest) !== digest).map(({ id }) => id);
  const dropped = [...then.keys()].filter((id) => !tallies.has(id));
  const away = accounts.filter((id) => !here.includes(id));
  return [
    ...(Date.parse(facts.now) > now ? ['the baseline is newer than this run'] : []),
    ...(facts.policy === policy ? [] : ['the baseline was judged by another policy']),
    ...(added.length === 0 ? [] : [`the baseline was not judged by ${list(added)}`]),
    ...(altered.length === 0 ? [] : [`the baseline was judged by other versions of ${list(altered)}`]),
    ...(dropped.length === 0 ? [] : [`this run does not judge by ${list(dropped)}, as the baseline does`]),
    ...(away.length === 0 ? [] : [`this run does not judge ${list(away)}, as the baseline does`]),
  ];
}

/** How the run differs from the baseline, once every result was compared. */
export function concludeComparison(comparison: Comparison, present: Present): Change {
  const { baseline, past, introduced, worse, existing } = comparison;
  const fixedResults: FixedResult[] = [];
  const counts = { fixed: 0, unknown: 0 };
  for (const ofRule of past.values()) {
    for (const one of [...ofRule.values()].flat()) {
      if (one.now === 'fail') continue;
      const fixed = isFixed(one, comparison, present.tallies);
      counts[fixed ? 'fixed' : 'unknown'] += 1;
      if (fixed && fixedResults.length < fixedLimit) fixedResults.push(one.failure);
    }
  }
  const notes = differences(baseline, present);
  const worsened = worse === 0 ? {} : { worse };
  return { baseline: baseline.facts, introduced, ...worsened, existing, ...counts, fixedResults, notes };
}
