import { declaredItems } from './declared.ts';
import type { Declared, SetForm } from './resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json } from './value.ts';

/** Ids as AWS answers them: each in an object of its own. A list that is not known is one that is not known. */
export function named(ids: Declared, member: string): Json {
  const items = declaredItems(ids);
  return isUnknown(items) ? items : items.map((id) => (isUnknown(id) ? id : { [member]: id }));
}

/** Items that are told apart by one member. */
export function byMember(member: string): SetForm {
  return { key: (item) => canonicalJson(isObject(item) ? (item[member] ?? item) : item) };
}
