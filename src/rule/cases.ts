import type { Graph, Related } from '../model/graph.ts';
import type { Run } from '../model/operator.ts';
import { valuesAt } from '../model/relate.ts';
import type { Resource } from '../model/resource.ts';
import type { Relation, TypeFacts } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { compileRule } from './compile.ts';
import { visitLimit } from './evaluator.ts';
import { missingParameters } from './parameters.ts';
import type { Case, Outcome, Rule, Verdict, Vocabulary } from './rule.ts';

const account = '111122223333';
const region = 'eu-west-1';

/** What became of one of a rule's own examples. */
export interface CaseResult {
  readonly case: Case;
  readonly expected: Outcome;
  readonly actual: Outcome;
  /** Undefined when the rule could not be evaluated because a parameter has no value. */
  readonly verdict: Verdict | undefined;
}

/** A little world in which an example plays: the judged resource and what surrounds it. */
export interface CaseWorld {
  readonly resource: Resource;
  readonly run: Run;
}

/** Judges all of a rule's own examples. */
export function runCases(rule: Rule, catalogue: Vocabulary): readonly CaseResult[] {
  return rule.cases.map((one) => runCase(rule, one, catalogue));
}

export function runCase(rule: Rule, one: Case, catalogue: Vocabulary): CaseResult {
  if (missingParameters(rule, one.parameters).length > 0)
    return { case: one, expected: one.expected, actual: 'not-evaluated', verdict: undefined };
  const { resource, run } = caseWorld(rule, one, catalogue);
  const verdict = compileRule(rule, one.parameters).judge(resource, run);
  return { case: one, expected: one.expected, actual: verdict.outcome, verdict };
}

/** Builds the world of an example. What it leaves out is known to be absent. */
export function caseWorld(rule: Rule, one: Case, catalogue: Vocabulary): CaseWorld {
  const own = rule.resource;
  const resource =
    own === undefined
      ? bare(rule.scope === 'region' ? region : 'global')
      : instance(own, one.properties ?? {}, 'judged');
  const around = new Map<string, Related>();
  for (const type of catalogue.types.values()) around.set(type.type, surroundings(type, one.surroundings[type.type]));
  if (own !== undefined) {
    const others = around.get(own.type);
    around.set(own.type, { resources: [resource, ...(others?.resources ?? [])], incomplete: others?.incomplete });
  }
  return { resource, run: { now: one.now, graph: graphOf(around, catalogue), visits: visitLimit } };
}

function bare(where: string): Resource {
  return { type: '', account, region: where, id: account, properties: {} };
}

function instance(type: TypeFacts, written: JsonObject, fallback: string): Resource {
  const { $region, ...properties } = written;
  const id = properties[type.id];
  const name = type.name === undefined ? undefined : properties[type.name];
  return {
    type: type.type,
    account,
    region: typeof $region === 'string' ? $region : type.reach === 'global' ? 'global' : region,
    id: typeof id === 'string' ? id : fallback,
    ...(typeof name === 'string' ? { name } : {}),
    properties: properties,
  };
}

/** A type that the example does not name was collected completely and has no instance. */
function surroundings(type: TypeFacts, written: Json | undefined): Related {
  if (isUnknown(written)) return { resources: [], incomplete: written };
  const resources: Resource[] = [];
  let incomplete: Unknown | undefined;
  for (const [index, item] of (Array.isArray(written) ? (written as readonly Json[]) : []).entries()) {
    if (isUnknown(item)) incomplete ??= item;
    else if (isObject(item)) resources.push(instance(type, item, `${type.noun} ${index + 1}`));
  }
  return { resources, incomplete };
}

function graphOf(around: ReadonlyMap<string, Related>, catalogue: Vocabulary): Graph {
  const all = (type: string): Related => around.get(type) ?? { resources: [], incomplete: undefined };
  return {
    all(type, _account, wanted) {
      const { resources, incomplete } = all(type);
      if (wanted === undefined) return { resources, incomplete };
      return { resources: resources.filter((one) => one.region === wanted), incomplete };
    },
    related(resource, type, relation) {
      const target = catalogue.types.get(relation.to);
      return target === undefined ? all(relation.to) : join(resource, type, relation, target, all(relation.to));
    },
  };
}

/** The instances whose value at one path equals a value of the resource at another. */
function join(resource: Resource, type: TypeFacts, relation: Relation, target: TypeFacts, others: Related): Related {
  const keys = valuesAt(resource, type, relation.from);
  if (keys.values.length === 0) return { resources: [], incomplete: keys.unknown };
  let incomplete = keys.unknown ?? others.incomplete;
  if (relation.match === '@region')
    return { resources: others.resources.filter((other) => keys.values.includes(other.region)), incomplete };
  const wanted = new Set(keys.values);
  const lacking = new Set(relation.match === target.id ? keys.values : []);
  const resources: Resource[] = [];
  for (const other of others.resources) {
    const reachable =
      relation.within === 'account' ||
      other.region === resource.region ||
      other.region === 'global' ||
      resource.region === 'global';
    if (!reachable) continue;
    const found = valuesAt(other, target, relation.match);
    if (found.values.some((value) => wanted.has(value))) resources.push(other);
    else incomplete ??= found.unknown;
    for (const value of found.values) lacking.delete(value);
  }
  // An id that is referred to names something, even if the example does not show it.
  if (lacking.size > 0) incomplete ??= unknown('not-collected', `the example does not show every ${target.noun}`);
  return { resources, incomplete };
}
