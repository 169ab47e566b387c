import { seeded } from './numbers.mjs';
import { kinds } from './resources.mjs';

/** Resources of one account: a fleet has many of them, and none is endless. */
const perAccount = 5000;
const regions = ['eu-west-1', 'us-east-1'];
const at = '2026-11-24T02:00:00.000Z';

function callOf(key, account, region, outcome) {
  const [service, operation] = key.split(':');
  const denied = { error: { name: 'AccessDenied', message: 'denied', status: 403 } };
  return {
    key,
    account,
    region,
    service,
    operation,
    input: {},
    outcome,
    ...(outcome === 'denied' ? denied : {}),
    permission: key,
    pages: 1,
    items: 1,
    attempts: 1,
    requestIds: [],
    startedAt: at,
    answeredAt: at,
  };
}

/** One call answered the group for most, and one was refused for the others. */
const groupCalls = {
  Policy: ['s3:GetBucketPolicy', 's3:GetBucketPolicyStatus'],
  Rules: ['elastic-load-balancing-v2:DescribeRules', 'elastic-load-balancing-v2:DescribeTargetGroups'],
  CredentialReport: ['iam:GetCredentialReport', 'iam:GetUser'],
};

function recordOf(kind, properties, { account, region }, isDenied) {
  const [allowed, refused] = groupCalls[kind.group] ?? [];
  const record = { account, region, type: kind.type, id: properties[kind.id], calls: { '': kind.list } };
  if (kind.group === undefined) return { ...record, properties };
  if (!isDenied) return { ...record, calls: { ...record.calls, [kind.group]: allowed }, properties };
  const { [kind.group]: _removed, ...rest } = properties;
  return { ...record, gaps: { [kind.group]: { reason: 'denied', call: refused } }, properties: rest };
}

/** What the manifest's calls say of one type in one region. */
function callsOf(kind, account, region) {
  const [allowed, refused] = groupCalls[kind.group] ?? [];
  const list = callOf(kind.list, account, region, 'complete');
  if (allowed === undefined) return [list];
  return [list, callOf(allowed, account, region, 'complete'), callOf(refused, account, region, 'denied')];
}

async function writeKind(writer, random, kind, { account, size, ledger }) {
  const places = kind.isGlobal ? ['global'] : regions;
  const count = kind.each === undefined ? Math.round(size * kind.share) : kind.each * places.length;
  const groups = Math.ceil(size * 0.2);
  for (let number = 0; number < count; number += 1) {
    const place = { account, region: places[number % places.length], groups, places: places.length };
    writer.add(recordOf(kind, kind.make(random, number, place), place, random() < 0.01));
  }
  for (const region of places) {
    ledger.push(...callsOf(kind, account, region));
    await writer.end(account, region, kind.type, { complete: true, calls: [kind.list] });
  }
}

/** Writes a snapshot of about `size` resources. The same size gives the same content. */
export async function writeSnapshot({ openSnapshotWriter }, folder, size) {
  const writer = await openSnapshotWriter(folder);
  const random = seeded(20_261_124);
  const accounts = Array.from({ length: Math.max(1, Math.ceil(size / perAccount)) }, (_, i) =>
    String(111_122_223_333 + i),
  );
  const ledger = [];
  for (const account of accounts)
    for (const kind of kinds) await writeKind(writer, random, kind, { account, size: size / accounts.length, ledger });
  // Pairs of a type's list that two types share are told once.
  const calls = new Map(ledger.map((entry) => [`${entry.account} ${entry.region} ${entry.key}`, entry]));
  return writer.finish(
    {
      source: 'live',
      partition: 'aws',
      accounts: accounts.map((id) => ({ id })),
      regions: accounts.flatMap((account) =>
        regions.map((region) => ({ account, region, status: 'enabled', selected: true })),
      ),
      finished: true,
      startedAt: at,
      finishedAt: at,
    },
    calls.values(),
  );
}
