import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangedPart, Proposal, ProposedChange } from '../../src/model/proposal.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Json } from '../../src/model/value.ts';
import { locate, readTerraformSources } from '../../src/sources/_terraform-sources.ts';
import { runProcess } from '../ci/runner.ts';

let temp: string;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-sources-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | readonly string[]>>;

/** A folder with files of these lines. */
async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(temp, 'run-'));
  for (const [name, lines] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  }
  return folder;
}

/** Answers as `FILE:LINE`. */
async function read(files: Files, root = '.', configuration?: Json) {
  const folder = await folderOf(files);
  return readIn(folder, root, configuration);
}

async function readIn(folder: string, root = '.', configuration?: Json) {
  const sources = await readTerraformSources(join(folder, root), configuration, folder);
  const text = (place: ReturnType<typeof sources.placeOf>) => place && `${place.file}:${place.line}`;
  return {
    at: (address: string, attribute?: string) => text(sources.placeOf(address, attribute)),
    says: (expression: string) => text(sources.placeOfExpression(expression)),
    from: (expression: string) => sources.sourcesOf(expression),
  };
}

const main = [
  'variable "office" {',
  '  default = "192.0.2.0/24"',
  '}',
  'locals { cidrs = [var.office] }',
  'resource "aws_security_group" "front" {',
  '  name = "front"',
  '  ingress {',
  '    from_port   = 22',
  '    cidr_blocks = local.cidrs',
  '  }',
  '  dynamic "egress" {',
  '    for_each = local.cidrs',
  '    content {',
  '      cidr_blocks = [egress.value]',
  '    }',
  '  }',
  '}',
  'module "web" {',
  '  source = "./web"',
  '  cidrs  = local.cidrs',
  '}',
  'data "aws_vpc" "main" {',
  '  id = "vpc-1"',
  '}',
];
const web = [
  'variable "cidrs" {}',
  'variable "ports" {',
  '  default = [443]',
  '}',
  'resource "aws_security_group" "front" {',
  '  ingress = var.cidrs',
  '}',
  'output "group" {',
  '  value = aws_security_group.front.id',
  '}',
];
const files: Files = { 'main.tf': main, 'web/main.tf': web };

describe('the place of a resource', () => {
  it.each<[address: string, attribute: string | undefined, place: string | undefined]>([
    ['aws_security_group.front', undefined, 'main.tf:5'],
    ['aws_security_group.front[0]', undefined, 'main.tf:5'],
    ['aws_security_group.front["a.b[\\"c"]', undefined, 'main.tf:5'],
    ['aws_security_group.front', 'name', 'main.tf:6'],
    ['aws_security_group.front', 'ingress', 'main.tf:7'],
    ['aws_security_group.front', 'ingress[0].cidr_blocks[1]', 'main.tf:9'],
    ['aws_security_group.front', 'ingress.self', 'main.tf:7'],
    ['aws_security_group.front', 'egress', 'main.tf:11'],
    ['aws_security_group.front', 'egress.cidr_blocks', 'main.tf:14'],
    ['aws_security_group.front', 'description', 'main.tf:5'],
    ['module.web.aws_security_group.front', undefined, 'web/main.tf:5'],
    ['module.web["a.b"].aws_security_group.front[1]', 'ingress', 'web/main.tf:6'],
    ['aws_security_group.back', undefined, undefined],
    ['module.web.aws_security_group.back', undefined, undefined],
    ['module.gone.aws_security_group.front', undefined, undefined],
    ['module.web.module.gone.aws_security_group.front', undefined, undefined],
    ['aws_vpc.main', undefined, undefined],
    ['', undefined, undefined],
  ])('%s, %s: %s', async (address, attribute, place) => {
    expect((await read(files)).at(address, attribute)).toBe(place);
  });

  it('in a configuration in JSON is that of its name', async () => {
    const json = '{\n"resource": {\n"aws_s3_bucket": {\n"logs": {\n"bucket": "logs"\n}\n}\n}\n}';
    const sources = await read({ 'main.tf.json': json });
    expect([sources.at('aws_s3_bucket.logs'), sources.at('aws_s3_bucket.logs', 'bucket')]).toEqual([
      'main.tf.json:4',
      'main.tf.json:5',
    ]);
  });

  it('is in a file that overrides it, for what that file says', async () => {
    const sources = await read({
      'a_override.tf': ['resource "aws_s3_bucket" "logs" {', '  bucket = "b"', '}'],
      'main.tf': ['', 'resource "aws_s3_bucket" "logs" {', '  bucket        = "a"', '  force_destroy = true', '}'],
    });
    expect(sources.at('aws_s3_bucket.logs')).toBe('main.tf:2');
    expect(sources.at('aws_s3_bucket.logs', 'bucket')).toBe('a_override.tf:2');
    expect(sources.at('aws_s3_bucket.logs', 'force_destroy')).toBe('main.tf:4');
  });

  it('is not known where two files have it', async () => {
    const bucket = 'resource "aws_s3_bucket" "logs" {}\n';
    const sources = await read({ 'main.tf': bucket, 'main.tofu': `${bucket}resource "aws_s3_bucket" "data" {}\n` });
    expect(sources.at('aws_s3_bucket.logs')).toBeUndefined();
    expect(sources.at('aws_s3_bucket.data')).toBe('main.tofu:2');
  });

  it('of one that is let go is the block that says so', async () => {
    const sources = await read({
      'main.tf': [
        'removed {',
        '  from = aws_s3_bucket.logs',
        '}',
        'removed {',
        '  from = module.web.aws_s3_bucket.logs',
        '}',
      ],
    });
    expect(sources.at('aws_s3_bucket.logs[0]')).toBe('main.tf:1');
    expect(sources.at('module.web.aws_s3_bucket.logs')).toBe('main.tf:4');
  });

  it('is not in files that Terraform does not read', async () => {
    const bucket = 'resource "aws_s3_bucket" "logs" {}';
    const names = ['.main.tf', 'main.tf~', '#main.tf#', 'main.hcl', 'deeper/main.tf', 'main.tf/readme'];
    expect(
      (await read(Object.fromEntries(names.map((name) => [name, bucket])))).at('aws_s3_bucket.logs'),
    ).toBeUndefined();
  });
});

