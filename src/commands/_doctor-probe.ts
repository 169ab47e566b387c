import { type Permission, runPermission, typesAskedAbout } from '../access/needed-permissions.ts';
import { blame } from '../model/blame.ts';
import type { LedgerEntry, Manifest, Snapshot, SnapshotAccount } from '../model/snapshot.ts';
import type { Policy } from '../policy/policy.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';

/** What is known of a permission, the worst first. */
export const standings = ['refused', 'failed', 'not-probed', 'allowed'] as const;

/** `failed`: asked, and neither given nor refused; `not-probed`: nothing was there to ask about, or nobody needed it. */
export type Standing = (typeof standings)[number];

/** A permission in one account; `why` is missing where it is allowed. */
export interface Probe {
  readonly account: string;
  readonly standing: Standing;
  readonly why?: string;
}

/** A permission, with the worst that was seen in an account, and what is unknown without it. */
export interface ProbedPermission {
  readonly action: string;
  readonly standing: Standing;
  readonly accounts: readonly Probe[];
  /** Ids of rules and clauses. */
  readonly rules: readonly string[];
  readonly clauses: readonly string[];
}

/** What was asked, and what came of it in the one region that was looked at. */
export interface Probing {
  readonly snapshot: Snapshot;
  readonly region: string;
  readonly policy: Policy;
  /** Those that a run judges. */
  readonly rules: readonly Rule[];
  readonly catalogue: Pick<Catalogue, 'types'>;
}

/** What the ledger of a collection says of each permission. */
export function judgePermissions(probing: Probing, permissions: readonly Permission[]): readonly ProbedPermission[] {
  const entries = byPermission(probing.snapshot.ledger.values());
  return permissions.map((permission) => {
    const { action } = permission;
    const accounts = probing.snapshot.manifest.accounts.map((account) => {
      const asked = entries.get(`${account.id} ${action}`) ?? [];
      return { account: account.id, ...(asked.length > 0 ? judgeCalls(asked) : unasked(probing, account, action)) };
    });
    const standing = standings.find((one) => accounts.some((probe) => probe.standing === one)) ?? 'not-probed';
    return { action, standing, accounts, ...lostWithout(permission, probing) };
  });
}

function byPermission(ledger: Iterable<LedgerEntry>): ReadonlyMap<string, readonly LedgerEntry[]> {
  const found = new Map<string, LedgerEntry[]>();
  for (const entry of ledger) {
    const key = `${entry.account} ${entry.permission}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [entry]);
    else list.push(entry);
  }
  return found;
}

/** One refusal is enough: a policy of the resource, or a condition, may refuse what is allowed elsewhere. */
function judgeCalls(entries: readonly LedgerEntry[]): Omit<Probe, 'account'> {
  const unanswered = entries.filter(({ outcome }) => outcome !== 'complete');
  const denied = unanswered.find(isRefused);
  const worst = denied ?? unanswered[0];
  if (worst === undefined) return { standing: 'allowed' };
  const alike = unanswered.filter((entry) => isRefused(entry) === (denied !== undefined)).length;
  // What is refused for some resources alone is often refused by their own policies.
  const share = alike === entries.length ? '' : `, ${alike} of ${entries.length} calls, such as ${worst.key}`;
  return { standing: denied === undefined ? 'failed' : 'refused', why: `${blame(worst).detail}${share}` };
}

function isRefused({ outcome }: LedgerEntry): boolean {
  return outcome === 'denied';
}

/** Why nobody asked. */
function unasked({ snapshot, region, rules, catalogue }: Probing, account: SnapshotAccount, action: string) {
  const standing = 'not-probed' as const;
  const { manifest } = snapshot;
  if (account.unreachable !== undefined) return { standing, why: 'the account cannot be reached' };
  const about = typesAskedAbout(action, rules, catalogue.types);
  const collections = manifest.collections.filter((one) => one.account === account.id && about.includes(one.type));
  if (collections.length === 0)
    return { standing, why: `nothing was asked there: ${absence(manifest, account, region)}` };
  const nounOf = (type: string) => catalogue.types.get(type)?.noun ?? type;
  const broken = collections.find(({ complete }) => !complete);
  if (broken !== undefined) {
    return { standing, why: `what there is to ask about is not known: ${broken.detail ?? broken.reason ?? 'failed'}` };
  }
  const nouns = about.map(nounOf).join(' or ');
  const where = collections.some((one) => one.region === region) ? ` in ${region}` : '';
  const records = collections.reduce((sum, one) => sum + one.records, 0);
  if (records === 0) return { standing, why: `no ${nouns}${where} to ask about` };
  return { standing, why: `no rule needed it for what there is${where}: ${records} × ${nouns}` };
}

function absence(manifest: Manifest, { id }: SnapshotAccount, region: string): string {
  const listed = manifest.regions.find((one) => one.account === id && one.region === region);
  return listed?.status === 'disabled' ? `${region} is switched off for the account` : `${region} was not collected`;
}

/** Without its regions nobody knows where else there are resources of an account. */
function lostWithout({ action, rules }: Permission, { policy, rules: judged, catalogue }: Probing) {
  const isRegional = (rule: Rule) =>
    [...rule.reads.keys()].some((type) => catalogue.types.get(type)?.reach === 'region');
  const lost = action === runPermission ? judged.filter(isRegional).map(({ id }) => id) : rules;
  const clauses = policy.clauses.filter((clause) => clause.rules.some((id) => lost.includes(id)));
  return { rules: lost, clauses: clauses.map(({ id }) => id) };
}
