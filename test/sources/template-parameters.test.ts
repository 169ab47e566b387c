import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printErrors } from '../../src/commands/_errors.ts';
import { ProvisoError, ProvisoErrors } from '../../src/errors.ts';
import { noColours } from '../../src/finding/reporter.ts';
import type { Json } from '../../src/model/value.ts';
import { readTemplate, type TemplateOptions } from '../../src/sources/cloudformation.ts';
import { known, propertiesAt } from './proposed.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-parameters-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const template = `
Parameters:
  Name: { Type: String, Default: web }
  Stage: { Type: String, AllowedValues: [production, test] }
  Port: { Type: Number, Default: 443 }
  Cidrs: { Type: CommaDelimitedList, Default: "10.0.0.0/8, 192.0.2.0/24" }
  Groups: { Type: "List<AWS::EC2::SecurityGroup::Id>", Default: sg-1 }
  Secret: { Type: String, NoEcho: true, Default: hunter2 }
  Stored: { Type: "AWS::SSM::Parameter::Value<String>", Default: /acme/office }
  Where: { Type: "AWS::SSM::Parameter::Name", Default: /acme/office }
  Open: { Type: String }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: DESCRIPTION
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: SOURCE }]
`;

/** What a reference comes to, with what is given. */
async function valueOf(reference: string, options: Partial<TemplateOptions> = {}): Promise<Json | undefined> {
  const text = template.replace('DESCRIPTION', reference);
  const proposal = await readTemplate(Buffer.from(text), 'web.yaml', { ...(await known()), ...options });
  return propertiesAt(proposal, 'Group').Description;
}

async function parametersFile(name: string, text: string): Promise<{ readonly parametersFile: string }> {
  const file = join(folder, name);
  await writeFile(file, text);
  return { parametersFile: file };
}

describe('without values a parameter', () => {
  test.each<[string, Json]>([
    ['!Ref Name', 'web'],
    ['!Ref Port', 443],
    ['!Ref Cidrs', ['10.0.0.0/8', '192.0.2.0/24']],
    ['!Ref Groups', ['sg-1']],
    ['!Ref Where', '/acme/office'],
    ['!Sub "${Name}:${Port}"', 'web:443'],
  ])('%s has its default', async (reference, expected) => {
    expect(await valueOf(reference)).toEqual(expected);
  });

  test.each([
    ['!Ref Stage', 'known-after-apply', 'parameter Stage has no default, and no value is given'],
    ['!Ref Secret', 'redacted', 'parameter Secret is not to be shown'],
    ['!Ref Stored', 'known-after-apply', 'parameter Stored, which is looked up, is known only at deployment'],
  ])('%s is open', async (reference, reason, detail) => {
    const text = template.replace('SOURCE', reference);
    const proposal = await readTemplate(Buffer.from(text), 'web.yaml', await known());
    expect(propertiesAt(proposal, 'Group').IpPermissions).toMatchObject([{ IpRanges: { $unknown: reason, detail } }]);
  });
});

describe('a file of parameters', () => {
  test.each([
    [
      'of the CLI',
      'p.json',
      '[{"ParameterKey":"Open","ParameterValue":"x"},{"ParameterKey":"Port","ParameterValue":"22"}]',
    ],
    [
      'of the CLI, with tabs',
      'p.json',
      '[\n\t{"ParameterKey":"Open",\n\t\t"ParameterValue":"x"},\n\t{"ParameterKey":"Port","ParameterValue":"22"}]',
    ],
    ['of CodePipeline', 'p.json', '{"Parameters":{"Open":"x","Port":22},"Tags":{"Team":"web"}}'],
    ['that is plain JSON', 'p.json', '{"Open":"x","Port":"22"}'],
    ['that is plain YAML', 'p.yaml', 'Open: x\nPort: 22\n'],
    [
      'that is a list in YAML',
      'p.yaml',
      '- { ParameterKey: Open, ParameterValue: x }\n- { ParameterKey: Port, ParameterValue: 22 }\n',
    ],
    ['of overrides', 'p.json', '["Open=x","Port=22"]'],
    [
      'for create-stack',
      'p.json',
      '{"Parameters":[{"ParameterKey":"Open","ParameterValue":"x"},{"ParameterKey":"Port","ParameterValue":"22"}]}',
    ],
  ])('%s is read', async (_, name, text) => {
    expect(await valueOf('!Sub "${Open}-${Port}"', await parametersFile(name, text))).toBe('x-22');
  });

  test('may give lists', async () => {
    expect(await valueOf('!Ref Cidrs', await parametersFile('p.yaml', 'Cidrs: [a, b]\n'))).toEqual(['a', 'b']);
    expect(await valueOf('!Ref Cidrs', await parametersFile('p.yaml', 'Cidrs: ""\n'))).toEqual([]);
  });

  test('may leave a value as it is, which nobody knows', async () => {
    const file = await parametersFile('p.json', '[{"ParameterKey":"Name","UsePreviousValue":true}]');
    expect(await valueOf('!Ref Name', file)).toMatchObject({ $unknown: 'known-after-apply' });
  });

  test('gives way to what is given one by one', async () => {
    const file = await parametersFile('p.yaml', 'Open: x\nName: file\n');
    expect(await valueOf('!Sub "${Open}-${Name}"', { ...file, parameters: { Name: 'own' } })).toBe('x-own');
  });

  test('shows neither secrets nor what is looked up', async () => {
    const file = await parametersFile('p.yaml', 'Secret: hunter3\nStored: hunter4\n');
    expect(await valueOf('!Ref Secret', file)).toMatchObject({ $unknown: 'redacted' });
    expect(await valueOf('!Ref Stored', file)).toMatchObject({ $unknown: 'known-after-apply' });
  });

  test.each([
    [
      'names a parameter that is none',
      'Stag: test',
      'the template has no parameter "Stag"',
      "did you mean 'Stage'?",
      1,
    ],
    [
      'has a value that is not allowed',
      '\nStage: prodction',
      '"prodction" is not among its AllowedValues',
      "did you mean 'production'?",
      2,
    ],
    ['has a text for a number', 'Port: https', 'parameter "Port": "https" is not a number', undefined, 1],
    ['names one twice', '- Open=a\n- Open=b', 'parameter "Open" is given twice', undefined, 2],
    ['has a map for a value', 'Open: { a: b }', 'must be a text, a number or a list', undefined, 1],
    ['lacks a value', '- { ParameterKey: Open }', 'parameter "Open" has no ParameterValue', undefined, 1],
    [
      'has a value that it keeps as it is',
      '- { ParameterKey: Open, ParameterValue: x, UsePreviousValue: true }',
      'has a ParameterValue and UsePreviousValue: give one of them',
      undefined,
      1,
    ],
    ['holds other things', '- { Name: Open }', 'it has no ParameterKey', 'the file must be a list of', 1],
    ['holds nothing', 'text', 'it holds no parameters', 'it must be a list of', 1],
  ])('that %s is refused', async (_, text, message, hint, line) => {
    const error: unknown = await valueOf('x', await parametersFile('p.yaml', `${text}\n`)).catch(
      (caught: unknown) => caught,
    );
    const [first] = error instanceof ProvisoErrors ? error.errors : [error];
    expect(first).toBeInstanceOf(ProvisoError);
    expect((first as ProvisoError).message).toContain(message);
    expect((first as ProvisoError).where).toMatchObject({ file: join(folder, 'p.yaml'), line });
    if (hint !== undefined) expect((first as ProvisoError).hint).toContain(hint);
  });

  test('that is broken is refused', async () => {
    await expect(valueOf('x', await parametersFile('p.json', '{"Open":'))).rejects.toThrow(ProvisoErrors);
    await expect(valueOf('x', { parametersFile: join(folder, 'none.json') })).rejects.toThrow('there is no such file');
  });

  test('tells all its mistakes at once', async () => {
    const file = await parametersFile('p.yaml', 'Stag: test\nPort: x\n');
    const error = await valueOf('x', file).catch((caught: unknown) => caught);
    expect((error as ProvisoErrors).errors).toHaveLength(2);
  });
});

test('a value that is given one by one is checked as well', async () => {
  await expect(valueOf('x', { parameters: { Nmae: 'web' } })).rejects.toThrow('the template has no parameter "Nmae"');
  expect(await valueOf('!Ref Stage', { parameters: { Stage: 'test' } })).toBe('test');
});

test('the names that AWS knows come from account, region and stack', async () => {
  const written = '!Sub "${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackName}"';
  const options = { account: '111122223333', region: 'cn-north-1', stack: 'web' };
  expect(await valueOf(written, options)).toBe('111122223333 cn-north-1 aws-cn amazonaws.com.cn web');
  for (const name of ['AccountId', 'Region', 'StackName', 'StackId', 'NotificationARNs'])
    expect(await valueOf(`!Ref AWS::${name}`)).toMatchObject({ $unknown: 'known-after-apply' });
});

test.each([
  ['is none of those that are allowed', 'Secret: s3cret', '{ Type: String, NoEcho: true, AllowedValues: [hunter2] }'],
  ['is no number', 'Secret: s3cret', '{ Type: Number, NoEcho: true }'],
  ['belongs to no parameter', 'Secrets: s3cret', '{ Type: String }'],
])('a secret that %s is not shown', async (_, text, declared) => {
  const { parametersFile: file } = await parametersFile('secret.yaml', text);
  const web = `Parameters: { Secret: ${declared} }\nResources: {}\n`;
  const options = { ...(await known()), parametersFile: file };
  const refused: unknown = await readTemplate(Buffer.from(web), 'web.yaml', options).catch((error: unknown) => error);
  const errors = refused instanceof ProvisoErrors ? refused.errors : [];
  expect(errors).toHaveLength(1);
  const printed = await printErrors(errors, folder, noColours);
  expect(printed).toContain('secret.yaml:1:1');
  expect(printed).not.toMatch(/s3cret|hunter2/);
});

test.each(['007', '1.0', '-0'])('the number %s stays as it is written', async (value) => {
  expect(await valueOf('!Sub "${Port}"', { parameters: { Port: value } })).toBe(value);
});
