import { type LedgerEntry, ledgerKey } from './snapshot.ts';
import { byCodeUnit } from './value.ts';

/**
 * The call that a record or collection cites. Calls to services without regions, and account-wide listings of regional
 * things, stand under `global`.
 */
export function findCall(
  ledger: ReadonlyMap<string, LedgerEntry>,
  account: string,
  region: string,
  key: string,
): LedgerEntry | undefined {
  return ledger.get(ledgerKey(account, region, key)) ?? ledger.get(ledgerKey(account, 'global', key));
}

/** The ledger as snapshots hold it, sorted by account, region and key. */
export function ledgerOf(entries: Iterable<LedgerEntry>): ReadonlyMap<string, LedgerEntry> {
  const sorted = [...entries].sort(
    (a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region) || byCodeUnit(a.key, b.key),
  );
  return new Map(sorted.map((entry) => [ledgerKey(entry.account, entry.region, entry.key), entry]));
}
