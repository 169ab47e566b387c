import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown } from '../model/value.ts';
import type { TemplateScope } from './_template-scope.ts';

/**
 * What holds of a value that is one or the other: whatever both have in common, and the doubt for the rest. In a list the
 * doubt stands for any number of items, so that those before and behind it keep their order.
 */
export function agreement(one: Declared, other: Declared, doubt: Unknown, scope: TemplateScope): Declared {
  const { references } = scope.world;
  const isReference = (value: Declared) => isObject(value) && references.has(value);
  function meet(a: Declared, b: Declared): Declared {
    if (a === undefined && b === undefined) return undefined;
    if (isReference(a) || isReference(b)) return a === b ? a : doubt;
    if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b) && same(a, b) ? a : doubt;
    if (Array.isArray(a) && Array.isArray(b)) return meetLists(a as readonly Json[], b as readonly Json[]);
    if (isObject(a) && isObject(b)) return meetObjects(a, b);
    return a === b ? a : doubt;
  }
  function meetLists(a: readonly Json[], b: readonly Json[]): Json {
    if (a.length === b.length) return a.map((item, index) => meet(item, b[index]) ?? doubt);
    const shorter = Math.min(a.length, b.length);
    let front = 0;
    while (front < shorter && same(a[front], b[front])) front += 1;
    let back = 0;
    while (back < shorter - front && same(a.at(-1 - back), b.at(-1 - back))) back += 1;
    return [...a.slice(0, front), doubt, ...a.slice(a.length - back)];
  }
  function meetObjects(a: JsonObject, b: JsonObject): Json {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    const own = (object: JsonObject, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);
    return Object.fromEntries(names.map((name) => [name, meet(own(a, name), own(b, name))]));
  }
  return meet(one, other);
}
