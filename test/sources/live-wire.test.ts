import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { discoverRegions } from '../../src/aws/discover-regions.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { canonicalJson, isUnknown, type Json, type JsonObject } from '../../src/model/value.ts';
import { loadResourceTypes } from '../../src/resources/index.ts';
import type { InjectedFault, SimulatedAccount } from '../../src/simulator/account.ts';
import { collectLive } from '../../src/sources/live.ts';
import { account, acme, answering, closeAll, connect, fault } from '../aws-calls/acme.ts';
import { collected } from './collected.ts';
import { accountFacts, databases, organizationTrails, people, tagged, trails, volumes } from './identity-state.ts';

afterEach(closeAll);

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333';
const balancer = `${arn}:loadbalancer/app/acme-web/1`;
const listener = `${arn}:listener/app/acme-web/1/1`;
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] };
const encoded = encodeURIComponent(JSON.stringify(policy));
const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_2_active,cert_1_active,cert_2_active';
const row =
  'dana,arn:aws:iam::111122223333:user/dana,2023-02-01T09:00:00+00:00,true,no_information,2023-02-01T09:00:00+00:00,N/A,true,false,false,false,false';
const sshd =
  'port 22\naddressfamily any\npermitrootlogin no\npasswordauthentication no\nkbdinteractiveauthentication no\n';

const ranges = { IpRanges: [], Ipv6Ranges: [], UserIdGroupPairs: [] };
const group = (id: string, lists: string[]) => ({
  GroupId: id,
  GroupName: id,
  Description: '',
  OwnerId: account,
  VpcId: 'vpc-1',
  IpPermissionsEgress: [],
  IpPermissions: [
    {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      ...ranges,
      PrefixListIds: lists.map((each) => ({ PrefixListId: each })),
    },
  ],
});

