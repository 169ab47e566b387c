import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown } from '../model/value.ts';
import type { TemplateScope } from './_template-scope.ts';

/** What is compared with what, and what stands for the rest. */
interface Meeting {
  readonly doubt: Unknown;
  readonly isReference: (value: Declared) => boolean;
}

/**
 * What holds of a value that is one or the other: whatever both have in common, and the doubt for the rest. In a list the
 * doubt stands for any number of items, so that those before and behind it keep their order.
 */
export function agreement(one: Declared, other: Declared, doubt: Unknown, scope: TemplateScope): Declared {
  const { references } = scope.world;
  return meet(one, other, { doubt, isReference: (value) => isObject(value) && references.has(value) });
}

function meet(a: Declared, b: Declared, meeting: Meeting): Declared {
  const { doubt, isReference } = meeting;
  if (a === b) return a;
  if (isReference(a) || isReference(b)) return doubt;
  if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b) && same(a, b) ? a : doubt;
  if (Array.isArray(a) && Array.isArray(b)) return meetLists(a as readonly Json[], b as readonly Json[], meeting);
  return isObject(a) && isObject(b) ? meetObjects(a, b, meeting) : doubt;
}

function meetLists(a: readonly Json[], b: readonly Json[], meeting: Meeting): Json {
  if (a.length === b.length) return a.map((item, index) => meet(item, b[index], meeting) ?? meeting.doubt);
  const shorter = Math.min(a.length, b.length);
  let front = 0;
  while (front < shorter && same(a[front], b[front])) front += 1;
  let back = 0;
  while (back < shorter - front && same(a.at(-1 - back), b.at(-1 - back))) back += 1;
  return [...a.slice(0, front), meeting.doubt, ...a.slice(a.length - back)];
}

function meetObjects(a: JsonObject, b: JsonObject, meeting: Meeting): Json {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const own = (object: JsonObject, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);
  return Object.fromEntries(names.map((name) => [name, meet(own(a, name), own(b, name), meeting)]));
}
