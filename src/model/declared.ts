import type { Block, Declared } from './resource-type.ts';
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

/** Yes or no, which templates may write as text. */
export function declaredBoolean(value: Declared): Declared {
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : value;
}

/** Text that may be written as a number or as yes or no. */
export function declaredText(value: Declared): Declared {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/**
 * Whether nobody wrote an attribute of something new. A plan shows it as not known yet where AWS may fill it. Not for
 * blocks inside the resource: those that are dynamic are not among what is written.
 */
export function isUnsaid({ isNew, written, values }: Block, attribute: string): boolean {
  const value = values[attribute];
  return isNew && written?.has(attribute) === false && (value === undefined || value === null || isUnknown(value));
}