/** Two of nearly everything, so that every list has a second page. */
const state: SimulatedAccount = acme({
  ec2: {
    '*': { DescribeRegions: { Regions: [{ RegionName: 'eu-west-1', OptInStatus: 'opt-in-not-required' }] } },
    'eu-west-1': {
      ...volumes,
      GetEbsEncryptionByDefault: { EbsEncryptionByDefault: true },
      DescribeSecurityGroups: { SecurityGroups: [group('sg-1', ['pl-1', 'pl-2']), group('sg-2', [])] },
      GetManagedPrefixListEntries: [
        answering({ PrefixListId: 'pl-1' }, { Entries: [{ Cidr: '198.51.100.0/24' }, { Cidr: '203.0.113.0/24' }] }),
        { when: { PrefixListId: 'pl-2' }, error: { name: 'UnauthorizedOperation', status: 403 } },
      ],
      DescribeInstances: {
        Reservations: ['i-1', 'i-2'].map((id) => ({
          Instances: [
            {
              InstanceId: id,
              State: { Name: 'running' },
              LaunchTime: '2026-09-01T08:00:00.000Z',
              NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] }],
              SecurityGroups: [],
            },
          ],
        })),
      },
    },
  },
  ssm: {
    'eu-west-1': {
      ListComplianceItems: {
        ComplianceItems: ['a', 'b'].map((id) => ({
          Id: id,
          ResourceId: 'i-1',
          ComplianceType: 'Custom:SshdConfig',
          Status: 'COMPLIANT',
        })),
      },
      ListInventoryEntries: {
        TypeName: 'Custom:SshdConfig',
        CaptureTime: '2026-11-23T22:00:00Z',
        Entries: [{ passwordauthentication: 'no' }],
      },
      ListCommandInvocations: {
        CommandInvocations: [
          {
            InstanceId: 'i-1',
            DocumentName: 'AWS-RunShellScript',
            Status: 'Success',
            RequestedDateTime: '2026-11-23T22:00:00.000Z',
            CommandPlugins: [{ Name: 'aws:runShellScript', Status: 'Success', Output: sshd }],
          },
          {
            InstanceId: 'i-1',
            DocumentName: 'AWS-RunShellScript',
            Status: 'Success',
            RequestedDateTime: '2026-11-22T22:00:00.000Z',
            CommandPlugins: [{ Name: 'aws:runShellScript', Status: 'Success', Output: 'secret' }],
          },
        ],
      },
    },
  },
  'elastic-load-balancing-v2': {
    'eu-west-1': {
      DescribeLoadBalancers: {
        LoadBalancers: ['1', '2'].map((id) => ({
          LoadBalancerArn: balancer.replace(/1$/, id),
          LoadBalancerName: `web-${id}`,
          Type: 'application',
          Scheme: 'internal',
          State: { Code: 'active' },
          VpcId: 'vpc-1',
          AvailabilityZones: [],
        })),
      },
      DescribeListeners: [
        answering(
          { LoadBalancerArn: balancer },
          {
            Listeners: ['1', '2'].map((id) => ({
              ListenerArn: listener.replace(/1$/, id),
              LoadBalancerArn: balancer,
              Port: 80,
              Protocol: 'HTTP',
              DefaultActions: [{ Type: 'forward' }],
            })),
          },
        ),
      ],
      DescribeRules: {
        Rules: ['1', 'default'].map((priority) => ({
          RuleArn: `${listener}/${priority}`,
          Priority: priority,
          IsDefault: priority === 'default',
          Actions: [{ Type: 'forward' }],
          Conditions: [],
        })),
      },
      DescribeSSLPolicies: {
        SslPolicies: ['old', 'new'].map((name) => ({
          Name: name,
          SslProtocols: ['TLSv1.2'],
          Ciphers: [{ Name: 'A', Priority: 1 }],
        })),
      },
    },
  },
  backup: {
    'eu-west-1': {
      ListBackupPlans: {
        BackupPlansList: ['p1', 'p2'].map((id) => ({
          BackupPlanId: id,
          BackupPlanName: id,
          BackupPlanArn: `arn:${id}`,
        })),
      },
      GetBackupPlan: {
        BackupPlan: {
          BackupPlanName: 'nightly',
          Rules: [{ RuleName: 'daily', TargetBackupVaultName: 'v1', Lifecycle: { DeleteAfterDays: 35 } }],
        },
      },
      ListLegalHolds: {
        LegalHolds: ['h1', 'h2'].map((id) => ({
          LegalHoldId: id,
          LegalHoldArn: `arn:${id}`,
          Title: id,
          Status: 'ACTIVE',
        })),
      },
      ListRecoveryPointsByLegalHold: [
        answering(
          { LegalHoldId: 'h1' },
          { RecoveryPoints: ['r1', 'r2'].map((id) => ({ RecoveryPointArn: `arn:${id}` })) },
        ),
      ],
      ListBackupVaults: {
        BackupVaultList: ['v1', 'v2'].map((name) => ({
          BackupVaultName: name,
          BackupVaultArn: `arn:${name}`,
          NumberOfRecoveryPoints: 2,
        })),
      },
      ListRecoveryPointsByBackupVault: [
        answering(
          { BackupVaultName: 'v1' },
          {
            RecoveryPoints: ['r1', 'r2'].map((id) => ({
              RecoveryPointArn: `arn:${id}`,
              BackupVaultName: 'v1',
              ResourceArn: 'arn:x',
              ResourceType: 'EBS',
              Status: 'COMPLETED',
              CreationDate: '2026-11-01T00:00:00.000Z',
              IsEncrypted: true,
            })),
          },
        ),
      ],
    },
  },
  iam: {
    global: {
      ...accountFacts,
      GetAccountAuthorizationDetails: {
        UserDetailList: ['dana', 'lee'].map((name) => ({
          UserName: name,
          UserId: name,
          Path: '/',
          Arn: `arn:aws:iam::${account}:user/${name}`,
          CreateDate: '2023-02-01T09:00:00.000Z',
          GroupList: [],
          AttachedManagedPolicies: [],
          UserPolicyList: [{ PolicyName: 'own', PolicyDocument: encoded }],
        })),
        Policies: ['a', 'b'].map((name) => ({
          PolicyName: name,
          PolicyId: name,
          Arn: `arn:aws:iam::${account}:policy/${name}`,
          DefaultVersionId: 'v1',
          AttachmentCount: 1,
          PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encoded }],
        })),
        GroupDetailList: [],
        RoleDetailList: [],
      },
      GenerateCredentialReport: { State: 'COMPLETE' },
      GetCredentialReport: {
        Content: Buffer.from(`${columns}\n${row}\n`).toString('base64'),
        ReportFormat: 'text/csv',
        GeneratedTime: '2026-11-24T01:00:00.000Z',
      },
      GetLoginProfile: [
        answering({ UserName: 'dana' }, { LoginProfile: { UserName: 'dana', CreateDate: '2023-02-01T09:00:00.000Z' } }),
        { when: { UserName: 'lee' }, error: { name: 'NoSuchEntity', status: 404 } },
      ],
      ListMFADevices: {
        MFADevices: ['x', 'y'].map((id) => ({
          UserName: 'dana',
          SerialNumber: id,
          EnableDate: '2023-02-01T09:00:00.000Z',
        })),
      },
    },
  },
  s3: {
    global: {
      ListBuckets: {
        Buckets: [
          { Name: 'acme-open', CreationDate: '2022-01-11T09:00:00.000Z', BucketRegion: 'eu-west-1' },
          { Name: 'acme-old', CreationDate: '2022-01-11T09:00:00.000Z' },
        ],
      },
      GetBucketLocation: { LocationConstraint: 'EU' },
    },
    'eu-west-1': {
      GetBucketPolicy: [
        answering({ Bucket: 'acme-old' }, { Policy: JSON.stringify(policy) }),
        { when: { Bucket: 'acme-open' }, error: { name: 'NoSuchBucketPolicy', status: 404 } },
      ],
    },
  },
  ...people,
  ...tagged,
  cloudtrail: { 'eu-west-1': trails, global: organizationTrails },
  rds: { 'eu-west-1': databases },
  's3-control': {
    global: {
      GetPublicAccessBlock: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: false,
        },
      },
    },
  },
});

