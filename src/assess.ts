import { type Baseline, compareAll, concludeComparison, startComparison } from './finding/compare.ts';
import type { Assessment, Result } from './finding/finding.ts';
import { missingPermissions } from './finding/gap.ts';
import { type Inspector, inspectAccount, type Scene, unseenAccount } from './finding/inspect.ts';
import { lacksParameters, nothingFound, sawNothing, summariseRun } from './finding/summary.ts';
import { startTally, type Tally } from './finding/tally.ts';
import { type Coverage, coverageOf } from './model/partition.ts';
import { buildGraph } from './model/relation-graph.ts';
import type { Snapshot } from './model/snapshot.ts';
import { byCodeUnit } from './model/value.ts';
import { placeInPolicy } from './policy/place-in-policy.ts';
import type { Policy } from './policy/policy.ts';
import { type Concluded, judgeWaivers, liesBeyond, summariseWaiver } from './policy/waiver-results.ts';
import { measured, needsMeasure, type Waiving, waive, watchAll } from './policy/waiving.ts';
import { compileRule } from './rule/compile.ts';
import { joinTargets } from './rule/joins.ts';
import { missingParameters } from './rule/parameters.ts';
import type { Catalogue, Rule } from './rule/rule.ts';

/** What an assessment depends on: the same of these gives the same bytes. */
export interface Question {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly catalogue: Pick<Catalogue, 'types'>;
  /** Rules, by id, that are judged although no clause names them. */
  readonly named?: readonly string[];
  /** The instant against which ages are measured, in milliseconds since 1970. */
  readonly now: number;
  /** An earlier run, to be compared with. */
  readonly baseline?: Baseline;
}

const absentAccount = { reason: 'not-collected', detail: 'the snapshot has nothing of this account' } as const;

/** The rules that the policy's clauses name, and those that the caller does; all of them where no clause names any. */
export function selectRules(policy: Policy, rules: readonly Rule[], named: readonly string[] = []): readonly Rule[] {
  const bound = new Set(policy.clauses.flatMap((clause) => clause.rules));
  const selected = bound.size === 0 ? [...rules] : rules.filter(({ id }) => bound.has(id) || named.includes(id));
  return selected.sort((a, b) => byCodeUnit(a.id, b.id));
}

function tallyOf(rule: Rule): Tally {
  const { id, title, severity, digest, why, fix, controls } = rule;
  return startTally({ id, title, severity, type: rule.resource?.type ?? rule.scope, digest, why, fix, controls });
}

/** A rule with the policy's parameters filled in. */
function inspectorOf(rule: Rule, tally: Tally, { policy, catalogue }: Question): Inspector {
  const { judge } = compileRule(rule, policy.parameters.get(rule.id)?.values);
  const reads = [...rule.reads.keys()].flatMap((name) => catalogue.types.get(name) ?? []);
  const type = rule.resource === undefined ? undefined : catalogue.types.get(rule.resource.type);
  return { tally, type, scope: rule.scope, reads, judge };
}

/** The accounts to judge, sorted: those of the policy's scope, or all that the snapshot has. */
function accountsOf({ snapshot, policy }: Question): Assessment['accounts'] {
  const listed = new Map(snapshot.manifest.accounts.map((account) => [account.id, account]));
  const ids = [...new Set(policy.scope.accounts?.map(({ id }) => id) ?? listed.keys())].sort(byCodeUnit);
  return ids.map((id) => listed.get(id) ?? { ...nameOf(id, policy), id, unreachable: absentAccount });
}

function nameOf(id: string, { scope }: Policy): { readonly name?: string } {
  const name = scope.accounts?.find((account) => account.id === id)?.name;
  return name === undefined ? {} : { name };
}

/** What a summary says of the policy. */
function stated(policy: Policy) {
  const { title, digest, scope } = policy;
  const { accounts, regions } = scope;
  const clauses = policy.clauses.map((clause) => ({ ...clause, at: placeInPolicy(policy, clause.at) }));
  const ids = accounts && { accounts: accounts.map(({ id }) => id) };
  return { title, digest, scope: { ...ids, ...(regions && { regions }) }, clauses };
}

/** Compiles what can be judged; the rest gives its result at once. */
function prepareAll(rules: readonly Rule[], tallies: readonly Tally[], question: Question) {
  const inspectors: Inspector[] = [];
  const notEvaluated: Result[] = [];
  for (const [index, rule] of rules.entries()) {
    const tally = tallies[index];
    if (tally === undefined) continue;
    const missing = missingParameters(rule, question.policy.parameters.get(rule.id)?.values ?? {});
    if (missing.length === 0) inspectors.push(inspectorOf(rule, tally, question));
    else notEvaluated.push(lacksParameters(tally, missing));
  }
  return { inspectors, notEvaluated };
}

