import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { ProvisoErrors } from '../../src/errors.ts';
import { planned as plannedSnapshots } from '../../src/model/planned.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Json } from '../../src/model/value.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { openTemplate, readTemplate, type TemplateOptions } from '../../src/sources/cloudformation.ts';
import { judge, type Question, shippedQuestion } from '../scenarios/audited.ts';
import { aroundPath, expectOnlyDoubt, pathsIn } from './known-later.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

async function read(text: string | Buffer, options: Partial<TemplateOptions> = {}): Promise<Snapshot> {
  const whole = { ...catalogue, now: 0, ...options };
  return plannedSnapshots(await readTemplate(Buffer.from(text as string), 'template.yaml', whole), whole.types).after;
}

async function recordsOf(snapshot: Snapshot): Promise<ReadonlyMap<string, Resource>> {
  const records = new Map<string, Resource>();
  for (const collection of snapshot.manifest.collections)
    for await (const batch of snapshot.records(collection)) for (const record of batch) records.set(record.id, record);
  return records;
}

/** What the description of a group comes to, which may be any text. */
async function descriptionOf(
  written: string,
  more = '',
  options: Partial<TemplateOptions> = {},
): Promise<Json | undefined> {
  const text = `${more}
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-logs } }
  Nameless: { Type: AWS::S3::Bucket }
  Topic: { Type: AWS::SNS::Topic }
  Other: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: other } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ${written}
`;
  return (await recordsOf(await read(text, options))).get('Group')?.properties.Description;
}

const parameters = `
Parameters:
  Text: { Type: String, Default: office }
  Count: { Type: Number, Default: "22" }
  List: { Type: CommaDelimitedList, Default: "a, b" }
  Open: { Type: String }
  Secret: { Type: String, NoEcho: true, Default: hunter2 }
  Looked: { Type: "AWS::SSM::Parameter::Value<String>", Default: /acme/office }
  Resolved: { Type: String, Default: "{{resolve:ssm:/acme/office}}" }
Mappings:
  Map: { first: { second: found, list: [a, b] }, broken: { second: { Ref: Text } } }
Conditions:
  Here: !Equals [!Ref Text, office]
  Gone: !Not [!Condition Here]
  Maybe: !Equals [!Ref Open, x]
  Both: !And [!Condition Here, !Condition Maybe]
  Never: !And [!Condition Gone, !Condition Maybe]
  Either: !Or [!Condition Maybe, !Condition Here]`;

