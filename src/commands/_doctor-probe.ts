import { type Permission, runPermission, typesAskedAbout } from '../access/needed-permissions.ts';
import { blame } from '../model/blame.ts';
import type { Collection, LedgerEntry, Manifest, Snapshot, SnapshotAccount } from '../model/snapshot.ts';
import type { Policy } from '../policy/policy.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';

/** What is known of a permission, the worst first. */
const standings = ['refused', 'failed', 'not-probed', 'allowed'] as const;

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
  const { rules, catalogue } = probing;
  const { accounts: all, collections } = probing.snapshot.manifest;
  const entries = groupBy(probing.snapshot.ledger.values(), ({ account, permission }) => `${account} ${permission}`);
  const collected = groupBy(collections, ({ account, type }) => `${account} ${type}`);
  return permissions.map((permission) => {
    const { action } = permission;
    const about = typesAskedAbout(action, rules, catalogue.types);
    const accounts = all.map((account) => {
      const asked = entries.get(`${account.id} ${action}`) ?? [];
      const lists = about.flatMap((type) => collected.get(`${account.id} ${type}`) ?? []);
      const found = asked.length > 0 ? judgeCalls(asked) : unasked(probing, account, { about, lists });
      return { account: account.id, ...found };
    });
    const standing = standings.find((one) => accounts.some((probe) => probe.standing === one)) ?? 'not-probed';
    return { action, standing, accounts, ...lostWithout(permission, probing) };
  });
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(keyOf(item));
    if (list === undefined) found.set(keyOf(item), [item]);
    else list.push(item);
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

/** The types whose resources would have been asked about, and the lists of them. */
interface Occasion {
  readonly about: readonly string[];
  readonly lists: readonly Collection[];
}

/** Why nobody asked. */
function unasked({ snapshot, region, catalogue }: Probing, account: SnapshotAccount, { about, lists }: Occasion) {
  const standing = 'not-probed' as const;
  if (account.unreachable !== undefined) return { standing, why: 'the account cannot be reached' };
  if (lists.length === 0) {
    return { standing, why: `nothing was asked there: ${absence(snapshot.manifest, account, region)}` };
  }
  const broken = lists.find(({ complete }) => !complete);
  if (broken !== undefined) {
    return { standing, why: `what there is to ask about is not known: ${broken.detail ?? broken.reason ?? 'failed'}` };
  }
  const nouns = about.map((type) => catalogue.types.get(type)?.noun ?? type).join(' or ');
  const where = lists.some((one) => one.region === region) ? ` in ${region}` : '';
  const records = lists.reduce((sum, one) => sum + one.records, 0);
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
