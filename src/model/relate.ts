import { parsePath, type Step } from './path.ts';
import { member, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import { type Found, isUnknown, type Json, type Unknown, unknown } from './value.ts';

/** The values at a path; `unknown` says why there may be more. */
export interface Values {
  readonly values: readonly Json[];
  readonly unknown: Unknown | undefined;
}

/** Paths come from the resource types, so that there are few; look-ups along them are many. */
const known = new Map<string, readonly Step[]>();

function stepsOf(path: string): readonly Step[] {
  const before = known.get(path);
  if (before !== undefined) return before;
  const steps = parsePath(path);
  known.set(path, steps);
  return steps;
}

/**
 * All values at a path of a resource, lists along `[]` flattened. Known absent values and lists give nothing.
 *
 * @throws ProvisoError when the path is not one
 */
export function valuesAt(resource: Resource, type: ResourceType, path: string): Values {
  let values: readonly Json[] = [resource.properties];
  let gap: Unknown | undefined;
  let walked = '';
  for (const step of stepsOf(path)) {
    walked = walked === '' ? step.name : `${walked}.${step.name}`;
    const next: Json[] = [];
    for (const value of values) addFound(member(value, step.name, resource, type, walked), step.items, walked, next);
    if (step.items) walked += '[]';
    gap ??= next.find(isUnknown);
    values = next.filter((value) => value !== null && !isUnknown(value));
  }
  return { values, unknown: gap };
}

/** Adds what was found to the values: all items of a list, and a marker for what is not known. */
function addFound(found: Found, items: boolean, path: string, values: Json[]): void {
  if (found === undefined) return;
  if (!items || isUnknown(found)) values.push(found);
  else if (!Array.isArray(found)) values.push(unknown('type', `${path} is not a list`));
  else for (const item of found as readonly Json[]) values.push(item ?? unknown('type', `an item of ${path} is null`));
}