describe('a function', () => {
  test.each<[string, Json]>([
    ['!Ref Text', 'office'],
    ['!Ref Count', 22],
    ['!Ref List', ['a', 'b']],
    ['{ Ref: Text }', 'office'],
    ['!Ref Bucket', 'acme-logs'],
    ['!GetAtt Bucket.Arn', 'arn:aws:s3:::acme-logs'],
    ['{ Fn::GetAtt: [Bucket, Arn] }', 'arn:aws:s3:::acme-logs'],
    ['!Sub "${Text}-${Count}-${AWS::Region}"', 'office-22-eu-west-1'],
    ['!Sub "${!Text} ${AWS::Partition} ${AWS::URLSuffix}"', '${Text} aws amazonaws.com'],
    ['!Sub ["${A}.${Bucket.Arn}", { A: !Ref Text }]', 'office.arn:aws:s3:::acme-logs'],
    ['!Join ["-", [a, !Ref Text, 1, true]]', 'a-office-1-true'],
    ['!Join [",", !Ref List]', 'a,b'],
    ['!Select [1, !Ref List]', 'b'],
    ['!Select ["0", !Split [".", "x.y"]]', 'x'],
    ['!FindInMap [Map, first, second]', 'found'],
    ['!FindInMap [Map, first, list]', ['a', 'b']],
    ['!If [Here, a, b]', 'a'],
    ['!If [Gone, a, b]', 'b'],
    ['!If [Never, a, b]', 'b'],
    ['!If [Either, a, b]', 'a'],
    ['!If [Maybe, same, same]', 'same'],
    ['2012-10-17', '2012-10-17'],
    ['"010"', '010'],
    ['22:22', '22:22'],
    ['yes', true],
  ])('%s is worked out', async (written, expected) => {
    expect(await descriptionOf(written, parameters, { region: 'eu-west-1' })).toEqual(expected);
  });

  test.each<[string, string]>([
    ['!Ref Open', 'known-after-apply'],
    ['!Ref Secret', 'redacted'],
    ['!Ref Looked', 'known-after-apply'],
    ['!Ref Resolved', 'known-after-apply'],
    ['!Ref Topic', 'known-after-apply'],
    ['!Ref Nameless', 'known-after-apply'],
    ['!Ref Nowhere', 'known-after-apply'],
    ['!Ref AWS::StackName', 'known-after-apply'],
    ['!Ref AWS::Region', 'known-after-apply'],
    ['!Ref [a]', 'type'],
    ['010', 'type'],
    ['!GetAtt Topic.TopicArn', 'known-after-apply'],
    ['!GetAtt Nameless.Arn', 'known-after-apply'],
    ['!GetAtt Bucket.DomainName', 'known-after-apply'],
    ['!GetAtt Bucket.constructor', 'known-after-apply'],
    ['!Sub "a-${Open}"', 'known-after-apply'],
    ['!Sub "a-${Secret}"', 'redacted'],
    ['!Sub "a-${Other}"', 'known-after-apply'],
    ['!Sub "a-${Other.GroupId}"', 'known-after-apply'],
    ['!Sub "{{resolve:ssm:/acme/office}}"', 'known-after-apply'],
    ['!Join ["-", [a, !Ref Open]]', 'known-after-apply'],
    ['!Join ["-", !Ref Text]', 'type'],
    ['!Select [0, [!Ref Open, b]]', 'known-after-apply'],
    ['!Select [1, [!If [Maybe, a, !Ref AWS::NoValue], b]]', 'known-after-apply'],
    ['!Select [9, [a]]', 'type'],
    ['!Split [",", !Ref Open]', 'known-after-apply'],
    ['!FindInMap [Map, !Ref Open, second]', 'known-after-apply'],
    ['!FindInMap [Map, first, constructor]', 'type'],
    ['!FindInMap [Map, broken, second]', 'type'],
    ['!If [Maybe, a, b]', 'known-after-apply'],
    ['!If [Both, a, b]', 'known-after-apply'],
    ['!If [Nowhere, a, b]', 'known-after-apply'],
    ['!ImportValue x', 'known-after-apply'],
    ['!Transform { Name: AWS::Include }', 'known-after-apply'],
    ['{ Fn::Anything: x }', 'known-after-apply'],
    ['{ Fn::Transform: x, Other: y }', 'known-after-apply'],
    ['{ $unknown: nothing }', 'type'],
    ['"{{resolve:secretsmanager:x}}"', 'known-after-apply'],
  ])('%s stays open', async (written, reason) => {
    expect(await descriptionOf(written, parameters)).toMatchObject({ $unknown: reason });
  });

  test('takes values that are given for parameters', async () => {
    const given = { parameters: { Open: 'x', Text: 'home' } };
    expect(await descriptionOf('!Sub "${Open}-${Text}"', parameters, given)).toBe('x-home');
    expect(await descriptionOf('!If [Maybe, a, b]', parameters, given)).toBe('a');
  });

  test('cannot make a text without end', async () => {
    const names = Array.from({ length: 40 }, (_, index) => index);
    const chain = names.map((index) => {
      const inner = index === 0 ? 'acme-logs-acme-logs' : `\${B${index - 1}}\${B${index - 1}}`;
      return `  B${index}: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "${inner}" } }`;
    });
    const records = await recordsOf(await read(`Resources:\n${chain.join('\n')}\n`));
    expect(records.get('B39')?.properties.Name).toMatchObject({ $unknown: expect.anything() });
  });
});

const group = (properties: string, more = '') => `
Parameters: { Open: { Type: String } }
Conditions: { Maybe: !Equals [!Ref Open, x], Gone: !Equals [a, b] }
Resources:
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web, ${properties} } }
  Other: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: other, GroupName: other } }
${more}`;
const one = 'IpProtocol: tcp, FromPort: 443, ToPort: "443"';
const satellite = (properties: string, condition = '') =>
  `  Rule: { Type: AWS::EC2::SecurityGroupIngress, ${condition} Properties: { ${one}, ${properties} } }`;
const undecided = { $unknown: 'known-after-apply' };

async function groupOf(properties: string, more = '') {
  return (await recordsOf(await read(group(properties, more)))).get('Group')?.properties ?? {};
}

