import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { MemoryEnd } from '../../src/model/memory-snapshot.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { CallOutcome, LedgerEntry, ManifestFacts } from '../../src/model/snapshot.ts';
import { contentDigest } from '../../src/model/snapshot-manifest.ts';
import { openSnapshotWriter, type WriterLimits } from '../../src/model/snapshot-writer.ts';

export const acme = '111122223333';
export const groupFile = `${acme}/eu-west-1/AWS-EC2-SecurityGroup.ndjson`;
export const userFile = `${acme}/global/AWS-IAM-User.ndjson`;

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proviso-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function call(key: string, region: string, outcome: CallOutcome = 'complete'): LedgerEntry {
  const [service = '', rest = ''] = key.split(':');
  const [operation = ''] = rest.split(' {');
  return {
    key,
    account: acme,
    region,
    service,
    operation,
    input: key.includes('{') ? JSON.parse(key.slice(key.indexOf('{'))) : {},
    outcome,
    permission: `${service}:${operation}`,
    pages: 1,
    items: 2,
    attempts: 1,
    requestIds: ['req-1'],
    startedAt: '2026-11-24T00:00:00.000Z',
    answeredAt: '2026-11-24T00:00:01.000Z',
  };
}

export const facts: ManifestFacts = {
  source: 'live',
  partition: 'aws',
  accounts: [{ id: acme, name: 'Acme production' }],
  caller: { account: acme, arn: `arn:aws:iam::${acme}:role/ProvisoAuditor` },
  regions: [
    { account: acme, region: 'eu-west-1', status: 'enabled', selected: true },
    { account: acme, region: 'af-south-1', status: 'disabled', selected: false },
  ],
  finished: true,
  startedAt: '2026-11-24T00:00:00.000Z',
  finishedAt: '2026-11-24T00:01:00.000Z',
};

export const ledger: readonly LedgerEntry[] = [
  call('ec2:DescribeSecurityGroups', 'eu-west-1'),
  call('iam:GetAccountAuthorizationDetails', 'global'),
  call('iam:GetLoginProfile {"UserName":"mallory"}', 'global', 'denied'),
  call('elastic-load-balancing-v2:DescribeLoadBalancers', 'eu-west-1', 'throttled'),
];

export function group(id: string, properties: Resource['properties'] = {}): Resource {
  return {
    type: 'AWS::EC2::SecurityGroup',
    account: acme,
    region: 'eu-west-1',
    id,
    name: `web ${id}`,
    properties: { GroupId: id, IpPermissions: [], ...properties },
    calls: { '': 'ec2:DescribeSecurityGroups' },
  };
}

export const mallory: Resource = {
  type: 'AWS::IAM::User',
  account: acme,
  region: 'global',
  id: 'mallory',
  arn: `arn:aws:iam::${acme}:user/mallory`,
  properties: {
    UserName: 'mallory',
    Note: 'ünïcödé 🦉 "quotes" \\ \u2028',
    Policy: { $unknown: 'denied', detail: 'AccessDenied', call: 'iam:GetLoginProfile {"UserName":"mallory"}' },
  },
  calls: { '': 'iam:GetAccountAuthorizationDetails' },
  gaps: { LoginProfile: { reason: 'denied', call: 'iam:GetLoginProfile {"UserName":"mallory"}' } },
};

export const records: readonly Resource[] = [
  group('sg-2', { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '203.0.113.0/24' }] }] }),
  group('sg-1'),
  group('sg-10'),
  mallory,
];

export const ends: readonly MemoryEnd[] = [
  {
    account: acme,
    region: 'eu-west-1',
    type: 'AWS::EC2::SecurityGroup',
    complete: true,
    calls: ['ec2:DescribeSecurityGroups'],
  },
  {
    account: acme,
    region: 'global',
    type: 'AWS::IAM::User',
    complete: true,
    calls: ['iam:GetAccountAuthorizationDetails'],
  },
  {
    account: acme,
    region: 'eu-west-1',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    complete: false,
    reason: 'throttled',
    detail: 'Rate exceeded',
    calls: ['elastic-load-balancing-v2:DescribeLoadBalancers'],
  },
];

/** Writes Acme's snapshot, or the same with other records. */
export async function writeSnapshot(
  folder: string,
  given: readonly Resource[] = records,
  limits?: WriterLimits,
): Promise<void> {
  const writer = await openSnapshotWriter(folder, limits);
  for (const record of given) writer.add(record);
  for (const { account, region, type, ...how } of ends) await writer.end(account, region, type, how);
  await writer.finish(facts, ledger);
}

/** A new folder with Acme's snapshot in it. */
export async function acmeSnapshot(): Promise<string> {
  const folder = join(await temporaryFolder(), 'snapshot');
  await writeSnapshot(folder);
  return folder;
}

/** Every file of a folder with its text, by path. */
export async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function edit(folder: string, file: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8')));
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest that is to be broken has no type
export type Loose = any;

/** Changes the manifest and makes its digest right again, so that only the change itself can be refused. */
export async function editManifest(folder: string, change: (manifest: Loose) => void): Promise<void> {
  await edit(folder, 'manifest.json', (text) => {
    const manifest = JSON.parse(text);
    change(manifest);
    if (Array.isArray(manifest.collections)) manifest.contentDigest = contentDigest(manifest);
    return JSON.stringify(manifest, null, 2);
  });
}

/** Puts other text into a file of records or calls and makes counts, checksums and digest right again. */
export async function rewrite(folder: string, file: string, change: (text: string) => string): Promise<void> {
  await edit(folder, file, change);
  const bytes = await readFile(join(folder, file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lines = bytes.toString().split('\n').length - 1;
  await editManifest(folder, (manifest) => {
    if (file === 'calls.ndjson') manifest.ledger = { entries: lines, sha256 };
    for (const collection of manifest.collections) {
      if (collection.file === file) Object.assign(collection, { sha256, records: lines });
    }
  });
}

export async function put(folder: string, file: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), data);
}

/** This file as a program of its own, with some code after it, to be run in another environment. */
export async function fixtureProgram(code: string): Promise<string> {
  const program = join(await temporaryFolder(), 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(import.meta.url)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    external: ['vitest', 'esbuild'],
  });
  // What only a test runner has is left to it.
  const text = (await readFile(program, 'utf8')).replace(/^import .* from "(vitest|esbuild)";$/gm, '');
  await writeFile(program, `${text}\n${code}`);
  return program;
}