describe('the place of what an expression names', () => {
  it.each<[expression: string, place: string | undefined]>([
    ['var.office', 'main.tf:1'],
    ['var.office[0]', 'main.tf:1'],
    ['local.cidrs', 'main.tf:4'],
    ['module.web', 'main.tf:18'],
    ['module.web.var.cidrs', 'main.tf:20'],
    ['module.web[0].var.ports', 'web/main.tf:2'],
    ['module.web.group', 'web/main.tf:9'],
    ['module.web.nothing', 'main.tf:18'],
    ['module.web.aws_security_group.front.ingress', 'web/main.tf:6'],
    ['aws_security_group.front.ingress', 'main.tf:7'],
    ['data.aws_vpc.main.id', 'main.tf:23'],
    ['var.gone', undefined],
    ['local.gone', undefined],
    ['each.value', undefined],
    ['path.module', undefined],
    ['', undefined],
  ])('%s: %s', async (expression, place) => {
    expect((await read(files)).says(expression)).toBe(place);
  });
});

it.each<[expression: string, sources: readonly string[]]>([
  ['local.cidrs', ['var.office']],
  ['module.web.var.cidrs', ['local.cidrs']],
  ['module.web[0].group', ['module.web.aws_security_group.front']],
  ['module.web.var.ports', []],
  ['var.office', []],
  ['local.gone', []],
  ['aws_security_group.front.ingress', []],
  ['', []],
])('the value of %s comes from %j', async (expression, sources) => {
  expect((await read(files)).from(expression)).toEqual(sources);
});

const bucket = 'resource "aws_s3_bucket" "logs" {}\n';
const inModule = 'module.m.aws_s3_bucket.logs';

/** A plan's `configuration` with calls of modules. */
function configurationOf(calls: Readonly<Record<string, string>>): Json {
  const entries = Object.entries(calls).map(([name, source]) => [name, { source, module: {} }]);
  return { root_module: { module_calls: Object.fromEntries(entries) } };
}