describe('a security group', () => {
  test.each(['', 'SecurityGroupEgress: []'])('lets out everything where nothing is said: %s', async (properties) => {
    const { IpPermissionsEgress } = await groupOf(properties);
    expect(IpPermissionsEgress).toMatchObject([
      { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: undecided },
    ]);
    expect((IpPermissionsEgress as readonly object[])[0]).not.toHaveProperty('FromPort');
  });

  test('lets out only what is written', async () => {
    const { IpPermissionsEgress } = await groupOf(`SecurityGroupEgress: [{ ${one}, CidrIp: 203.0.113.0/24 }]`);
    expect(IpPermissionsEgress).toMatchObject([
      { FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
    ]);
    expect(IpPermissionsEgress).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['GroupId: !Ref Group, CidrIp: 203.0.113.0/24', { IpRanges: [{ CidrIp: '203.0.113.0/24' }] }],
    ['GroupId: !GetAtt Group.GroupId, CidrIpv6: "2001:db8::/32"', { Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] }],
    ['GroupId: !Ref Group, SourcePrefixListId: pl-1', { PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
    ['GroupId: !Ref Group, SourceSecurityGroupId: !Ref Other', { UserIdGroupPairs: [{ GroupId: 'Other' }] }],
    [
      'GroupId: !Ref Group, SourceSecurityGroupName: other',
      { UserIdGroupPairs: [{ GroupId: { $unknown: 'not-collected' } }] },
    ],
    ['GroupName: web, CidrIp: !Ref Open', { IpRanges: undecided }],
  ])('has the separate rule { %s }', async (rule, expected) => {
    const { IpPermissions } = await groupOf('GroupName: web', satellite(rule));
    expect(IpPermissions).toMatchObject([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...expected }]);
  });

  test.each([
    ['GroupId: !Ref Open', ''],
    ['GroupId: !ImportValue group', ''],
    ['CidrIp: 203.0.113.0/24', ''],
    ['GroupId: !Ref Group', 'Condition: Maybe,'],
    ['GroupId: !Ref Group, Fn::Transform: x', ''],
  ])('is undecided about a rule { %s } %s', async (rule, condition) => {
    expect((await groupOf('', satellite(rule, condition))).IpPermissions).toMatchObject([undecided]);
  });

  test.each([
    ['GroupId: sg-0a1', ''],
    ['GroupId: !Ref Other', ''],
    ['GroupId: !Ref Group', 'Condition: Gone,'],
  ])('has nothing of a rule { %s } %s', async (rule, condition) => {
    expect((await groupOf('', satellite(rule, condition))).IpPermissions).toEqual([]);
  });

  test.each([
    '  Nested: { Type: AWS::CloudFormation::Stack }',
    '  Part: { Type: Acme::Web::Group::MODULE }',
    '  Work: { Type: AWS::Lambda::Function, Connectors: {} }',
    '  Fn::ForEach::Rules: [Port, !Ref Open, {}]',
  ])('is undecided beside %s', async (hidden) => {
    const snapshot = await read(group('', hidden));
    const properties = (await recordsOf(snapshot)).get('Group')?.properties;
    expect(properties?.IpPermissions).toMatchObject([undecided]);
    const collection = snapshot.manifest.collections.find(({ type }) => type === 'AWS::S3::Bucket');
    expect(collection?.detail).toMatch(/declares is not in the template/);
  });

  test('may have tags that the stack gives it', async () => {
    const { Tags } = await groupOf('Tags: [{ Key: Role, Value: web }]');
    expect(Tags).toMatchObject([{ Key: 'Role', Value: 'web' }, { $unknown: 'not-collected' }]);
  });

  test('of which nothing can be read is there all the same', async () => {
    const text = 'Resources: { Group: { Type: AWS::EC2::SecurityGroup, Properties: { Fn::Transform: x } } }';
    expect((await recordsOf(await read(text))).get('Group')).toMatchObject({
      id: 'Group',
      properties: { GroupId: 'Group', IpPermissions: undecided, Tags: undecided },
      gaps: { PrefixLists: expect.anything() },
    });
  });

  test('that a condition rules out is none', async () => {
    const text = group('').replace('Group: { Type', 'Group: { Condition: Gone, Type');
    expect([...(await recordsOf(await read(text))).keys()]).toEqual(['Other']);
  });
});

describe('a bucket', () => {
  const bucket = (policy: string) => `
Parameters: { Open: { Type: String } }
Conditions: { Maybe: !Equals [!Ref Open, x] }
Resources:
  Logs: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-logs } }
${policy}`;

  test('without a policy has none', async () => {
    const record = (await recordsOf(await read(bucket('')))).get('acme-logs');
    expect(record?.calls).toHaveProperty('Policy');
    expect(record?.properties).not.toHaveProperty('Policy');
  });

  test.each([
    '{ Bucket: !Ref Open, PolicyDocument: {} } }',
    '{ Bucket: !Ref Logs, PolicyDocument: !Ref Open } }',
    '{ Bucket: !Ref Logs, PolicyDocument: {} }, Condition: Maybe }',
  ])('has a gap for the policy %s', async (properties) => {
    const text = bucket(`  Policy: { Type: AWS::S3::BucketPolicy, Properties: ${properties}`);
    expect((await recordsOf(await read(text))).get('acme-logs')?.gaps?.Policy).toMatchObject({
      reason: 'known-after-apply',
    });
  });
});

describe('a listener', () => {
  const listener = (properties: string, more = '') => `
Parameters: { Open: { Type: String } }
Resources:
  Http: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { Port: "80", Protocol: HTTP, LoadBalancerArn: lb, ${properties} } }
${more}`;

  test('shows no secret', async () => {
    const action = '{ Type: authenticate-oidc, AuthenticateOidcConfig: { ClientId: acme, ClientSecret: hunter2 } }';
    const record = (await recordsOf(await read(listener(`DefaultActions: [${action}]`)))).get('Http');
    expect(JSON.stringify(record)).toContain('acme');
    expect(JSON.stringify(record)).not.toContain('hunter2');
  });

  test('may have a further rule when one may belong to it', async () => {
    const rule = '  Rule: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Open } }';
    const record = (await recordsOf(await read(listener('DefaultActions: []', rule)))).get('Http');
    expect(record?.properties).toMatchObject({
      Port: 80,
      Rules: expect.arrayContaining([expect.objectContaining(undecided)]),
    });
  });
});

describe('a template', () => {
  test('in JSON reads like one in YAML', async () => {
    const json = JSON.stringify({
      Resources: {
        Group: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { GroupDescription: { 'Fn::Sub': '${AWS::Partition}' }, SecurityGroupIngress: [] },
        },
      },
    });
    const record = (await recordsOf(await read(json))).get('Group');
    expect(record).toMatchObject({ properties: { Description: 'aws', IpPermissions: [] } });
    expect(record?.declared).toEqual({ address: 'Group', file: 'template.yaml', line: 1 });
  });

  test('tells the line of each resource', async () => {
    const records = await recordsOf(await read(group('')));
    expect(records.get('Group')?.declared).toMatchObject({ file: 'template.yaml', line: 5 });
    expect(records.get('Other')?.declared).toMatchObject({ file: 'template.yaml', line: 6 });
  });

  test('that macros of AWS add to says so', async () => {
    const api = '  Api: { Type: AWS::Serverless::Api }';
    const { manifest } = await read(`Transform: AWS::Serverless-2016-10-31${group('', api)}`);
    const collection = manifest.collections.find(({ type }) => type === 'AWS::EC2::SecurityGroup');
    expect(collection).toMatchObject({
      complete: false,
      detail: expect.stringMatching(/^AWS::Serverless::Api: what AWS SAM makes of these is not in the template/),
    });
  });

  test.each(['__proto__', 'constructor', 'toString'])('may call anything %s', async (name) => {
    const text = `Resources: { "${name}": { Type: AWS::EC2::SecurityGroup, Properties: { "${name}": !GetAtt "Other.${name}" } } }`;
    expect([...(await recordsOf(await read(text))).keys()]).toEqual([name]);
  });

  test.each<[string, string, string]>([
    ['is empty', '', 'no Resources'],
    ['has no resources', 'Parameters: {}', 'no Resources'],
    ['is a list', '- a', 'no Resources'],
    ['has a resource without a type', 'Resources: { A: {} }', 'has no Type'],
    ['is broken JSON', '{"Resources":', 'it is not JSON'],
    ['is nested too deep', `{"Resources":${'['.repeat(200)}`, 'nested deeper'],
    ['is nested too deep in YAML', `Resources: ${'['.repeat(200)}`, 'nested more than'],
    ['has an anchor', 'Resources: &a {}', 'anchors are not allowed'],
    ['has an alias', 'Resources: { A: *a }', 'aliases are not allowed'],
    ['has a tag of its own', 'Resources: { A: !Acme x }', 'Unresolved tag'],
    ['has a key twice', 'Resources: { A: { Type: x }, A: { Type: y } }', '"A" is written twice'],
    ['has two documents', 'Resources: {}\n---\nResources: {}', 'a second one begins here'],
    ['is of another version', 'AWSTemplateFormatVersion: 2012-10-17\nResources: {}', 'is not 2010-09-09'],
    ['has a key twice in JSON', '{"Resources":{"A":{"Type":"x"},"A":{"Type":"y"}}}', '"A" is written twice'],
    ['is a page', '<!DOCTYPE html><html><body>Access denied</body></html>', 'no Resources'],
    ['is too large', `# ${'x'.repeat(1_200_000)}`, 'larger than'],
  ])('that %s is refused', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  test('that is no UTF-8 is refused', async () => {
    await expect(read(Buffer.from([0x41, 0xff, 0xfe]))).rejects.toThrow('not UTF-8');
  });

  test('shows where a mistake is', async () => {
    const error = await read('Resources:\n  A: !Acme x\n').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProvisoErrors);
    expect((error as ProvisoErrors).errors[0]?.where).toMatchObject({ file: 'template.yaml', line: 2, column: 6 });
  });

  test.each([
    ['{\n "Resources": {\n  "A": {}\n }\n}', 3, 1],
    ['{\n "Resources": {\n  "A": { "Type": 1, }\n }\n}', 3, 21],
    ['{\n "Resources": {\n  "A": {},\n  "A": {}\n }\n}', 4, 3],
    ['AWSTemplateFormatVersion: 1\nResources: {}', 1, 1],
    ['Resources:\n  A: {}\n', 2, 1],
  ])('shows the line of a mistake in %j', async (text, line, column) => {
    const error: unknown = await read(text).catch((caught: unknown) => caught);
    const [first] = error instanceof ProvisoErrors ? error.errors : [error];
    expect((first as ProvisoErrors['errors'][number]).where).toMatchObject({ file: 'template.yaml', line, column });
  });

  test('is read from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proviso-template-'));
    try {
      await writeFile(join(folder, 'web.yaml'), group(''));
      const proposal = await openTemplate(join(folder, 'web.yaml'), { ...catalogue, now: 0 });
      const records = await recordsOf(plannedSnapshots(proposal, catalogue.types).after);
      const file = join(folder, 'web.yaml');
      expect(records.get('Group')).toMatchObject({ declared: { file, line: 5 }, region: 'unnamed' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('whatever becomes unknown in a template', () => {
  let question: Question;

  beforeAll(async () => {
    question = await shippedQuestion();
  });

  async function verdicts(template: object) {
    const { results } = await judge(question, await read(JSON.stringify(template)), 0);
    return new Map(
      results.map((result) => [
        `${result.rule} ${result.resource?.declared?.address ?? result.region}`,
        result.outcome,
      ]),
    );
  }

  const templates: Readonly<Record<string, object>> = {
    groups: {
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'web',
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '198.51.100.0/24' },
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
          ],
        },
      },
      Rule: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { Ref: 'Group' }, IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIpv6: '::/0' },
      },
    },
    buckets: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-logs' } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Bucket' },
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:*',
                Resource: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': '${Bucket.Arn}/*' }],
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
    listeners: {
      Lb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing' } },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          LoadBalancerArn: { Ref: 'Lb' },
          Port: 80,
          Protocol: 'HTTP',
          DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
        },
      },
      Rule: {
        Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
        Properties: {
          ListenerArn: { Ref: 'Listener' },
          Priority: 1,
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        },
      },
    },
  };

  test.each(Object.entries(templates))('makes verdicts on %s unknown, and no other', async (_, resources) => {
    const whole = { Parameters: { Open: { Type: 'String' } }, Resources: resources };
    const before = await verdicts(whole);
    let turned = 0;
    for (const path of pathsIn(resources as Json)) {
      if (path.length < 2 || path[1] !== 'Properties') continue;
      const template = structuredClone(whole);
      aroundPath(template.Resources as Json, path)[path.at(-1) ?? ''] = { Ref: 'Open' };
      turned += expectOnlyDoubt(before, await verdicts(template), path.join('.'));
    }
    expect(turned).toBeGreaterThan(0);
  });

  test.each(['ec2-security-group', 's3-bucket', 'elastic-load-balancing-v2-listener'])(
    'the fixture for %s passes and fails something',
    async (folder) => {
      const text = readFileSync(new URL(`../fixtures/parity/${folder}/template.yaml`, import.meta.url), 'utf8');
      const { results } = await judge(question, await read(text), 0);
      const outcomes = new Set(results.map(({ outcome }) => outcome));
      expect(outcomes).toContain('fail');
      expect(outcomes).toContain('pass');
    },
  );
});
