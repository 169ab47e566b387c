/**
 * The word of `words` that `wrong` was most likely meant to be, or undefined when none is near.
 *
 * @param most how many letters may be wrong, at most a third of them in any case
 */
export function nearest(wrong: string, words: Iterable<string>, most = Number.POSITIVE_INFINITY): string | undefined {
  if (wrong.length > 100) return undefined;
  const limit = Math.min(most, Math.max(1, Math.floor(wrong.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const word of words) {
    if (word === wrong || Math.abs(word.length - wrong.length) >= bestDistance) continue;
    const distance = distanceOf(wrong.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Damerau and Levenshtein's distance: insertions, deletions, replacements and swaps of neighbours. */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swapped ? (before[j - 2] ?? 0) + 1 : Infinity),
      );
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
