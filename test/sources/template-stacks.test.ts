import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Proposal } from '../../src/model/proposal.ts';
import { openTemplate, readTemplate } from '../../src/sources/cloudformation.ts';
import { changeAt, codesOf, fixture, known, openings, propertiesAt } from './proposed.ts';

describe('nested stacks', () => {
  let proposal: Proposal;

  beforeAll(async () => {
    proposal = await openTemplate(fixture('nested/main.yaml'), await known());
  });

  test('are read from their files', () => {
    expect(changeAt(proposal, 'Network/Web').declared).toEqual({
      address: 'Network/Web',
      file: fixture('nested/network/groups.yaml'),
      line: 6,
    });
    expect(changeAt(proposal, 'Storage/Logs')).toMatchObject({ after: { id: 'acme-logs' }, declared: { line: 3 } });
    expect(proposal).toMatchObject({ doubts: [], coverage: { declared: 5, mapped: 5 } });
  });

  test('have their parameters from the stack around them, and give it their outputs', () => {
    expect(openings(propertiesAt(proposal, 'Network/Web'))).toEqual([
      '22-22 0.0.0.0/0',
      '3389-3389 198.51.100.0/24',
      '443-443 0.0.0.0/0',
      '5432-5432 10.0.0.0/8',
    ]);
    expect(changeAt(proposal, 'Storage/Logs').parts.map(({ declared }) => declared.address)).toEqual([
      'Storage/Logs',
      'Transport',
    ]);
  });

  test.each<[string, string, string, readonly (readonly [string, string, number])[]]>([
    [
      'a property with a parameter of the outermost',
      'Network/Web',
      'SecurityGroupIngress[1].CidrIp',
      [
        ['Ref AdminCidr', 'network/groups.yaml', 10],
        ['Parameters.AdminCidr', 'network/groups.yaml', 3],
        ['Network.Parameters.AdminCidr', 'main.yaml', 9],
        ['Ref Office', 'main.yaml', 9],
        ['Parameters.Office', 'main.yaml', 3],
      ],
    ],
    [
      'a property with an output of a nested one',
      'Transport',
      'Bucket',
      [
        ['GetAtt Storage.Outputs.Name', 'main.yaml', 27],
        ['Storage.Outputs.Name', 'storage.json', 11],
      ],
    ],
    [
      'what draws on several',
      'Network/Web',
      'SecurityGroupIngress',
      [['Ref Ports, Ref AdminCidr', 'network/groups.yaml', 10]],
    ],
    ['what is written out', 'Shell', 'CidrIp', []],
    ['what is not written', 'Shell', 'CidrIpv6', []],
  ])('are traced: %s', (_, address, attribute, expected) => {
    const parts = proposal.changes.flatMap((change) => change.parts);
    const part = parts.find(({ declared }) => declared.address === address);
    const steps = part === undefined ? [] : proposal.trace(part, attribute);
    expect(
      steps.map(({ expression, file, line }) => [expression, file?.slice(fixture('nested/').length), line]),
    ).toEqual(expected);
  });

  test('tell the lines of their properties', () => {
    const [web] = changeAt(proposal, 'Network/Web').parts;
    const file = fixture('nested/network/groups.yaml');
    expect(web && proposal.placeOf?.(web, 'SecurityGroupIngress')).toEqual({ file, line: 10 });
    expect(web && proposal.placeOf?.(web, 'Tags')).toEqual({ file, line: 6 });
  });

  test('of a template that is given as bytes are in doubt', async () => {
    const text = 'Resources:\n  Web: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: web.yaml } }\n';
    const alone = await readTemplate(Buffer.from(text), 'main.yaml', await known());
    expect(alone.doubts).toEqual([
      {
        code: 'unexpanded',
        detail: 'what the stack Web declares is not in the template: its template is another file',
      },
    ]);
  });
});

