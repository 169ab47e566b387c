import { hash } from 'node:crypto';
import { byCodeUnit, canonicalJson } from '../model/value.ts';
import type { Result } from './finding.ts';

/** Lists as sets: AWS gives most of them in no order, and the order of the others is not what is pinned. */
export function unordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => [canonicalJson(unordered(item)), unordered(item)] as const);
    return items.sort(([a], [b]) => byCodeUnit(a, b)).map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unordered(member)]));
}

/** Where something was observed, whatever its place in the lists on the way: `IpPermissions[].FromPort`. */
export function placeOfObservation(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[]');
}

/**
 * SHA-256, in hexadecimal, over what was observed behind a result: the values and where they stood, whatever the order
 * in which AWS listed them. What was expected is no part of it.
 *
 * @returns undefined when not every observation is kept, so that nobody can tell whether it is the same
 */
export function observationDigest({ evidence, moreEvidence }: Pick<Result, 'evidence' | 'moreEvidence'>) {
  if (moreEvidence !== undefined || evidence.length === 0) return undefined;
  const seen = evidence.map(({ path, observed, unknown, within }) =>
    canonicalJson({
      path: placeOfObservation(path),
      observed: unordered(observed),
      unknown: unknown?.reason,
      within,
    }),
  );
  return hash('sha256', JSON.stringify(seen.sort(byCodeUnit)), 'hex');
}
