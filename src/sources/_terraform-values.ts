import type { Declared } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

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
