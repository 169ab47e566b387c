import { countOperand } from '../model/operand.ts';
import { OperandError } from '../model/operator.ts';
import { suggestion } from '../model/suggest.ts';
import { isObject, type Json } from '../model/value.ts';
import type { Condition, Operand, Rule } from './rule.ts';
import { type Misfit, misfit, parameterIn } from './value-schema.ts';

/** Values of a rule's parameters by name, as a policy or a case sets them. */
export type ParameterValues = Readonly<Record<string, Json>>;

/** Why a value cannot be given to a parameter. `at` is the place inside the value. */
export interface ParameterProblem extends Misfit {
  readonly name: string;
}

/** The value that a parameter has: the given one, or its default. Undefined when it has neither. */
export function parameterValue(
  rule: Pick<Rule, 'parameters'>,
  values: ParameterValues,
  name: string,
): Json | undefined {
  if (Object.hasOwn(values, name)) return values[name];
  return Object.hasOwn(rule.parameters, name) ? rule.parameters[name]?.default : undefined;
}

/** The parameters that have no value, sorted: with one of them missing the rule cannot be evaluated. */
export function missingParameters(rule: Rule, values: ParameterValues): readonly string[] {
  return Object.keys(rule.parameters)
    .filter((name) => parameterValue(rule, values, name) === undefined)
    .sort();
}

/** The operand with every `{ param: name }` replaced by its value; undefined when one has none. */
export function fillIn(operand: Operand, valueOf: (name: string) => Json | undefined): Json | undefined {
  const name = parameterIn(operand);
  if (name !== undefined) return valueOf(name);
  if (Array.isArray(operand)) return fillItems(operand as readonly Json[], valueOf);
  if (!isObject(operand)) return operand;
  const filled: Record<string, Json> = {};
  for (const [key, member] of Object.entries(operand)) {
    const value = fillIn(member ?? null, valueOf);
    if (value === undefined) return undefined;
    filled[key] = value;
  }
  return filled;
}

/** A list in the place of one item of a list gives its items: `[22, { param: morePorts }]`. */
function fillItems(items: readonly Json[], valueOf: (name: string) => Json | undefined): Json | undefined {
  const filled: Json[] = [];
  for (const item of items) {
    const value = fillIn(item, valueOf);
    if (value === undefined) return undefined;
    if (parameterIn(item) !== undefined && Array.isArray(value)) filled.push(...(value as readonly Json[]));
    else filled.push(value);
  }
  return filled;
}

/** The names of the parameters that an operand refers to. */
export function parametersOf(operand: Operand): readonly string[] {
  const name = parameterIn(operand);
  if (name !== undefined) return [name];
  if (Array.isArray(operand)) return (operand as readonly Json[]).flatMap(parametersOf);
  return isObject(operand) ? Object.values(operand).flatMap((member) => parametersOf(member ?? null)) : [];
}

/** What is wrong with the values that a policy or a case gives to a rule's parameters, at most one for each. */
export function checkParameters(rule: Rule, values: ParameterValues): readonly ParameterProblem[] {
  const problems: ParameterProblem[] = [];
  for (const [name, value] of Object.entries(values)) {
    const problem = parameterMisfit(rule.parameters, name, value);
    if (problem !== undefined) problems.push({ ...problem, name });
  }
  if (problems.length > 0) return problems;
  for (const condition of [rule.when, rule.assert])
    if (condition !== undefined) tryOperands(rule, condition, values, problems);
  return problems;
}

/** Whether a parameter is declared and a value fits its schema. */
export function parameterMisfit(parameters: Rule['parameters'], name: string, value: Json): Misfit | undefined {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter !== undefined) return misfit(value, parameter.schema);
  const hint = suggestion(name, Object.keys(parameters));
  return { at: [], key: name, message: `the rule has no parameter '${name}'`, ...(hint === undefined ? {} : { hint }) };
}

/** A value may fit its schema and yet be no operand: `allowedCidrs: ["example.com"]`. */
function tryOperands(rule: Rule, condition: Condition, values: ParameterValues, problems: ParameterProblem[]): void {
  for (const test of operandsOf(condition)) {
    const given = parametersOf(test.operand).filter((name) => Object.hasOwn(values, name));
    const first = given[0];
    if (first === undefined || given.some((name) => problems.some((problem) => problem.name === name))) continue;
    const operand = fillIn(test.operand, (name) => parameterValue(rule, values, name));
    if (operand === undefined) continue;
    try {
      test.prepare(operand);
    } catch (error) {
      if (!(error instanceof OperandError)) throw error;
      problems.push({ name: first, at: [], message: error.message });
    }
  }
}

export type TestCondition = Extract<Condition, { kind: 'test' }>;

/** An operand somewhere in a condition, and what refuses a value for it. */
interface Preparing {
  readonly operand: Operand;
  readonly prepare: (value: Json) => unknown;
}

function operandsOf(condition: Condition): readonly Preparing[] {
  if (condition.kind === 'test') {
    const { operand, operator, place } = condition;
    return [{ operand, prepare: (value) => operator.prepare(value, place) }];
  }
  const inner = childrenOf(condition).flatMap(operandsOf);
  if (condition.kind !== 'count') return inner;
  const bounds = [condition.plus, condition.atMost, condition.atLeast].filter((bound) => bound !== undefined);
  return [...inner, ...bounds.map((operand) => ({ operand, prepare: (value: Json) => countOperand(value, 0) }))];
}

/** The conditions of which a condition is made. */
export function childrenOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.conditions;
    case 'not':
      return [condition.condition];
    case 'if':
      return [condition.if, condition.then, condition.else].filter((part) => part !== undefined);
    case 'quantifier':
      return [condition.filter, condition.where].filter((part) => part !== undefined);
    case 'count':
      return condition.among.map(({ where }) => where).filter((part) => part !== undefined);
    case 'test':
    case 'unknown':
      return [];
  }
}