describe('a nested template', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proviso-nested-'));
    await mkdir(join(folder, 'templates/inner'), { recursive: true });
    await cp(fixture('nested/storage.json'), join(folder, 'outside.json'));
    await cp(fixture('nested/storage.json'), join(folder, 'templates/inner/storage.json'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function open(url: string, more = ''): Promise<Proposal> {
    const file = join(folder, 'templates/main.yaml');
    await writeFile(
      file,
      `Parameters: { Open: { Type: String } }
Conditions: { Maybe: !Equals [!Ref Open, x], Never: !Equals [a, b] }
Resources:
  Logs: { Type: AWS::CloudFormation::Stack, ${more} Properties: { TemplateURL: ${url} } }
`,
    );
    return openTemplate(file, await known());
  }

  test('below the folder of the outer one is read', async () => {
    expect((await open('inner/storage.json')).changes).toHaveLength(1);
    expect((await open('!Sub "inner/${AWS::NoValue}storage.json"')).doubts).toHaveLength(1);
  });

  test.each(['../outside.json', 'inner/../../outside.json'])('at %s is refused', async (url) => {
    await expect(open(url)).rejects.toThrow('lies outside the folder of the outermost template');
  });

  test('behind a link that leads elsewhere is refused', async () => {
    await symlink(join(folder, 'outside.json'), join(folder, 'templates/inner/link.json'));
    await expect(open('inner/link.json')).rejects.toThrow('lies outside the folder');
    await symlink(folder, join(folder, 'templates/up'));
    await expect(open('up/outside.json')).rejects.toThrow('lies outside the folder');
  });

  test('that is not there is a mistake at its line', async () => {
    await expect(open('inner/none.json')).rejects.toMatchObject({
      message: 'the template "inner/none.json" of the stack Logs is not there',
      where: { file: join(folder, 'templates/main.yaml'), line: 4 },
    });
  });

  test.each([
    ['https://acme-templates.s3.amazonaws.com/storage.json', 'its template lies at https://acme-templates'],
    ['s3://acme-templates/storage.json', 'its template lies at s3://acme-templates'],
    ['!Ref Open', 'where its template lies is known only at deployment'],
    ['!Sub "https://s3.${AWS::Region}.amazonaws.com/acme/storage.json"', 'is known only at deployment'],
  ])('at %s is in doubt', async (url, detail) => {
    const proposal = await open(url);
    expect(codesOf(proposal)).toEqual(['unexpanded']);
    expect(proposal.doubts[0]?.detail).toContain(detail);
    expect(proposal.changes).toEqual([]);
  });

  test('under a condition that is not met is not there', async () => {
    expect(await open('inner/none.json', 'Condition: Never,')).toMatchObject({
      changes: [],
      doubts: [{ code: 'empty' }],
    });
  });

  describe('beside the template that is deployed', () => {
    const main = (url: string) =>
      `Resources: { Logs: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url} } } }\n`;
    const bucket = (name: string) =>
      `Resources: { Logs: { Type: AWS::S3::Bucket, Properties: { BucketName: ${name} } } }\n`;

    async function compare(deployed: string, next: string, urls: readonly [string, string]): Promise<Proposal> {
      await mkdir(join(folder, 'deployed/inner'), { recursive: true });
      const [previous, file] = [join(folder, deployed), join(folder, next)];
      await writeFile(previous, main(urls[0]));
      await writeFile(file, main(urls[1]));
      return openTemplate(file, { ...(await known()), previous });
    }

    test('is read from where that lies', async () => {
      await mkdir(join(folder, 'deployed/inner'), { recursive: true });
      await writeFile(join(folder, 'deployed/inner/logs.yaml'), bucket('acme-old'));
      await writeFile(join(folder, 'templates/inner/logs.yaml'), bucket('acme-new'));
      const proposal = await compare('deployed/main.yaml', 'templates/main.yaml', [
        'inner/logs.yaml',
        'inner/logs.yaml',
      ]);
      expect(proposal.doubts).toEqual([]);
      expect(changeAt(proposal, 'Logs/Logs')).toMatchObject({
        action: 'replace',
        before: { id: 'acme-old' },
        after: { id: 'acme-new' },
      });
    });

    test.each<[string, string, string, readonly [string, string]]>([
      ['both name', 'templates/old.yaml', 'templates/main.yaml', ['inner/logs.yaml', './inner/logs.yaml']],
      ['a link leads to', 'templates/old.yaml', 'templates/main.yaml', ['inner/linked.yaml', 'inner/logs.yaml']],
      [
        'is named from two folders',
        'main.yaml',
        'templates/main.yaml',
        ['templates/inner/logs.yaml', 'inner/logs.yaml'],
      ],
    ])('is in doubt where it is one file that %s', async (_, deployed, next, urls) => {
      await writeFile(join(folder, 'templates/inner/logs.yaml'), bucket('acme-logs'));
      await symlink(join(folder, 'templates/inner/logs.yaml'), join(folder, 'templates/inner/linked.yaml'));
      const proposal = await compare(deployed, next, urls);
      expect(proposal.doubts).toEqual([
        { code: 'unexpanded', detail: expect.stringMatching(/inner\/logs\.yaml cannot be seen, since both templates/) },
      ]);
    });
  });

  test('in itself ends', async () => {
    const proposal = await open('main.yaml');
    expect(proposal.doubts[0]?.detail).toContain('stacks are nested more than 10 deep');
  });

  test('many times over ends', async () => {
    const file = join(folder, 'templates/bomb.yaml');
    const twice = ['A', 'B', 'C', 'D'].map(
      (id) => `  ${id}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: bomb.yaml } }`,
    );
    await writeFile(file, `Resources:\n${twice.join('\n')}\n`);
    await expect(openTemplate(file, await known())).rejects.toThrow('more than 500 files are nested in it');
  });

  test('with a mistake is told by its own name', async () => {
    await writeFile(join(folder, 'templates/inner/broken.yaml'), 'Resources: { A: !Acme x }\n');
    await expect(open('inner/broken.yaml')).rejects.toMatchObject({
      errors: [{ where: { file: join(folder, 'templates/inner/broken.yaml'), line: 1 } }],
    });
  });
});
