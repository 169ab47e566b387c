import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessment, ResultLine } from '../../src/finding/finding.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Ended, installProgram, type Program } from './program.ts';

const production = '111122223333';
const staging = '444455556666';
const laboratory = '777788889999';
const archive = '121212121212';
const externalId = 'acme-external-id-of-staging';
const roleOf = (account: string) => `arn:aws:iam::${account}:role/ProvisoAuditor`;

const regions = (...names: readonly string[]) => ({
  Regions: names.map((RegionName) => ({ RegionName, OptInStatus: 'opt-in-not-required' })),
});

function group(account: string, open: boolean) {
  const from = open ? '0.0.0.0/0' : '198.51.100.0/24';
  const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: from }] };
  const IpPermissions = [{ ...permission, Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] }];
  const GroupId = `sg-${account.slice(0, 4)}`;
  return { GroupId, GroupName: 'web', OwnerId: account, Description: 'web', IpPermissions, IpPermissionsEgress: [] };
}

function accountWith(account: string, names: readonly string[], open: boolean, ownId?: string): SimulatedAccount {
  return {
    account,
    caller: `arn:aws:sts::${account}:assumed-role/ProvisoAuditor/proviso`,
    roles: [{ arn: roleOf(account), ...(ownId === undefined ? {} : { externalId: ownId }) }],
    answers: {
      ec2: {
        '*': { DescribeRegions: regions(...names) },
        'eu-west-1': { DescribeSecurityGroups: { SecurityGroups: [group(account, open)] } },
      },
    },
  };
}

const accounts: readonly [SimulatedAccount, ...SimulatedAccount[]] = [
  accountWith(production, ['eu-west-1', 'us-east-1'], false),
  accountWith(staging, ['eu-west-1'], true, externalId),
  accountWith(laboratory, ['eu-west-1'], true, 'another external id'),
];

/** The own account, one behind a role, one whose role is closed, one that nobody says how to reach. */
const scope = `
  accounts:
    - { id: "${production}", name: production }
    - { id: "${staging}", name: staging, role: "${roleOf(staging)}", external-id: ${externalId} }
    - { id: "${laboratory}", role: "${roleOf(laboratory)}", external-id: wrong }
    - "${archive}"`;

const policy = `title: Acme
scope: ${scope}
clauses:
  ssh: { claim: SSH is closed., verified: [rules], rules: [sg-no-public-ssh] }
`;

