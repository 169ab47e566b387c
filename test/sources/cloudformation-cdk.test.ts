import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Proposal } from '../../src/model/proposal.ts';
import { openCdkOutput } from '../../src/sources/cloudformation.ts';
import { changeAt, codesOf, fixture, known, openings, propertiesAt } from './proposed.ts';

describe('the output of the CDK', () => {
  let proposal: Proposal;

  beforeAll(async () => {
    proposal = await openCdkOutput(fixture('cdk.out'), { ...(await known()), region: 'us-east-1' });
  });

  test('has all stacks, those of nested assemblies among them', () => {
    expect(proposal.changes.map(({ declared }) => declared.address).sort()).toEqual([
      'Network/Web4C9A2F7E',
      'Web/LogsNestedStackLogsNestedStackResource/Bucket',
      'assembly-Prod/ProdApi/GroupC77FDACD',
    ]);
    expect(proposal).toMatchObject({ noun: 'CDK output', doubts: [], coverage: { declared: 4, mapped: 4 } });
  });

  test('tells account and region of each stack, where the app knows them', () => {
    expect(changeAt(proposal, 'Network/Web4C9A2F7E').after).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
    });
    expect(changeAt(proposal, 'assembly-Prod/ProdApi/GroupC77FDACD').after).toMatchObject({
      account: '000000000000',
      region: 'us-east-1',
    });
  });

  test.each([
    ['Network/Web4C9A2F7E', 'Network/Web/Resource', 'Network.template.json', 3],
    [
      'Web/LogsNestedStackLogsNestedStackResource/Bucket',
      'Web/Logs/Bucket/Resource',
      'WebLogs0A1B2C.nested.template.json',
      4,
    ],
    ['assembly-Prod/ProdApi/GroupC77FDACD', 'Prod/Api/Group/Resource', 'assembly-Prod/ProdApi.template.json', 3],
  ])('names construct, file and line of %s', (address, construct, file, line) => {
    expect(changeAt(proposal, address).declared).toEqual({
      address,
      construct,
      file: fixture(`cdk.out/${file}`),
      line,
    });
  });

  test('knows in one stack what another exports', () => {
    expect(openings(propertiesAt(proposal, 'Network/Web4C9A2F7E'))).toEqual(['22-22 0.0.0.0/0']);
  });
});

