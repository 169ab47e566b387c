import { canonicalJson, type Found } from './value.ts';

/** Whether two values are the same to the last member, markers and the absent among them. */
export function same(a: Found, b: Found): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return (a ?? undefined) === (b ?? undefined);
  if (a === null || b === null) return false;
  return canonicalJson(a) === canonicalJson(b);
}
