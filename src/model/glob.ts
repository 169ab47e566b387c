const star = 42;
const question = 63;

/**
 * Compiles a glob that must match the whole text: `*` stands for any run of characters, the empty one too, and `?` for
 * exactly one UTF-16 unit. There is no escape and no character class, and letter case counts. The time is bounded by
 * the length of the text times that of the pattern.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const first = pattern.search(/[*?]/);
  if (first === -1) return (text) => text === pattern;
  if (pattern.includes('?')) return (text) => matchGlob(pattern, text);
  const [prefix = '', ...rest] = pattern.split('*');
  const suffix = rest.pop() ?? '';
  const inner = rest.filter((part) => part !== '');
  const shortest = pattern.length - rest.length - 1;
  return (text) =>
    text.length >= shortest && text.startsWith(prefix) && text.endsWith(suffix) && holds(text, prefix, inner, suffix);
}

/** Whether texts stand in another one in their order, between its beginning and its end. The first place of each will do. */
function holds(text: string, prefix: string, inner: readonly string[], suffix: string): boolean {
  let from = prefix.length;
  for (const part of inner) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - suffix.length;
}

/** As {@link compileGlob}, for any of several patterns; false for none. */
export function compileGlobs(patterns: readonly string[]): (text: string) => boolean {
  const [only, ...others] = patterns.map(compileGlob);
  if (only === undefined) return () => false;
  return others.length === 0 ? only : (text) => only(text) || others.some((matches) => matches(text));
}

/** Gives back characters to the last star alone: an earlier star need never take more than it did. */
function matchGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let afterStar = -1;
  let resume = 0;
  while (at < text.length) {
    const unit = inPattern < pattern.length ? pattern.charCodeAt(inPattern) : -1;
    if (unit === star) {
      afterStar = ++inPattern;
      resume = at;
    } else if (unit === question || unit === text.charCodeAt(at)) {
      inPattern++;
      at++;
    } else if (afterStar === -1) {
      return false;
    } else {
      inPattern = afterStar;
      at = ++resume;
    }
  }
  while (inPattern < pattern.length && pattern.charCodeAt(inPattern) === star) inPattern++;
  return inPattern === pattern.length;
}
