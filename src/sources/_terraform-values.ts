import type { Declared } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

const later = unknown('known-after-apply', 'it is known only after apply');
const secret = unknown('redacted', 'the plan marks it as sensitive');

/** Own members only: names come from whoever wrote the plan. */
export function own(object: Declared, name: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function ownText(object: Declared, name: string): string | undefined {
  const value = own(object, name);
  return typeof value === 'string' ? value : undefined;
}

export function ownList(object: Declared, name: string): readonly Json[] {
  const value = own(object, name);
  return Array.isArray(value) ? value : [];
}

function hasUnknown(tree: Declared): boolean {
  if (tree === true) return true;
  if (Array.isArray(tree)) return (tree as readonly Json[]).some(hasUnknown);
  return isObject(tree) && Object.values(tree).some(hasUnknown);
}

/**
 * A planned value with markers in it: what is known only after apply, as `after_unknown` says it in a tree of `true`, and
 * what is sensitive, as `after_sensitive` does. What is known later is left out of objects in the value.
 */
export function plannedValue(value: Declared, unknowns: Declared, sensitive: Declared): Declared {
  if (unknowns === true) return later;
  if (sensitive === true) return secret;
  if (Array.isArray(value) || (value === undefined && Array.isArray(unknowns) && hasUnknown(unknowns)))
    return plannedList(Array.isArray(value) ? value : [], unknowns, sensitive);
  if (isObject(value) || (value === undefined && isObject(unknowns) && hasUnknown(unknowns)))
    return plannedObject(isObject(value) ? value : {}, unknowns, sensitive);
  return value;
}

function plannedList(value: readonly Json[], unknowns: Declared, sensitive: Declared): Json {
  const open: readonly Json[] = Array.isArray(unknowns) ? unknowns : [];
  const secrets: readonly Json[] = Array.isArray(sensitive) ? sensitive : [];
  const length = Math.max(value.length, open.length);
  return Array.from({ length }, (_, index) => plannedValue(value[index], open[index], secrets[index]) ?? null);
}

function plannedObject(value: JsonObject, unknowns: Declared, sensitive: Declared): Json {
  // A plan that spells a marker out does not get to choose what is unknown, and why.
  if (isUnknown(value)) return unknown('type', 'it has a member that is named $unknown');
  const names = new Set([...Object.keys(value), ...(isObject(unknowns) ? Object.keys(unknowns) : [])]);
  const members = [...names].flatMap((name) => {
    const member = plannedValue(own(value, name), own(unknowns, name), own(sensitive, name));
    return member === undefined ? [] : [[name, member] as const];
  });
  return Object.fromEntries(members);
}
