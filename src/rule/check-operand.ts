import { nearest } from '../model/nearest.ts';
import { OperandError, type Operator, type OperatorPlace, type Test } from '../model/operator.ts';
import { suggestion } from '../model/suggest.ts';
import type { Json } from '../model/value.ts';
import { entryOf, nodeAt, toJson, type YamlEntry, type YamlNode } from '../model/yaml.ts';
import { type Checking, cut, fault } from './checking.ts';
import { fillIn } from './parameters.ts';
import type { Parameter } from './rule.ts';
import { type Misfit, misfit, parameterIn } from './value-schema.ts';

/** The largest operand, in characters of its JSON. */
const operandLimit = 10_000;

/** Checks an operand against its operator and place. @returns the operand, or undefined when it has a mistake */
export function checkOperand(
  checking: Checking,
  operator: Operator,
  node: YamlNode,
  place: OperatorPlace,
): Json | undefined {
  const operand = toJson(node);
  if (JSON.stringify(operand).length > operandLimit)
    return fault(checking, node.at, `the operand is longer than ${operandLimit} characters`);
  if (!checkUses(checking, node)) return undefined;
  const wrong = misfit(operand, operator.operand);
  if (wrong !== undefined) return faultInside(checking, node, operator, wrong);
  const { parameters } = checking;
  if (parameters === undefined) return operand;
  const filled = fillIn(operand, (name) => parameters[name]?.default);
  if (filled === undefined) return checkUnset(checking, operator, node, operand, parameters);
  const misfilled = misfit(filled, operator.operand);
  if (misfilled !== undefined) return faultInside(checking, node, operator, misfilled);
  return tryPrepare(checking, operator, node, filled, place) === undefined ? undefined : operand;
}

function tryPrepare(
  checking: Checking,
  operator: Operator,
  node: YamlNode,
  operand: Json,
  place: OperatorPlace,
): Test | undefined {
  try {
    return operator.prepare(operand, place);
  } catch (error) {
    if (!(error instanceof OperandError)) throw error;
    return faultInside(checking, node, operator, { at: error.at, message: error.message });
  }
}

/** A parameter without a default is judged by the type that its schema declares. */
function checkUnset(
  checking: Checking,
  operator: Operator,
  node: YamlNode,
  operand: Json,
  parameters: Readonly<Record<string, Parameter>>,
): Json | undefined {
  const name = parameterIn(operand);
  const declared = name === undefined ? undefined : parameters[name]?.schema.type;
  const wanted = operator.operand.type;
  if (typeof declared !== 'string' || wanted === undefined) return operand;
  const types = (Array.isArray(wanted) ? wanted : [wanted]) as Json[];
  const fits = types.includes(declared) || (declared === 'integer' && types.includes('number'));
  if (fits) return operand;
  return fault(checking, node.at, `'${operator.name}' takes no ${declared}, which is what parameter '${name}' holds`);
}

function faultInside(checking: Checking, node: YamlNode, operator: Operator, wrong: Misfit): undefined {
  const inner = nodeAt(node, wrong.at);
  const key = wrong.key !== undefined && inner.kind === 'map' ? entryOf(inner, wrong.key) : undefined;
  return fault(checking, key?.keyNode.at ?? inner.at, `${operator.name}: ${wrong.message}`, wrong.hint);
}

/** Checks that the parameters that are referred to are declared. */
function checkUses(checking: Checking, node: YamlNode): boolean {
  if (node.kind === 'list') return node.items.map((item) => checkUses(checking, item)).every(Boolean);
  if (node.kind === 'scalar') return true;
  const entry = node.entries.length === 1 ? node.entries[0] : undefined;
  if (entry !== undefined && meansParameter(checking, entry)) {
    fault(checking, entry.keyNode.at, `there is no '${cut(entry.key)}' here`, "did you mean 'param'?");
    return false;
  }
  if (entry === undefined || entry.key !== 'param')
    return node.entries.map((member) => checkUses(checking, member.value)).every(Boolean);
  return useParameter(checking, entry.value);
}

/** `{ parm: maxDays }` */
function meansParameter(checking: Checking, { key, value }: YamlEntry): boolean {
  const name = value.kind === 'scalar' ? String(value.value) : '';
  return nearest(key, ['param']) !== undefined && Object.hasOwn(checking.parameters ?? {}, name);
}

/** Records the use of a parameter by name. */
function useParameter(checking: Checking, node: YamlNode): boolean {
  const name = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  if (name === undefined) {
    fault(checking, node.at, 'param names a parameter');
    return false;
  }
  return useName(checking, name, () => node.at);
}

/** Records the use of a parameter; `at` is asked for only when it is not declared. */
export function useName(checking: Checking, name: string, at: () => YamlNode['at']): boolean {
  const { parameters } = checking;
  if (parameters === undefined) return true;
  if (Object.hasOwn(parameters, name)) {
    checking.used.add(name);
    return true;
  }
  if (checking.undeclared.has(name)) return false;
  checking.undeclared.add(name);
  fault(checking, at(), `the rule has no parameter '${cut(name)}'`, suggestion(name, Object.keys(parameters)));
  return false;
}
