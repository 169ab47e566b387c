import type { Assessment, Result } from './finding/finding.ts';
import { missingPermissions } from './finding/gap.ts';
import { type Inspector, inspectAccount, type Scene, unseenAccount } from './finding/inspect.ts';
import { lacksParameters, nothingFound, sawNothing, summariseRun } from './finding/summary.ts';
import { startTally, type Tally } from './finding/tally.ts';
import { coverageOf } from './model/partition.ts';
import { buildGraph } from './model/relation-graph.ts';
import type { Snapshot } from './model/snapshot.ts';
import { byCodeUnit } from './model/value.ts';
import type { Policy } from './policy/policy.ts';
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
  const { judge } = compileRule(rule, policy.parameters.get(rule.id)?.values ?? {});
  const reads = [...rule.reads.keys()].flatMap((name) => catalogue.types.get(name) ?? []);
  return { tally, type: rule.resource, scope: rule.scope, reads, judge };
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
function stated({ title, digest, scope, clauses }: Policy) {
  const { accounts, regions } = scope;
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

/**
 * Judges a snapshot: select, compile, fold account by account, summarise. Yields the results in a fixed order (account,
 * region, type, resource, rule; last those about the whole run) and returns the summary. Memory grows with one account's
 * join targets.
 */
export async function* assess(question: Question): AsyncGenerator<readonly Result[], Assessment> {
  const { snapshot, policy, now } = question;
  const rules = selectRules(policy, question.rules, question.named);
  const tallies = rules.map(tallyOf);
  const { inspectors, notEvaluated } = prepareAll(rules, tallies, question);
  const coverage = coverageOf(snapshot);
  const permissions = missingPermissions(snapshot);
  const targets = joinTargets(rules, question.catalogue.types);
  const accounts = accountsOf(question);
  for (const { id, unreachable } of accounts) {
    const run = { now, graph: await buildGraph(snapshot, coverage, id, targets), visits: 0 };
    const scene: Scene = { snapshot, coverage, permissions, account: id, regions: policy.scope.regions, run };
    if (unreachable === undefined) yield* inspectAccount(scene, inspectors);
    else yield inspectors.map((inspector) => unseenAccount(inspector, scene, unreachable));
  }
  const last = [...notEvaluated, ...tallies.filter(sawNothing).map(nothingFound)];
  if (last.length > 0) yield last.sort((a, b) => byCodeUnit(a.rule, b.rule));
  return summariseRun({ snapshot, policy: stated(policy), now, accounts, tallies });
}