describe('modules', () => {
  it('beside the root module are read as far as the repository goes', async () => {
    const all = {
      'repo/.git/HEAD': '',
      'repo/envs/prod/main.tf': 'module "m" { source = "../../modules/m" }',
      'repo/modules/m/main.tf': bucket,
    };
    expect((await read(all, 'repo/envs/prod')).at(inModule)).toBe('repo/modules/m/main.tf:1');
  });

  it.each([
    ['without a repository', {}, '../m'],
    ['outside the repository', { 'repo/.git/HEAD': '' }, '../../m'],
    ['outside the repository, by a longer name of it', { 'repo/.git/HEAD': '' }, '../../repo-m'],
  ])('%s are not read, and their call stands for them', async (_, more, source) => {
    const all = {
      ...more,
      'repo/prod/main.tf': `\nmodule "m" { source = "${source}" }`,
      'repo/m/main.tf': '',
      'm/main.tf': bucket,
      'repo-m/main.tf': bucket,
      ...(source === '../m' ? { 'repo/m/main.tf': bucket } : {}),
    };
    const sources = await read(all, 'repo/prod');
    expect(sources.at(inModule, 'bucket')).toBe('repo/prod/main.tf:2');
  });

  it('that links lead to are read inside the folder alone', async () => {
    const folder = await folderOf({ 'run/main.tf': 'module "m" { source = "./m" }', 'other/main.tf': bucket });
    await mkdir(join(folder, 'run/real'));
    await writeFile(join(folder, 'run/real/main.tf'), bucket);
    await symlink(join(folder, 'other'), join(folder, 'run/m'));
    expect((await readIn(folder, 'run')).at(inModule)).toBe('run/main.tf:1');
    await rm(join(folder, 'run/m'));
    await symlink(join(folder, 'run/real'), join(folder, 'run/m'));
    expect((await readIn(folder, 'run')).at(inModule)).toBe('run/m/main.tf:1');
    await rm(join(folder, 'run/real/main.tf'));
    await symlink(join(folder, 'other/main.tf'), join(folder, 'run/real/main.tf'));
    expect((await readIn(folder, 'run')).at(inModule)).toBe('run/main.tf:1');
  });

  it('are where the plan says, before what the files say', async () => {
    const all = { 'main.tf': 'module "m" { source = "./old" }', 'old/main.tf': bucket, 'new/a.tf': `\n${bucket}` };
    expect((await read(all, '.', configurationOf({ m: './new' }))).at(inModule)).toBe('new/a.tf:2');
    expect((await read(all)).at(inModule)).toBe('old/main.tf:1');
  });

  it('from elsewhere are read where init has put them', async () => {
    const list = {
      Modules: [
        { Key: '', Source: '', Dir: '.' },
        { Key: 'm', Source: 'registry.example.com/acme/m/aws', Version: '1.0.0', Dir: '.terraform/modules/m' },
        { Key: 'm.inner', Source: './inner', Dir: '.terraform/modules/m/inner' },
        { Key: 'out', Source: 'acme/out/aws', Dir: '../out' },
        { Key: 5 },
      ],
    };
    const all = {
      'run/main.tf': [
        'module "m" {',
        '  source = "acme/m/aws"',
        '}',
        'module "out" {',
        '  source = "acme/out/aws"',
        '}',
      ],
      'run/.terraform/modules/modules.json': JSON.stringify(list),
      'run/.terraform/modules/m/main.tf': `${bucket}module "inner" { source = "./inner" }`,
      'run/.terraform/modules/m/inner/main.tf': `\n${bucket}`,
      'out/main.tf': bucket,
    };
    const sources = await read(all, 'run');
    expect(sources.at(inModule)).toBe('run/.terraform/modules/m/main.tf:1');
    expect(sources.at('module.m[0].module.inner.aws_s3_bucket.logs')).toBe('run/.terraform/modules/m/inner/main.tf:2');
    expect(sources.at('module.out.aws_s3_bucket.logs')).toBe('run/main.tf:4');
  });

  it.each(['', '{', '[]', '{"Modules": 5}', '{"Modules": [5, null, {"Key": "m"}]}'])(
    'from elsewhere have their call for a place where the list is %j',
    async (list) => {
      const all = { 'main.tf': '\nmodule "m" { source = "acme/m/aws" }', '.terraform/modules/modules.json': list };
      const sources = await read(all);
      expect(sources.at('module.m.module.inner.aws_s3_bucket.logs')).toBe('main.tf:2');
      expect(sources.says('module.m.bucket_id')).toBe('main.tf:2');
    },
  );

  it('that call themselves come to an end', async () => {
    const again = 'module "a" { source = "./" }\nmodule "b" { source = "./." }\n';
    const sources = await read({ 'main.tf': again + bucket });
    expect(sources.at('module.a.module.b.aws_s3_bucket.logs')).toBe('main.tf:3');
    const long = `${'module.a.'.repeat(100)}aws_s3_bucket.logs`;
    expect(sources.at(long)).toBe('main.tf:1');
  });
});

