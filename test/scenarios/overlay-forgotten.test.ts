import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Question, shippedQuestion } from './audited.ts';
import { account, gateProposal, live, now, region, said, snapshotOf } from './overlaid.ts';

let question: Question;
let folder: string;
beforeAll(async () => {
  question = await shippedQuestion();
  folder = await mkdtemp(join(tmpdir(), 'proviso-forgotten-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const tlsOnly = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};
const bucket = live(
  'AWS::S3::Bucket',
  'acme-data',
  { Name: 'acme-data', BucketRegion: region, CreationDate: '2026-01-11T09:00:00.000Z' },
  { Policy: tlsOnly },
);
const group = live(
  'AWS::EC2::SecurityGroup',
  'sg-1',
  {
    GroupId: 'sg-1',
    GroupName: 'web',
    Description: 'web',
    OwnerId: account,
    VpcId: 'vpc-1',
    IpPermissions: [],
    IpPermissionsEgress: [],
    Tags: [],
  },
  { PrefixLists: [] },
);
const vault = live('AWS::Backup::BackupVault', 'kept', {
  BackupVaultName: 'kept',
  BackupVaultArn: `arn:aws:backup:${region}:${account}:backup-vault:kept`,
  CreationDate: '2026-01-11T09:00:00.000Z',
  VaultType: 'BACKUP_VAULT',
  NumberOfRecoveryPoints: 3,
  Locked: true,
  MinRetentionDays: 7,
  MaxRetentionDays: 184,
});
const state = {
  bucket: { bucket: 'acme-data', id: 'acme-data', region, tags: {} },
  policy: { bucket: 'acme-data', id: 'acme-data', policy: JSON.stringify(tlsOnly) },
  group: {
    id: 'sg-1',
    name: 'web',
    description: 'web',
    owner_id: account,
    vpc_id: 'vpc-1',
    ingress: [],
    egress: [],
    tags: {},
    tags_all: {},
  },
  rule: {
    id: 'sgr-1',
    security_group_id: 'sg-1',
    cidr_ipv4: '0.0.0.0/0',
    from_port: 22,
    to_port: 22,
    ip_protocol: 'tcp',
  },
  vault: { id: 'kept', name: 'kept', arn: `arn:aws:backup:${region}:${account}:backup-vault:kept`, tags: {} },
  lock: { id: 'kept', backup_vault_name: 'kept', min_retention_days: 7, max_retention_days: 184 },
};
const gone = (before: object): PlannedChange => ({ actions: ['delete'], before });
const forgotten = (before: object): PlannedChange => ({ actions: ['forget'], before });

async function gate(changes: Readonly<Record<string, PlannedChange>>) {
  const proposal = readTerraformPlan(planOf(changes), 'plan.json', { ...question.catalogue, now, account });
  return {
    alone: await gateProposal(question, proposal, undefined),
    over: await gateProposal(question, proposal, snapshotOf(question, [bucket, group, vault])),
  };
}

describe('of something that Terraform only forgets', () => {
  const cases: readonly (readonly [
    string,
    Record<string, PlannedChange>,
    string,
    string,
    readonly [string, string],
  ])[] = [
    [
      'the policy goes',
      { 'aws_s3_bucket.data': forgotten(state.bucket), 'aws_s3_bucket_policy.data': gone(state.policy) },
      's3-bucket-tls-only',
      'acme-data',
      ['fail', 'introduced'],
    ],
    [
      'a rule comes',
      {
        'aws_security_group.web': forgotten(state.group),
        'aws_vpc_security_group_ingress_rule.ssh': { after: state.rule },
      },
      'sg-no-public-ssh',
      'sg-1',
      ['fail', 'introduced'],
    ],
    [
      'the lock goes',
      { 'aws_backup_vault.kept': forgotten(state.vault), 'aws_backup_vault_lock_configuration.kept': gone(state.lock) },
      'backup-vault-lock',
      'kept',
      ['fail', 'introduced'],
    ],
  ];
  test.each(cases)('%s', async (_, changes, rule, id, expected) => {
    const { over, alone } = await gate(changes);
    expect(said(over, rule)[id]).toEqual(expected);
    expect(said(alone, rule)[id]?.[0]).not.toBe('pass');
    expect(over.assessment.gate?.doubts).toEqual([]);
  });

  test('what is forgotten with it stays', async () => {
    const { over } = await gate({
      'aws_s3_bucket.data': forgotten(state.bucket),
      'aws_s3_bucket_policy.data': forgotten(state.policy),
    });
    expect(said(over, 's3-bucket-tls-only')['acme-data']).toEqual(['pass', undefined]);
  });

  test('a policy that is known later is unknown, and introduced', async () => {
    const { over } = await gate({
      'aws_s3_bucket.data': forgotten(state.bucket),
      'aws_s3_bucket_policy.data': {
        actions: ['update'],
        before: state.policy,
        after: { bucket: 'acme-data', id: 'acme-data' },
        unknown: { policy: true },
      },
    });
    expect(said(over, 's3-bucket-tls-only')['acme-data']).toEqual(['unknown', 'introduced']);
  });
});

describe('of something that a stack keeps', () => {
  const data = (more: string) =>
    `  Data: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: { BucketName: acme-data } }\n${more}`;
  const policy = (id: string, more = '') =>
    `  ${id}: { Type: AWS::S3::BucketPolicy, ${more} Properties: { Bucket: acme-data, PolicyDocument: ${JSON.stringify(tlsOnly)} } }\n`;
  const other = '  Other: { Type: AWS::EC2::Volume, Properties: { AvailabilityZone: eu-west-1a, Size: 1 } }\n';

  test.each([
    ['the policy goes', data(policy('Policy')), other, ['fail', 'introduced']],
    ['the policy stays', data(policy('Policy', 'DeletionPolicy: Retain,')), other, ['pass', undefined]],
    ['the policy has another name', data(policy('Policy')), data(policy('Renamed')), ['unknown', 'introduced']],
  ])('%s', async (_, deployed, next, expected) => {
    const previous = join(folder, 'previous.yaml');
    await writeFile(previous, `Resources:\n${deployed}`);
    const options = { ...question.catalogue, now, account, region, previous, stack: 'data' };
    const proposal = await readTemplate(Buffer.from(`Resources:\n${next}`), 'next.yaml', options);
    const over = await gateProposal(question, proposal, snapshotOf(question, [bucket]));
    expect(said(over, 's3-bucket-tls-only')['acme-data']).toEqual(expected);
  });
});
