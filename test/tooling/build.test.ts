import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundle } from '../../.ci/build.mjs';
import { writeDeclarations } from '../../.ci/declarations.mjs';

const here = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'proviso-build-'));
  await symlink(join(here, 'node_modules'), join(root, 'node_modules'));
  await write('package.json', '{ "type": "module" }');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

describe('the bundle', () => {
  test('runs CommonJS libraries, loads lazily and keeps names', async () => {
    await write('src/late.ts', 'export class LateError extends Error {}\n');
    await write(
      'src/cli.ts',
      `import { Command } from 'commander';
       new Command('x').action(async () => {
         const { LateError } = await import('./late.ts');
         process.stdout.write(LateError.name);
       }).parse();`,
    );
    await bundle(root, ['src/cli.ts'], join(root, 'dist'));
    expect((await readdir(join(root, 'dist'))).filter((name) => name.startsWith('late-'))).toHaveLength(1);
    await rm(join(root, 'node_modules'));
    expect((await run(process.execPath, [join(root, 'dist/cli.js')])).stdout).toBe('LateError');
  });

  test('starts the command line, and nothing else, with a line for the shell', async () => {
    await write('src/cli.ts', '#!/usr/bin/env node\nexport const a = 1;\n');
    await write('src/index.ts', 'export const b = 1;\n');
    await bundle(root, ['src/cli.ts', 'src/index.ts'], join(root, 'dist'));
    const read = (name: string) => readFile(join(root, 'dist', name), 'utf8');
    expect((await read('cli.js')).match(/#!.*/g)).toEqual(['#!/usr/bin/env node']);
    expect(await read('index.js')).not.toContain('#!');
  });
});

describe('the declarations', () => {
  async function project(files: Record<string, string>): Promise<void> {
    for (const name of ['tsconfig.json', '.ci/tsconfig.declarations.json']) {
      await write(name, await readFile(join(here, name), 'utf8'));
    }
    for (const [path, text] of Object.entries(files)) await write(path, text);
  }

  test('are those that the entry needs, and a stranger can use them', async () => {
    await project({
      'src/index.ts': "export type { Bar } from './model/bar.ts';\nexport { load } from './model/load.ts';\n",
      'src/model/bar.ts': "import type { Baz } from './baz.ts';\nexport interface Bar { readonly baz: Baz }\n",
      'src/model/baz.ts': "export type Baz = 'baz';\n",
      'src/model/load.ts': "import { inner } from './inner.ts';\nexport function load(): number { return inner }\n",
      'src/model/inner.ts': 'export const inner = 1;\n',
    });
    await writeDeclarations(root, join(root, 'user/node_modules/proviso/dist'));
    await write(
      'user/node_modules/proviso/package.json',
      '{ "name": "proviso", "type": "module", "exports": { ".": { "types": "./dist/index.d.ts" } } }',
    );
    await write('user/good.mts', "import type { Bar } from 'proviso';\nexport const bar: Bar = { baz: 'baz' };\n");
    await write('user/bad.mts', "import type { Bar } from 'proviso';\nexport const bar: Bar = { baz: 'bar' };\n");
    const tsc = [join(here, 'node_modules/typescript/bin/tsc'), '--ignoreConfig', '--noEmit', '--strict'];
    const options = { cwd: join(root, 'user') };
    const names = await readdir(join(root, 'user/node_modules/proviso/dist'), { recursive: true });
    expect(names.filter((name) => name.endsWith('.ts')).sort()).toEqual(
      ['index', 'model/bar', 'model/baz', 'model/load'].map((name) => `${name}.d.ts`),
    );
    for (const module of ['nodenext', 'preserve']) {
      await run(process.execPath, [...tsc, '--module', module, 'good.mts'], options);
      await expect(run(process.execPath, [...tsc, '--module', module, 'bad.mts'], options)).rejects.toMatchObject({
        stdout: expect.stringContaining('Type \'"bar"\' is not assignable to type \'"baz"\''),
      });
    }
  });

  test('may not need the types of a package that is bundled away', async () => {
    await project({ 'src/index.ts': "export type { Document } from 'yaml';\n" });
    await expect(writeDeclarations(root, join(root, 'dist'))).rejects.toThrow(
      "index.d.ts needs the types of 'yaml', which is bundled away",
    );
  });

  test('stop the build where the types are wrong', async () => {
    await project({ 'src/index.ts': 'export const port: number = "22";\n' });
    await expect(writeDeclarations(root, join(root, 'dist'))).rejects.toThrow(/TS2322/);
  });
});
