import { discoverRegions } from '../aws/discover-regions.ts';
import type { OpenedAws } from '../aws/open-aws.ts';
import { inParallel } from '../model/in-parallel.ts';
import type { LedgerEntry, ManifestFacts, Obstacle, SnapshotAccount } from '../model/snapshot.ts';
import { byCodeUnit } from '../model/value.ts';
import { collectLive, type LiveEvent, type LiveOptions } from '../sources/live.ts';

/** An account to collect, and how its answers are reached where the caller's own credentials do not. */
export interface AccountWish {
  /** Twelve digits. */
  readonly id: string;
  readonly name?: string;
  /** ARN of the role to assume. */
  readonly role?: string;
  readonly externalId?: string;
}

/** What happens while accounts are collected; `account` says in which. */
export type FleetEvent = { readonly account: string } & (
  | LiveEvent
  | { readonly kind: 'begun' | 'ended' }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'unreachable'; readonly obstacle: Obstacle }
);

export interface FleetOptions extends Pick<LiveOptions, 'types' | 'wanted' | 'writer' | 'signal'> {
  /** The caller's own connection, which the caller also closes. */
  readonly opened: OpenedAws;
  /** Undefined stands for the account that the credentials belong to. */
  readonly accounts: readonly AccountWish[] | undefined;
  /** The user's choice; undefined stands for all regions of each account. */
  readonly regions: readonly string[] | undefined;
  readonly progress?: (event: FleetEvent) => void;
}

/** What is known of the snapshot, but for times and endpoint, and all calls that were made for it. */
export interface Fleet {
  readonly facts: Omit<ManifestFacts, 'startedAt' | 'finishedAt' | 'endpoint'>;
  readonly ledger: readonly LedgerEntry[];
}

/** How one account came out. */
interface Collected extends Pick<ManifestFacts, 'regions' | 'finished'> {
  readonly account: SnapshotAccount;
  readonly ledger: readonly LedgerEntry[];
}

/**
 * Each account has limits of its own, so that several are faster than one after the other; few, since what is known of
 * an account is kept until its end.
 */
const accountsAtOnce = 4;

/**
 * Collects accounts into one snapshot, each with its own credentials, regions and limits. One that cannot be reached is
 * listed with the reason, and the others go on.
 *
 * @throws ProvisoError 'usage' for a region that does not exist; else only what the writer, `wanted` or `progress` throw
 */
export async function collectAccounts(options: FleetOptions): Promise<Fleet> {
  const { opened, accounts = [{ id: opened.caller.account }] } = options;
  const open = new Set<OpenedAws>();
  const collected: Collected[] = [];
  try {
    await inParallel(accounts, accountsAtOnce, async (wish) => {
      try {
        collected.push(await collectAccount(options, wish, open));
      } catch (error) {
        // Nothing more can be kept, or the question is wrong for every account alike.
        for (const { aws } of open) aws.stop();
        throw error;
      }
    });
  } finally {
    for (const { aws } of open) if (aws !== opened.aws) aws.stop();
  }
  return merge(opened, collected);
}

function merge({ aws, caller }: OpenedAws, collected: readonly Collected[]): Fleet {
  const sorted = [...collected].sort((a, b) => byCodeUnit(a.account.id, b.account.id));
  return {
    facts: {
      source: 'live',
      partition: aws.partition,
      accounts: sorted.map(({ account }) => account),
      regions: sorted.flatMap(({ regions }) => regions),
      finished: sorted.every(({ finished }) => finished),
      caller: { account: caller.account, arn: caller.arn },
    },
    ledger: [...aws.ledger(), ...sorted.flatMap(({ ledger }) => ledger)],
  };
}

async function collectAccount(options: FleetOptions, wish: AccountWish, open: Set<OpenedAws>): Promise<Collected> {
  const { id, name } = wish;
  const named = { id, ...(name === undefined ? {} : { name }) };
  const report = (event: LiveEvent | { readonly kind: 'begun' | 'ended' }) => {
    options.progress?.({ ...event, account: id });
  };
  report({ kind: 'begun' });
  const reached = await reach(options, wish);
  if ('obstacle' in reached) {
    const { obstacle, entries } = reached;
    options.progress?.({ kind: 'unreachable', account: id, obstacle });
    return {
      account: { ...named, unreachable: obstacle },
      regions: [],
      finished: obstacle !== stopped,
      ledger: entries,
    };
  }
  open.add(reached);
  const { aws, region: home } = reached;
  const regions = await discoverRegions(aws, { account: id, selected: options.regions, home });
  for (const text of regions.notices) options.progress?.({ kind: 'notice', account: id, text });
  const { types, wanted, writer, signal } = options;
  const interruptible = signal === undefined ? {} : { signal };
  const facts = await collectLive({
    aws,
    account: id,
    types,
    regions,
    wanted,
    writer,
    progress: report,
    ...interruptible,
  });
  const isOwn = aws === options.opened.aws;
  if (!isOwn) {
    aws.stop();
    open.delete(reached);
  }
  report({ kind: 'ended' });
  const unlisted = facts.regionsIncomplete === undefined ? {} : { regionsIncomplete: facts.regionsIncomplete };
  const ledger = isOwn ? [] : aws.ledger();
  return { account: { ...named, ...unlisted }, regions: facts.regions, finished: facts.finished, ledger };
}

const stopped: Obstacle = { reason: 'not-collected', detail: 'the run was stopped' };
const noRole: Obstacle = {
  reason: 'not-collected',
  detail: "the credentials belong to another account, and the policy's scope names no role for this one",
};

/** The connection by which an account answers, or what stands in its way. */
async function reach({ opened, signal }: FleetOptions, { id, role, externalId }: AccountWish) {
  const refuse = (obstacle: Obstacle, entries: readonly LedgerEntry[] = []) => ({ obstacle, entries });
  const isStopped = () => signal?.aborted === true;
  if (isStopped()) return refuse(stopped);
  const { account, arn } = opened.caller;
  if (account === id && (role === undefined || isSessionOf(arn, role))) return opened;
  if (role === undefined) return refuse(noRole);
  const wish = { account: id, roleArn: role, ...(externalId === undefined ? {} : { externalId }) };
  const assumed = await opened.assume(wish);
  if ('opened' in assumed) return assumed.opened;
  return isStopped() ? refuse(stopped, assumed.entries) : assumed;
}

/** Whether the caller is that role already, as which AWS would not let it assume itself. Sessions leave out the path. */
function isSessionOf(caller: string, role: string): boolean {
  return (
    caller
      .split(':')
      .at(-1)
      ?.startsWith(`assumed-role/${role.split('/').at(-1)}/`) ?? false
  );
}