describe('a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proviso-cdk-'));
    await cp(fixture('cdk.out'), join(folder, 'cdk.out'), { recursive: true });
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function open(options: object = {}) {
    return openCdkOutput(join(folder, 'cdk.out'), { ...(await known()), ...options });
  }

  interface Manifest {
    [name: string]: unknown;
    artifacts: Record<string, Record<string, unknown>>;
  }

  async function edit(change: (manifest: Manifest) => unknown) {
    const file = join(folder, 'cdk.out/manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    await writeFile(file, JSON.stringify(change(manifest) ?? manifest));
  }

  test('that is none is refused', async () => {
    await expect(openCdkOutput(folder, await known())).rejects.toThrow('this is no output of the CDK');
    await expect(openCdkOutput(join(folder, 'none'), await known())).rejects.toThrow('it is not a folder');
  });

  test.each<[string, (manifest: Manifest) => unknown, string]>([
    ['names no artifacts', () => ({ version: '55.6.0' }), 'this is no output of the CDK'],
    ['is a list', () => [], 'this is no output of the CDK'],
    [
      'lacks a template',
      ({ artifacts }) => Object.assign(artifacts.Web ?? {}, { properties: { templateFile: 'none.json' } }) && undefined,
      '"none.json" is not there',
    ],
    [
      'names a template elsewhere',
      ({ artifacts }) =>
        Object.assign(artifacts.Web ?? {}, { properties: { templateFile: '../../x.json' } }) && undefined,
      'lies outside the folder',
    ],
    [
      'names an assembly elsewhere',
      ({ artifacts }) =>
        Object.assign(artifacts['assembly-Prod'] ?? {}, { properties: { directoryName: '../..' } }) && undefined,
      'lies outside the folder',
    ],
    [
      'nests itself',
      ({ artifacts }) =>
        Object.assign(artifacts['assembly-Prod'] ?? {}, { properties: { directoryName: '.' } }) && undefined,
      'assemblies are nested more than 5 deep',
    ],
  ])('whose manifest %s is refused', async (_, change, message) => {
    await edit(change);
    await expect(open()).rejects.toThrow(message);
  });

  test('that links to a template elsewhere is refused', async () => {
    await cp(fixture('cdk.out/Web.template.json'), join(folder, 'Elsewhere.json'));
    await rm(join(folder, 'cdk.out/Web.template.json'));
    await symlink(join(folder, 'Elsewhere.json'), join(folder, 'cdk.out/Web.template.json'));
    await expect(open()).rejects.toThrow('lies outside the folder');
  });

  test('with things to look up, or errors, is in doubt', async () => {
    await edit((manifest) => ({
      ...manifest,
      missing: [{ key: 'vpc-provider:account=111122223333', provider: 'vpc-provider' }],
      artifacts: {
        ...manifest.artifacts,
        Network: {
          ...manifest.artifacts.Network,
          metadata: { '/Network': [{ type: 'aws:cdk:error', data: 'no VPC' }] },
        },
      },
    }));
    const proposal = await open();
    expect(codesOf(proposal)).toEqual(['errored', 'incomplete']);
    expect(proposal.doubts[0]?.detail).toContain('/Network: no VPC');
  });

  test('with a template of a kind that is not known is in doubt', async () => {
    await edit((manifest) => ({
      ...manifest,
      artifacts: {
        ...manifest.artifacts,
        Network: { ...manifest.artifacts.Network, type: 'aws:cloudformation:other' },
      },
    }));
    expect(codesOf(await open())).toContain('unexpanded');
  });

  test('without a nested template is in doubt', async () => {
    await rm(join(folder, 'cdk.out/WebLogs0A1B2C.nested.template.json'));
    const proposal = await open();
    expect(codesOf(proposal)).toEqual(['unexpanded']);
    expect(proposal.doubts[0]?.detail).toContain('Web/LogsNestedStackLogsNestedStackResource');
  });

  test('without stacks is in doubt', async () => {
    await edit((manifest) => ({ ...manifest, artifacts: {} }));
    expect(codesOf(await open())).toEqual(['empty']);
  });

  test.each([['${Token[Office.7]}'], [['0.0.0.0/0']], [null]])(
    'whose manifest gives %j for a parameter does not fall back on the default',
    async (value) => {
      const file = join(folder, 'cdk.out/Network.template.json');
      const template = JSON.parse(await readFile(file, 'utf8')) as { Parameters?: object };
      template.Parameters = { Office: { Type: 'String', Default: '10.0.0.0/8' } };
      const text = JSON.stringify(template).replace('"CidrIp":"0.0.0.0/0"', '"CidrIp":{"Ref":"Office"}');
      await writeFile(file, text);
      await edit(({ artifacts }) => {
        Object.assign(artifacts.Network?.properties ?? {}, { parameters: { Office: value } });
      });
      const ranges = JSON.stringify(propertiesAt(await open(), 'Network/Web4C9A2F7E'));
      expect(ranges).toContain('gets its value from the CDK at deployment');
      expect(ranges).not.toContain('10.0.0.0/8');
    },
  );

  test('takes parameters of any of its stacks, and no others', async () => {
    await expect(open({ parameters: { Office: '198.51.100.0/24' } })).resolves.toMatchObject({ doubts: [] });
    await expect(open({ parameters: { Ofice: 'x' } })).rejects.toThrow('the template has no parameter "Ofice"');
  });
});

describe('the tags of a stack', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proviso-cdk-'));
    await cp(fixture('cdk.out'), folder, { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function tagsWith(tags: unknown, options: object = {}) {
    const file = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    manifest.artifacts.Network.properties.tags = tags;
    await writeFile(file, JSON.stringify(manifest));
    const proposal = await openCdkOutput(folder, { ...(await known()), ...options });
    return propertiesAt(proposal, 'Network/Web4C9A2F7E').Tags;
  }

  test('are those of the manifest', async () => {
    expect(await tagsWith({ Team: 'web' })).toEqual([{ Key: 'Team', Value: 'web' }]);
  });

  test('are not known where the manifest has none, or no texts', async () => {
    expect(await tagsWith(undefined)).toMatchObject([{ $unknown: 'not-collected' }]);
    expect(await tagsWith({ Team: 1 })).toMatchObject([{ $unknown: 'not-collected' }]);
  });

  test('are added to and overridden by those that the user gives', async () => {
    expect(await tagsWith({ Team: 'web', Stage: 'test' }, { stackTags: { Stage: 'live', Owner: 'ann' } })).toEqual([
      { Key: 'Owner', Value: 'ann' },
      { Key: 'Stage', Value: 'live' },
      { Key: 'Team', Value: 'web' },
    ]);
  });
});
