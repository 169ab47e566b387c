import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { planned as plannedSnapshots } from '../../src/model/planned.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Json } from '../../src/model/value.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { openTerraformPlan, readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { judge, type Question, shippedQuestion } from '../scenarios/audited.ts';
import { expectOnlyDoubt, foldersWith, knowLater, pathsIn } from './known-later.ts';
import { plainFiles } from './plain-files.ts';
import { type Change, planOf } from './plan-of.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function afterwards(proposal: Proposal): Snapshot {
  return plannedSnapshots(proposal, catalogue.types).after;
}

function read(bytes: Buffer): Snapshot {
  return afterwards(readTerraformPlan(bytes, 'plan.json', { ...catalogue, now: 0, sources: plainFiles }));
}

async function recordsOf(snapshot: Snapshot): Promise<ReadonlyMap<string, Resource>> {
  const records = new Map<string, Resource>();
  for (const collection of snapshot.manifest.collections)
    for await (const batch of snapshot.records(collection))
      for (const record of batch) records.set(record.declared?.address ?? '', record);
  return records;
}

async function planned(changes: Readonly<Record<string, Change>>, more: object = {}, modules: object = {}) {
  return recordsOf(read(planOf(changes, more, modules)));
}

const newGroup: Change = {
  after: { name: 'web', description: 'web' },
  unknown: { id: true, ingress: true, egress: true },
  written: { name: [] },
};
const inline = (rule: object) => ({
  ...newGroup,
  after: { name: 'web', ingress: [rule], egress: [] },
  unknown: { id: true },
});
const web = 'aws_security_group.web';
const toWeb = ['aws_security_group.web.id', 'aws_security_group.web'];
const rule = (after: object, security_group_id: readonly string[] = toWeb): Change => ({
  after: { ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: '203.0.113.0/24', ...after },
  unknown: { security_group_id: true },
  written: { security_group_id },
});

const undecided = { $unknown: 'known-after-apply' };

