import { hash } from 'node:crypto';
import { byCodeUnit, canonicalJson } from '../model/value.ts';
import type { Result } from './finding.ts';
import { placeOfObservation } from './observation.ts';

/**
 * SHA-256, in hexadecimal, over why something cannot be judged: each observation with its reason in full, whatever their
 * order and the places of items in lists. Which call said so is no part of it: a plan may say what an API said before.
 */
export function openDigest({ outcome, message, evidence, moreEvidence }: Result): string {
  const seen = evidence.map(({ path, observed, unknown, within }) =>
    canonicalJson({
      path: placeOfObservation(path),
      observed,
      reason: unknown?.reason,
      detail: unknown?.detail,
      within,
    }),
  );
  const why = evidence.length === 0 ? message : undefined;
  return hash('sha256', canonicalJson([outcome, why ?? null, moreEvidence ?? 0, ...seen.sort(byCodeUnit)]), 'hex');
}
