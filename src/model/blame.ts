import type { LedgerEntry } from './snapshot.ts';
import type { UnknownReason } from './value.ts';

/** Why something was not collected. */
export interface Blame {
  readonly reason: UnknownReason;
  readonly detail: string;
  /** Ledger key of the call. */
  readonly call: string;
}

/**
 * What a call that gave no whole answer is to blame for. AWS's own message stays in the ledger: it may hold request ids
 * and encoded texts, which differ from run to run.
 */
export function blame(entry: LedgerEntry): Blame {
  const name = `${entry.service}:${entry.operation}`;
  const error = entry.error === undefined ? '' : ` (${entry.error.name})`;
  const { outcome, key: call } = entry;
  if (outcome === 'denied') return { reason: 'denied', detail: `${name} was denied${error}`, call };
  if (outcome === 'throttled') return { reason: 'throttled', detail: `${name} was throttled to the end${error}`, call };
  if (outcome === 'partial') return { reason: 'failed', detail: `the list of ${name} was cut short${error}`, call };
  return { reason: 'failed', detail: `${name} failed${error}`, call };
}