describe('a security group', () => {
  test.each<[string, object, object]>([
    ['protocol "all" has no ports', { protocol: 'all', from_port: 0, to_port: 0 }, { IpProtocol: '-1' }],
    ['protocol -1 has no ports', { protocol: '-1', from_port: 0, to_port: 0 }, { IpProtocol: '-1' }],
    ['a protocol by number is named', { protocol: '6', from_port: 1, to_port: 2 }, { IpProtocol: 'tcp', FromPort: 1 }],
    ['a protocol in capitals is lowered', { protocol: 'UDP', from_port: 1, to_port: 2 }, { IpProtocol: 'udp' }],
    ['other protocols stay numbers', { protocol: '50', from_port: 0, to_port: 0 }, { IpProtocol: '50' }],
    ['ICMP has types and codes', { protocol: 'icmp', from_port: 8, to_port: -1 }, { FromPort: 8, ToPort: -1 }],
  ])('%s', async (_, written, expected) => {
    const records = await planned({ [web]: inline({ ...written, cidr_blocks: ['203.0.113.0/24'] }) });
    const [permission = null] = (records.get(web)?.properties.IpPermissions ?? []) as readonly Json[];
    expect(permission).toMatchObject({ IpRanges: [{ CidrIp: '203.0.113.0/24' }], ...expected });
    expect(Object.keys(permission as object).includes('FromPort')).toBe(
      (expected as { IpProtocol?: string }).IpProtocol !== '-1',
    );
  });

  test('names itself as a source by self', async () => {
    const records = await planned({ [web]: inline({ protocol: 'tcp', from_port: 1, to_port: 2, self: true }) });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([{ UserIdGroupPairs: [{ GroupId: web }] }]);
  });

  test('lets nothing out where separate rules say nothing else', async () => {
    const records = await planned({
      [web]: newGroup,
      'aws_vpc_security_group_egress_rule.one': rule({}),
    });
    expect(records.get(web)?.properties.IpPermissionsEgress).toMatchObject([
      { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
    ]);
  });

  test('has no rules where nobody wrote any', async () => {
    const records = await planned({ [web]: newGroup });
    expect(records.get(web)?.properties).toMatchObject({ IpPermissions: [], IpPermissionsEgress: [] });
  });

  test('of which nobody knows what was written has undecided lists', async () => {
    const records = await planned({ [web]: newGroup }, { configuration: {} });
    expect(records.get(web)?.properties).toMatchObject({ IpPermissions: undecided, IpPermissionsEgress: undecided });
  });

  test('has an undecided rule where a dynamic block is not known, whatever separate rules say', async () => {
    // As Terraform 1.11.4 shows it with version 5.100.0 of the provider.
    const dynamic = {
      after: {
        name: 'web',
        ingress: [{ description: '', ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false }],
      },
      unknown: {
        id: true,
        ingress: [{ cidr_blocks: true, from_port: true, protocol: true, to_port: true }],
        egress: true,
      },
      written: { name: [] },
    };
    const records = await planned({ [web]: dynamic, 'aws_vpc_security_group_ingress_rule.one': rule({}) });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([
      { IpProtocol: 'tcp', FromPort: 443 },
      { IpProtocol: undecided, IpRanges: undecided },
    ]);
  });

  test('has an undecided list where a written block is not known, whatever separate rules say', async () => {
    const records = await planned({
      [web]: { ...newGroup, written: { ingress: ['var.rules'] } },
      'aws_vpc_security_group_ingress_rule.one': rule({}),
    });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject(undecided);
  });

  test('has the rules of all three kinds of resources, the sources of one range of ports together', async () => {
    const records = await planned({
      [web]: newGroup,
      'aws_vpc_security_group_ingress_rule.one': rule({}),
      'aws_vpc_security_group_ingress_rule.two': rule({ cidr_ipv4: null, cidr_ipv6: '2001:DB8::/32' }),
      'aws_security_group_rule.three': {
        after: { type: 'ingress', protocol: 'tcp', from_port: 443, to_port: 443, prefix_list_ids: ['pl-1'] },
        unknown: { security_group_id: true, source_security_group_id: true },
        written: { security_group_id: toWeb, prefix_list_ids: [] },
      },
    });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([
      {
        IpRanges: [{ CidrIp: '203.0.113.0/24' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        PrefixListIds: [{ PrefixListId: 'pl-1' }],
        UserIdGroupPairs: [],
      },
    ]);
  });

  test('that exists has its state, less the rules that go, plus those that come', async () => {
    const known = (port: number) => ({
      protocol: 'tcp',
      from_port: port,
      to_port: port,
      cidr_blocks: ['203.0.113.0/24'],
    });
    const separate = (port: number) => ({
      security_group_id: 'sg-0a1',
      ip_protocol: 'tcp',
      from_port: port,
      to_port: port,
      cidr_ipv4: '203.0.113.0/24',
    });
    const state = { id: 'sg-0a1', name: 'web', ingress: [known(1), known(2), known(3)], egress: [] };
    const records = await planned({
      [web]: { actions: ['no-op'], before: state, after: state },
      'aws_vpc_security_group_ingress_rule.stays': { actions: ['no-op'], before: separate(1), after: separate(1) },
      'aws_vpc_security_group_ingress_rule.goes': { actions: ['delete'], before: separate(2) },
      'aws_vpc_security_group_ingress_rule.moves': { actions: ['update'], before: separate(3), after: separate(4) },
      'aws_vpc_security_group_ingress_rule.elsewhere': { after: { ...separate(9), security_group_id: 'sg-other' } },
    });
    expect(records.get(web)).toMatchObject({
      id: 'sg-0a1',
      arn: 'arn:aws:ec2:eu-west-1:000000000000:security-group/sg-0a1',
    });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([{ FromPort: 1 }, { FromPort: 4 }]);
    expect(records.get(web)?.properties.IpPermissions).toHaveLength(2);
  });

  test('that goes is none, and one that is only forgotten stays', async () => {
    const state = { id: 'sg-0a1', name: 'web', ingress: [], egress: [] };
    const records = await planned({
      [web]: { actions: ['delete'], before: state },
      'aws_security_group.old': { actions: ['forget'], before: state },
    });
    expect([...records.keys()]).toEqual(['aws_security_group.old']);
  });

  test('of a VPC by default is called default', async () => {
    const records = await planned({
      'aws_default_security_group.main': { ...newGroup, unknown: { id: true, name: true } },
    });
    expect(records.get('aws_default_security_group.main')?.name).toBe('default');
  });
});

describe('a separate rule', () => {
  const inModule = { module: 'module.group', ...newGroup };
  const group = {
    outputs: { id: { expression: { references: ['aws_security_group.web.id', 'aws_security_group.web'] } } },
    resources: [{ mode: 'managed', type: 'aws_security_group', name: 'web', expressions: {} }],
  };
  const calls = { module_calls: { group: { module: group, expressions: {} } } };

  test('finds its group through the output of a module', async () => {
    const records = await planned(
      {
        [web]: inModule,
        'aws_vpc_security_group_ingress_rule.one': rule({}, ['module.group.id', 'module.group']),
      },
      {},
      calls,
    );
    expect(records.get(`module.group.${web}`)?.properties.IpPermissions).toMatchObject([{ FromPort: 443 }]);
  });

  test('finds its group through the variable of a module', async () => {
    const records = await planned(
      {
        [web]: newGroup,
        'aws_vpc_security_group_ingress_rule.one': { module: 'module.rules[0]', ...rule({}) },
      },
      {},
      {
        module_calls: {
          rules: {
            expressions: { target: { references: toWeb } },
            module: {
              resources: [
                {
                  mode: 'managed',
                  type: 'aws_vpc_security_group_ingress_rule',
                  name: 'one',
                  expressions: { security_group_id: { references: ['var.target'] } },
                },
              ],
            },
          },
        },
      },
    );
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([{ FromPort: 443 }]);
  });

  test('finds the instance that is named', async () => {
    const records = await planned({
      'aws_security_group.web[0]': newGroup,
      'aws_security_group.web[1]': newGroup,
      'aws_vpc_security_group_ingress_rule.one': rule({}, [
        'aws_security_group.web[1].id',
        'aws_security_group.web[1]',
        'aws_security_group.web',
      ]),
    });
    expect(records.get('aws_security_group.web[1]')?.properties.IpPermissions).toMatchObject([{ FromPort: 443 }]);
    expect(records.get('aws_security_group.web[0]')?.properties.IpPermissions).toEqual([]);
  });

  // A configuration names the same two for `web[count.index]` and for `web[1 - count.index]`.
  test.each<[string, readonly string[]]>([
    ['for_each', ['"a"', '"b"']],
    ['count', ['0', '1']],
  ])('does not take the same key of %s for the same group, as the index may hold more', async (means, keys) => {
    const pick = means === 'count' ? 'count.index' : 'each.key';
    const keyed = (port: number) => rule({ from_port: port, to_port: port }, ['aws_security_group.web', pick]);
    const changes = keys.flatMap((key, at) => [
      [`${web}[${key}]`, newGroup] as const,
      [`aws_vpc_security_group_ingress_rule.one[${key}]`, keyed(at)] as const,
    ]);
    const records = await planned(Object.fromEntries(changes));
    for (const key of keys) expect(records.get(`${web}[${key}]`)?.properties.IpPermissions).toMatchObject([undecided]);
  });

  test('finds the only group that a key can mean', async () => {
    const records = await planned({
      [`${web}[0]`]: newGroup,
      'aws_vpc_security_group_ingress_rule.one[0]': rule({ from_port: 7 }, ['aws_security_group.web', 'count.index']),
    });
    expect(records.get(`${web}[0]`)?.properties.IpPermissions).toMatchObject([{ FromPort: 7 }]);
  });

  test('does not take the same key for the same group where the keys are not all the same', async () => {
    const records = await planned({
      [`${web}["a"]`]: newGroup,
      [`${web}["b"]`]: newGroup,
      'aws_vpc_security_group_ingress_rule.one["a"]': rule({}, ['aws_security_group.web', 'each.key']),
    });
    expect(records.get(`${web}["b"]`)?.properties.IpPermissions).toMatchObject([undecided]);
  });

  test.each<[string, readonly string[]]>([
    ['a variable', ['var.group']],
    ['a local value', ['local.group']],
    ['what exists already', ['data.aws_security_group.other.id', 'data.aws_security_group.other']],
    ['one of two by a condition', ['var.choice', ...toWeb]],
    ['one of several', ['aws_security_group.web', 'each.key']],
    ['an item of for_each', ['each.value']],
    ['an attribute that is no id', ['aws_security_group.web.vpc_id', 'aws_security_group.web']],
    ['a module that is not there', ['module.none.id', 'module.none']],
    ['nothing', []],
  ])('whose group is %s leaves the lists of all groups undecided', async (_, references) => {
    const open = { protocol: 'tcp', from_port: 1, to_port: 2, cidr_blocks: ['203.0.113.0/24'] };
    const records = await planned({
      [web]: inline(open),
      'aws_security_group.web[1]': inline(open),
      'aws_vpc_security_group_ingress_rule.one': rule({}, references),
    });
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([{ FromPort: 1 }, undecided]);
    expect(records.get(web)?.properties.IpPermissionsEgress).toEqual([]);
  });

  test('does not follow references in a circle', async () => {
    const circle = { expressions: { target: { references: ['module.rules.out', 'module.rules'] } } };
    const module = { outputs: { out: { expression: { references: ['var.target'] } } } };
    const records = await planned(
      {
        [web]: inline({}),
        'aws_vpc_security_group_ingress_rule.one': rule({}, ['module.rules.out', 'module.rules']),
        'aws_security_group.inner': { ...newGroup, module: 'module.rules' },
      },
      {},
      { module_calls: { rules: { ...circle, module } } },
    );
    expect(records.get(web)?.properties.IpPermissions).toMatchObject([undecided]);
  });
});

describe('a bucket', () => {
  const bucket: Change = {
    after: { bucket: 'acme-logs' },
    unknown: { id: true, policy: true },
    written: { bucket: [] },
  };
  const policy = (after: object, references: readonly string[]): Change => ({
    after,
    unknown: { bucket: true, ...('policy' in after ? {} : { policy: true }) },
    written: { bucket: references, policy: [] },
  });
  const logs = 'aws_s3_bucket.logs';
  const toLogs = ['aws_s3_bucket.logs.id', 'aws_s3_bucket.logs'];

  test('that is new has no policy but the one that is declared', async () => {
    const records = await planned({ [logs]: bucket });
    expect(records.get(logs)).toMatchObject({ id: 'acme-logs', calls: { Policy: 'terraform:plan' } });
    expect(records.get(logs)?.properties).not.toHaveProperty('Policy');
  });

  test('has the policy that is declared, decoded', async () => {
    const text = '{"Statement":[]}';
    const records = await planned({ [logs]: bucket, 'aws_s3_bucket_policy.logs': policy({ policy: text }, toLogs) });
    expect(records.get(logs)?.properties.Policy).toEqual({ Statement: [] });
  });

  test.each<[string, Readonly<Record<string, Change>>, string]>([
    ['is known only after apply', { 'aws_s3_bucket_policy.logs': policy({}, toLogs) }, 'known-after-apply'],
    ['is no JSON', { 'aws_s3_bucket_policy.logs': policy({ policy: 'none' }, toLogs) }, 'failed'],
    [
      'may be that of another bucket',
      { 'aws_s3_bucket_policy.x': policy({ policy: '{}' }, ['var.x']) },
      'known-after-apply',
    ],
    [
      'is declared twice',
      {
        'aws_s3_bucket_policy.a': policy({ policy: '{}' }, toLogs),
        'aws_s3_bucket_policy.b': policy({ policy: '{}' }, toLogs),
      },
      'type',
    ],
  ])('whose policy %s has a gap', async (_, satellites, reason) => {
    const records = await planned({ [logs]: bucket, ...satellites });
    expect(records.get(logs)?.gaps?.Policy).toMatchObject({ reason });
    expect(records.get(logs)?.calls).not.toHaveProperty('Policy');
    expect(records.get(logs)?.properties).not.toHaveProperty('Policy');
  });

  test('that exists has the policy of its state, and loses the one that goes', async () => {
    const state = { bucket: 'acme-logs', id: 'acme-logs', policy: '{"Statement":[]}', region: 'eu-central-1' };
    const existing: Change = { actions: ['no-op'], before: state, after: state };
    const kept = (await planned({ [logs]: existing })).get(logs);
    expect(kept).toMatchObject({ region: 'eu-central-1', properties: { Policy: { Statement: [] } } });
    const gone = { actions: ['delete'], before: { bucket: 'acme-logs', policy: '{"Statement":[]}' } };
    const bare = (await planned({ [logs]: existing, 'aws_s3_bucket_policy.logs': gone })).get(logs);
    expect(bare?.properties).not.toHaveProperty('Policy');
    expect(bare?.gaps).toBeUndefined();
  });

  test('whose name AWS chooses has no name yet', async () => {
    const records = await planned({
      [logs]: { after: {}, unknown: { id: true, bucket: true, policy: true }, written: {} },
    });
    expect(records.get(logs)).toMatchObject({ id: logs, properties: { Name: undecided } });
  });
});

describe('a listener', () => {
  const listener = 'aws_lb_listener.http';
  const action = { type: 'redirect', redirect: [{ protocol: null, port: '443', status_code: 'HTTP_301' }] };
  const values = { port: 80, protocol: 'HTTP', load_balancer_arn: 'lb', default_action: [action] };

  test('keeps of a request what its redirect does not name', async () => {
    const records = await planned({ [listener]: { after: values, unknown: { arn: true, ssl_policy: true } } });
    expect(records.get(listener)?.properties).toMatchObject({
      DefaultActions: [{ RedirectConfig: { Protocol: '#{protocol}', Port: '443' } }],
      Rules: [{ IsDefault: true, Priority: 'default' }],
    });
    expect(records.get(listener)?.properties).not.toHaveProperty('SslPolicy');
  });

  test('has a gap for its rules when one may belong to it', async () => {
    const records = await planned({
      [listener]: { after: values, unknown: { arn: true } },
      'aws_lb_listener_rule.any': {
        after: { priority: 1 },
        unknown: { listener_arn: true },
        written: { listener_arn: ['var.l'] },
      },
    });
    expect(records.get(listener)?.properties.Rules).toContainEqual(expect.objectContaining(undecided));
  });

  test('that exists may have rules that are declared elsewhere', async () => {
    const state = { ...values, arn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2' };
    const records = await planned({ [listener]: { actions: ['no-op'], before: state, after: state } });
    expect(records.get(listener)).toMatchObject({ id: state.arn, account: '111122223333' });
    expect(records.get(listener)?.properties.Rules).toContainEqual(
      expect.objectContaining({ $unknown: 'not-collected' }),
    );
  });

  test('shows no secret', async () => {
    const oidc = { type: 'authenticate-oidc', authenticate_oidc: [{ client_secret: 'hunter2' }] };
    const sensitive = { default_action: [{ authenticate_oidc: [{ client_secret: true }] }] };
    const records = await planned({ [listener]: { after: { ...values, default_action: [oidc] }, sensitive } });
    expect(JSON.stringify(records.get(listener))).not.toContain('hunter2');
  });
});

describe('a value of a plan', () => {
  test('that is sensitive is redacted', async () => {
    const records = await planned({ [web]: { ...inline({}), sensitive: { name: true } } });
    expect(records.get(web)?.properties.GroupName).toMatchObject({ $unknown: 'redacted' });
  });

  test('that nobody reads is unknown and not absent', async () => {
    const records = await planned({ [web]: inline({}) });
    expect(records.get(web)?.properties.SecurityGroupArn).toMatchObject({ $unknown: 'not-collected' });
  });

  test('that spells out a marker does not choose its reason', async () => {
    const records = await planned({ [web]: { ...newGroup, after: { name: { $unknown: 'nothing' } } } });
    expect(records.get(web)?.properties.GroupName).toMatchObject({ $unknown: 'type' });
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'and a resource that are named %s are like any other',
    async (name) => {
      const bytes = planOf({ [`aws_security_group.${name}`]: inline({ [name]: { [name]: true } }) });
      const records = await recordsOf(read(bytes));
      expect([...records.keys()]).toEqual([`aws_security_group.${name}`]);
    },
  );
});

describe('a plan', () => {
  const putOff = {
    reason: 'instance_count_unknown',
    resource_change: {
      address: 'aws_s3_bucket.more[*]',
      mode: 'managed',
      type: 'aws_s3_bucket',
      name: 'more',
      change: { actions: ['create'], before: null, after: {}, after_unknown: {} },
    },
  };

  test('says where things are to be, as far as it tells', async () => {
    const provider = (expressions: object, name = 'aws') => ({ name, expressions });
    const configuration = {
      provider_config: {
        aws: provider({ region: { references: ['var.region'] } }),
        'aws.other': provider({
          region: { constant_value: 'us-east-1' },
          assume_role: [{ role_arn: { constant_value: 'arn:aws:iam::444455556666:role/deploy' } }],
        }),
      },
      root_module: {
        resources: [
          { mode: 'managed', type: 'aws_security_group', name: 'web', provider_config_key: 'aws' },
          { mode: 'managed', type: 'aws_security_group', name: 'far', provider_config_key: 'aws.other' },
        ],
      },
    };
    const more = { configuration, variables: { region: { value: 'eu-north-1' } } };
    const snapshot = read(planOf({ [web]: newGroup, 'aws_security_group.far': newGroup }, more));
    expect(snapshot.manifest.regions).toMatchObject([
      { account: '000000000000', region: 'eu-north-1' },
      { account: '444455556666', region: 'us-east-1' },
    ]);
    expect(snapshot.manifest.accounts[0]?.name).toBe('not named by the Terraform plan');
  });

  test('without any place is put where the caller says', () => {
    const bytes = planOf({ [web]: newGroup }, { configuration: {} });
    const options = { ...catalogue, now: 0, account: '111122223333', region: 'eu-west-1' };
    expect(afterwards(readTerraformPlan(bytes, 'plan.json', options)).manifest.regions).toMatchObject([
      { account: '111122223333', region: 'eu-west-1' },
    ]);
    expect(read(bytes).manifest.regions).toMatchObject([{ account: '000000000000', region: 'unnamed' }]);
  });

  test.each<[string, object, string]>([
    ['ended with an error', { errored: true }, 'the plan ended with an error'],
    ['is not complete', { complete: false }, 'the plan is not complete: it was made for some resources only'],
    ['puts changes off', { complete: false, deferred_changes: [putOff] }, 'the plan puts 1 of its resources off'],
  ])('that %s says so', (_, more, detail) => {
    const { manifest } = read(planOf({ [web]: newGroup }, more));
    expect(manifest.finished).toBe(false);
    expect(manifest.collections.find(({ type }) => type === 'AWS::S3::Bucket')).toMatchObject({
      complete: false,
      detail: expect.stringContaining(detail),
    });
  });

  test('tells of types that it is not read for', () => {
    const { manifest } = read(planOf({}));
    expect(manifest.finished).toBe(true);
    expect(manifest.collections.find(({ type }) => type === 'AWS::Backup::LegalHold')).toMatchObject({
      complete: false,
      reason: 'not-collected',
      detail: 'a Terraform plan is not read for AWS::Backup::LegalHold',
    });
  });

  test('that declares one resource twice is refused', () => {
    const plan = JSON.parse(planOf({ [web]: newGroup }).toString());
    plan.resource_changes.push(plan.resource_changes[0], plan.resource_changes[0]);
    expect(() => read(Buffer.from(JSON.stringify(plan)))).toThrow('is declared twice');
  });

  test('is read from a file, and nothing but a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proviso-plan-'));
    const options = { ...catalogue, now: 0 };
    try {
      await writeFile(join(folder, 'plan.json'), planOf({ [web]: newGroup }));
      const snapshot = afterwards(await openTerraformPlan(join(folder, 'plan.json'), options));
      expect((await recordsOf(snapshot)).size).toBe(1);
      await expect(openTerraformPlan(folder, options)).rejects.toMatchObject({ code: 'input' });
      await expect(openTerraformPlan(join(folder, 'none.json'), options)).rejects.toThrow('cannot be read');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('whatever becomes unknown in a plan', () => {
  let question: Question;

  beforeAll(async () => {
    question = await shippedQuestion();
  });

  async function verdicts(plan: object) {
    const snapshot = read(Buffer.from(JSON.stringify(plan)));
    const { results } = await judge(question, snapshot, 0);
    return new Map(
      results.map((result) => [
        `${result.rule} ${result.resource?.declared?.address ?? result.region}`,
        result.outcome,
      ]),
    );
  }

  test.each(foldersWith('plan.json'))('makes verdicts on %s unknown, and no other', async (folder) => {
    const text = readFileSync(new URL(`../fixtures/parity/${folder}/plan.json`, import.meta.url), 'utf8');
    const before = await verdicts(JSON.parse(text));
    let turned = 0;
    const changes = JSON.parse(text).resource_changes as { change: { after: Json } }[];
    for (const [index, { change }] of changes.entries()) {
      for (const path of pathsIn(change.after)) {
        const plan = JSON.parse(text);
        knowLater(plan.resource_changes[index].change, path);
        turned += expectOnlyDoubt(before, await verdicts(plan), `${index} ${path.join('.')}`);
      }
    }
    const isDecided = [...before.values()].some((outcome) => outcome === 'pass' || outcome === 'fail');
    if (isDecided) expect(turned).toBeGreaterThan(0);
  });
});
