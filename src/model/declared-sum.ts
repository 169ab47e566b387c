import { type Found, isObject, type Json } from './value.ts';

/** A number of which a document knows only its own part; a marker wherever the number itself is asked for. */
export function ownPart(part: number, detail: string): Json {
  return { $unknown: 'known-after-apply', detail, part };
}

/** The part that a document says it has in a number; the number itself where it says that. */
function partOf(value: Found): number | undefined {
  const part = isObject(value) && value.$unknown !== undefined ? value.part : value;
  return typeof part === 'number' ? part : undefined;
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
  const part = partOf(will);
  if (typeof live !== 'number' || part === undefined) return undefined;
  return was === undefined ? Math.max(live, part) : live + part - (partOf(was.value) ?? 0);
}
