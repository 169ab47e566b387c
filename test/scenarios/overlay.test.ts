import { beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/finding/finding.ts';
import type { Foreseen } from '../../src/model/foreseen.ts';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { overlay } from '../../src/model/overlay.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const account = '111122223333';
const region = 'eu-west-1';
let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

function live(type: string, id: string, properties: JsonObject, groups: JsonObject = {}): Resource {
  const calls = Object.fromEntries(['', ...Object.keys(groups)].map((group) => [group, `live:${type}`]));
  const present = Object.entries(groups).filter(([, value]) => value !== null);
  return { type, account, region, id, properties: { ...properties, ...Object.fromEntries(present) }, calls };
}

const open = (port: number, cidr: string) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp: cidr, Description: 'as it is' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
});

function group(id: string, ...IpPermissions: JsonObject[]): Resource {
  const facts = { GroupId: id, GroupName: id, Description: 'web', OwnerId: account, VpcId: 'vpc-1' };
  return live(
    'AWS::EC2::SecurityGroup',
    id,
    { ...facts, IpPermissions, IpPermissionsEgress: [], Tags: [] },
    { PrefixLists: [] },
  );
}

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

function bucket(Policy: JsonObject | null, ...Tags: JsonObject[]): Resource {
  const facts = { Name: 'acme-data', BucketRegion: region, CreationDate: '2026-01-11T09:00:00.000Z' };
  return live('AWS::S3::Bucket', 'acme-data', Tags.length === 0 ? facts : { ...facts, Tags }, { Policy });
}

function snapshotOf(records: readonly Resource[], incomplete: readonly string[] = []): Snapshot {
  const types = [...question.catalogue.types.values()];
  return memorySnapshot(
    {
      source: 'live',
      partition: 'aws',
      accounts: [{ id: account }],
      regions: [{ account, region, status: 'enabled', selected: true }],
      finished: true,
      startedAt: new Date(now).toISOString(),
      finishedAt: new Date(now).toISOString(),
    },
    [],
    records,
    types.map(({ type, reach }) => ({
      account,
      region: reach === 'global' ? 'global' : region,
      type,
      calls: [`live:${type}`],
      ...(incomplete.includes(type) ? { complete: false, reason: 'denied' as const } : { complete: true }),
    })),
  );
}

async function laid(records: readonly Resource[], changes: Readonly<Record<string, PlannedChange>>, where = region) {
  const proposal = readTerraformPlan(planOf(changes, {}, where), 'plan.json', { ...question.catalogue, now, account });
  return overlay(snapshotOf(records), proposal, question.catalogue.types);
}

/** The outcomes of one rule before and after, by resource. */
async function verdicts(
  { before, after }: Foreseen,
  rule: string,
): Promise<Record<string, readonly (string | undefined)[]>> {
  const [then, later] = await Promise.all(
    [before, after].map(async (snapshot) => {
      const { results } = await judge(question, snapshot, now);
      const own = results.filter((result: Result) => result.rule === rule && result.resource !== undefined);
      return new Map(own.map((result) => [result.resource?.id ?? '', result.outcome]));
    }),
  );
  const ids = [...new Set([...(then?.keys() ?? []), ...(later?.keys() ?? [])])].sort();
  return Object.fromEntries(ids.map((id) => [id, [then?.get(id), later?.get(id)]]));
}

async function recordsIn(snapshot: Snapshot, type: string): Promise<readonly Resource[]> {
  const records: Resource[] = [];
  for (const collection of snapshot.manifest.collections.filter((one) => one.type === type))
    for await (const batch of snapshot.records(collection)) records.push(...batch);
  return records;
}

const ssh = 'sg-no-public-ssh';
const tls = 's3-bucket-tls-only';
const attributes = (id: string, ingress: readonly object[] = []) => ({
  id,
  arn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
  name: id,
  description: 'web',
  owner_id: account,
  vpc_id: 'vpc-1',
  ingress,
  egress: [],
  tags: {},
  tags_all: {},
});
const rule = (cidr: string, port: number) => ({
  cidr_blocks: [cidr],
  description: '',
  from_port: port,
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  protocol: 'tcp',
  security_groups: [],
  self: false,
  to_port: port,
});
const separate = (id: string, cidr: string, port: number) => ({
  security_group_id: id,
  cidr_ipv4: cidr,
  from_port: port,
  to_port: port,
  ip_protocol: 'tcp',
  security_group_rule_id: `sgr-${port}`,
  id: `sgr-${port}`,
});

