import type { Shape } from './resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown } from './value.ts';

/**
 * Puts a marker in the place of every member that AWS's answer may have and that nobody mentioned: only a member that is
 * there as `undefined` is known absent, and is left out.
 */
export function markUntold(value: Json, shape: Shape | undefined, marker: Unknown): Json {
  if (typeof shape !== 'object' || isUnknown(value)) return value;
  if ('list' in shape) return Array.isArray(value) ? value.map((item) => markUntold(item, shape.list, marker)) : value;
  if (!('fields' in shape) || !isObject(value)) return value;
  return markMembers(value, shape.fields, marker);
}

/** The same for an object, but for the members that are named as none of its business. */
export function markMembers(
  value: JsonObject,
  fields: Readonly<Record<string, Shape>>,
  marker: Unknown,
  except: readonly string[] = [],
): JsonObject {
  const members: Record<string, Json> = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === undefined || member === null) continue;
    const told = markUntold(member, Object.hasOwn(fields, name) ? fields[name] : undefined, marker);
    if (name === '__proto__') Object.defineProperty(members, name, { value: told, ...ordinary });
    else members[name] = told;
  }
  for (const name in fields) if (!Object.hasOwn(value, name) && !except.includes(name)) members[name] = marker;
  return members;
}

/** What an assignment would make of a member, were its name any other. */
const ordinary = { enumerable: true, writable: true, configurable: true };
