import type { JsonObject } from '../../src/model/value.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { account, acme, answering } from '../aws-calls/acme.ts';
import { copying, plans } from './declared-copies.ts';
import type { Expected, State } from './declared-expectation.ts';
import { directory, identities, identityVerdicts, recording } from './declared-identity.ts';
import { points, vault } from './declared-recovery-points.ts';
import { databaseSnapshots, snapshots, volumeSnapshots } from './declared-snapshots.ts';
import type { Expectation } from './emulator.ts';

/** The instant at which the evidence of the bastions is weighed. */
export const now = '2026-11-24T02:00:00Z';

const recently = '2026-11-23T22:00:00.000Z';
const longAgo = '2026-09-01T22:00:00.000Z';
/** As long before as a bastion may be on, and not a moment longer. */
const justNow = '2026-11-23T14:00:00.000Z';

/** What Systems Manager knows of one server. */
interface Evidence {
  readonly compliance?: readonly JsonObject[];
  readonly inventory?: JsonObject;
  readonly commands?: readonly JsonObject[];
}

/** One server, with what proves its setting while it is broken and once it is mended. */
interface Server extends Expected {
  readonly role?: string;
  readonly state?: string;
  readonly group?: string;
  readonly evidence: readonly [broken: Evidence, mended: Evidence];
}

function compliance(status: string, time = recently): JsonObject {
  return {
    ComplianceType: 'Custom:SshdConfig',
    Id: `sshd-${status}-${time}`,
    Status: status,
    ExecutionSummary: { ExecutionTime: time },
  };
}

function inventory(passwords: string, time = recently): JsonObject {
  const entry = { passwordauthentication: passwords, kbdinteractiveauthentication: 'no', permitrootlogin: 'no' };
  return { TypeName: 'Custom:SshdConfig', CaptureTime: time.replace('.000', ''), Entries: [entry] };
}

function command(passwords: string, keyboard: string, time = recently): JsonObject {
  const output = `port 22\naddressfamily any\npermitrootlogin no\npasswordauthentication ${passwords}\nkbdinteractiveauthentication ${keyboard}\n`;
  return {
    DocumentName: 'AWS-RunShellScript',
    Status: 'Success',
    RequestedDateTime: time,
    CommandPlugins: [{ Name: 'aws:runShellScript', Status: 'Success', Output: output }],
  };
}

const proof: Evidence = { compliance: [compliance('COMPLIANT')] };
const never: readonly [Evidence, Evidence] = [{}, {}];

const servers: readonly Server[] = [
  {
    id: 'i-0e1d0000000000001',
    trap: 'not compliant by State Manager',
    evidence: [{ compliance: [compliance('NON_COMPLIANT')] }, proof],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'i-0e1d0000000000002',
    trap: 'one check of two is not compliant',
    evidence: [{ compliance: [compliance('COMPLIANT'), compliance('NON_COMPLIANT')] }, proof],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'i-0e1d0000000000003',
    trap: 'compliant long ago, and another inventory since',
    evidence: [
      { compliance: [compliance('COMPLIANT', longAgo)], inventory: inventory('yes') },
      { compliance: [compliance('COMPLIANT', longAgo)], inventory: inventory('no') },
    ],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'i-0e1d0000000000004',
    trap: 'passwords by the output of sshd -T, and a better one since',
    evidence: [
      { commands: [command('yes', 'no')] },
      { commands: [command('yes', 'no', '2026-11-22T22:00:00.000Z'), command('no', 'no')] },
    ],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'i-0e1d0000000000005',
    trap: 'passwords by the keyboard-interactive way',
    evidence: [{ commands: [command('no', 'yes')] }, { commands: [command('no', 'no')] }],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'i-0e1d0000000000006',
    trap: 'evidence that is too old',
    evidence: [{ compliance: [compliance('COMPLIANT', longAgo)], inventory: inventory('no', longAgo) }, proof],
    outcomes: ['unknown', 'pass'],
  },
  { id: 'i-0e1d0000000000007', trap: 'no evidence', evidence: [{}, proof], outcomes: ['unknown', 'pass'] },
  {
    id: 'i-0e1d0000000000008',
    trap: 'no way in',
    group: 'sg-0e1d0000000000002',
    evidence: never,
    outcomes: ['pass', 'pass'],
  },
  {
    id: 'i-0e1d0000000000011',
    trap: 'compliant, in a group that is opened for an evening',
    group: 'sg-0e1d0000000000003',
    evidence: [proof, proof],
    outcomes: ['pass', 'pass'],
  },
  {
    id: 'i-0e1d0000000000009',
    trap: 'no bastion',
    role: 'web',
    evidence: never,
    outcomes: ['not-applicable', 'not-applicable'],
  },
  {
    id: 'i-0e1d0000000000010',
    trap: 'terminated',
    state: 'terminated',
    evidence: never,
    outcomes: ['not-applicable', 'not-applicable'],
  },
];

const ranges = { Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };

function group(id: string, permissions: readonly JsonObject[]): JsonObject {
  const facts = { GroupId: id, GroupName: id, Description: '', OwnerId: account, VpcId: 'vpc-0e1d0000000000001' };
  return { ...facts, IpPermissions: permissions, IpPermissionsEgress: [] };
}

const office = [{ CidrIp: '198.51.100.0/24' }];
const groups = [
  group('sg-0e1d0000000000001', [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: office, ...ranges }]),
  group('sg-0e1d0000000000002', []),
  group('sg-0e1d0000000000003', [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: office, ...ranges }]),
];