describe('a plan laid over a live account', () => {
  test('leaves alone what it does not change, be it otherwise live', async () => {
    const same = attributes('sg-1');
    const changed = { ...same, tags: { Team: 'web' }, tags_all: { Team: 'web' } };
    const foreseen = await laid([group('sg-1', open(22, '0.0.0.0/0'))], {
      'aws_security_group.web': { actions: ['update'], before: same, after: changed },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['fail', 'fail'] });
    const [record] = await recordsIn(foreseen.after, 'AWS::EC2::SecurityGroup');
    expect(record?.properties.Tags).toEqual([{ Key: 'Team', Value: 'web' }]);
    expect(record?.declared?.address).toBe('aws_security_group.web');
  });

  test('adds a rule to a group that it does not manage, and leaves the group’s others', async () => {
    const foreseen = await laid([group('sg-1', open(443, '0.0.0.0/0')), group('sg-2')], {
      'aws_vpc_security_group_ingress_rule.ssh': { after: separate('sg-1', '0.0.0.0/0', 22) },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['pass', 'fail'], 'sg-2': ['pass', 'pass'] });
    const records = await recordsIn(foreseen.after, 'AWS::EC2::SecurityGroup');
    expect(records).toHaveLength(2);
    expect(records[0]?.properties.IpPermissions).toMatchObject([{ FromPort: 443 }, { FromPort: 22 }]);
  });

  test('takes a rule away from a group, and no other', async () => {
    const foreseen = await laid([group('sg-1', open(22, '0.0.0.0/0'), open(3389, '0.0.0.0/0'))], {
      'aws_vpc_security_group_ingress_rule.ssh': { actions: ['delete'], before: separate('sg-1', '0.0.0.0/0', 22) },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['fail', 'pass'] });
    const [record] = await recordsIn(foreseen.after, 'AWS::EC2::SecurityGroup');
    expect(record?.properties.IpPermissions).toMatchObject([{ FromPort: 3389 }]);
  });

  test('takes the policy of a bucket away, whether or not the plan manages the bucket', async () => {
    const gone = {
      actions: ['delete'],
      before: { bucket: 'acme-data', id: 'acme-data', policy: JSON.stringify(tlsOnly) },
    };
    const alone = await laid([bucket(tlsOnly)], { 'aws_s3_bucket_policy.data': gone });
    expect(await verdicts(alone, tls)).toEqual({ 'acme-data': ['pass', 'fail'] });
    const state = { bucket: 'acme-data', id: 'acme-data', region, policy: JSON.stringify(tlsOnly), tags: {} };
    const managed = await laid([bucket(tlsOnly)], {
      'aws_s3_bucket.data': { actions: ['no-op'], before: state, after: state, written: { bucket: [] } },
      'aws_s3_bucket_policy.data': gone,
    });
    expect(await verdicts(managed, tls)).toEqual({ 'acme-data': ['pass', 'fail'] });
  });

  test('knows a group that is made anew by the one that it replaces', async () => {
    const before = attributes('sg-1', [rule('0.0.0.0/0', 22)]);
    const { id: _, arn: __, ...rest } = before;
    const foreseen = await laid([group('sg-1', open(22, '0.0.0.0/0'))], {
      'aws_security_group.web': {
        actions: ['delete', 'create'],
        before,
        after: { ...rest, name: 'other' },
        unknown: { id: true, arn: true },
      },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({
      'aws_security_group.web': [undefined, 'fail'],
      'sg-1': ['fail', undefined],
    });
    expect([...foreseen.was.values()]).toEqual(['sg-1']);
  });

  test.each([
    { action: 'delete', left: [['fail', undefined]] },
    { action: 'forget', left: [['fail', 'fail']] },
    { action: 'no-op', left: [['fail', 'fail']] },
  ])('leaves of a group what $action leaves', async ({ action, left }) => {
    const before = attributes('sg-1', [rule('0.0.0.0/0', 22)]);
    const foreseen = await laid([group('sg-1', open(22, '0.0.0.0/0'))], {
      'aws_security_group.web': { actions: [action], before, ...(action === 'no-op' ? { after: before } : {}) },
    });
    expect(Object.values(await verdicts(foreseen, ssh))).toEqual(left);
  });

  test('does not know what the plan does not', async () => {
    const before = attributes('sg-1', [rule('10.0.0.0/8', 22)]);
    const { ingress: _, ...after } = before;
    const foreseen = await laid([group('sg-1', open(22, '10.0.0.0/8'))], {
      'aws_security_group.web': { actions: ['update'], before, after, unknown: { ingress: true } },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['pass', 'unknown'] });
  });

  test('judges a resource that the snapshot has never seen by the plan alone', async () => {
    const before = attributes('sg-new', [rule('0.0.0.0/0', 22)]);
    const foreseen = await laid([group('sg-1')], {
      'aws_security_group.web': { actions: ['no-op'], before, after: before },
    });
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['pass', 'pass'], 'sg-new': ['fail', 'fail'] });
  });

  test('says what lies where the snapshot has nothing', async () => {
    const foreseen = await laid([], { 'aws_security_group.web': { after: { name: 'web', ingress: [] } } }, 'us-east-1');
    expect(foreseen.doubts).toMatchObject([{ code: 'elsewhere', detail: expect.stringContaining('us-east-1') }]);
  });

  test('gives both sides the same collections, and counts what they hold', async () => {
    const records = [group('sg-1'), group('sg-2'), bucket(tlsOnly)];
    const foreseen = await laid(records, {
      'aws_security_group.old': { actions: ['delete'], before: attributes('sg-1') },
      'aws_security_group.new': { after: { name: 'new', ingress: [], egress: [] }, unknown: { id: true } },
      'aws_security_group.newer': { after: { name: 'newer', ingress: [], egress: [] }, unknown: { id: true } },
    });
    const places = (snapshot: Snapshot) =>
      snapshot.manifest.collections.map(({ records: _, sha256: __, ...one }) => one);
    expect(places(foreseen.after)).toEqual(places(foreseen.before));
    for (const snapshot of [foreseen.before, foreseen.after])
      for (const collection of snapshot.manifest.collections) {
        const found: string[] = [];
        for await (const batch of snapshot.records(collection)) found.push(...batch.map(({ id }) => id));
        expect(found).toHaveLength(collection.records);
        expect(found).toEqual([...found].sort());
      }
    expect(foreseen.after.manifest.contentDigest).not.toBe(foreseen.before.manifest.contentDigest);
  });
});

