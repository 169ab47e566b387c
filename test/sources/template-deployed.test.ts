import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Proposal } from '../../src/model/proposal.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { changeAt, codesOf, known, openings, propertiesAt } from './proposed.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-previous-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a template would do where another one is deployed. */
async function change(deployed: string, next: string): Promise<Proposal> {
  const previous = join(folder, 'previous.yaml');
  const head = 'Parameters: { Open: { Type: String, Default: "" } }\nResources:\n';
  await writeFile(previous, head + deployed);
  return readTemplate(Buffer.from(head + next), 'next.yaml', { ...(await known()), previous });
}

const group = (cidr: string, more = '') => `  Web:
    Type: AWS::EC2::SecurityGroup
    ${more}
    Properties:
      GroupDescription: web
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${cidr} }]
`;
const bucket = (name: string, more = '') =>
  `  Logs: { Type: AWS::S3::Bucket, ${more} Properties: { BucketName: ${name} } }\n`;
const other = '  Other: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-other } }\n';

describe('beside the template that is deployed', () => {
  test('what stays the same is not changed', async () => {
    const proposal = await change(group('0.0.0.0/0'), `${group('0.0.0.0/0')}${other}`);
    expect(changeAt(proposal, 'Web')).toMatchObject({ action: 'none', before: { id: 'Web' }, after: { id: 'Web' } });
    expect(changeAt(proposal, 'Other').action).toBe('create');
    expect(changeAt(proposal, 'Other').before).toBeUndefined();
  });

  test('what changes is known before and after', async () => {
    const proposal = await change(group('198.51.100.0/24'), group('0.0.0.0/0'));
    const { action, before } = changeAt(proposal, 'Web');
    expect(action).toBe('update');
    expect(openings(before?.properties ?? {})).toEqual(['22-22 198.51.100.0/24']);
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 0.0.0.0/0']);
  });

  test('what is no longer there is deleted', async () => {
    const proposal = await change(group('0.0.0.0/0') + other, other);
    expect(changeAt(proposal, 'Web')).toMatchObject({ action: 'delete', before: { id: 'Web' } });
    expect(changeAt(proposal, 'Web').after).toBeUndefined();
    expect(proposal.doubts).toEqual([]);
  });

  test.each(['Retain', 'RetainExceptOnCreate'])('what is no longer there stays with %s', async (policy) => {
    const proposal = await change(group('0.0.0.0/0', `DeletionPolicy: ${policy}`) + other, other);
    expect(changeAt(proposal, 'Web').action).toBe('forget');
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 0.0.0.0/0']);
  });

  test.each(['Delete', 'Snapshot'])('what is no longer there goes with %s', async (policy) => {
    expect(changeAt(await change(group('0.0.0.0/0', `DeletionPolicy: ${policy}`) + other, other), 'Web').action).toBe(
      'delete',
    );
  });

  test('what may stay or go is in doubt', async () => {
    const proposal = await change(group('0.0.0.0/0', 'DeletionPolicy: !Sub "${AWS::StackId}"') + other, other);
    expect(codesOf(proposal)).toEqual(['incomplete']);
  });

  test('a new name makes it anew, and the old one goes', async () => {
    const proposal = await change(bucket('acme-old'), bucket('acme-new'));
    expect(proposal.changes).toHaveLength(1);
    expect(changeAt(proposal, 'Logs')).toMatchObject({
      action: 'replace',
      before: { id: 'acme-old' },
      after: { id: 'acme-new' },
    });
  });

  test('a new name makes it anew, and the old one stays with Retain', async () => {
    const proposal = await change(bucket('acme-old', 'UpdateReplacePolicy: Retain,'), bucket('acme-new'));
    expect(changeAt(proposal, 'Logs').action).toBe('replace');
    expect(changeAt(proposal, 'Logs (kept)')).toMatchObject({ action: 'forget', after: { id: 'acme-old' } });
  });

  test('a part of a resource that goes changes the resource', async () => {
    const rule =
      '  Rule: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: !Ref Web, IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0 } }\n';
    const proposal = await change(group('10.0.0.0/8') + rule, group('10.0.0.0/8'));
    expect(changeAt(proposal, 'Web').action).toBe('update');
    expect(openings(changeAt(proposal, 'Web').before?.properties ?? {})).toContain('80-80 0.0.0.0/0');
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 10.0.0.0/8']);
  });

  test('another type under the same name is made anew', async () => {
    const proposal = await change(
      group('10.0.0.0/8'),
      '  Web: { Type: AWS::S3::Bucket, Properties: { BucketName: web } }\n',
    );
    expect(proposal.changes.map(({ type, action }) => [type, action])).toContainEqual(['AWS::S3::Bucket', 'replace']);
    const gone = proposal.changes.find(({ type }) => type === 'AWS::EC2::SecurityGroup');
    expect(gone?.after).toBeUndefined();
    expect(gone?.before?.id).toBe('Web');
  });

  test('a stack has its name', async () => {
    const proposal = await readTemplate(Buffer.from(`Resources:\n${other}`), 'next.yaml', {
      ...(await known()),
      stack: 'web',
    });
    expect(proposal.stack).toBe('web');
  });
});