/** Mended, every server was started on the same day. Each is alone in its network. */
function describeServer(server: Server, state: State): JsonObject {
  const worn = [{ GroupId: server.group ?? 'sg-0e1d0000000000001', GroupName: 'bastion' }];
  const interfaceId = `eni-${server.id.slice(2)}`;
  return {
    InstanceId: server.id,
    ImageId: 'ami-0e1d0000000000001',
    InstanceType: 't4g.nano',
    LaunchTime: state === 'broken' ? longAgo : justNow,
    VpcId: server.id.replace('i-', 'vpc-'),
    State: { Name: server.state ?? 'running' },
    Tags: [{ Key: 'Role', Value: server.role ?? 'bastion' }],
    SecurityGroups: worn,
    NetworkInterfaces: [{ NetworkInterfaceId: interfaceId, Groups: worn }],
  };
}

/** One group was opened last week, and never closed since; one this evening, after it had been closed for days. */
const events = Object.entries({
  'sg-0e1d0000000000001': ['2026-11-17T08:00:00.000Z', '2026-11-10T17:00:00.000Z'],
  'sg-0e1d0000000000003': ['2026-11-23T18:00:00.000Z', '2026-11-20T17:00:00.000Z'],
}).map(([AttributeValue, [opened, closed]]) =>
  answering(
    { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] },
    {
      Events: [
        { EventId: '1', EventName: 'AuthorizeSecurityGroupIngress', EventTime: opened ?? null },
        { EventId: '2', EventName: 'RevokeSecurityGroupIngress', EventTime: closed ?? null },
      ],
    },
  ),
);

/** Whether the bastion is off or closed unless it was started lately. */
function switchedOn({ id, role, state, group: worn }: Server): Expected {
  if (role !== undefined || state !== undefined)
    return { id, trap: 'no bastion, or none any more', outcomes: ['not-applicable', 'not-applicable'] };
  if (worn === 'sg-0e1d0000000000003')
    return { id, trap: 'always on, and its group was changed this evening', outcomes: ['unknown', 'pass'] };
  if (worn !== undefined) return { id, trap: 'always on, and closed', outcomes: ['pass', 'pass'] };
  return { id, trap: 'on for weeks, and open to the office', outcomes: ['fail', 'pass'] };
}

function systemsManager(state: State) {
  const known = servers.map(({ id, evidence: [broken, mended] }) => ({
    id,
    ...(state === 'broken' ? broken : mended),
  }));
  return {
    ListComplianceItems: known.map(({ id, compliance: items = [] }) =>
      answering({ ResourceIds: [id] }, { ComplianceItems: items.map((item) => ({ ...item, ResourceId: id })) }),
    ),
    ListInventoryEntries: known.map(({ id, inventory: found = { TypeName: 'Custom:SshdConfig', Entries: [] } }) =>
      answering({ InstanceId: id }, { ...found, InstanceId: id }),
    ),
    ListCommandInvocations: known.map(({ id, commands = [] }) =>
      answering({ InstanceId: id }, { CommandInvocations: commands.map((each) => ({ ...each, InstanceId: id })) }),
    ),
  };
}

function declare(state: State): SimulatedAccount {
  const settings = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
  const blocked = Object.fromEntries(settings.map((name) => [name, true]));
  const regions = ['eu-west-1', 'us-east-1'].map((name) => ({ RegionName: name, OptInStatus: 'opt-in-not-required' }));
  return acme({
    ec2: {
      '*': { DescribeRegions: { Regions: regions }, GetEbsEncryptionByDefault: { EbsEncryptionByDefault: true } },
      'eu-west-1': {
        DescribeSecurityGroups: { SecurityGroups: groups },
        DescribeInstances: { Reservations: servers.map((server) => ({ Instances: [describeServer(server, state)] })) },
        ...volumeSnapshots(state),
      },
    },
    backup: {
      'eu-west-1': { ...vault('eu-west-1', state), ...copying(state) },
      'us-east-1': vault('us-east-1', state),
    },
    ...directory(state),
    cloudtrail: { 'eu-west-1': { ...recording, LookupEvents: events } },
    iam: { global: identities(state) },
    rds: { 'eu-west-1': databaseSnapshots(state) },
    ssm: { 'eu-west-1': systemsManager(state) },
    's3-control': { '*': { GetPublicAccessBlock: { PublicAccessBlockConfiguration: blocked } } },
  });
}

function expectIn(state: State): readonly Expectation[] {
  const expectation = (rule: string, { id, region = 'eu-west-1', trap, outcomes }: Expected): Expectation => {
    const [before, after] = outcomes;
    const mended = before === after ? trap : `${trap}, before it was mended`;
    return { rule, region, id, ...(state === 'broken' ? { trap, outcome: before } : { trap: mended, outcome: after }) };
  };
  return [
    ...identityVerdicts.map((each) => expectation(each.rule, each)),
    ...points.map((each) => expectation(each.rule, each)),
    ...plans.map((each) => expectation('backup-copy-to-separate-location', each)),
    ...snapshots
      .filter((each) => state === 'broken' || each.outcomes[1] !== 'gone')
      .map((each) => expectation(each.rule, each)),
    ...servers.map((each) => expectation('bastion-ssh-password-login-disabled', each)),
    ...servers.map((each) => expectation('bastion-disabled-by-default', switchedOn(each))),
  ];
}

/** Backups, snapshots and bastions as AWS would describe them, which the emulator cannot: broken, and mended. */
export const declaredStates = {
  broken: { account: declare('broken'), expected: expectIn('broken') },
  mended: { account: declare('mended'), expected: expectIn('mended') },
} as const;