describe('a template laid over a live account', () => {
  const template = (...open: readonly string[]) =>
    [
      'Resources:',
      '  Web:',
      '    Type: AWS::EC2::SecurityGroup',
      '    Properties:',
      '      GroupDescription: web',
      '      SecurityGroupEgress: []',
      '      SecurityGroupIngress:',
      ...open.map((cidr) => `        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${cidr} }`),
      ...(open.length === 0 ? ['        - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8 }'] : []),
    ].join('\n');

  async function over(records: readonly Resource[], text: string) {
    const options = { ...question.catalogue, now, account, region, stack: 'web' };
    const proposal = await readTemplate(Buffer.from(text), 'template.yaml', options);
    return overlay(snapshotOf(records), { ...proposal, stack: 'web' }, question.catalogue.types);
  }

  const tagged = (record: Resource, id: string, stack = 'web'): Resource => ({
    ...record,
    properties: {
      ...record.properties,
      Tags: [
        { Key: 'aws:cloudformation:stack-name', Value: stack },
        { Key: 'aws:cloudformation:logical-id', Value: id },
      ],
    },
  });

  test('is known by the tags of its stack', async () => {
    const foreseen = await over(
      [tagged(group('sg-1'), 'Web'), tagged(group('sg-2'), 'Web', 'api')],
      template('0.0.0.0/0'),
    );
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['pass', 'fail'], 'sg-2': ['pass', 'pass'] });
  });

  test('does not credit what nobody knows to be taken away', async () => {
    const foreseen = await over([tagged(group('sg-1', open(22, '0.0.0.0/0')), 'Web')], template());
    expect(await verdicts(foreseen, ssh)).toEqual({ 'sg-1': ['fail', 'fail'] });
  });

  test('says what its stack has and it does not declare', async () => {
    const foreseen = await over([tagged(group('sg-1'), 'Web'), tagged(group('sg-2'), 'Gone')], template());
    expect(foreseen.doubts).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('Gone') }]);
  });
});
