import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';
import type { TextPart, Unknown } from './value.ts';
import { coversWildcard, overlapsWildcard, parseWildcard } from './wildcard.ts';

const most = 100;

/** A marker that says what its text is made of; one without any, where that is too much or only characters. */
export function withParts(marker: Unknown, parts: readonly TextPart[]): Unknown {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined.splice(-1, 1, last + part);
    else if (part !== '') joined.push(part);
  }
  const isOpen = joined.some((part) => typeof part !== 'string');
  return isOpen && joined.length <= most ? { ...withoutParts(marker), parts: joined } : withoutParts(marker);
}

/** The marker for something that is made of the marked text in a way that nobody follows. */
export function withoutParts(marker: Unknown): Unknown {
  if (marker.parts === undefined) return marker;
  const { parts: _, ...rest } = marker;
  return rest;
}

/** All texts that begin with some characters, go on with a name that is not known, and end as a pattern says. */
export interface OpenTarget {
  readonly before: string;
  readonly nameOf: string;
  /** A pattern of IAM. */
  readonly after: string;
}

/**
 * Whether a pattern of IAM covers such texts, whatever the name is. A name is the same as itself, and not known to be
 * another one or the same as any other.
 */
export function coversOpen(pattern: readonly TextPart[], target: OpenTarget): Truth {
  const texts = pattern.filter((part) => typeof part === 'string');
  // A policy variable stands for any text.
  if (texts.some((text) => text.includes('${'))) return UNKNOWN;
  const [first = '', ...others] = typeof pattern[0] === 'string' ? pattern : ['', ...pattern];
  const [name, ...rest] = others;
  if (typeof first !== 'string') return UNKNOWN;
  if (name === undefined || typeof name === 'string') return coversAny(first, target);
  if (/[*?]/.test(first)) return UNKNOWN;
  const { before, nameOf, after } = target;
  if (first !== before) return first.startsWith(before) || before.startsWith(first) ? UNKNOWN : FALSE;
  const [tail = '', ...more] = rest;
  if (name.nameOf !== nameOf || typeof tail !== 'string' || more.length > 0) return UNKNOWN;
  return coversWildcard(parseWildcard(tail), parseWildcard(after));
}

/** Whether a pattern that names nothing of the document covers the texts for each name that there may be, or for none. */
function coversAny(pattern: string, { before, after }: OpenTarget): Truth {
  const [outer, all] = [parseWildcard(pattern), parseWildcard(`${before}?*${after}`)];
  if (coversWildcard(outer, all) === TRUE) return TRUE;
  return overlapsWildcard(outer, all) === FALSE ? FALSE : UNKNOWN;
}
