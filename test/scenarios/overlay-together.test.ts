import { beforeAll, describe, expect, test } from 'vitest';
import { isUnknown } from '../../src/model/value.ts';
import { openChangeSet } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { fixture } from '../sources/proposed.ts';
import { type Question, shippedQuestion } from './audited.ts';
import { account, gateProposal, live, now, region, said, snapshotOf } from './overlaid.ts';

let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

type Changes = Readonly<Record<string, PlannedChange>>;

async function gate(changes: Changes, records: readonly ReturnType<typeof live>[]) {
  const proposal = readTerraformPlan(planOf(changes), 'plan.json', { ...question.catalogue, now, account });
  return gateProposal(question, proposal, snapshotOf(question, records));
}

const policyText = (Effect: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect,
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
const bucket = live(
  'AWS::S3::Bucket',
  'acme-data',
  { Name: 'acme-data', BucketRegion: region, CreationDate: '2026-01-11T09:00:00.000Z' },
  { Policy: policyText('Deny') },
);
const state = { bucket: 'acme-data', id: 'acme-data', region, tags: {} };

test.each([
  ['a', 'b'],
  ['b', 'a'],
])('a bucket at %s that takes the name of the one at %s has nothing of it', async (next, old) => {
  const gated = await gate(
    {
      [`aws_s3_bucket.${old}`]: { actions: ['delete'], before: state },
      [`aws_s3_bucket.${next}`]: { after: { bucket: 'acme-data', tags: {} } },
    },
    [bucket],
  );
  expect(said(gated, 's3-bucket-tls-only')['acme-data']).toEqual(['fail', 'introduced']);
});

describe('a group that stands at two addresses', () => {
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
  const rule = {
    cidr_blocks: ['0.0.0.0/0'],
    description: '',
    from_port: 22,
    to_port: 22,
    protocol: 'tcp',
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
  };
  const facts = {
    id: 'sg-1',
    name: 'web',
    description: 'web',
    owner_id: account,
    vpc_id: 'vpc-1',
    egress: [],
    tags: {},
  };
  const was = { ...facts, ingress: [] };
  const tagged = (Team: string): PlannedChange => ({
    actions: ['update'],
    before: { ...was, tags_all: {} },
    after: { ...was, tags: { Team }, tags_all: { Team } },
  });
  const opened: PlannedChange = { actions: ['update'], before: was, after: { ...facts, ingress: [rule] } };
  const stays: PlannedChange = { actions: ['no-op'], before: was, after: was };
  const gone: PlannedChange = { actions: ['delete'], before: was };

  test.each([
    ['is opened at one', { 'aws_security_group.a': opened, 'aws_security_group.b': stays }, ['fail', 'introduced']],
    [
      'is opened at the other',
      { 'aws_security_group.a': stays, 'aws_security_group.b': opened },
      ['fail', 'introduced'],
    ],
    ['goes at one', { 'aws_security_group.a': gone, 'aws_security_group.b': stays }, undefined],
    ['goes at the other', { 'aws_security_group.a': stays, 'aws_security_group.b': gone }, undefined],
  ] as [string, Changes, readonly string[] | undefined][])('%s', async (_, changes, expected) => {
    expect(said(await gate(changes, [group]), 'sg-no-public-ssh')['sg-1']).toEqual(expected);
  });

  test('has unknown tags where both set them', async () => {
    const gated = await gate({ 'aws_security_group.a': tagged('web'), 'aws_security_group.b': tagged('api') }, [group]);
    const record = gated.after.get('AWS::EC2::SecurityGroup sg-1');
    expect(record?.properties.Tags).toMatchObject({ $unknown: 'known-after-apply' });
    expect(record?.properties.IpPermissions).toEqual([]);
  });
});

test('what a stack keeps of a replacement stays as it is live', async () => {
  const proposal = await openChangeSet(fixture('change-sets/web.json'), { ...question.catalogue, now });
  const logs = live(
    'AWS::S3::Bucket',
    'acme-logs',
    { Name: 'acme-logs', BucketRegion: region, CreationDate: '2026-01-11T09:00:00.000Z' },
    { Policy: policyText('Deny') },
  );
  const { after } = await gateProposal(question, proposal, snapshotOf(question, [logs]));
  expect(after.get('AWS::S3::Bucket acme-logs')?.properties.Policy).toEqual(policyText('Deny'));
  expect(after.has('AWS::S3::Bucket acme-web-logs')).toBe(true);
});

describe('the lock of a vault', () => {
  const vault = (LockDate: string | undefined) =>
    live('AWS::Backup::BackupVault', 'kept', {
      BackupVaultName: 'kept',
      BackupVaultArn: `arn:aws:backup:${region}:${account}:backup-vault:kept`,
      CreationDate: '2026-01-11T09:00:00.000Z',
      VaultType: 'BACKUP_VAULT',
      NumberOfRecoveryPoints: 3,
      Locked: true,
      MinRetentionDays: 7,
      MaxRetentionDays: 184,
      ...(LockDate === undefined ? {} : { LockDate }),
    });
  const lock = { id: 'kept', backup_vault_name: 'kept', min_retention_days: 7, max_retention_days: 184 };
  const gone: PlannedChange = { actions: ['delete'], before: lock };
  const weaker: PlannedChange = { actions: ['update'], before: lock, after: { ...lock, max_retention_days: 3650 } };
  const address = 'aws_backup_vault_lock_configuration.kept';

  test.each([
    ['goes before it is final', '2026-12-01T00:00:00.000Z', gone, 'fail', 0],
    ['goes where it never gets final', undefined, gone, 'fail', 0],
    ['stays once it is final', '2026-11-01T00:00:00.000Z', gone, 'pass', 1],
    ['cannot be weakened once it is final', '2026-11-01T00:00:00.000Z', weaker, 'pass', 1],
  ])('%s', async (_, date, change, outcome, doubts) => {
    const gated = await gate({ [address]: change }, [vault(date)]);
    expect(said(gated, 'backup-vault-lock').kept?.[0]).toBe(outcome);
    const refused = gated.assessment.gate?.doubts.filter(({ detail }) => detail.includes('AWS will refuse it'));
    expect(refused).toHaveLength(doubts);
  });
});

describe('the encryption of a new volume', () => {
  const setting = (EbsEncryptionByDefault: boolean) =>
    live('AWS::EC2::EbsEncryptionByDefault', region, { RegionName: region, EbsEncryptionByDefault });
  const volume = { availability_zone: 'eu-west-1a', size: 1, tags: {} };
  const said1 = (more: Partial<PlannedChange>): Changes => ({
    'aws_ebs_volume.data': { after: volume, unknown: { id: true, encrypted: true }, ...more },
  });
  const written = { availability_zone: [], size: [] };
  test.each([
    ['nobody asks for, where the default is on', said1({ written }), true, true],
    ['nobody asks for, where the default is off', said1({ written }), false, false],
    [
      'somebody asks for, to be known later',
      said1({ written: { ...written, encrypted: ['var.on'] } }),
      false,
      'unknown',
    ],
    ['is known later, where the default is on', said1({ written: { ...written, encrypted: ['var.on'] } }), true, true],
    ['somebody asks not for', said1({ after: { ...volume, encrypted: false }, unknown: { id: true } }), true, true],
  ])('that %s', async (_, changes, isOn, expected) => {
    const gated = await gate(changes, [setting(isOn)]);
    const encrypted = gated.after.get('AWS::EC2::Volume aws_ebs_volume.data')?.properties.Encrypted;
    expect(isUnknown(encrypted) ? 'unknown' : encrypted).toBe(expected);
  });
});
