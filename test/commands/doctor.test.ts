import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Options } from '../../src/commands/_command.ts';
import { runDoctor } from '../../src/commands/_doctor.ts';
import type { Checkup } from '../../src/commands/_doctor-page.ts';
import { ProvisoError } from '../../src/errors.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { mixedAccount } from '../fixtures/acme-account.ts';
import { quietIo } from '../scenarios/audited.ts';
import { installProgram } from '../scenarios/program.ts';

const production = '111122223333';
const [staging, laboratory, archive] = ['444455556666', '777788889999', '121212121212'] as const;
const roleOf = (account: string) => `arn:aws:iam::${account}:role/ProvisoAuditor`;

let folder: string;
const open: Simulator[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-doctor-test-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const simulator of open.splice(0)) await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

type Accounts = Parameters<typeof startSimulator>[0];

async function serve(accounts: Accounts, options: SimulatorOptions = {}): Promise<string> {
  const simulator = await startSimulator(accounts, options);
  open.push(simulator);
  return simulator.url;
}

/** What the doctor prints, and the code with which it ends. */
async function print(options: Options, io = {}): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const write = async (portion: string) => {
    text += portion;
  };
  const code = await runDoctor(options, { ...quietIo(), cwd: folder, write, ...io });
  return { code, text };
}

async function examine(options: Options): Promise<Checkup> {
  const { code, text } = await print({ ...options, format: 'json' });
  const checkup = JSON.parse(text) as Checkup;
  expect(code).toBe(checkup.exitCode);
  return checkup;
}

function actionsThat(standing: string, { permissions }: Checkup): readonly string[] {
  return permissions.filter((permission) => permission.standing === standing).map(({ action }) => action);
}

function reasonFor(action: string, { permissions }: Checkup): readonly (string | undefined)[] | undefined {
  return permissions.find((permission) => permission.action === action)?.accounts.map(({ why }) => why);
}

function withFault(operation: string, fault: 'denied' | 'html-200') {
  const [service = '', name = ''] = operation.split(':');
  return { faults: [{ service, operation: name, fault }] };
}

const west = { region: 'eu-west-1' };

