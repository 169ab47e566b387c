import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLayers } from '../../.ci/check-layers.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'proviso-layers-'));
  await mkdir(join(root, 'src'));
  await mkdir(join(root, 'test'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function check(files: Record<string, string>): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return checkLayers(root);
}

describe('the direction of imports', () => {
  test.each([
    ['src/model/path.ts', "import { ProvisoError } from '../errors.ts';"],
    ['src/rule/load.ts', "import type { Operator } from '../model/operator.ts';"],
    ['src/rule/load.ts', "const { loadOperators } = await import('../operators/index.ts');"],
    ['src/assess.ts', "import { load } from './policy/load.ts';"],
    ['src/cli.ts', "import { commands } from './commands/index.ts';"],
    ['src/index.ts', "export { assess } from './assess.ts';"],
    ['src/commands/audit.ts', "import { assess } from '../assess.ts';"],
    ['src/commands/index.ts', "export const commands = { audit: () => import('./audit.ts') };"],
    ['src/resources/bucket.ts', "import { keep } from './_bucket-policy.ts';"],
    ['src/resources/load.ts', "import shapes from './shapes.json' with { type: 'json' };"],
    ['src/commands/version.ts', "import about from '../../package.json' with { type: 'json' };"],
    ['src/simulator/serve.ts', "import { resourceType } from '../resources/bucket.ts';"],
  ])('lets %s do: %s', async (path, text) => {
    expect(await check({ [path]: text })).toEqual([]);
  });

  test.each([
    ['src/model/path.ts', "import '../rule/rule.ts';", 'model may not import rule'],
    ['src/model/path.ts', "import type { Rule } from '../rule/rule.ts';", 'model may not import rule'],
    ['src/model/path.ts', "type Rule = import('../rule/rule.ts').Rule;", 'model may not import rule'],
    ['src/model/path.ts', "export type { Rule } from '../rule/rule.ts';", 'model may not import rule'],
    ['src/model/path.ts', "export * from '../rule/rule.ts';", 'model may not import rule'],
    ['src/model/path.ts', "await import('../rule/rule.ts');", 'model may not import rule'],
    ['src/model/path.ts', "await import('../rule/' + name);", 'an import whose path is computed cannot be checked'],
    ['src/errors.ts', "import './model/path.ts';", 'errors may not import model'],
    ['src/policy/load.ts', "import '../rule/rule.ts';", 'policy may not import rule'],
    ['src/finding/finding.ts', "import '../policy/policy.ts';", 'finding may not import policy'],
    ['src/assess.ts', "import './sources/live.ts';", 'assess may not import sources'],
    ['src/reporters/json.ts', "import '../assess.ts';", 'reporters may not import assess'],
    ['src/rule/load.ts', "import '../resources/index.ts';", 'rule may not import resources'],
    ['src/sources/live.ts', "import '../rule/rule.ts';", 'sources may not import rule'],
    ['src/index.ts', "import './commands/audit.ts';", 'index may not import commands'],
    ['src/commands/audit.ts', "import '../cli.ts';", 'commands may not import cli'],
    ['src/commands/audit.ts', "import './demo.ts';", 'files of commands/ never import each other'],
    ['src/operators/lte.ts', "import type { A } from './gte.ts';", 'files of operators/ never import each other'],
    ['src/operators/_shared-part.ts', "import './lte.ts';", 'files of operators/ never import each other'],
    ['src/rule/load.ts', "import '../model/path.js';", "'src/model/path.js' must be named with its .ts extension"],
    ['src/rule/load.ts', "import '../../test/fixture.ts';", "'test/fixture.ts' lies outside src/"],
    ['src/rule/load.ts', "import '/etc/rule.ts';", "'/etc/rule.ts' lies outside src/"],
  ])('stops %s from doing: %s', async (path, text, message) => {
    const column = (/['`][./]/.exec(text)?.index ?? 0) + 1;
    expect(await check({ [path]: `// first line\n${text}\n` })).toEqual([`${path}:2:${column}: ${message}`]);
  });
});

describe('the powers of the host', () => {
  test.each([
    ['process.env.HOME', ['cli.ts', 'commands/audit.ts']],
    ['const { env } = globalThis.process', ['cli.ts', 'commands/audit.ts']],
    ['global.process.exit()', ['cli.ts', 'commands/audit.ts']],
    ["import { env } from 'node:process'", ['cli.ts', 'commands/audit.ts']],
    ["import { homedir } from 'os'", ['cli.ts', 'commands/audit.ts']],
    ["console.log('x')", ['cli.ts', 'commands/audit.ts']],
    ["const log = console['log']", ['cli.ts', 'commands/audit.ts']],
    ['Date.now()', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ['new Date()', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ['Date()', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ['const clock = Date.now', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ['performance.now()', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ['Math.random()', ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ["import { randomUUID as id } from 'node:crypto'", ['cli.ts', 'commands/audit.ts', 'aws/retry.ts']],
    ["import { EC2Client } from '@aws-sdk/client-ec2'", ['aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts']],
    ["import type { Bucket } from '@aws-sdk/client-s3'", ['aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts']],
    ["await import('@smithy/types')", ['aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts']],
    ["import { createServer } from 'node:http'", ['aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts']],
    ["fetch('https://example.com')", ['aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts']],
    ["'a'.localeCompare('b')", []],
    ['(1000).toLocaleString()', []],
    ['new Intl.NumberFormat()', []],
  ])('only some may say: %s', async (text, users) => {
    const paths = ['cli.ts', 'commands/audit.ts', 'aws/retry.ts', 'simulator/serve.ts', 'delivery/webhook.ts'].concat([
      'model/path.ts',
      'rule/load.ts',
      'reporters/json.ts',
      'assess.ts',
      'sources/live.ts',
      'index.ts',
    ]);
    const problems = await check(Object.fromEntries(paths.map((path) => [`src/${path}`, `${text};\n`])));
    const stopped = new Set(problems.map((line) => line.slice('src/'.length).split(':')[0] ?? ''));
    expect(paths.filter((path) => !stopped.has(path))).toEqual(users);
  });

  test.each([
    '// console.log(process.env), Date.now() and localeCompare are only mentioned',
    "export const text = 'console.log(new Date())';",
    'export const shape = { process: 1, console: 2, Intl: 3 };',
    'export function read(job: { process: string }): string { return job.process; }',
    'export interface Clock { performance: number; fetch(): void }',
    'export const date = new Date(0);',
    'export const time = Date.parse("2026-11-24T00:00:00Z");',
    "export const global = 'global';",
  ])('are not taken for granted where only the word stands: %s', async (text) => {
    expect(await check({ 'src/model/path.ts': text })).toEqual([]);
  });
});

describe('names and places', () => {
  test.each([
    ['src/model/utils.ts', "src/model/utils.ts: 'utils.ts' says nothing: name it after what it holds"],
    ['src/model/types.ts', "src/model/types.ts: 'types.ts' says nothing: name it after what it holds"],
    [
      'src/rule/yaml-helpers.ts',
      "src/rule/yaml-helpers.ts: 'yaml-helpers.ts' says nothing: name it after what it holds",
    ],
    ['test/helpers.ts', "test/helpers.ts: 'helpers.ts' says nothing: name it after what it holds"],
    ['test/common/a.test.ts', "test/common/a.test.ts: 'common' says nothing: name it after what it holds"],
    ['src/rule/read/yaml.ts', 'src/rule/read/yaml.ts: too deep: src/<folder>/<file>'],
    ['src/engine/run.ts', 'src/engine/run.ts: no layer of this name is declared in .ci/check-layers.mjs'],
    ['src/version.ts', 'src/version.ts: no layer of this name is declared in .ci/check-layers.mjs'],
    ['src/assess/fold.ts', 'src/assess/fold.ts: no layer of this name is declared in .ci/check-layers.mjs'],
  ])('refuse %s', async (path, message) => {
    expect(await check({ [path]: '' })).toEqual([message]);
  });

  test('let a meaning word hold an empty one', async () => {
    expect(await check({ 'src/model/resource-type.ts': '', 'test/schemas/types.test.ts': '' })).toEqual([]);
  });
});

test('a file that cannot be parsed is a violation', async () => {
  expect(await check({ 'src/model/path.ts': 'export const = 1;' })).toEqual([
    expect.stringMatching(/^src\/model\/path\.ts:1:\d+: /),
  ]);
});
