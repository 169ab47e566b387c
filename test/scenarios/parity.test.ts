import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/finding/finding.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { byCodeUnit, canonicalJson, isObject, isUnknown, type Json } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type Audited, audit, judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const region = 'eu-west-1';
const account = '111122223333';

/** What is expected of one resource, whatever it was read from. */
interface Expected {
  /** The properties that rules read, lists in any order; the resource's own id is `<self>`. */
  readonly properties: object;
  readonly verdicts: Readonly<Record<string, Outcome>>;
  /** Verdicts that hang on what no declaration tells. */
  readonly declared?: Readonly<Record<string, Outcome>>;
}

interface Parity {
  readonly type: string;
  readonly folder: string;
  /** What the resource is called in the three fixtures. */
  readonly nameOf: (resource: Resource) => string;
  readonly resources: Readonly<Record<string, Expected>>;
  /** Resources of the plan and the template alone, of which something is not known yet. */
  readonly undecided: Readonly<Record<string, Readonly<Record<string, Outcome>>>>;
}

const permission = (
  protocol: string,
  ports: readonly number[],
  sources: { v4?: readonly string[]; v6?: readonly string[]; groups?: readonly string[] },
) => ({
  IpProtocol: protocol,
  ...(ports.length === 0 ? {} : { FromPort: ports[0], ToPort: ports[1] }),
  IpRanges: (sources.v4 ?? []).map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: (sources.v6 ?? []).map((CidrIpv6) => ({ CidrIpv6 })),
  PrefixListIds: [],
  UserIdGroupPairs: (sources.groups ?? []).map((GroupId) => ({ GroupId })),
});

/** Neither group is a VPC's default one, nor opens everything, nor is worn by a server. */
const otherGroupRules = {
  'sg-default-restricts-all': 'not-applicable',
  'sg-no-public-all-traffic': 'pass',
  'sg-egress-restricted': 'not-applicable',
} as const;

const groups: Parity = {
  type: 'AWS::EC2::SecurityGroup',
  folder: 'ec2-security-group',
  nameOf: ({ properties }) => String(properties.GroupName),
  resources: {
    kept: {
      properties: {
        GroupId: '<self>',
        Description: 'load balancers',
        IpPermissions: [
          permission('-1', [], { groups: ['<self>'] }),
          permission('tcp', [22, 22], { v4: ['198.51.100.0/24'] }),
          permission('tcp', [443, 443], { v4: ['0.0.0.0/0'], v6: ['::/0'] }),
        ],
      },
      verdicts: {
        'sg-no-public-ssh': 'pass',
        'sg-no-public-high-risk-ports': 'pass',
        'bastion-ingress-restricted': 'not-applicable',
        ...otherGroupRules,
      },
      declared: { 'bastion-ingress-restricted': 'unknown', 'sg-egress-restricted': 'unknown' },
    },
    broken: {
      properties: {
        GroupId: '<self>',
        IpPermissions: [
          permission('tcp', [20, 25], { v4: ['0.0.0.0/0'] }),
          permission('tcp', [5432, 5432], { v6: ['::/0'] }),
        ],
      },
      verdicts: {
        'sg-no-public-ssh': 'fail',
        'sg-no-public-high-risk-ports': 'fail',
        'bastion-ingress-restricted': 'not-applicable',
        ...otherGroupRules,
      },
      declared: { 'bastion-ingress-restricted': 'unknown', 'sg-egress-restricted': 'unknown' },
    },
  },
  undecided: { undecided: { 'sg-no-public-ssh': 'unknown', 'sg-no-public-high-risk-ports': 'unknown' } },
};

const denial = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