let program: Program;
let simulator: Simulator;
beforeAll(async () => {
  program = await installProgram();
  simulator = await startSimulator(accounts);
  await writeFile(join(program.folder, 'acme.yaml'), policy);
}, 120_000);
afterAll(async () => {
  await simulator.close();
  await program.remove();
});

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
const elsewhere = { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
const now = ['--now', '2026-11-24T02:00:00Z'];

interface Audited extends Ended {
  readonly report: Assessment & { readonly results: readonly ResultLine[] };
}

async function audit(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = program.folder) {
  const given = ['--policy', 'acme.yaml', '--format', 'json', ...now];
  const run = await program.run(['audit', ...given, ...args], { env: { ...keys, ...env }, cwd });
  if (run.stdout === '') throw new Error(`the audit printed nothing:\n${run.stderr}`);
  return { ...run, report: JSON.parse(run.stdout) as Audited['report'] };
}

const live = (...args: readonly string[]) => ['--endpoint-url', simulator.url, ...args];

async function textsBelow(folder: string): Promise<string> {
  const files = (await readdir(folder, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
}

describe('an audit of several accounts', () => {
  let first: Audited;
  let folder: string;
  beforeAll(async () => {
    folder = join(program.folder, 'first');
    first = await audit(live('--out', folder));
  }, 60_000);

  it('judges each by its own answers, and those out of reach as unknown', () => {
    const outcomes = first.report.results.map(({ account, region, outcome }) => [account, region, outcome]);
    expect(outcomes).toEqual(
      [
        [production, 'eu-west-1', 'pass'],
        [archive, '*', 'unknown'],
        [staging, 'eu-west-1', 'fail'],
        [laboratory, '*', 'unknown'],
      ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    expect(first.code).toBe(1);
  });

  it('says of each account that cannot be reached why, and what would help', () => {
    const messages = first.report.results.flatMap(({ outcome, account, message }) =>
      outcome === 'unknown' ? [[account, message]] : [],
    );
    const call = `sts:AssumeRole {"RoleArn":"${roleOf(laboratory)}","RoleSessionName":"proviso"}`;
    expect(messages).toEqual([
      [
        archive,
        `AWS::EC2::SecurityGroup in account ${archive} is not known as a whole: the credentials belong to another ` +
          "account, and the policy's scope names no role for this one",
      ],
      [
        laboratory,
        `AWS::EC2::SecurityGroup in account ${laboratory} is not known as a whole: ${call} was denied (AccessDenied; ` +
          "the role's trust policy must admit the caller, with the external id that the policy gives); allow sts:AssumeRole",
      ],
    ]);
    expect(first.report.refused).toMatchObject([{ account: laboratory, key: call, permission: 'sts:AssumeRole' }]);
    expect(first.stderr).toContain(`account ${laboratory} cannot be collected: AccessDenied`);
  });

  it('states the population of every account, with the regions that each of them has', () => {
    const population = first.report.rules[0]?.population.map((each) => [
      each.account,
      each.region,
      each.complete,
      each.enumerated,
    ]);
    expect(population).toEqual([
      [production, 'eu-west-1', true, 1],
      [production, 'us-east-1', true, 0],
      [archive, '*', false, 0],
      [staging, 'eu-west-1', true, 1],
      [laboratory, '*', false, 0],
    ]);
    expect(first.report.accounts).toMatchObject([
      { id: production, name: 'production' },
      { id: archive, unreachable: { reason: 'not-collected' } },
      { id: staging, name: 'staging' },
      { id: laboratory, unreachable: { reason: 'denied' } },
    ]);
  });

  it('keeps a snapshot that is sound, with one ledger, in which no external id stands', async () => {
    expect(await checkSnapshot(join(folder, 'snapshot'))).toEqual([]);
    const calls = (await readFile(join(folder, 'snapshot/calls.ndjson'), 'utf8')).trim().split('\n');
    const seen = new Set(calls.map((line) => (JSON.parse(line) as { account: string }).account));
    expect([...seen].sort()).toEqual([production, staging, laboratory].sort());
    const everything = [await textsBelow(folder), first.stdout, first.stderr].join('\n');
    expect(everything).not.toContain(externalId);
  });

  it('gives the same bytes elsewhere, and again from the snapshot', { timeout: 60_000 }, async () => {
    const room = await program.room();
    await writeFile(join(room, 'acme.yaml'), policy);
    const second = await audit(live('--out', join(room, 'second')), elsewhere, room);
    expect([second.code, second.stdout]).toEqual([first.code, first.stdout]);
    const again = await audit(['--from', folder], elsewhere, room);
    expect([again.code, again.stdout]).toEqual([first.code, first.stdout]);
  });

  it('is incomplete without a failure, when an account is out of reach', { timeout: 60_000 }, async () => {
    const closed = policy.replace(/\n {4}- \{ id: "444.*/, '').replace(/\n {4}- "1212.*/, '');
    await writeFile(join(program.folder, 'closed.yaml'), closed);
    const given = ['audit', '--policy', 'closed.yaml', '--no-save', '--endpoint-url', simulator.url];
    const run = await program.run(given, { env: keys });
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('Acme · 2 accounts');
    expect(run.stdout).toMatch(/^ {2}777788889999 {13}not seen: AccessDenied; the role's trust policy$/m);
    expect(run.stdout).toMatch(/^ {2}111122223333 production {2}1 resource in 2 regions$/m);
  });

  it('needs no role for the role that the caller has already', { timeout: 60_000 }, async () => {
    const own = policy.replace('name: production', `role: "${roleOf(production)}"`);
    await writeFile(join(program.folder, 'own.yaml'), own);
    const before = simulator.calls()['sts:AssumeRole'] ?? 0;
    const { report } = await audit(live('--no-save', '--policy', 'own.yaml'));
    expect(report.results[0]).toMatchObject({ account: production, outcome: 'pass' });
    // Those of staging and of the laboratory.
    expect((simulator.calls()['sts:AssumeRole'] ?? 0) - before).toBe(2);
  });

  it('ends with the mistake when a region does not exist', { timeout: 60_000 }, async () => {
    const given = ['audit', '--policy', 'acme.yaml', '--no-save', '--region', 'eu-west-9'];
    const run = await program.run([...given, '--endpoint-url', simulator.url], { env: keys });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain("there is no region 'eu-west-9'");
  });
});

it('proviso snapshot keeps what it can of several accounts, and says what it cannot', { timeout: 60_000 }, async () => {
  const given = ['snapshot', '--policy', 'acme.yaml', '--out', 'recorded', '--endpoint-url', simulator.url];
  const run = await program.run(given, { env: keys });
  expect([run.code, run.stdout]).toEqual([3, 'recorded\n']);
  expect(run.stderr).toContain(`refused: sts:AssumeRole`);
  expect(run.stderr).toContain(`in ${laboratory} us-east-1: denied, needs sts:AssumeRole`);
});