describe('with every permission', () => {
  it('finds nothing in the way, and leaves no trace', async () => {
    const checkup = await examine({ ...west, endpointUrl: await serve(mixedAccount()) });
    expect(actionsThat('refused', checkup)).toEqual([]);
    expect(actionsThat('failed', checkup)).toEqual([]);
    expect(actionsThat('allowed', checkup).length).toBeGreaterThan(actionsThat('not-probed', checkup).length);
    expect(checkup).toMatchObject({ exitCode: 0, incomplete: [], missingParameters: [], region: 'eu-west-1' });
    expect(checkup).not.toHaveProperty('grant');
    expect(checkup.credentials).toEqual({
      account: production,
      arn: expect.stringContaining(production),
      origin: 'environment variables',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says why each that was not tried was not', async () => {
    const checkup = await examine({ ...west, endpointUrl: await serve(mixedAccount()) });
    for (const action of actionsThat('not-probed', checkup))
      expect(reasonFor(action, checkup)).toEqual([expect.stringMatching(/^no (rule needed it|.+ to ask about)/)]);
  });
});

describe('with one permission refused', () => {
  it.each([
    ['ec2:DescribeRegions', 'ec2:DescribeRegions', 'sg-no-public-ssh'],
    ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroups', 'sg-no-public-ssh'],
    ['s3:GetBucketPolicy', 's3:GetBucketPolicy', 's3-bucket-tls-only'],
    ['s3:ListAllMyBuckets', 's3:ListBuckets', 's3-bucket-tls-only'],
    ['iam:GenerateCredentialReport', 'iam:GenerateCredentialReport', 'iam-user-unused-credentials'],
    ['rds:DescribeDBInstances', 'rds:DescribeDBInstances', 'account-only-allowed-regions-used'],
  ])('says what would be unknown without %s, and what allows it', async (action, operation, rule) => {
    const endpointUrl = await serve(mixedAccount(), withFault(operation, 'denied'));
    const checkup = await examine({ ...west, endpointUrl });
    expect(checkup.exitCode).toBe(3);
    expect(actionsThat('refused', checkup)).toEqual([action]);
    const found = checkup.permissions.find((permission) => permission.action === action);
    expect(found?.rules).toContain(rule);
    expect(found?.clauses.length).toBeGreaterThan(0);
    expect(reasonFor(action, checkup)).toEqual([expect.stringContaining(`${operation} was denied`)]);
    expect(checkup.grant?.Statement.flatMap((statement) => statement.Action)).toEqual([action]);
  });

  it('does not take what could not be asked after it for something that nobody needs', async () => {
    const endpointUrl = await serve(mixedAccount(), withFault('s3:ListBuckets', 'denied'));
    const checkup = await examine({ ...west, endpointUrl });
    expect(actionsThat('not-probed', checkup)).toContain('s3:GetBucketPolicy');
    expect(reasonFor('s3:GetBucketPolicy', checkup)).toEqual([
      expect.stringMatching(/^what there is to ask about is not known: .*s3:ListBuckets was denied/),
    ]);
    expect(checkup.incomplete.map(({ type }) => type)).toContain('AWS::S3::Bucket');
  });
});

it('an answer that is none is neither allowed nor refused, and something would be unknown', async () => {
  const endpointUrl = await serve(mixedAccount(), withFault('ec2:DescribeVolumes', 'html-200'));
  const checkup = await examine({ ...west, endpointUrl });
  expect(actionsThat('failed', checkup)).toEqual(['ec2:DescribeVolumes']);
  expect(checkup).toMatchObject({ exitCode: 3 });
  expect(checkup).not.toHaveProperty('grant');
});

const regions = (...names: readonly string[]) => ({
  Regions: names.map((RegionName) => ({ RegionName, OptInStatus: 'opt-in-not-required' })),
});

function bare(account: string, externalId?: string): SimulatedAccount {
  const off = { RegionName: 'eu-south-1', OptInStatus: 'not-opted-in' };
  return {
    account,
    caller: `arn:aws:sts::${account}:assumed-role/ProvisoAuditor/proviso`,
    roles: [{ arn: roleOf(account), ...(externalId === undefined ? {} : { externalId }) }],
    answers: { ec2: { '*': { DescribeRegions: { Regions: [...regions('eu-west-1', 'us-east-1').Regions, off] } } } },
  };
}

const few = { rule: ['s3-bucket-tls-only', 'sg-no-public-ssh'] };

it('an empty account has nothing to ask about, which is said and in the way of nothing', async () => {
  const checkup = await examine({ ...few, ...west, endpointUrl: await serve(bare(production)) });
  expect(checkup.exitCode).toBe(0);
  expect(actionsThat('allowed', checkup)).toEqual([
    'ec2:DescribeRegions',
    'ec2:DescribeSecurityGroups',
    's3:ListAllMyBuckets',
  ]);
  expect(reasonFor('s3:GetBucketPolicy', checkup)).toEqual(['no S3 bucket in eu-west-1 to ask about']);
});

describe('without credentials', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  });

  it('ends with 4 and shows what needs none', async () => {
    const checkup = await examine({});
    expect(checkup).toMatchObject({ exitCode: 4, permissions: [], policy: { clauses: expect.any(Number) } });
    expect(checkup.credentials).toMatchObject({ problem: expect.stringContaining('no AWS credentials were found') });
    expect((await print({})).text).toContain('no permission was tried');
  });

  it('a mistake in the policy is told first, as by every command', async () => {
    await writeFile(
      join(folder, 'policies.yaml'),
      'title: Acme\nclauses: { a: { claim: It holds., verified: [rules], rules: [none] } }\n',
    );
    await expect(print({})).rejects.toThrow("'none'");
  });
});

it('nobody who answers at the endpoint is as good as no credentials', async () => {
  const url = await serve(bare(production));
  for (const simulator of open.splice(0)) await simulator.close();
  const checkup = await examine({ endpointUrl: url });
  expect(checkup.exitCode).toBe(4);
  expect(checkup.credentials).toMatchObject({ problem: expect.stringContaining('cannot be asked') });
});