const buckets: Parity = {
  type: 'AWS::S3::Bucket',
  folder: 's3-bucket',
  nameOf: ({ properties }) => String(properties.Name),
  resources: {
    'acme-kept': {
      properties: { Name: '<self>', Policy: denial('acme-kept') },
      verdicts: { 's3-bucket-tls-only': 'pass' },
    },
    'acme-broken': {
      properties: { Policy: { Statement: [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-broken/*' }] } },
      verdicts: { 's3-bucket-tls-only': 'fail' },
    },
    'acme-broken-bare': { properties: {}, verdicts: { 's3-bucket-tls-only': 'fail' } },
  },
  undecided: { 'acme-undecided': { 's3-bucket-tls-only': 'unknown' } },
};

const target = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/50dc6c495c0c9188';
const redirect = (protocol: string, port: string) => ({
  Type: 'redirect',
  RedirectConfig: {
    Protocol: protocol,
    Port: port,
    Host: '#{host}',
    Path: '/#{path}',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  },
});
const forward = { Type: 'forward', TargetGroupArn: target };
const defaultRule = (action: object) => ({ Priority: 'default', IsDefault: true, Conditions: [], Actions: [action] });

const listeners: Parity = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  folder: 'elastic-load-balancing-v2-listener',
  nameOf: ({ properties }) => String(properties.Port),
  resources: {
    80: {
      properties: {
        ListenerArn: '<self>',
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [redirect('HTTPS', '443')],
        Rules: [
          {
            Priority: '10',
            IsDefault: false,
            Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/old/*'] } }],
            Actions: [
              { Type: 'fixed-response', FixedResponseConfig: { ContentType: 'text/plain', StatusCode: '404' } },
            ],
          },
          defaultRule(redirect('HTTPS', '443')),
        ],
      },
      verdicts: { 'elb-http-redirects-to-https': 'pass', 'elb-tls-policy-modern': 'not-applicable' },
    },
    8080: {
      properties: {
        Port: 8080,
        DefaultActions: [redirect('#{protocol}', '8443')],
        Rules: [
          {
            Priority: '20',
            IsDefault: false,
            Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['www.example.com'] } }],
            Actions: [forward],
          },
          defaultRule(redirect('#{protocol}', '8443')),
        ],
      },
      verdicts: { 'elb-http-redirects-to-https': 'fail', 'elb-tls-policy-modern': 'not-applicable' },
    },
    443: {
      properties: {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/acme' }],
        DefaultActions: [forward],
      },
      verdicts: { 'elb-http-redirects-to-https': 'not-applicable', 'elb-tls-policy-modern': 'pass' },
      declared: { 'elb-tls-policy-modern': 'unknown' },
    },
    8443: {
      properties: { SslPolicy: 'ELBSecurityPolicy-2016-08', DefaultActions: [forward] },
      verdicts: { 'elb-http-redirects-to-https': 'not-applicable', 'elb-tls-policy-modern': 'fail' },
      declared: { 'elb-tls-policy-modern': 'unknown' },
    },
  },
  undecided: { 8081: { 'elb-http-redirects-to-https': 'unknown', 'elb-tls-policy-modern': 'unknown' } },
};

async function mistakesOnDisk(snapshot: Snapshot, folder: string): Promise<readonly string[]> {
  const writer = await openSnapshotWriter(folder);
  const { manifest, ledger } = snapshot;
  for (const collection of manifest.collections) {
    for await (const batch of snapshot.records(collection)) for (const record of batch) writer.add(record);
    await writer.end(collection.account, collection.region, collection.type, collection);
  }
  const written = await writer.finish(manifest, ledger.values());
  expect(written.contentDigest).toBe(manifest.contentDigest);
  return (await checkSnapshot(folder)).map(({ message }) => message);
}

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

function bytes(folder: string, file: string): Buffer {
  return readFileSync(new URL(`../fixtures/parity/${folder}/${file}`, import.meta.url));
}

const readers: Readonly<Record<string, (folder: string) => Promise<Audited>>> = {
  live: (folder) => audit(question, JSON.parse(bytes(folder, 'live.json').toString())),
  'a Terraform plan': (folder) => {
    const options = { ...question.catalogue, now, account };
    return judge(question, readTerraformPlan(bytes(folder, 'plan.json'), 'plan.json', options), now);
  },
  'a CloudFormation template': (folder) => {
    const options = { ...question.catalogue, now, account, region };
    return judge(question, readTemplate(bytes(folder, 'template.yaml'), 'template.yaml', options), now);
  },
};

async function recordsOf(snapshot: Snapshot, { type, nameOf }: Parity): Promise<Map<string, Resource>> {
  const records = new Map<string, Resource>();
  for (const collection of snapshot.manifest.collections) {
    if (collection.type !== type) continue;
    for await (const batch of snapshot.records(collection))
      for (const record of batch) records.set(nameOf(record), record);
  }
  return records;
}

/** Lists are sorted, the resource's own id is `<self>`, and markers are gone: what they stand for is not read. */
function comparable(value: Json, self: string): Json {
  if (typeof value === 'string') return value === self ? '<self>' : value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).filter((item) => !isUnknown(item)).map((item) => comparable(item, self));
    return items.sort((a, b) => byCodeUnit(orderOf(a), orderOf(b)));
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && !isUnknown(member));
  return Object.fromEntries(members.map(([name, member]) => [name, comparable(member ?? null, self)]));
}

function orderOf(item: Json): string {
  if (!isObject(item)) return canonicalJson(item);
  return canonicalJson([item.IpProtocol, item.FromPort, item.Priority]);
}

function verdictsOn({ results }: Audited, { type }: Parity, id: string): Record<string, Outcome> {
  const own = results.filter((result) => result.type === type && result.resource?.id === id);
  return Object.fromEntries(own.map(({ rule, outcome }) => [rule, outcome]));
}

describe.each([groups, buckets, listeners])('$type', (parity) => {
  describe.each(Object.keys(readers))('read from %s', (from) => {
    let audited: Audited;
    let records: Map<string, Resource>;

    beforeAll(async () => {
      audited = (await readers[from]?.(parity.folder)) as Audited;
      records = await recordsOf(audited.snapshot, parity);
    });

    test('has the resources that it should', () => {
      const undecided = from === 'live' ? [] : Object.keys(parity.undecided);
      expect([...records.keys()].sort()).toEqual([...Object.keys(parity.resources), ...undecided].sort());
      for (const record of records.values()) expect(record).toMatchObject({ account, region });
    });

    test.each(Object.entries(parity.resources))('gives %s the same properties', (name, expected) => {
      const record = records.get(name);
      expect(comparable(record?.properties ?? null, record?.id ?? '')).toMatchObject(
        comparable(expected.properties as Json, 'nothing') as object,
      );
    });

    test.each(Object.entries(parity.resources))('gives %s the same verdicts', (name, expected) => {
      const beyond = from === 'live' ? {} : expected.declared;
      const verdicts = verdictsOn(audited, parity, records.get(name)?.id ?? '');
      expect(verdicts).toEqual({ ...expected.verdicts, ...beyond });
    });

    if (from === 'live') return;

    test('leaves open what is not known yet', () => {
      expect.assertions(Object.keys(parity.undecided).length);
      for (const [name, verdicts] of Object.entries(parity.undecided))
        expect(verdictsOn(audited, parity, records.get(name)?.id ?? '')).toMatchObject(verdicts);
    });

    test('is a sound snapshot on the disk, too', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'proviso-parity-'));
      try {
        expect(await mistakesOnDisk(audited.snapshot, join(folder, 'snapshot'))).toEqual([]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('calls no list whole', () => {
      for (const { complete } of audited.snapshot.manifest.collections) expect(complete).toBe(false);
      for (const { verdict } of audited.assessment.clauses) expect(['unproven', 'broken']).toContain(verdict);
    });
  });
});
