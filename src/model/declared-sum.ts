import { type Found, isObject, type Json } from './value.ts';

/** A number of which a document knows only by how much it changes; a marker wherever the number itself is asked for. */
export function changedBy(plus: number, detail: string): Json {
  return { $unknown: 'known-after-apply', detail, plus };
}

function plusOf(value: Found): number | undefined {
  const plus = isObject(value) && value.$unknown !== undefined ? value.plus : undefined;
  return typeof plus === 'number' ? plus : undefined;
}

/** Three sides of a number. `was` is undefined where nobody knows what a document said before. */
export interface SumSides {
  readonly live: Found;
  readonly was: { readonly value: Found } | undefined;
  readonly will: Found;
}

/**
 * What a live number becomes by what a document adds to it. A document that tells one side only may have added its own
 * part before, so that the greater of both numbers stands. Undefined where this tells nothing.
 */
export function sumOf({ live, was, will }: SumSides): number | undefined {
  if (typeof live !== 'number') return undefined;
  const plus = plusOf(will);
  if (plus !== undefined) return live + plus - (plusOf(was?.value) ?? 0);
  return was === undefined && typeof will === 'number' ? Math.max(live, will) : undefined;
}
