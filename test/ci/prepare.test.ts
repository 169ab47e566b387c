import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../docs/project-copy.ts';
import { runProcess } from './runner.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-prepare-'));
  await cp(join(root, '.ci/prepare.mjs'), join(folder, '.ci/prepare.mjs'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Prepares a clone by an npm that writes down what it is to do, and fails at one of its commands. */
async function prepare(failing = 'nothing') {
  const npm = join(folder, 'npm.cjs');
  await writeFile(
    npm,
    `const [command] = process.argv.slice(2);
     require('node:fs').appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n');
     process.exit(command === '${failing}' ? 7 : 0);`,
  );
  const env = { PATH: process.env.PATH, npm_execpath: npm, npm_config_global: 'true' };
  const { code } = await runProcess(process.execPath, [join(folder, '.ci/prepare.mjs')], tmpdir(), env);
  return { code, asked: (await readFile(join(folder, 'asked'), 'utf8')).trimEnd().split('\n') };
}

const fetches = 'ci --global=false --include=dev --ignore-scripts';
const builds = 'run --silent build';

describe('a clone that is installed', () => {
  it('is built', async () => {
    await mkdir(join(folder, 'node_modules/esbuild'), { recursive: true });
    await writeFile(join(folder, 'node_modules/esbuild/package.json'), '{}');
    expect(await prepare()).toEqual({ code: 0, asked: [builds] });
  });

  it('fetches first what it is built with, where npm has not', async () => {
    expect(await prepare()).toEqual({ code: 0, asked: [fetches, builds] });
  });

  it('is not installed when it cannot be built', async () => {
    expect(await prepare('ci')).toEqual({ code: 7, asked: [fetches] });
    await rm(join(folder, 'asked'));
    expect((await prepare('run')).code).toBe(7);
  });

  it('is prepared by this script', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(scripts.prepare).toBe('node .ci/prepare.mjs');
  });
});