describe('the accounts of a scope', () => {
  const scope = `
  accounts:
    - { id: "${production}", name: production }
    - { id: "${staging}", name: staging, role: "${roleOf(staging)}", external-id: acme }
    - { id: "${laboratory}", role: "${roleOf(laboratory)}", external-id: wrong }
    - "${archive}"
  regions: [eu-south-1, us-east-1, eu-west-1]`;
  const clause = '{ claim: SSH is closed., verified: [rules], rules: [sg-no-public-ssh] }';

  it('are each tried in the first region that is switched on, and those out of reach say why', async () => {
    await writeFile(join(folder, 'policies.yaml'), `title: Acme\nscope: ${scope}\nclauses: { ssh: ${clause} }\n`);
    const endpointUrl = await serve([bare(production), bare(staging, 'acme'), bare(laboratory, 'another')]);
    const checkup = await examine({ endpointUrl });
    expect(checkup).toMatchObject({ exitCode: 3, region: 'us-east-1', noSuchRegions: [] });
    const byId = new Map(checkup.accounts.map((account) => [account.id, account]));
    expect(byId.get(staging)).toEqual({
      id: staging,
      name: 'staging',
      role: roleOf(staging),
      regions: ['eu-west-1', 'us-east-1'],
    });
    expect(byId.get(laboratory)).toMatchObject({
      problem: expect.stringContaining('it cannot be reached: AccessDenied'),
      needs: `sts:AssumeRole on ${roleOf(laboratory)}`,
    });
    expect(byId.get(archive)?.problem).toContain('names no role for this one');
    const asked = checkup.permissions.find(({ action }) => action === 'ec2:DescribeSecurityGroups')?.accounts;
    expect(asked).toEqual([
      { account: production, standing: 'allowed' },
      { account: archive, standing: 'not-probed', why: 'the account cannot be reached' },
      { account: staging, standing: 'allowed' },
      { account: laboratory, standing: 'not-probed', why: 'the account cannot be reached' },
    ]);
    expect(JSON.stringify(checkup)).not.toContain('"acme"');
  });

  it('a region that the scope invents is named', async () => {
    const invented = 'title: Acme\nscope: { regions: [eu-west-1, eu-wset-1] }\n';
    await writeFile(join(folder, 'policies.yaml'), `${invented}clauses: { ssh: ${clause} }\n`);
    const checkup = await examine({ endpointUrl: await serve(bare(production)) });
    expect(checkup).toMatchObject({ exitCode: 3, region: 'eu-west-1', noSuchRegions: ['eu-wset-1'] });
  });

  it('a region that is switched off is the reason why nothing was tried in it', async () => {
    const options = { ...few, region: 'eu-south-1', endpointUrl: await serve(bare(production)) };
    const checkup = await examine(options);
    expect(reasonFor('ec2:DescribeSecurityGroups', checkup)).toEqual([
      'nothing was asked there: eu-south-1 is switched off for the account',
    ]);
    // Nothing was refused, and yet nothing was tried: that is not "all right".
    expect(checkup).toMatchObject({ exitCode: 3 });
    expect(checkup.accounts[0]?.problem).toContain('eu-south-1 is not switched on in it');
  });

  it('a region that is switched off is in the way of no rule that asks nothing there', async () => {
    const options = {
      rule: ['iam-policy-no-full-admin'],
      region: 'eu-south-1',
      endpointUrl: await serve(bare(production)),
    };
    expect((await examine(options)).accounts[0]?.problem).toBeUndefined();
  });
});

it('a folder that cannot be written is in the way', async () => {
  await writeFile(join(folder, 'file'), '');
  const options = { ...few, ...west, out: 'file/runs', endpointUrl: await serve(bare(production)) };
  expect(await examine(options)).toMatchObject({ exitCode: 2, output: { problem: expect.stringContaining('file') } });
});

it('a parameter that the policy does not set is in the way', async () => {
  const rule = [
    'title: No bucket is a leftover',
    'severity: low',
    'resource: AWS::S3::Bucket',
    'why: Nobody looks after leftovers.',
    'fix: { cli: aws s3 rb s3://NAME }',
    'params: { name: { description: Name of leftovers., schema: { type: string } } }',
    'assert: { Name: { ne: { param: name } } }',
    'pass: { in use: { $params: { name: b }, Name: a } }',
    'fail: { left over: { $params: { name: b }, Name: b } }',
    'unknown: { nameless: { $params: { name: b }, Name: { $unknown: failed } } }',
  ];
  await writeFile(join(folder, 'no-leftover.yaml'), rule.join('\n'));
  const clause = '{ claim: Buckets are used., verified: [rules], rules: [no-leftover] }';
  await writeFile(join(folder, 'policies.yaml'), `title: Acme\nclauses: { a: ${clause} }\n`);
  const checkup = await examine({ rules: ['no-leftover.yaml'], endpointUrl: await serve(bare(production)) });
  expect(checkup).toMatchObject({ exitCode: 3, missingParameters: ['no-leftover.name'] });
});

it('stopped, it says so instead of taking the rest for allowed', async () => {
  const controller = new AbortController();
  const url = await serve(bare(production), { latency: 50 });
  const progress = (shown?: string) => {
    if (shown?.startsWith('asking for the regions')) controller.abort();
  };
  const run = print({ ...few, ...west, endpointUrl: url }, { signal: controller.signal, progress });
  const error = await run.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProvisoError);
  expect(error).toMatchObject({ code: 'interrupted' });
});

it('the program prints the same bytes in another time zone, locale and folder', { timeout: 120_000 }, async () => {
  const program = await installProgram();
  try {
    const url = await serve(mixedAccount(), withFault('s3:GetBucketPolicy', 'denied'));
    const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example', AWS_ENDPOINT_URL: url };
    const policy = join(program.folder, 'policies.yaml');
    const elsewhere = { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
    for (const format of ['terminal', 'json']) {
      const args = ['doctor', '--format', format, '--policy', policy, '--region', 'eu-west-1'];
      const first = await program.run(args, { env: keys, cwd: await program.room() });
      const second = await program.run(args, { env: { ...keys, ...elsewhere }, cwd: await program.room() });
      expect([first.code, first.stdout]).toEqual([3, expect.stringContaining('s3:GetBucketPolicy')]);
      expect(second).toEqual(first);
    }
  } finally {
    await program.remove();
  }
});