async function collect(faults: InjectedFault[] = [], writer = collected().writer) {
  const { aws, simulator } = await connect(
    state,
    { faults, pageSize: 1 },
    { requestTimeout: 10_000, deadline: 20_000 },
  );
  const types = [...(await loadResourceTypes()).values()];
  const regions = await discoverRegions(aws, { account, selected: undefined, home: 'eu-west-1' });
  const whole = { finish: () => Promise.reject(new Error('the writer is not to be finished here')), ...writer };
  const wanted = (type: (typeof types)[number]) => Object.keys(type.groups ?? {});
  const facts = await collectLive({ aws, account, types, regions, writer: whole, wanted });
  return { aws, facts, calls: simulator.calls() };
}

async function snapshot(faults: InjectedFault[] = []) {
  const kept = collected();
  const { aws, facts, calls } = await collect(faults, kept.writer);
  return { ...kept, aws, facts, calls };
}

test('every type is collected whole over the wire, page by page, and read into its own values', async () => {
  const { records, ends, aws } = await snapshot();
  for (const [place, end] of ends) expect([place, end]).toEqual([place, { complete: true, calls: end.calls }]);
  expect(ends.size).toBe((await loadResourceTypes()).size);
  expect([...records.values()].filter(({ gaps }) => gaps !== undefined)).toEqual([]);
  const of = (key: string) => records.get(key)?.properties ?? {};
  expect(of('eu-west-1/AWS::EC2::SecurityGroup/sg-1').PrefixLists).toEqual([
    { PrefixListId: 'pl-1', Entries: [{ Cidr: '198.51.100.0/24' }, { Cidr: '203.0.113.0/24' }] },
    { PrefixListId: 'pl-2', Entries: expect.objectContaining({ $unknown: 'denied' }) },
  ]);
  expect(of('eu-west-1/AWS::EC2::Instance/i-1')).toMatchObject({
    ComplianceItems: [{ Id: 'a' }, { Id: 'b' }],
    InventoryEntries: { CaptureTime: '2026-11-23T22:00:00Z', Entries: [{ passwordauthentication: 'no' }] },
    CommandInvocations: [{ SshdConfig: { PasswordAuthentication: 'no' } }, { Status: 'Success' }],
  });
  expect(of('global/AWS::IAM::User/dana')).toMatchObject({
    UserPolicyList: [{ PolicyName: 'own', PolicyDocument: policy }],
    CredentialReport: {
      user: 'dana',
      password_enabled: true,
      mfa_active: true,
      GeneratedTime: '2026-11-24T01:00:00.000Z',
    },
    LoginProfile: { UserName: 'dana' },
    MFADevices: [{ SerialNumber: 'x' }, { SerialNumber: 'y' }],
  });
  expect(of('global/AWS::IAM::User/lee')).not.toHaveProperty('LoginProfile');
  expect(of('global/AWS::IAM::User/lee').CredentialReport).toEqual({
    InReport: false,
    GeneratedTime: '2026-11-24T01:00:00.000Z',
  });
  expect(of(`global/AWS::IAM::ManagedPolicy/arn:aws:iam::${account}:policy/a`).PolicyVersionList).toMatchObject([
    { Document: policy },
  ]);
  expect(of('eu-west-1/AWS::S3::Bucket/acme-old')).toMatchObject({ BucketRegion: 'eu-west-1', Policy: policy });
  expect(of('eu-west-1/AWS::S3::Bucket/acme-open')).not.toHaveProperty('Policy');
  expect(of(`global/AWS::S3::AccountPublicAccessBlock/${account}`)).toMatchObject({
    PublicAccessBlockConfiguration: { RestrictPublicBuckets: false },
  });
  expect(of(`global/AWS::IAM::RootUser/${account}`)).toMatchObject({
    SummaryMap: { AccountMFAEnabled: 1, AccountAccessKeysPresent: 0 },
    CredentialReport: { InReport: false },
  });
  expect(of(`global/AWS::IAM::AccountPasswordPolicy/${account}`)).toMatchObject({
    PasswordPolicy: { MinimumPasswordLength: 14 },
  });
  const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
  expect(of(`eu-west-1/AWS::SSO::Assignment/${set} USER u-1`)).toMatchObject({ PrincipalId: 'u-1', Members: [] });
  expect(of(`eu-west-1/AWS::SSO::Assignment/${set} GROUP g-1`)).toMatchObject({
    Members: [{ GroupId: 'g-1', GroupMemberships: [{ MemberId: { UserId: 'u-2' } }, { MemberId: { UserId: 'u-3' } }] }],
  });
  expect(of(`eu-west-1/AWS::CloudTrail::Trail/arn:aws:cloudtrail:eu-west-1:${account}:trail/basic`)).toMatchObject({
    Status: { IsLogging: true, LatestDeliveryError: '' },
    Selectors: { EventSelectors: [{ ReadWriteType: 'All', ExcludeManagementEventSources: [] }] },
  });
  const shadows = [...records.keys()].filter((key) => key.includes('AWS::CloudTrail::OrganizationTrail'));
  expect(shadows).toEqual([
    `global/AWS::CloudTrail::OrganizationTrail/arn:aws:cloudtrail:eu-west-1:${account}:trail/advanced`,
  ]);
  expect(of('global/AWS::Account::Region/eu-west-1')).toMatchObject({ OptInStatus: 'opt-in-not-required' });
  expect(of(`eu-west-1/AWS::ElasticLoadBalancingV2::Listener/${listener}`).Rules).toHaveLength(2);
  expect(of('eu-west-1/AWS::Backup::BackupPlan/p2')).toMatchObject({
    BackupPlan: { Rules: [{ Lifecycle: { DeleteAfterDays: 35 } }] },
  });
  const unhappy = aws.ledger().filter(({ outcome }) => outcome !== 'complete');
  expect(unhappy.map(({ key, permission }) => [key, permission])).toEqual([
    ['ec2:GetManagedPrefixListEntries {"PrefixListId":"pl-2"}', 'ec2:GetManagedPrefixListEntries'],
  ]);
});

