import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundle } from '../../.ci/build.mjs';
import {
  isPermissive,
  judgePackages,
  listPackages,
  writeBillOfMaterials,
  writeNotices,
} from '../../.ci/bundled-packages.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'proviso-bundle-'));
  await write('LICENSE', 'the text of Apache-2.0\n');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function install(
  folder: string,
  name: string,
  license: string,
  code = 'export function it() { return [1]; }',
): Promise<void> {
  await write(`${folder}/package.json`, JSON.stringify({ name, version: '1.2.3', license, main: 'index.js' }));
  await write(`${folder}/index.js`, code);
}

async function list(code: string): Promise<Awaited<ReturnType<typeof listPackages>>> {
  await write('src/main.ts', code);
  return listPackages(root, await bundle(root, ['src/main.ts'], join(root, 'dist')));
}

test.each([
  ['MIT', true],
  ['Apache-2.0', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND ISC', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['Python-2.0', false],
  ['UNLICENSED', false],
  ['none', false],
  ['', false],
])('the licence %j counts as permissive: %j', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});

describe('the packages of a bundle', () => {
  test('are those of which something is really inside', async () => {
    await install('node_modules/used', 'used', 'MIT');
    await install('node_modules/@acme/scoped', '@acme/scoped', 'MIT');
    await install('node_modules/used/node_modules/nested', 'nested', 'ISC');
    await write(
      'node_modules/used/index.js',
      "import { it as n } from 'nested'; export function it() { return [n(), 1]; }",
    );
    await install('node_modules/unused', 'unused', 'MIT');
    await install('node_modules/shaken', 'shaken', 'MIT');
    const packages = await list(`
      import { it } from 'used';
      import { it as scoped } from '@acme/scoped';
      import { it as never } from 'shaken';
      export const all = [it(), scoped()];`);
    expect(packages.map(({ name, license }) => `${name} ${license}`)).toEqual([
      '@acme/scoped MIT',
      'nested ISC',
      'used MIT',
    ]);
  });

  test('carry the texts of their licences and notices', async () => {
    await install('node_modules/used', 'used', 'MIT');
    await write('node_modules/used/LICENCE.md', 'MIT, Acme\r\n');
    await write('node_modules/used/NOTICE', 'made by Acme\n');
    const packages = await list("export { it } from 'used';");
    expect(packages[0]?.texts).toEqual(['MIT, Acme', 'made by Acme']);
  });

  test('without a text have the one that is the same for all, where there is one', async () => {
    await install('node_modules/a', 'a', 'Apache-2.0');
    await install('node_modules/m', 'm', 'MIT');
    const packages = await list("export { it as a } from 'a'; export { it as m } from 'm';");
    expect(packages.map(({ texts }) => texts)).toEqual([['the text of Apache-2.0'], []]);
  });
});

describe('shipping them', () => {
  const good = { name: 'good', version: '1.2.3', license: 'MIT', texts: ['text'] };

  test.each([
    ['a licence that asks for more', { ...good, license: 'GPL-3.0-only' }, /'GPL-3.0-only', which is not on the list/],
    ['a licence without its text', { ...good, texts: [] }, /without the text of its licence/],
    ['a library for no reason', { ...good, name: 'other' }, /other is bundled for no stated reason/],
  ])('is refused for %s', (_, bad, message) => {
    expect(judgePackages([good, bad], { good: 'a reason' })).toEqual([expect.stringMatching(message)]);
  });

  test('is refused for a thirteenth library, not counting the AWS SDK', () => {
    const names = Array.from({ length: 13 }, (_, i) => `library-${i}`);
    const reasons = Object.fromEntries(names.map((name) => [name, 'a reason']));
    const packages = [...names, '@aws-sdk/core', '@smithy/core'].map((name) => ({ ...good, name }));
    expect(judgePackages(packages.slice(1), reasons)).toEqual([]);
    expect(judgePackages(packages, reasons)).toEqual(['13 libraries are bundled besides the AWS SDK; 12 are the most']);
  });
});

test('notices give each text once, after the packages it covers', () => {
  const packages = ['a', 'b', 'c'].map((name) => ({
    name,
    version: '1.0.0',
    license: 'MIT',
    texts: [name === 'b' ? 'text two' : 'text one'],
  }));
  const notices = writeNotices(packages);
  expect(notices).toMatch(/a 1\.0\.0 \(MIT\)\nc 1\.0\.0 \(MIT\)\n\ntext one\n\n-+\n\nb 1\.0\.0 \(MIT\)\n\ntext two\n$/);
});

test('the bill of materials names version, licence and package URL of each', () => {
  const own = { name: 'proviso', version: '0.1.0', license: 'Apache-2.0' };
  const packages = [
    { name: '@aws-sdk/core', version: '3.0.1', license: 'Apache-2.0', texts: [] },
    { name: 'dual', version: '2.0.0', license: 'MIT OR ISC', texts: [] },
  ];
  const bill = JSON.parse(writeBillOfMaterials(own, packages));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  expect(bill.metadata.component).toMatchObject({ type: 'application', purl: 'pkg:npm/proviso@0.1.0' });
  expect(bill.components).toEqual([
    {
      type: 'library',
      'bom-ref': 'pkg:npm/%40aws-sdk/core@3.0.1',
      name: '@aws-sdk/core',
      version: '3.0.1',
      licenses: [{ license: { id: 'Apache-2.0' } }],
      purl: 'pkg:npm/%40aws-sdk/core@3.0.1',
    },
    {
      type: 'library',
      'bom-ref': 'pkg:npm/dual@2.0.0',
      name: 'dual',
      version: '2.0.0',
      licenses: [{ expression: 'MIT OR ISC' }],
      purl: 'pkg:npm/dual@2.0.0',
    },
  ]);
});
