import { parsePath, type Step } from './path.ts';
import { type Absence, absenceAt, member, type Resource } from './resource.ts';
import type { TypeFacts } from './resource-type.ts';
import { type Found, isUnknown, type Json, type Unknown, unknown } from './value.ts';

/** The values at a path; `unknown` says why there may be more. */
export interface Values {
  readonly values: readonly Json[];
  readonly unknown: Unknown | undefined;
}

/** A step of a path, with the path up to it, and what it means that there is nothing. */
type Walked = Step & { readonly path: string; readonly absence: Absence };

/** Paths come from the resource types and the rules, so that there are few; look-ups along them are many. */
const known = new WeakMap<TypeFacts, Map<string, readonly Walked[]>>();

function stepsOf(type: TypeFacts, path: string): readonly Walked[] {
  let ofType = known.get(type);
  if (ofType === undefined) {
    ofType = new Map();
    known.set(type, ofType);
  }
  let steps = ofType.get(path);
  if (steps === undefined) {
    steps = walk(type, path);
    ofType.set(path, steps);
  }
  return steps;
}

function walk(type: TypeFacts, path: string): readonly Walked[] {
  let walked = '';
  return parsePath(path).map((step) => {
    const at = walked === '' ? step.name : `${walked}.${step.name}`;
    walked = step.items ? `${at}[]` : at;
    return { ...step, path: at, absence: absenceAt(type, at) };
  });
}

/**
 * All values at a path of a resource, lists along `[]` flattened. Known absent values and lists give nothing.
 *
 * @throws ProvisoError when the path is not one
 */
export function valuesAt(resource: Resource, type: TypeFacts, path: string): Values {
  return valuesAlong(resource, stepsOf(type, path));
}

/** The same for many resources of one type. @throws ProvisoError when the path is not one */
export function valuesReader(type: TypeFacts, path: string): (resource: Resource) => Values {
  const steps = stepsOf(type, path);
  return (resource) => valuesAlong(resource, steps);
}

function valuesAlong(resource: Resource, steps: readonly Walked[]): Values {
  let values: readonly Json[] = [resource.properties];
  let gap: Unknown | undefined;
  for (const { name, items, path: walked, absence } of steps) {
    const next: Json[] = [];
    for (const value of values)
      gap = addFound(member(value, name, resource, walked, absence), items, walked, next, gap);
    values = next;
  }
  return { values, unknown: gap };
}

/** Adds what was found to the values: all items of a list. Returns the gap so far, or what is not known here. */
function addFound(
  found: Found,
  items: boolean,
  path: string,
  values: Json[],
  before: Unknown | undefined,
): Unknown | undefined {
  if (found === undefined) return before;
  if (isUnknown(found)) return before ?? found;
  if (!items) {
    values.push(found);
    return before;
  }
  if (!Array.isArray(found)) return before ?? unknown('type', `${path} is not a list`);
  let gap = before;
  for (const item of found as readonly Json[]) {
    if (item === null) gap ??= unknown('type', `an item of ${path} is null`);
    else if (isUnknown(item)) gap ??= item;
    else values.push(item);
  }
  return gap;
}