test('the output of a command is dropped, whatever it says', async () => {
  const { records } = await snapshot();
  expect(JSON.stringify([...records.values()])).not.toMatch(/secret|addressfamily/);
});

/** Everything that is not a marker, by path. */
function leaves(value: Json | undefined, path: string, into: Map<string, Json>): Map<string, Json> {
  if (value === undefined || isUnknown(value)) return into;
  if (Array.isArray(value)) into.set(`${path}#`, value.length);
  if (typeof value !== 'object' || value === null) into.set(path, value);
  else for (const [name, member] of Object.entries(value as JsonObject)) leaves(member, `${path}.${name}`, into);
  return into;
}

const whole = await snapshot();
await closeAll();
const asked = Object.keys(whole.calls).filter((key) => key !== 'sts:GetCallerIdentity');

const textOf = ({ records, ends }: Pick<typeof whole, 'records' | 'ends'>) =>
  canonicalJson([[...records], [...ends]].map((list) => Object.fromEntries(list)));

test('all operations of all types are asked', async () => {
  const types = [...(await loadResourceTypes()).values()];
  const calls = types.flatMap(({ listing, groups = {} }) => [
    listing.call,
    ...(listing.region?.otherwise === undefined ? [] : [listing.region.otherwise.call]),
    ...Object.values(groups).flatMap(({ call, shared }) => [
      call,
      ...(shared?.before === undefined ? [] : [shared.before.call]),
    ]),
  ]);
  expect(asked).toEqual([...new Set(calls.map(({ service, operation }) => `${service}:${operation}`))].sort());
});

