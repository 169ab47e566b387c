import { type Place, ProvisoError } from '../errors.ts';
import { suggestion } from '../model/suggest.ts';
import type { Json } from '../model/value.ts';
import { nodeAt } from '../model/yaml.ts';
import type { Policy, RuleParameters } from './policy.ts';

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

function placeOf({ at, entries }: RuleParameters, problem: Misgiven): Place {
  const entry = entries.find((candidate) => candidate.key === problem.name);
  if (entry === undefined) return at;
  if (problem.key === entry.key && problem.at.length === 0) return entry.keyNode.at;
  const node = nodeAt(entry.value, problem.at);
  const member = node.kind === 'map' ? node.entries.find(({ key }) => key === problem.key) : undefined;
  return (member?.keyNode ?? node).at;
}

/**
 * What is wrong with a policy in view of the rules: rules that do not exist, and parameters that they do not take.
 *
 * @param check judges the values for one rule
 */
export function checkPolicy<R extends { readonly id: string }>(
  policy: Policy,
  rules: readonly R[],
  check: (rule: R, values: Readonly<Record<string, Json>>) => readonly Misgiven[],
): readonly ProvisoError[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const problems: ProvisoError[] = [];
  const complain = (where: Place, message: string, hint: string | undefined) =>
    problems.push(new ProvisoError('policy', message, { where, ...(hint === undefined ? {} : { hint }) }));
  const noRule = (id: string, where: Place) =>
    complain(where, `there is no rule '${id}'`, suggestion(id, [...byId.keys()]));

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
  return problems;
}
