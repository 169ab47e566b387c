import type { InputValue } from './resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from './value.ts';

/** What the input of a call may refer to. */
export interface InputScope {
  readonly account: string;
  readonly region: string;
  readonly properties: JsonObject;
  /** The value at hand of a group's `forEach`. */
  readonly each?: string;
}

/**
 * Fills the references in a call's input.
 *
 * @throws Error when a value that is referred to was not collected or is no single value
 */
export function resolveInput(input: Readonly<Record<string, InputValue>> | undefined, scope: InputScope): JsonObject {
  return Object.fromEntries(Object.entries(input ?? {}).map(([member, value]) => [member, resolve(value, scope)]));
}

function resolve(value: InputValue, scope: InputScope): Json {
  if (Array.isArray(value)) return value.map((item: InputValue) => resolve(item, scope));
  if (!isObject(value)) return value;
  const members = Object.entries(value);
  if (members.length === 1 && typeof value.from === 'string') return lookUp(value.from, scope);
  return Object.fromEntries(members.map(([member, inner]) => [member, resolve(inner ?? null, scope)]));
}

function lookUp(from: string, scope: InputScope): Json {
  const value = from.startsWith('@') ? ambient(from, scope) : propertyAt(scope.properties, from);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`${from} is not known`);
}

function ambient(from: string, scope: InputScope): string | undefined {
  if (from === '@account') return scope.account;
  if (from === '@region') return scope.region;
  return from === '@each' ? scope.each : undefined;
}

function propertyAt(properties: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = properties;
  for (const name of path.split('.')) {
    if (!isObject(value) || isUnknown(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
