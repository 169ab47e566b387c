import type { Declared } from './resource-type.ts';
import { byCodeUnit, isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from './value.ts';

/** A member of something that was declared: JSON null is absent, and inside an unknown everything is unknown. */
export function declared(object: Declared, name: string): Declared {
  if (isUnknown(object)) return object;
  if (!isObject(object) || !Object.hasOwn(object, name)) return undefined;
  return object[name] ?? undefined;
}

/** The items of a list; absent is empty. What is no list is unknown as a whole. */
export function declaredItems(value: Declared): readonly Json[] | Unknown {
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) return value;
  return Array.isArray(value) ? value : unknown('type', 'it is not a list');
}

/** Converts each item of a list; markers, be it of the list or of an item, stay what they are. */
export function mapDeclared(value: Declared, convert: (item: Json) => Json): Json {
  const items = declaredItems(value);
  return isUnknown(items) ? items : items.map((item) => (isUnknown(item) ? item : convert(item)));
}

/** Terraform writes a block that may stand once as a list of one. */
export function onlyItem(value: Declared): Declared {
  const items = declaredItems(value);
  return isUnknown(items) ? items : (items[0] ?? undefined);
}

/** Terraform's map of tags as AWS answers it. */
export function tagList(tags: Declared): Declared {
  if (tags === undefined || tags === null || isUnknown(tags)) return tags ?? undefined;
  if (!isObject(tags)) return unknown('type', 'the tags are not a map');
  const keys = Object.keys(tags).sort(byCodeUnit);
  return keys.map((Key) => ({ Key, Value: tags[Key] ?? unknown('type', 'a tag has no value') }));
}

/** The named members and no others; those that are absent are known to be. */
export function members(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, declared(object, name)]));
}

/** A number that may be written as text, as templates do. */
export function declaredNumber(value: Declared): Declared {
  return typeof value === 'string' && /^-?[0-9]{1,10}$/.test(value) ? Number(value) : value;
}