/** Expects of one record that whatever is missing now is told, and that nothing is there that was not there before. */
function expectTold(key: string, id: string, after: typeof whole): void {
  const record = whole.records.get(id);
  const now = after.records.get(id);
  if (record === undefined || now === undefined) {
    const end = after.ends.get(id.split('/').slice(0, 2).join('/'));
    expect([key, id, end?.complete, end?.reason !== undefined]).toEqual([key, id, false, true]);
    return;
  }
  for (const [group, call] of Object.entries(record.calls ?? {})) {
    const isMarked = JSON.stringify(now.properties[group] ?? null).includes('$unknown');
    const isTold = now.calls?.[group] === call || now.gaps?.[group] !== undefined || isMarked;
    expect([key, id, group, isTold]).toEqual([key, id, group, true]);
  }
  const old = leaves(record.properties, '', new Map());
  for (const [path, value] of leaves(now.properties, '', new Map())) {
    expect([key, id, path, value]).toEqual([key, id, path, old.get(path)]);
  }
}

// How calls fail is proven with the call loop; here it is what the collection makes of it.
test.each(['denied', 'truncated'] as const)(
  'an operation that is %s takes nothing away without a word, and adds nothing',
  async (kind) => {
    for (const key of asked) {
      const [service = '', operation = ''] = key.split(':');
      const after = await snapshot(fault(service, operation, kind));
      if (kind === 'denied') expect([key, textOf(after) !== textOf(whole)]).toEqual([key, true]);
      for (const id of whole.records.keys()) expectTold(key, id, after);
      for (const id of after.records.keys()) expect([key, id, whole.records.has(id)]).toEqual([key, id, true]);
      await closeAll();
    }
  },
  120_000,
);

test.each([
  ['nothing goes wrong', []],
  ['a list is cut short', fault('ec2', 'DescribeSecurityGroups', 'truncated')],
  ['a child list is denied', fault('backup', 'ListRecoveryPointsByBackupVault', 'denied')],
  ['a further call is denied', fault('iam', 'ListMFADevices', 'denied')],
])('when %s, the snapshot on the disk is one that its reader takes', async (_, faults) => {
  const folder = await mkdtemp(join(tmpdir(), 'proviso-live-'));
  try {
    const writer = await openSnapshotWriter(join(folder, 'snapshot'));
    const { aws, facts } = await collect(faults, writer);
    const times = { startedAt: '2026-11-24T02:00:00.000Z', finishedAt: '2026-11-24T02:00:09.000Z' };
    await writer.finish({ ...facts, ...times }, aws.ledger());
    expect(await checkSnapshot(join(folder, 'snapshot'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
