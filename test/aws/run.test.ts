import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Collection } from '../../src/model/snapshot.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { type Audited, audit, firstWord, outcomesOf, runProgram } from './audit.ts';
import { addAuditor, blockPublicAccess, checkCredentials, emulator, resetEmulator, seed } from './emulator.ts';

const home = ['--region', 'eu-west-1'];
// Ages are measured against it; the account is made at the time of the test.
const now = ['--now', '2099-01-01T00:00:00Z'];

/** Audits as a user who may do everything but one action. */
async function auditWithout(action: string): Promise<Audited> {
  const keys = await addAuditor(action);
  await checkCredentials();
  try {
    return await audit(emulator, home, keys);
  } finally {
    await checkCredentials(false);
  }
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-aws-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('an account with nothing in it', () => {
  beforeAll(resetEmulator);

  const rulesThat = (outcome: string, { report }: Audited) => [
    ...new Set(report.results.filter((result) => result.outcome === outcome).map(({ rule }) => rule)),
  ];

  test('fails for want of a trail, of encryption by default, of the block of public access, and of closed default groups', async () => {
    const before = await audit(emulator);
    const wanting = ['cloudtrail-multi-region-logging', 'ec2-ebs-default-encryption', 'sg-default-restricts-all'];
    expect(before.code).toBe(1);
    expect(rulesThat('fail', before).sort()).toEqual([...wanting, 's3-account-public-access-block'].sort());
    // The emulator has regions of other partitions, where nobody looked, and does not tell whether root has a password.
    expect(rulesThat('unknown', before).sort()).toEqual(['account-only-allowed-regions-used', 'iam-root-mfa-enabled']);
    await blockPublicAccess();
    expect(rulesThat('fail', await audit(emulator)).sort()).toEqual(wanting);
  });
});

describe('a seeded account', () => {
  let whole: Audited;
  beforeAll(async () => {
    (await seed()).stop();
    whole = await audit(emulator, home);
  });

  test.each([
    [1, []],
    [1, ['--on-unknown', 'warn']],
    [1, ['--fail-on', 'critical']],
    [3, ['--fail-on', 'none']],
    [0, ['--fail-on', 'none', '--on-unknown', 'warn']],
    [3, ['--rule', 'backup-recovery-point-encrypted']],
    [3, ['--rule', 'backup-recovery-point-encrypted', '--on-unknown', 'warn']],
  ])('exits with %d for %j', async (code, args) => {
    expect((await runProgram(['audit', '--endpoint-url', emulator, '--no-save', ...home, ...args])).code).toBe(code);
  });

  test('only the region that was asked for is judged, and what lies elsewhere is said', () => {
    const regions = new Set(whole.report.results.map(({ region }) => region));
    expect([...regions].sort()).toEqual(['*', 'eu-west-1', 'global']);
    const selected = whole.report.regions.filter((listed) => listed.selected).map(({ region }) => region);
    expect(selected).toEqual(['eu-west-1']);
    expect(whole.stderr).toContain('AWS::S3::Bucket in us-east-1 left out');
  });

  test('one region is judged as it is among all of them, and the account not better than with all of them', async () => {
    const all = outcomesOf(await audit(emulator));
    for (const [key, outcome] of outcomesOf(whole))
      expect([key, [all.get(key), 'unknown']]).toEqual([key, expect.arrayContaining([outcome])]);
  });

  test.each([
    ['eu-west-9', "there is no region 'eu-west-9'"],
    ['Ireland', "'Ireland' is not the name of an AWS region"],
  ])('the region %s, which does not exist, is a mistake of the user', async (region, message) => {
    const run = await runProgram(['audit', '--endpoint-url', emulator, '--no-save', '--region', region]);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(message);
  });

  describe('the same audit twice', () => {
    const files = async (name: string) => ({
      manifest: JSON.parse(await readFile(join(folder, name, 'snapshot/manifest.json'), 'utf8')),
      assessment: await readFile(join(folder, name, 'assessment.json'), 'utf8'),
      results: await readFile(join(folder, name, 'results.ndjson'), 'utf8'),
    });
    const runs = new Map<string, Audited>();
    beforeAll(async () => {
      for (const name of ['first', 'second']) {
        runs.set(name, await audit(emulator, [...home, ...now, '--out', join(folder, name)]));
      }
    });

    test('leaves snapshots that are sound', async () => {
      for (const name of runs.keys()) expect(await checkSnapshot(join(folder, name, 'snapshot'))).toEqual([]);
    });

    test('gives the same of everything that has not changed: the emulator delivers to a trail all the time', async () => {
      const digests = async (name: string) => {
        const { collections } = (await files(name)).manifest as { readonly collections: readonly Collection[] };
        return collections.filter(({ type }) => type !== 'AWS::CloudTrail::Trail').map(({ sha256 }) => sha256);
      };
      expect((await digests('first')).length).toBeGreaterThan(10);
      expect(await digests('second')).toEqual(await digests('first'));
    });

    test('gives the same bytes of assessment, results and report, but for the digest of what was collected', async () => {
      const [first, second] = [await files('first'), await files('second')];
      const digest = (text: string | undefined) => text?.replace(/"digest":"[0-9a-f]{64}","endpoint"/, '"endpoint"');
      expect(digest(second.assessment)).toBe(digest(first.assessment));
      expect(second.results).toBe(first.results);
      expect(digest(runs.get('second')?.stdout)).toBe(digest(runs.get('first')?.stdout));
    });

    test('and judging the snapshot again gives the report of the live audit', async () => {
      const from = ['audit', '--from', join(folder, 'first'), '--format', 'json', ...now];
      const again = await runProgram(from);
      expect([again.code, again.stdout]).toEqual([1, runs.get('first')?.stdout]);
    });
  });

  test('an endpoint may be named instead of numbered, for the calls that name the account before it, too', async () => {
    const named = emulator.replace('127.0.0.1', 'localhost');
    expect(named).not.toBe(emulator);
    const { report } = await audit(named, [...home, '--rule', 's3-account-public-access-block']);
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['fail']);
  });

  test('credentials that are refused end the audit with 4 and no report', async () => {
    await checkCredentials();
    try {
      const run = await runProgram(['audit', '--endpoint-url', emulator, '--no-save', '--format', 'json']);
      expect([run.code, run.stdout]).toEqual([4, '']);
      expect(run.stderr).toContain('InvalidClientTokenId');
    } finally {
      await checkCredentials(false);
    }
  });

  // Each action that is denied, and the rules that cannot do without it.
  test.each([
    [
      'iam:GetAccountAuthorizationDetails',
      ['iam-access-key-rotated', 'iam-console-user-mfa', 'iam-policy-no-full-admin', 'iam-user-unused-credentials'],
    ],
    ['iam:ListMFADevices', ['iam-console-user-mfa']],
    ['s3:ListAllMyBuckets', ['s3-bucket-tls-only']],
    ['s3:GetBucketPolicy', ['s3-bucket-tls-only']],
    [
      'ec2:DescribeSecurityGroups',
      [
        ...['bastion-ingress-restricted', 'sg-default-restricts-all', 'sg-egress-restricted'],
        ...['sg-no-public-all-traffic', 'sg-no-public-high-risk-ports', 'sg-no-public-ssh'],
      ],
    ],
    ['ec2:GetEbsEncryptionByDefault', ['ec2-ebs-default-encryption']],
    ['ec2:GetManagedPrefixListEntries', ['sg-no-public-ssh']],
    [
      'ec2:DescribeInstances',
      [
        ...['bastion-disabled-by-default', 'bastion-ingress-restricted', 'bastion-present-and-unique'],
        ...['bastion-ssh-password-login-disabled', 'sg-egress-restricted'],
      ],
    ],
    [
      'elasticloadbalancing:DescribeLoadBalancers',
      ['elb-classic-listeners-encrypted', 'elb-http-redirects-to-https', 'elb-tls-policy-modern'],
    ],
    ['elasticloadbalancing:DescribeRules', ['elb-http-redirects-to-https']],
    ['elasticloadbalancing:DescribeSSLPolicies', ['elb-tls-policy-modern']],
    [
      'backup:GetBackupPlan',
      ['backup-copy-retention-max', 'backup-copy-to-separate-location', 'backup-plan-retention-max'],
    ],
  ])('%s denied turns verdicts to unknown, never to pass, and lets none vanish', async (action, rules) => {
    const denied = await auditWithout(action);
    const before = outcomesOf(whole);
    const after = outcomesOf(denied);
    for (const [key, outcome] of before) {
      const [rule = '', region = ''] = key.split(' ');
      // What is no longer seen is spoken for by the unknown of its whole region.
      const found = after.get(key) ?? after.get(`${rule} ${region} *`);
      expect([key, [outcome, 'unknown']]).toEqual([key, expect.arrayContaining([found])]);
    }
    const changed = [...after].filter(([key, outcome]) => before.get(key) !== outcome && outcome === 'unknown');
    expect([...new Set(changed.map(([key]) => firstWord(key)))].sort()).toEqual(rules);
    expect(denied.code).not.toBe(0);
  });
});
