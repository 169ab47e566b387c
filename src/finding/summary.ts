import type { Snapshot } from '../model/snapshot.ts';
import { tool } from '../model/tool.ts';
import { byCodeUnit } from '../model/value.ts';
import { judgeClause, type Promised } from './clause.ts';
import {
  type Assessment,
  type ClauseSummary,
  type ClauseVerdict,
  everywhere,
  type Result,
  type Severity,
} from './finding.ts';
import { refusals } from './gap.ts';
import { count, summarise, type Tally, total } from './tally.ts';

/** What the summary is made of, once every result has been counted. */
export interface Counted {
  readonly snapshot: Snapshot;
  readonly policy: Omit<Assessment['policy'], 'clauses'> & { readonly clauses: readonly Promised[] };
  readonly now: number;
  readonly accounts: Assessment['accounts'];
  readonly tallies: readonly Tally[];
  readonly waivers: Assessment['waivers'];
  readonly change: Assessment['change'];
}

/** A result that is about the run as a whole, counted. */
function aboutRun(tally: Tally, outcome: Result['outcome'], message: string): Result {
  const { id, severity, type } = tally.facts;
  const where = { account: everywhere, region: everywhere };
  const result: Result = { rule: id, severity, outcome, ...where, type, message, evidence: [] };
  count(tally, result);
  return result;
}

/** The result of a rule that cannot be judged before the policy sets its parameters. */
export function lacksParameters(tally: Tally, names: readonly string[]): Result {
  return aboutRun(tally, 'not-evaluated', `the policy must set ${names.join(', ')} under parameters.${tally.facts.id}`);
}

/** Whether a rule gave no result anywhere. */
export function sawNothing(tally: Tally): boolean {
  return Object.values(tally.outcomes).every((times) => times === 0);
}

/** The one result of a rule for which nothing exists: every list was read to its end, and all were empty. */
export function nothingFound(tally: Tally): Result {
  if (tally.population.length === 0) return aboutRun(tally, 'unknown', 'no account was looked at');
  const searched = tally.population.filter(({ disabled }) => disabled === undefined).length;
  const lists = searched === 1 ? 'one list was' : `${searched} lists were`;
  return aboutRun(tally, 'not-applicable', `no ${tally.facts.type} exists: ${lists} read to the end`);
}

function failuresBySeverity(tallies: readonly Tally[]): Record<Severity, number> {
  const failures: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { facts, outcomes } of tallies) failures[facts.severity] += outcomes.fail;
  return failures;
}

function countVerdicts(clauses: readonly ClauseSummary[]): Record<ClauseVerdict, number> {
  const counts = { holds: 0, 'holds-with-exceptions': 0, broken: 0, unproven: 0, 'nothing-to-prove': 0 };
  for (const { verdict } of clauses) counts[verdict] += 1;
  return counts;
}

function regionsOf({ regions }: Snapshot['manifest'], accounts: ReadonlySet<string>): Assessment['regions'] {
  return regions
    .filter(({ account }) => accounts.has(account))
    .map(({ account, region, status, selected }) => ({ account, region, status, selected }))
    .sort((a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region));
}

/** The summary document. Its bytes depend on what was counted alone. */
export function summariseRun({ snapshot, policy, now, accounts, tallies, waivers, change }: Counted): Assessment {
  const { manifest } = snapshot;
  const { title, digest, scope } = policy;
  const judged = new Set(accounts.map(({ id }) => id));
  const unlisted =
    manifest.regionsIncomplete ?? accounts.find((account) => account.regionsIncomplete)?.regionsIncomplete;
  const byRule = new Map(tallies.map((tally) => [tally.facts.id, tally]));
  const clauses = policy.clauses.map((clause) => judgeClause(clause, byRule));
  return {
    $schema: 'urn:proviso:schema:assessment',
    format: 'proviso-assessment/1',
    tool,
    now: new Date(now).toISOString(),
    snapshot: {
      digest: manifest.contentDigest,
      source: manifest.source,
      finished: manifest.finished,
      ...(manifest.endpoint === undefined ? {} : { endpoint: manifest.endpoint }),
    },
    policy: { title, digest, scope },
    accounts,
    regions: regionsOf(manifest, judged),
    ...(unlisted === undefined ? {} : { regionsIncomplete: unlisted }),
    clauses,
    verdicts: countVerdicts(clauses),
    waivers,
    ...(change === undefined ? {} : { change }),
    rules: tallies.map((tally) => summarise(tally, change !== undefined)),
    totals: total(tallies),
    failuresBySeverity: failuresBySeverity(tallies),
    refused: refusals(snapshot, judged),
  };
}
