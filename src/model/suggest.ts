/** Damerau-Levenshtein distance (adjacent letters may be swapped), or a number above `limit` as soon as that is certain. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** The nearest of the valid words, if one is near enough to have been meant. Of equally near ones the first counts. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 200) return undefined;
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let found: string | undefined;
  let best = limit + 1;
  for (const candidate of candidates) {
    // A difference of case alone is the nearest there is, but never the same word.
    const sameLetters = candidate.toLowerCase() === word.toLowerCase();
    const apart = sameLetters ? 0.5 : distance(word, candidate, limit);
    if (apart < best && candidate !== word) {
      best = apart;
      found = candidate;
    }
  }
  return found;
}

/** The hint for a wrong word: the nearest valid one, or all of them when they are few. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean '${near}'?`;
  return candidates.length > 0 && candidates.length <= 12 ? `one of: ${candidates.join(', ')}` : undefined;
}