describe('what is not known', () => {
  const stack = (port: string, more = '') => `Parameters: { Env: { Type: String } }
Conditions: { IsOpen: !Equals [!Ref Env, ${port}] }
${more}Resources:
${group('!If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]')}`;

  async function between(deployed: string, next: string) {
    const previous = join(folder, 'unknown.yaml');
    await writeFile(previous, deployed);
    return changeAt(await readTemplate(Buffer.from(next), 'next.yaml', { ...(await known()), previous }), 'Web');
  }

  test('stays the same where all stays the same that it hangs on', async () => {
    const { action, before, after } = await between(stack('test'), stack('test', 'Mappings: {}\n'));
    expect(action).toBe('none');
    expect(before?.properties.IpPermissions).toEqual(after?.properties.IpPermissions);
  });

  test('is something else where a condition is another one', async () => {
    const { action, before, after } = await between(stack('test'), stack('production'));
    expect(action).toBe('update');
    expect(JSON.stringify(before?.properties)).toContain(', before the change');
    expect(JSON.stringify(after?.properties)).not.toContain(', before the change');
  });

  test('is something else where another text is looked up', async () => {
    const lookedUp = (name: string) => `Resources:\n${group(`"{{resolve:ssm:/acme/${name}}}"`)}`;
    expect((await between(lookedUp('office'), lookedUp('all'))).action).toBe('update');
    expect((await between(lookedUp('office'), lookedUp('office'))).action).toBe('none');
  });

  test('is something else where another resource gives it', async () => {
    const given = (property: string) =>
      `Resources:\n  Range: { Type: "Custom::Range", Properties: { Of: ${property} } }\n${group('!GetAtt Range.Cidr')}`;
    expect((await between(given('office'), given('all'))).action).toBe('update');
    expect((await between(given('office'), given('office'))).action).toBe('none');
  });
});

test.each([
  [
    'a stack',
    '  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "https://example.com/a.json" } }\n',
  ],
  ['what AWS SAM makes', '  Api: { Type: AWS::Serverless::Api, Properties: { StageName: live } }\n'],
  ['a module', '  Inner: { Type: Acme::Network::Vpc::MODULE, Properties: {} }\n'],
])('that %s goes is in doubt', async (_, part) => {
  expect(codesOf(await change(part + other, other))).toEqual(['unexpanded']);
  expect(codesOf(await change(part + other, part + other))).toEqual(['unexpanded']);
});

describe('the values of a deployed stack', () => {
  const head = (value: string) => `Parameters: { Cidr: { Type: String, Default: ${value} } }\nResources:\n`;
  const text = group('!Ref Cidr');

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['what is given now may be new', '10.0.0.0/8', { Cidr: '0.0.0.0/0' }],
    ['a default that is another one may be new', '0.0.0.0/0', {}],
  ])('%s', async (_, value, parameters) => {
    const previous = join(folder, 'values.yaml');
    await writeFile(previous, head('10.0.0.0/8') + text);
    const options = { ...(await known()), previous, parameters };
    const proposal = await readTemplate(Buffer.from(head(value) + text), 'next.yaml', options);
    const { action, before } = changeAt(proposal, 'Web');
    expect(action).toBe('update');
    expect(JSON.stringify(before?.properties)).toContain('the value that parameter Cidr has now is not known');
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 0.0.0.0/0']);
  });
});

test.each([
  [
    'a mapping',
    'Mappings: { Ranges: { all: { Cidr: 10.0.0.0/8 }, Fn::Transform: { Name: Acme } } }',
    '[Ranges, all, Cidr]',
  ],
  [
    'a condition',
    'Conditions: { Open: !Equals [a, b], Fn::Transform: { Name: Acme } }',
    '[Open, 0.0.0.0/0, 10.0.0.0/8]',
  ],
])('a macro beside %s may write it anew', async (_, section, argument) => {
  const call = section.startsWith('Map') ? '!FindInMap' : '!If';
  const text = `${section}\nResources:\n${group(`${call} ${argument}`)}`;
  const proposal = await readTemplate(Buffer.from(text), 'next.yaml', await known());
  expect(JSON.stringify(propertiesAt(proposal, 'Web').IpPermissions)).toContain('$unknown');
});
