import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import names from '../../src/sources/_template-names.json' with { type: 'json' };
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { foldersWith } from './known-later.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

async function doubtsIn(template: string) {
  const { doubts } = await readTemplate(Buffer.from(template), 'web.yaml', { ...catalogue, now: 0 });
  return doubts;
}

const told = async (resources: string) =>
  (await doubtsIn(`Resources:\n${resources}`)).filter(({ code }) => code === 'unreadable').map(({ detail }) => detail);

const group = (lines: readonly string[]) =>
  ['  Web:', '    Type: AWS::EC2::SecurityGroup', ...lines.map((line) => `    ${line}`), ''].join('\n');
const properties = (...lines: readonly string[]) => group(['Properties:', ...lines.map((line) => `  ${line}`)]);
const noProperty = 'AWS::EC2::SecurityGroup has no property';

describe('a name that is misspelt', () => {
  test.each<[string, string, string]>([
    [
      'of a property',
      properties('GroupDescription: web', 'SecurityGroupIngres: []'),
      `web.yaml:6 Web: ${noProperty} "SecurityGroupIngres"; did you mean 'SecurityGroupIngress'?`,
    ],
    [
      'inside a property',
      properties('SecurityGroupIngress:', '  - { IpProtocol: tcp, CidrIP: 0.0.0.0/0 }'),
      `web.yaml:5 Web: ${noProperty} "CidrIP" in SecurityGroupIngress; did you mean 'CidrIp'?`,
    ],
    [
      'in a branch that is not chosen',
      properties('SecurityGroupIngress:', '  Fn::If: [A, [{ IpProtocol: tcp, FormPort: 22 }], []]'),
      `web.yaml:5 Web: ${noProperty} "FormPort" in SecurityGroupIngress; did you mean 'FromPort'?`,
    ],
    [
      'as the answers of AWS have it',
      properties('IpPermissions: []'),
      `web.yaml:5 Web: ${noProperty} "IpPermissions" that is known here, while AWS's answers have one`,
    ],
    [
      'of what holds the properties',
      group(['Propertys: { GroupDescription: web }']),
      `web.yaml:4 Web: a resource takes no "Propertys"; did you mean 'Properties'?`,
    ],
    ['of any key of a resource', group(['Ports: [22]']), 'web.yaml:4 Web: a resource takes no "Ports"'],
    [
      'of a type',
      '  Web: { Type: AWS::EC2::SecurtyGroup }\n',
      `web.yaml:2 Web: there is no type "AWS::EC2::SecurtyGroup"; did you mean 'AWS::EC2::SecurityGroup'?`,
    ],
    [
      'of a parameter that nothing declares',
      `${properties('VpcId: !Ref Network')}  Networks: { Type: AWS::EC2::VPC }\n`,
      `web.yaml:5 Web: nothing is declared as "Network", which it refers to; did you mean 'Networks'?`,
    ],
    [
      'of a resource with an attribute',
      properties('VpcId: !GetAtt Elsewhere.VpcId'),
      'web.yaml:5 Web: nothing is declared as "Elsewhere", which it refers to',
    ],
    [
      'inside a text',
      properties('GroupName: !Sub "${Elsewhere}-${AWS::Region}-${!Literal}"'),
      'web.yaml:5 Web: nothing is declared as "Elsewhere", which it refers to',
    ],
    [
      'of what has to be there first',
      group(['DependsOn: [Elsewhere]']),
      'web.yaml:4 Web: nothing is declared as "Elsewhere", which it refers to',
    ],
  ])('%s is a doubt at its line', async (_, resources, detail) => {
    expect(await told(resources)).toEqual([detail]);
  });

  test.each<[string, string]>([
    ['a property that is like no other', properties('Blastradius: small')],
    ['a property beside the one that it is like', properties('GroupName: web', 'GroupNames: [web]')],
    ['a member of what may hold anything', '  Logs: { Type: AWS::S3::Bucket, Metadata: { Typo: 1 } }\n'],
    ['a type of its own', '  Web: { Type: "Custom::SecurityGrou", Properties: { ServiceToken: x } }\n'],
    ['a type that is like a judged one', '  Web: { Type: AWS::IAM::RolePolicy, Properties: { PolicyName: web } }\n'],
    ['a property of a type that is not judged', '  Web: { Type: AWS::SNS::Topic, Properties: { TopicNam: web } }\n'],
    [
      'what a loop names',
      `  Fn::ForEach::All: [Name, [!Ref Open], { "Web\${Name}": { Type: AWS::SNS::Topic } }]\n${properties('VpcId: !Ref WebA')}`,
    ],
  ])('%s is none', async (_, resources) => {
    expect(await told(resources)).toEqual([]);
  });

  test.each([
    ['what a macro rewrites', 'Transform: Acme-Macro\n'],
    ['what AWS SAM adds to', 'Transform: AWS::Serverless-2016-10-31\n'],
  ])('%s may declare what is referred to', async (_, head) => {
    const doubts = await doubtsIn(`${head}Resources:\n${properties('VpcId: !Ref Network')}`);
    expect(doubts.map(({ code }) => code)).not.toContain('unreadable');
  });

  test('is about the type that is judged', async () => {
    const egress = '  Out: { Type: AWS::EC2::SecurityGroupEgress, Properties: { CidrIP: 0.0.0.0/0 } }\n';
    const [doubt] = await doubtsIn(`Resources:\n${egress}`);
    expect(doubt?.about).toEqual(['AWS::EC2::SecurityGroup']);
  });

  test('is told ten times at most, and looked for two thousand times', async () => {
    const resources = (count: number) =>
      Array.from({ length: count }, (_, index) => properties('GroupNam: a').replace('Web', `Web${index}`)).join('');
    expect((await told(resources(12))).at(-1)).toBe('web.yaml has 2 more names that CloudFormation refuses');
    const odd = Array.from({ length: 2001 }, (_, index) => `x${index}: 1`);
    expect((await told(properties(`Tags: [{ ${odd.join(', ')} }]`))).at(-1)).toMatch(/^more than 2000 names/);
  });
});

test.each(foldersWith('template.yaml'))('the template of %s has no name that is misspelt', async (folder) => {
  const file = new URL(`../fixtures/parity/${folder}/template.yaml`, import.meta.url);
  const doubts = await doubtsIn(readFileSync(file, 'utf8'));
  expect(doubts.filter(({ code }) => code === 'unreadable')).toEqual([]);
});

describe('the names that are known', () => {
  const tables = new Map<string, Readonly<Record<string, Readonly<Record<string, string>>>>>(
    Object.entries(names.types),
  );
  const forms = () =>
    [...catalogue.types.values()].flatMap(({ type, cloudformation: form }) =>
      form === undefined ? [] : [{ type: form.main ?? type, form }],
    );

  test('are those of every type that CloudFormation has', () => {
    const all = forms().flatMap(({ type, form }) => [type, ...Object.keys(form.satellites ?? {})]);
    // Nothing but AWS itself makes these.
    const none = ['AWS::Backup::LegalHold', 'AWS::RDS::DBSnapshot'];
    expect([...new Set(all)].filter((type) => !tables.has(type)).sort()).toEqual(none);
  });

  test('hold all that decides about what is judged', () => {
    const missing = forms().flatMap(({ type, form: { setBy = {} } }) => {
      const own = tables.get(type)?.[''];
      const read = Object.values(setBy).flat();
      return read
        .filter((name) => own !== undefined && /^[A-Za-z]+$/.test(name) && !Object.hasOwn(own, name))
        .map((name) => `${type}.${name}`);
    });
    expect(missing).toEqual([]);
  });
});