/** Whether there is anything of a rule's type in an account; a rule about the account or a region as a whole has that. */
function hasSubjects({ resource }: Rule, coverage: Coverage, account: string): boolean {
  if (resource === undefined) return true;
  return coverage.partitions(account, resource).some(({ collection }) => (collection?.records ?? 0) > 0);
}

/** Judges account by account; memory grows with one account's join targets. */
async function* fold(
  question: Question,
  rules: readonly Rule[],
  inspectors: readonly Inspector[],
  waiving: Waiving,
): AsyncGenerator<readonly Result[]> {
  const { snapshot, policy, now, catalogue } = question;
  const coverage = coverageOf(snapshot);
  const permissions = missingPermissions(snapshot);
  const waiver = waiving.size === 0 ? {} : { waive: (...given: Laid) => waive(waiving, ...given) };
  for (const { id, unreachable } of accountsOf(question)) {
    const { regions } = policy.scope;
    // What only rules that have nothing to judge would look up is not read.
    const judging = rules.filter((rule) => hasSubjects(rule, coverage, id));
    const targets = joinTargets(judging, catalogue.types);
    const run = { now, graph: await buildGraph(snapshot, coverage, id, targets, regions), visits: 0 };
    const scene: Scene = {
      snapshot,
      coverage,
      permissions,
      account: id,
      regions,
      run,
      ...waiver,
    };
    if (unreachable === undefined) yield* inspectAccount(scene, inspectors);
    else yield inspectors.map((inspector) => unseenAccount(inspector, scene, unreachable));
  }
}

type Laid = Parameters<NonNullable<Scene['waive']>>;

/**
 * The waivers, with what speaks against them. How far one with a pattern reaches is known only when all is judged, and it
 * must not have covered anything by then: the rules of such waivers are judged once before.
 */
async function watchWaivers(question: Question, rules: readonly Rule[]): Promise<Waiving> {
  const { policy, now } = question;
  const tried = watchAll(policy.waivers, now);
  const wide = rules.filter(({ id }) => tried.get(id)?.some(needsMeasure));
  if (wide.length === 0) return tried;
  const { inspectors } = prepareAll(wide, wide.map(tallyOf), question);
  for await (const _ of fold(question, wide, inspectors, tried));
  return measured(tried, policy.waivers, now);
}

/** What came of the waivers, once all is judged. */
function concludeWaivers(question: Question, rules: readonly Rule[], waiving: Waiving): readonly Concluded[] {
  const known = new Set(question.rules.map(({ id }) => id));
  const reach = new Map(rules.map((rule) => [rule.id, rule.resource?.reach ?? 'region']));
  const run = {
    accounts: accountsOf(question),
    regions: question.snapshot.manifest.regions,
    scope: question.policy.scope,
  };
  return [...waiving.values()].flat().map((watch) => ({
    watch,
    beyond: !known.has(watch.waiver.rule) || liesBeyond(watch.waiver, run, reach.get(watch.waiver.rule) === 'global'),
  }));
}

/**
 * Judges a snapshot: select, compile, fold account by account, waive, compare, summarise. Yields the results in a fixed
 * order (account, region, type, resource, rule; then those about the whole run; last those about waivers) and returns
 * the summary.
 */
export async function* assess(question: Question): AsyncGenerator<readonly Result[], Assessment> {
  const { snapshot, policy, now } = question;
  const rules = selectRules(policy, question.rules, question.named);
  const tallies = rules.map(tallyOf);
  const byRule = new Map(tallies.map((tally) => [tally.facts.id, tally]));
  const { inspectors, notEvaluated } = prepareAll(rules, tallies, question);
  const accounts = accountsOf(question);
  const waiving = await watchWaivers(question, rules);
  const comparison = question.baseline && startComparison(question.baseline);
  const compared = (results: readonly Result[]) =>
    comparison === undefined ? results : compareAll(comparison, results, byRule);
  for await (const results of fold(question, rules, inspectors, waiving)) yield compared(results);
  const last = [...notEvaluated, ...tallies.filter(sawNothing).map(nothingFound)];
  for (const result of last) waive(waiving, result, undefined);
  if (last.length > 0) yield compared(last.sort((a, b) => byCodeUnit(a.rule, b.rule)));
  const concluded = concludeWaivers(question, rules, waiving);
  const own = judgeWaivers(policy, concluded);
  for (const tally of own.tallies) byRule.set(tally.facts.id, tally);
  if (own.results.length > 0) yield compared(own.results);
  const waivers = concluded.map(summariseWaiver).sort((a, b) => byCodeUnit(a.id, b.id));
  const present = { now, policy: policy.digest, accounts: accounts.map(({ id }) => id), tallies: byRule };
  const change = comparison && concludeComparison(comparison, present);
  const sorted = [...byRule.values()].sort((a, b) => byCodeUnit(a.facts.id, b.facts.id));
  return summariseRun({ snapshot, policy: stated(policy), now, accounts, tallies: sorted, waivers, change });
}
