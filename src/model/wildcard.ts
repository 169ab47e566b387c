import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/**
 * Patterns of IAM policies: `*` is any run of characters, the empty one too, `?` is one character, everything else is
 * itself. Letter case is the caller's: both sides are to be lowered where it does not count.
 */
export interface Wildcard {
  /** Runs of wildcards are in their plain form: each `?` first, then at most one `*`. */
  readonly text: string;
  /** The characters before the first wildcard. */
  readonly prefix: string;
  /** Whether the pattern stands for itself alone. */
  readonly literal: boolean;
  /** Set for a pattern with a policy variable, which stands for an unknown text; it is held to be `*`. */
  readonly variable: boolean;
}

const star = '*';
const one = '?';
const neighbours = /[*?][*?]/;

/** @param variables whether `${…}` is a policy variable, as it is since the policy language of 2012 */
export function parseWildcard(pattern: string, variables = false): Wildcard {
  const open = variables && pattern.includes('${') ? pattern.replaceAll(/\$\{[^}]*\}/g, star) : pattern;
  // Most patterns are names, and `includes` is many times faster than a search.
  if (!open.includes(star) && !open.includes(one))
    return { text: open, prefix: open, literal: true, variable: open !== pattern };
  const text = neighbours.test(open) ? open.replaceAll(/[*?]{2,}/g, plainForm) : open;
  const first = text.search(/[*?]/);
  return { text, prefix: text.slice(0, first), literal: false, variable: open !== pattern };
}

const plainForm = (run: string) => run.replaceAll(star, '') + (run.includes(star) ? star : '');

/**
 * Whether every text of `inner` is one of `outer`.
 *
 * A star of `inner` has to be swallowed by a star of `outer`, for it may be longer than anything else could hold, so
 * that matching the pattern as if it were a text proves the cover. Two texts of `inner`, one with its stars empty and
 * one with long strange ones, disprove it. What neither settles is UNKNOWN, which takes patterns such as `?*` over `*a`.
 */
export function coversWildcard(outer: Wildcard, inner: Wildcard): Truth {
  if (!inner.variable && !inner.text.startsWith(outer.prefix)) return FALSE;
  if (matches(outer.text, inner.text, true)) return outer.variable ? UNKNOWN : TRUE;
  if (inner.variable) return overlapsWildcard(outer, inner) === FALSE ? FALSE : UNKNOWN;
  if (inner.literal) return FALSE;
  const shortest = inner.text.replaceAll(star, '').replaceAll(one, strange);
  if (!matches(outer.text, shortest, false)) return FALSE;
  const long = inner.text.replaceAll(star, strange.repeat(longRun)).replaceAll(one, strange);
  return matches(outer.text, long, false) ? UNKNOWN : FALSE;
}

/** A character that no pattern holds: AWS does not take it, and neither does the parser of documents. */
const strange = '\0';
const longRun = 4;

/** Whether two patterns have a text in common. */
export function overlapsWildcard(a: Wildcard, b: Wildcard): Truth {
  const length = Math.min(a.prefix.length, b.prefix.length);
  if (a.prefix.slice(0, length) !== b.prefix.slice(0, length)) return FALSE;
  const common = a.literal
    ? matches(b.text, a.text, false)
    : b.literal
      ? matches(a.text, b.text, false)
      : meet(a.text, b.text);
  if (!common) return FALSE;
  return a.variable || b.variable ? UNKNOWN : TRUE;
}

/**
 * Matches a pattern against a text. With `symbolic`, the text is a pattern too: its `*` is matched by a `*` alone, and
 * its `?` by either wildcard. Only the last star is ever tried again, so that the time is bounded by the product of
 * the lengths.
 */
function matches(pattern: string, text: string, symbolic: boolean): boolean {
  let at = 0;
  let position = 0;
  let afterStar = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[position];
    const char = text[at];
    if (wanted === star) {
      afterStar = ++position;
      resume = at;
    } else if (wanted === one ? !(symbolic && char === star) : wanted === char) {
      position++;
      at++;
    } else if (afterStar < 0) return false;
    else {
      position = afterStar;
      at = ++resume;
    }
  }
  while (pattern[position] === star) position++;
  return position === pattern.length;
}

/** Whether two patterns with wildcards have a text in common: which starts of `b` each start of `a` can be. */
function meet(a: string, b: string): boolean {
  let reached = new Uint8Array(b.length + 1);
  reached[0] = 1;
  skipStars(reached, b);
  for (const char of a) {
    const next = char === star ? reached.fill(1, firstReached(reached)) : advance(reached, b, char);
    skipStars(next, b);
    reached = next;
  }
  return reached[b.length] === 1;
}

function firstReached(reached: Uint8Array): number {
  const first = reached.indexOf(1);
  return first < 0 ? reached.length : first;
}

/** One more character of `a`: a star of `b` swallows it and stays, anything else has to fit it. */
function advance(reached: Uint8Array, b: string, char: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(b.length + 1);
  for (let at = 0; at < b.length; at++) {
    if (reached[at] === 0) continue;
    if (b[at] === star) next[at] = 1;
    else if (char === one || b[at] === one || b[at] === char) next[at + 1] = 1;
  }
  return next;
}

/** A star of `b` may be empty. */
function skipStars(reached: Uint8Array, b: string): void {
  for (let at = 0; at < b.length; at++) if (reached[at] === 1 && b[at] === star) reached[at + 1] = 1;
}
