import { isUnknown, type Json } from '../model/value.ts';

/** How many items of a list are not known yet. */
export function openItems(value: Json | undefined): number {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => isUnknown(item)).length : 0;
}

/** A list with what its open items refer to in their places, where there are as many of the one as of the other. */
export function filledWith(
  value: Json | undefined,
  identities: readonly (string | undefined)[],
): readonly Json[] | undefined {
  const left = identities.filter((identity) => identity !== undefined);
  if (!Array.isArray(value) || left.length === 0) return undefined;
  if (left.length < identities.length || left.length !== openItems(value)) return undefined;
  return (value as readonly Json[]).map((item) => (isUnknown(item) ? (left.shift() ?? item) : item));
}

/** Whether nothing is known of a value, or of the one item of a list. */
export function isOpen(value: Json | undefined): boolean {
  if (!Array.isArray(value)) return isUnknown(value);
  return value.length === 1 && isUnknown((value as readonly Json[])[0]);
}
