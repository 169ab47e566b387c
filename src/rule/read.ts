import type { OperatorPlace, Reader } from '../model/operator.ts';
import { type Absence, absenceAt, type Resource } from '../model/resource.ts';
import type { Shape, TypeFacts } from '../model/resource-type.ts';
import { type Found, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';
import { joinPath } from './spot.ts';

/** Names that a list, a text or a marker answers to: a plain load would not notice that it is not an object. */
const borrowed: ReadonlySet<string> = new Set(
  [Array.prototype, String.prototype, Number.prototype, Boolean.prototype]
    .flatMap((prototype) => Object.getOwnPropertyNames(prototype))
    .concat('$unknown', 'detail', 'call'),
);

/** The path not taken on known data: why there is no member here. */
function absent(object: Json | undefined, resource: Resource, path: string, absence: Absence): Found {
  if (object === undefined || object === null) return undefined;
  if (isUnknown(object)) return object;
  if (typeof object !== 'object' || Array.isArray(object)) return unknown('type', `there is no object around ${path}`);
  return absence(resource);
}

function readSafely(object: Json, name: string): Json | undefined {
  if (typeof object !== 'object' || object === null || Array.isArray(object) || isUnknown(object)) return undefined;
  return Object.hasOwn(object, name) ? (object as JsonObject)[name] : undefined;
}

/** Reads one member; `base` is the path of the object. A plain property load wherever the value is present. */
function memberReader(type: TypeFacts, base: string, name: string): Reader {
  const path = joinPath(base, name);
  const absence = absenceAt(type, path);
  if (borrowed.has(name))
    return (object, resource) => readSafely(object, name) ?? absent(object, resource, path, absence);
  return (object, resource) => {
    if (object === null) return undefined;
    const value = (object as JsonObject)[name];
    return value === undefined || value === null ? absent(object, resource, path, absence) : value;
  };
}

/** Reads a member along several names, never through a list. */
export function readerAlong(type: TypeFacts, base: string, names: readonly string[]): Reader {
  const steps = names.map((name, index) => memberReader(type, [base, ...names.slice(0, index)].reduce(joinPath), name));
  const [first, second, third] = steps;
  if (first === undefined) return (object) => object;
  if (second === undefined) return first;
  if (third === undefined)
    return (object, resource) => {
      const value = first(object, resource);
      return value === undefined ? undefined : second(value, resource);
    };
  return (object, resource) => {
    let value: Found = object;
    for (const step of steps) {
      value = step(value, resource);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

/** What an operator may read at its place. */
export function placeAt(type: TypeFacts, path: string, shape: Shape): OperatorPlace {
  return {
    type,
    path,
    shape,
    reader: (...names) => readerAlong(type, path, names),
    rootReader(name) {
      const read = readerAlong(type, '', [name]);
      return (resource) => read(resource.properties, resource);
    },
  };
}
