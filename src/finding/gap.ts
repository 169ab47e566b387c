import { type LedgerEntry, ledgerKey, type Snapshot } from '../model/snapshot.ts';
import { byCodeUnit, type Unknown } from '../model/value.ts';
import type { Evidence, Refusal } from './finding.ts';

/** IAM actions that would have allowed the calls that were denied, by account and ledger key. */
export type Permissions = ReadonlyMap<string, string>;

export function missingPermissions(snapshot: Snapshot): Permissions {
  const permissions = new Map<string, string>();
  for (const { outcome, account, key, permission } of snapshot.ledger.values())
    if (outcome === 'denied') permissions.set(`${account}/${key}`, permission);
  return permissions;
}

/** An unknown with the permission that would have prevented it. */
export function explainUnknown(
  { $unknown: reason, detail, call }: Unknown,
  permissions: Permissions,
  account: string,
): NonNullable<Evidence['unknown']> {
  const permission = reason === 'denied' ? permissions.get(`${account}/${call}`) : undefined;
  if (detail === undefined) return permission === undefined ? { reason } : { permission, reason };
  return permission === undefined ? { detail, reason } : { detail, permission, reason };
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
