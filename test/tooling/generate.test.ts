import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateIndexes } from '../../.ci/generate.mjs';

let source: string;

beforeEach(async () => {
  source = await mkdtemp(join(tmpdir(), 'proviso-generate-'));
});

afterEach(async () => {
  await rm(source, { recursive: true, force: true });
});

async function add(path: string, text: string): Promise<void> {
  await mkdir(join(source, path, '..'), { recursive: true });
  await writeFile(join(source, path), text);
}

function index(folder: string): string {
  return join(source, folder, 'index.ts');
}

async function load(folder: string): Promise<Record<string, unknown>> {
  const outfile = join(source, `${folder}.mjs`);
  await build({ entryPoints: [index(folder)], outfile, bundle: true, format: 'esm', logLevel: 'silent' });
  return import(pathToFileURL(outfile).href);
}

function operator(name: string): string {
  return `export const operator = { name: '${name}' };\n`;
}

describe('a folder whose files are loaded one by one', () => {
  test('is indexed by file name, in an order that no locale changes', async () => {
    for (const name of ['z', 'a-b', 'B', 'ab']) await add(`reporters/${name}.ts`, `export const it = '${name}';\n`);
    await generateIndexes(source);
    const { reporters } = (await load('reporters')) as { reporters: Record<string, () => Promise<{ it: string }>> };
    expect(Object.keys(reporters)).toEqual(['B', 'a-b', 'ab', 'z']);
    expect((await reporters['a-b']?.())?.it).toBe('a-b');
  });

  test.each([
    ['a private file', '_private.ts'],
    ['the index itself', 'index.ts'],
    ['declarations', 'other.d.ts'],
    ['generated code', 'other.generated.ts'],
    ['data', 'shapes.json'],
    ['a file of a folder within', 'nested/deep.ts'],
  ])('leaves out %s', async (_, name) => {
    await add('reporters/json.ts', '');
    await add(`reporters/${name}`, '{}');
    await generateIndexes(source);
    expect(Object.keys((await load('reporters')).reporters ?? {})).toEqual(['json']);
  });

  test('may be empty or missing', async () => {
    await generateIndexes(source);
    expect((await load('reporters')).reporters).toEqual({});
  });
});

describe('a folder whose files are needed all together', () => {
  test('is loaded into a map by declared name', async () => {
    await add('operators/lte.ts', operator('lte'));
    await add('operators/any-of.ts', operator('anyOf'));
    await add('commands/audit.ts', `export const command = { name: 'audit' };\n`);
    await add('resources/bucket.ts', `export const resourceType = { type: 'AWS::S3::Bucket' };\n`);
    await generateIndexes(source);
    const { loadOperators } = (await load('operators')) as { loadOperators(): Promise<Map<string, unknown>> };
    const { loadResourceTypes } = (await load('resources')) as { loadResourceTypes(): Promise<Map<string, unknown>> };
    const { loadCommands } = (await load('commands')) as { loadCommands(): Promise<Map<string, unknown>> };
    expect([...(await loadOperators()).keys()]).toEqual(['anyOf', 'lte']);
    expect([...(await loadCommands()).keys()]).toEqual(['audit']);
    expect((await loadResourceTypes()).get('AWS::S3::Bucket')).toEqual({ type: 'AWS::S3::Bucket' });
  });

  test('refuses one name in two files and says which', async () => {
    await add('operators/lte.ts', operator('lte'));
    await add('operators/at-most.ts', operator('lte'));
    await generateIndexes(source);
    const { loadOperators } = (await load('operators')) as { loadOperators(): Promise<Map<string, unknown>> };
    await expect(loadOperators()).rejects.toThrow("src/operators: at-most.ts and lte.ts both declare 'lte'");
  });
});

test('a file is written only when its content changes', async () => {
  await add('reporters/json.ts', '');
  await generateIndexes(source);
  const long = new Date(1_000_000_000_000);
  await utimes(index('reporters'), long, long);
  await generateIndexes(source);
  expect((await stat(index('reporters'))).mtimeMs).toBe(long.getTime());
  await add('reporters/terminal.ts', '');
  await generateIndexes(source);
  expect((await stat(index('reporters'))).mtimeMs).not.toBe(long.getTime());
  expect(await readFile(index('reporters'), 'utf8')).toContain("'terminal': () => import('./terminal.ts')");
});