describe('files that cannot be read', () => {
  it.each<[what: string, make: (folder: string) => Promise<unknown>]>([
    ['nothing', async () => undefined],
    ['a folder of this name', (folder) => mkdir(join(folder, 'odd.tf'))],
    ['a link to nothing', (folder) => symlink(join(folder, 'gone'), join(folder, 'odd.tf'))],
    ['a link to itself', (folder) => symlink('odd.tf', join(folder, 'odd.tf'))],
    ['a pipe', (folder) => runProcess('mkfifo', [join(folder, 'odd.tf')], folder, { PATH: process.env.PATH })],
    ['a device', (folder) => symlink('/dev/zero', join(folder, 'odd.tf'))],
    ['bytes that are no text', (folder) => writeFile(join(folder, 'odd.tf'), Buffer.alloc(1000, 0xff))],
    ['a file that is too large', (folder) => writeFile(join(folder, 'odd.tf'), `${bucket}${' '.repeat(2_000_001)}`)],
  ])('%s: the others are read', async (_, make) => {
    const folder = await folderOf({ 'main.tf': 'resource "aws_s3_bucket" "data" {}' });
    await make(folder);
    const sources = await readIn(folder);
    expect(sources.at('aws_s3_bucket.data')).toBe('main.tf:1');
    expect(sources.at('aws_s3_bucket.logs')).toBeUndefined();
  });

  it('a folder that is not there gives no places', async () => {
    expect((await readIn(temp, 'gone')).at('aws_s3_bucket.logs')).toBeUndefined();
  });

  it('no more than twenty megabytes are read, always the same ones', async () => {
    const padding = ' '.repeat(1_950_000);
    const all = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => {
        const name = String.fromCodePoint(97 + index);
        return [`${name}.tf`, `resource "aws_s3_bucket" "${name}" {}${padding}`];
      }),
    );
    const sources = await read(all);
    const found = Object.keys(all).map((file) => sources.at(`aws_s3_bucket.${file[0]}`) === `${file}:1`);
    expect(found).toEqual([...Array<boolean>(10).fill(true), false, false]);
  });
});

it('no address or expression is too odd to be asked for', async () => {
  const sources = await read(files);
  const part = fc.constantFrom(
    'module',
    'web',
    'var',
    '.',
    '[',
    ']',
    '"',
    '\\',
    'aws_security_group',
    'front',
    ' ',
    '',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(part, { maxLength: 5 }), (address, attribute) => {
      for (const place of [sources.at(address.join('.'), attribute.join('.')), sources.says(address.join(''))])
        expect(place ?? 'main.tf:1').toMatch(/^(?:web\/)?main\.tf:\d+$/);
    }),
  );
});

