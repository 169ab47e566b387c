import { type Place, ProvisoError } from '../errors.ts';
import { groupOf } from '../model/resource.ts';
import type { TypeFacts } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';
import type { Json } from '../model/value.ts';
import { nodeAt } from '../model/yaml.ts';
import type { Policy, RuleParameters, Waiver } from './policy.ts';

/** Why a rule cannot take the value that the policy gives to one of its parameters. */
export interface Misgiven {
  readonly name: string;
  /** The place inside the value. */
  readonly at: readonly (string | number)[];
  /** Set when a key is wrong rather than a value: the parameter itself, or a member of its value. */
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
}

/** What must be known of a rule. */
interface Checked {
  readonly id: string;
  /** What it judges; undefined for a rule about an account or a region as a whole. */
  readonly resource?: Pick<TypeFacts, 'type' | 'tags' | 'groups'> | undefined;
}

/** Why a waiver cannot find its failures by a tag, if it cannot. */
function untagged({ tag }: Waiver, { id, resource }: Checked): string | undefined {
  if (tag === undefined) return undefined;
  if (resource === undefined) return `${id} is not about resources, and so not about their tags`;
  const group = resource.tags === undefined ? undefined : groupOf(resource, resource.tags);
  return group === '' ? undefined : `the tags of ${resource.type} are not collected`;
}

function placeOf({ at, entries }: RuleParameters, problem: Misgiven): Place {
  const entry = entries.find((candidate) => candidate.key === problem.name);
  if (entry === undefined) return at;
  if (problem.key === entry.key && problem.at.length === 0) return entry.keyNode.at;
  const node = nodeAt(entry.value, problem.at);
  const member = node.kind === 'map' ? node.entries.find(({ key }) => key === problem.key) : undefined;
  return (member?.keyNode ?? node).at;
}

/**
 * What is wrong with a policy in view of the rules: rules that do not exist, parameters that they do not take, and tags by
 * which nothing can be found.
 *
 * @param check judges the values for one rule
 */
export function checkPolicy<R extends Checked>(
  policy: Policy,
  rules: readonly R[],
  check: (rule: R, values: Readonly<Record<string, Json>>) => readonly Misgiven[],
): readonly ProvisoError[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const problems: ProvisoError[] = [];
  const complain = (where: Place, message: string, hint: string | undefined) =>
    problems.push(new ProvisoError('policy', message, { where, ...(hint === undefined ? {} : { hint }) }));
  const noRule = (id: string, where: Place) => problems.push(noSuchRule(id, where, [...byId.keys()]));

  for (const [id, parameters] of policy.parameters) {
    const rule = byId.get(id);
    if (rule === undefined) noRule(id, parameters.at);
    else
      for (const problem of check(rule, parameters.values))
        complain(placeOf(parameters, problem), `${id}: ${problem.message}`, problem.hint);
  }
  for (const clause of policy.clauses) {
    for (const [index, id] of clause.rules.entries()) if (!byId.has(id)) noRule(id, clause.rulesAt[index] ?? clause.at);
  }
  return [...problems, ...vainWaivers(policy, byId)];
}

/** Waivers of rules that do not exist, and by tags that no result has. */
function vainWaivers({ waivers }: Policy, rules: ReadonlyMap<string, Checked>): readonly ProvisoError[] {
  return waivers.flatMap((waiver) => {
    const rule = rules.get(waiver.rule);
    if (rule === undefined) return [noSuchRule(waiver.rule, waiver.ruleAt, [...rules.keys()])];
    const flaw = untagged(waiver, rule);
    const hint = "name the resource instead: 'resource: PATTERN'";
    return flaw === undefined ? [] : [new ProvisoError('policy', flaw, { where: waiver.at, hint })];
  });
}

function noSuchRule(id: string, where: Place, known: readonly string[]): ProvisoError {
  const hint = suggestion(id, known);
  return new ProvisoError('policy', `there is no rule '${id}'`, { where, ...(hint === undefined ? {} : { hint }) });
}
