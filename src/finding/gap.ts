import { findCall } from '../model/ledger.ts';
import { type LedgerEntry, ledgerKey, type Snapshot } from '../model/snapshot.ts';
import { byCodeUnit, type Unknown } from '../model/value.ts';
import type { Evidence, Refusal } from './finding.ts';

/** The permission to ask for: only a denied call lacks one. */
function permissionFor(entry: LedgerEntry | undefined): string | undefined {
  return entry?.outcome === 'denied' ? entry.permission : undefined;
}

/** An unknown with the permission that would have prevented it, from the ledger line of the call that it blames. */
export function explainUnknown(
  gap: Unknown,
  snapshot: Snapshot,
  account: string,
  region: string,
): NonNullable<Evidence['unknown']> {
  const entry = gap.call === undefined ? undefined : findCall(snapshot.ledger, account, region, gap.call);
  const permission = permissionFor(entry);
  return {
    reason: gap.$unknown,
    ...(gap.detail === undefined ? {} : { detail: gap.detail }),
    ...(permission === undefined ? {} : { permission }),
  };
}

const happened: Partial<Record<Unknown['$unknown'], string>> = {
  denied: 'was denied',
  throttled: 'was throttled',
  failed: 'failed',
};

/** What stands in the way of a whole list, in one sentence: the call, what became of it, what would allow it. */
export function describeGap(what: string, gap: Unknown, known: NonNullable<Evidence['unknown']>): string {
  const event = happened[gap.$unknown];
  const cause =
    gap.call !== undefined && event !== undefined
      ? `${gap.call} ${event}${gap.detail === undefined ? '' : ` (${gap.detail})`}`
      : (gap.detail ?? gap.$unknown);
  const mend = known.permission === undefined ? '' : `; allow ${known.permission}`;
  return `${what} is not known as a whole: ${cause}${mend}`;
}

/** The calls of the given accounts that gave no whole answer, in a fixed order. */
export function refusals(snapshot: Snapshot, accounts: ReadonlySet<string>): readonly Refusal[] {
  const refused = [...snapshot.ledger.values()].filter(
    (entry) => entry.outcome !== 'complete' && accounts.has(entry.account),
  );
  const place = (entry: LedgerEntry) => ledgerKey(entry.account, entry.region, entry.key);
  refused.sort((a, b) => byCodeUnit(place(a), place(b)));
  return refused.map(({ account, region, key, outcome, permission, error }) => ({
    account,
    region,
    key,
    outcome,
    permission,
    ...(error === undefined ? {} : { detail: error.name }),
  }));
}