describe('a proposal', () => {
  const home = { account: '111122223333', region: 'eu-west-1' };
  const group = (id: string, address: string): Resource => ({
    type: 'AWS::EC2::SecurityGroup',
    ...home,
    id,
    properties: {},
    declared: { address },
  });
  const shared: ChangedPart = {
    type: 'aws_security_group_rule',
    declared: { address: 'aws_security_group_rule.ssh' },
    action: 'create',
  };
  const change = (address: string): ProposedChange => ({
    type: 'AWS::EC2::SecurityGroup',
    declared: { address },
    action: 'update',
    before: group('sg-1', address),
    after: group('sg-1', address),
    parts: [{ type: 'aws_security_group', declared: { address }, action: 'update' }, shared],
  });
  const asked: ChangedPart[] = [];
  const proposal: Proposal = {
    source: 'terraform-plan',
    noun: 'Terraform plan',
    files: ['plan.json'],
    partition: 'aws',
    home,
    places: [home],
    types: new Set(['AWS::EC2::SecurityGroup']),
    changes: [change('aws_security_group.front'), change('module.web.aws_security_group.front["a"]'), change('gone.x')],
    coverage: { declared: 3, mapped: 3, unmapped: [] },
    doubts: [],
    call: ['terraform', 'Plan'],
    now: 0,
    trace(part) {
      asked.push(part);
      return [
        { expression: 'module.web.var.cidrs' },
        { expression: 'var.office', file: 'kept.tf', line: 9 },
        { expression: 'var.gone' },
      ];
    },
  };

  it('has its places in changes, records, parts and traces', async () => {
    const folder = await folderOf(files);
    const located = locate(proposal, await readTerraformSources(folder, undefined, folder));
    const places = located.changes.map(({ declared, before, after, parts }) =>
      [declared, before?.declared, after?.declared, parts[0]?.declared].map((one) => one && `${one.file}:${one.line}`),
    );
    expect(places).toEqual([
      Array(4).fill('main.tf:5'),
      Array(4).fill('web/main.tf:5'),
      Array(4).fill('undefined:undefined'),
    ]);
    expect(located.changes.map(({ declared }) => declared.address)).toEqual(
      proposal.changes.map(({ declared }) => declared.address),
    );
    const [first, second, third] = located.changes;
    const [main] = first?.parts ?? [];
    if (main === undefined) throw new Error('the change has no parts');
    expect(located.trace(main, 'ingress')).toEqual([
      { expression: 'module.web.var.cidrs', file: 'main.tf', line: 20 },
      { expression: 'var.office', file: 'kept.tf', line: 9 },
      { expression: 'var.gone' },
    ]);
    expect(asked).toEqual([proposal.changes[0]?.parts[0]]);
    expect(asked[0]).toBe(proposal.changes[0]?.parts[0]);
    expect(located.placeOf?.(main, 'ingress')).toEqual({ file: 'main.tf', line: 7 });
    expect(first?.parts[1]).toBe(second?.parts[1]);
    expect(third).toEqual(proposal.changes[2]);
  });

  it('has traces that go on where the plan does not tell', async () => {
    const folder = await folderOf({
      'main.tf': [
        'variable "office" {}',
        'locals {',
        '  all   = concat(local.extra, module.web.cidrs)',
        '  extra = [var.office, local.all]',
        '}',
        'module "web" {',
        '  source = "./web"',
        '  mine   = local.extra',
        '}',
      ],
      'web/main.tf': ['variable "mine" {}', 'output "cidrs" {', '  value = var.mine', '}'],
    });
    const trace = () => [{ expression: 'local.all' }, { expression: 'module.web.var.mine' }];
    const located = locate({ ...proposal, trace }, await readTerraformSources(folder, undefined, folder));
    const text = located
      .trace(shared, 'cidr_blocks')
      .map(({ expression, file, line }) => `${expression} ${file}:${line}`);
    expect(text).toEqual([
      'local.all main.tf:3',
      'local.extra main.tf:4',
      'var.office main.tf:1',
      'module.web.cidrs web/main.tf:3',
      'module.web.var.mine main.tf:8',
    ]);
  });

  it('has no trace without end', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `  a${index} = [local.a${index + 1}, local.b${index + 1}]`);
    const folder = await folderOf({ 'main.tf': ['locals {', ...names, '}'] });
    const trace = () => [{ expression: 'local.a0' }];
    const located = locate({ ...proposal, trace }, await readTerraformSources(folder, undefined, folder));
    expect(located.trace(shared, 'x')).toHaveLength(24);
  });

  it('is what it was where no files are at hand', async () => {
    const located = locate(proposal, await readTerraformSources(join(temp, 'gone'), undefined, temp));
    expect(located.changes).toEqual(proposal.changes);
    expect(located.trace(shared, 'x')).toEqual(proposal.trace(shared, 'x'));
  });

  it('keeps the places that it has', async () => {
    const folder = await folderOf(files);
    const sources = await readTerraformSources(folder, undefined, folder);
    const declared = { address: 'aws_security_group.front', file: 'other.tf', line: 3 };
    const [given] = proposal.changes.map((one) => ({ ...one, declared }));
    if (given === undefined) throw new Error('the proposal has no changes');
    expect(locate({ ...proposal, changes: [given] }, sources).changes[0]?.declared).toBe(declared);
  });
});
