import { nearest } from './nearest.ts';

/** The hint for a wrong word: the nearest valid one, or all of them when they are few. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean '${near}'?`;
  return candidates.length > 0 && candidates.length <= 12 ? `one of: ${candidates.join(', ')}` : undefined;
}
