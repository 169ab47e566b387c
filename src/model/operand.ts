import { OperandError } from './operator.ts';
import type { Shape } from './resource-type.ts';
import { isObject, type Json, type JsonObject } from './value.ts';
import { kindName } from './words.ts';

export type Scalar = string | number | boolean;
type At = readonly (string | number)[];

/** JSON Schema of one text or a list of texts, of which any will do. */
export const textsSchema: JsonObject = {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 1000 }],
};

/** JSON Schema of a list of plain values. An empty list is allowed: a policy may set a parameter to one. */
export const scalarsSchema: JsonObject = {
  type: 'array',
  items: { type: ['string', 'number', 'boolean'] },
  maxItems: 1000,
};

/** @throws OperandError */
export function textOperand(operand: Json | undefined, what: string, at: At = []): string {
  if (typeof operand === 'string') return operand;
  const quote = typeof operand === 'number' || typeof operand === 'boolean' ? `: write "${operand}" in quotes` : '';
  throw new OperandError(`expected ${what}, found ${kindName(operand)}${quote}`, at);
}

/**
 * One text or a list of texts, as a list.
 *
 * @throws OperandError
 */
export function textsOperand(operand: Json | undefined, what: string, at: At = []): readonly string[] {
  if (!Array.isArray(operand)) return [textOperand(operand, `${what} or a list of them`, at)];
  return listOperand(operand, what, at).map((item, index) => textOperand(item, what, [...at, index]));
}

/** @throws OperandError */
export function numberOperand(operand: Json): number {
  if (typeof operand === 'number' && Number.isFinite(operand)) return operand;
  throw new OperandError(`expected a number, found ${kindName(operand)}`);
}

/** @throws OperandError */
export function countOperand(operand: Json, least: number): number {
  const number = numberOperand(operand);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new OperandError(`expected a whole number of at least ${least}, found ${number}`);
}

/** @throws OperandError */
export function booleanOperand(operand: Json, at: At = []): boolean {
  if (typeof operand === 'boolean') return operand;
  throw new OperandError(`expected true or false, found ${kindName(operand)}`, at);
}

/** @throws OperandError */
export function scalarOperand(operand: Json | undefined, shape: Shape, at: At = []): Scalar {
  if (typeof operand !== 'string' && typeof operand !== 'boolean' && !isFiniteNumber(operand)) {
    throw new OperandError(`expected text, a number, true or false, found ${kindName(operand)}`, at);
  }
  refuseMisfit(operand, shape, at);
  return operand;
}

/** @throws OperandError */
export function scalarsOperand(operand: Json, shape: Shape): readonly Scalar[] {
  return listOperand(operand, 'values').map((item, index) => scalarOperand(item, shape, [index]));
}

/**
 * An object that has at least one member and none but these.
 *
 * @throws OperandError
 */
export function membersOperand(operand: Json, allowed: readonly string[]): JsonObject {
  if (!isObject(operand)) throw new OperandError(`expected ${allowed.join(', ')}, found ${kindName(operand)}`);
  const keys = Object.keys(operand);
  for (const key of keys) {
    if (!allowed.includes(key)) throw new OperandError(`'${key}' is none of ${allowed.join(', ')}`, [key]);
  }
  if (keys.length === 0) throw new OperandError(`expected at least one of ${allowed.join(', ')}`);
  return operand;
}

/**
 * Refuses a literal that a field of this shape can never equal, so that a quoted `"true"` is an error in the rule and
 * not a silent unknown.
 *
 * @throws OperandError
 */
export function refuseMisfit(literal: Json, shape: Shape, at: At = []): void {
  if (shape === 'any') return;
  if (shape === 'timestamp') {
    throw new OperandError('a time is compared with before, after, within or olderThan', at);
  }
  const wanted =
    typeof shape === 'string' && shape !== 'policy' ? `a ${shape}` : isList(shape) ? 'a list' : 'an object';
  if (kindName(literal) === wanted) return;
  const quote = shape === 'string' && typeof literal !== 'object' ? `: write "${literal}" in quotes` : '';
  throw new OperandError(`the field is ${wanted}, but this is ${kindName(literal)}${quote}`, at);
}

/** The shape of a list's items; `any` where the shape is not known to be a list. */
export function itemShape(shape: Shape): Shape {
  return isList(shape) ? shape.list : 'any';
}

function isList(shape: Shape): shape is { readonly list: Shape } {
  return typeof shape === 'object' && 'list' in shape;
}

function isFiniteNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function listOperand(operand: Json, what: string, at: At = []): readonly Json[] {
  if (!Array.isArray(operand)) throw new OperandError(`expected a list of ${what}, found ${kindName(operand)}`, at);
  if (operand.length > 1000) throw new OperandError(`expected at most 1000 ${what}, found ${operand.length}`, at);
  return operand as readonly Json[];
}
