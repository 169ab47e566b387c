import { hash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { type Evidence, everywhere, type Outcome, type Result, type WaiverSummary } from '../finding/finding.ts';
import { count, countPopulation, noOutcomes, type RuleFacts, startTally, type Tally } from '../finding/tally.ts';
import type { SnapshotRegion } from '../model/snapshot.ts';
import { byCodeUnit, canonicalJson } from '../model/value.ts';
import type { Policy, Waiver } from './policy.ts';
import { coverWords, longestDays, widest } from './waiver.ts';
import type { waiverRuleIds } from './waiver-rule-ids.ts';
import type { Watch } from './waiving.ts';

type State = WaiverSummary['state'];
type Own = Omit<RuleFacts, 'digest'> & { readonly id: (typeof waiverRuleIds)[number]; readonly state: State };

const shared = { severity: 'medium', type: 'waiver', controls: {} } as const;

/** The rules about waivers themselves. Nobody writes them: they belong to what a waiver is. */
const own: readonly Own[] = [
  {
    ...shared,
    id: 'waiver-expired',
    state: 'expired',
    title: 'No waiver has expired',
    why: 'Its last day, in UTC, is over: what it covered counts again, and nobody answers for it any more.',
    fix: { policy: 'Mend what it covered, or have it approved again with a new day; then remove or change the entry.' },
  },
  {
    ...shared,
    id: 'waiver-over-broad',
    state: 'over-broad',
    title: 'Every waiver is about something certain',
    why: `A waiver whose pattern is of wildcards alone, that runs for more than ${longestDays} days, covers more than ${widest} failures, or failures of several accounts, accepts what nobody has looked at. It covers nothing until it is narrowed.`,
    fix: { policy: 'Name the account and the resource, once for each that is to be accepted, and a nearer day.' },
  },
  {
    ...shared,
    id: 'waiver-unmatched',
    state: 'unmatched',
    title: 'Every waiver covers a failure',
    why: 'What it accepted is mended, gone, or has changed since. Left in place, it would silently cover the next failure that fits.',
    fix: { policy: 'Remove the entry; if what was observed has changed, have it approved again.' },
  },
];

/** The rules about waivers, as summaries carry them. */
export const waiverRules: readonly RuleFacts[] = own.map(({ state: _, ...facts }) => ({
  ...facts,
  digest: hash('sha256', canonicalJson(facts), 'hex'),
}));

/** What came of one waiver. */
export interface Concluded {
  readonly watch: Watch;
  /** Whether it may be about what the run did not look at. */
  readonly beyond: boolean;
}

/** Where a run looked. */
export interface Looked {
  readonly accounts: readonly { readonly id: string }[];
  readonly regions: readonly SnapshotRegion[];
  readonly scope: Policy['scope'];
}

/**
 * Whether a waiver may be about what the run did not look at: another account, or a region that was left out. What the
 * policy's scope excludes nobody will ever look at.
 *
 * @param global whether its rule is about something without regions
 */
export function liesBeyond(
  { account, region }: Waiver,
  { accounts, regions, scope }: Looked,
  global: boolean,
): boolean {
  const judged = new Set(accounts.map(({ id }) => id));
  if (account !== undefined && !judged.has(account)) return scope.accounts === undefined;
  if (global || region === 'global') return false;
  return regions.some(
    (one) =>
      one.status === 'enabled' &&
      !one.selected &&
      judged.has(one.account) &&
      (account ?? one.account) === one.account &&
      (region ?? one.region) === one.region &&
      (scope.regions?.includes(one.region) ?? true),
  );
}

function stateOf({ watch: { expired, broad, matched, possible }, beyond }: Concluded): State {
  if (expired) return 'expired';
  if (broad !== undefined) return 'over-broad';
  return matched > 0 || possible || beyond ? 'active' : 'unmatched';
}

export function summariseWaiver(concluded: Concluded): WaiverSummary {
  const { waiver, id, matched } = concluded.watch;
  const { rule, reason, owner, approver, expires } = waiver;
  return {
    id,
    rule,
    covers: coverWords(waiver),
    reason,
    owner,
    approver,
    expires,
    state: stateOf(concluded),
    matched,
  };
}

function outcomeOf(rule: State, { watch: { matched } }: Concluded, state: State): Outcome {
  if (rule === state) return 'fail';
  if (rule === 'expired') return 'pass';
  if (state === 'expired') return 'not-applicable';
  if (rule === 'over-broad') return 'pass';
  return matched > 0 && state === 'active' ? 'pass' : 'not-applicable';
}

const failures = (times: number) => `${times} ${times === 1 ? 'failure' : 'failures'}`;

type Told = { readonly message: string; readonly evidence: readonly Evidence[] };

function changed({ waiver, otherwise: { times, digest } }: Watch): Told {
  const expected = digest ?? 'a digest of all that is observed, of which a result keeps only a part';
  const observed = waiver.observed === undefined ? {} : { observed: waiver.observed };
  return {
    message: `what it accepted has changed: ${failures(times)} that it names ${times === 1 ? 'was' : 'were'} observed otherwise`,
    evidence: [{ path: 'observed', ...observed, expected }],
  };
}

/** What is said of a waiver that covers nothing. */
function tell(state: State, { watch }: Concluded): Told {
  const { waiver, matched, broad, otherwise } = watch;
  const { expires, resource, tag } = waiver;
  if (state === 'expired') {
    const message = `it expired on ${expires}: ${matched === 0 ? 'it would cover nothing' : `${failures(matched)} ${matched === 1 ? 'counts' : 'count'} again`}`;
    return { message, evidence: [{ path: 'expires', observed: expires, expected: 'a day that is not over' }] };
  }
  const path = tag === undefined ? 'resource' : 'tag';
  const selection = { path, observed: tag ?? resource ?? '' };
  if (state === 'unmatched') {
    if (otherwise.times > 0) return changed(watch);
    return {
      message: `nothing that it covers fails ${waiver.rule}`,
      evidence: [{ ...selection, expected: 'a failure that it covers' }],
    };
  }
  const long = broad?.what === 'days';
  const expected = long ? `a day at most ${longestDays} days ahead` : 'an account and the resources that are meant';
  const seen = long ? { path: 'expires', observed: expires } : selection;
  return { message: `${broad?.why}; it covers nothing until it is narrowed`, evidence: [{ ...seen, expected }] };
}

function resultOf(facts: RuleFacts, rule: State, concluded: Concluded): Result {
  const { waiver, id } = concluded.watch;
  const state = stateOf(concluded);
  const outcome = outcomeOf(rule, concluded, state);
  const { file, line } = waiver.at;
  const told: Told | { evidence: [] } = outcome === 'fail' ? tell(state, concluded) : { evidence: [] };
  const declared = { address: id, file: basename(file.replaceAll('\\', '/')), line };
  return {
    account: waiver.account ?? everywhere,
    ...told,
    outcome,
    region: waiver.region ?? everywhere,
    resource: { declared, id, name: `${waiver.rule}, ${coverWords(waiver)}` },
    rule: facts.id,
    severity: facts.severity,
    type: facts.type,
  };
}

/** What is to be said of the waivers themselves, counted: one result for each of them and each rule about waivers. */
export function judgeWaivers(
  policy: Pick<Policy, 'waivers'>,
  concluded: readonly Concluded[],
): { readonly tallies: readonly Tally[]; readonly results: readonly Result[] } {
  if (policy.waivers.length === 0) return { tallies: [], results: [] };
  const ordered = [...concluded].sort((a, b) => byCodeUnit(a.watch.id, b.watch.id));
  const results: Result[] = [];
  const tallies = waiverRules.map((facts, index) => {
    const tally = startTally(facts);
    for (const one of ordered) {
      const result = resultOf(facts, own[index]?.state ?? 'active', one);
      count(tally, result);
      results.push(result);
    }
    const where = { account: everywhere, region: everywhere, complete: true, calls: [] };
    countPopulation(tally, noOutcomes(), where);
    return tally;
  });
  return { tallies, results };
}
