import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProvisoError } from '../../src/errors.ts';
import type { Resource } from '../../src/model/resource.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshot } from '../../src/model/snapshot-reader.ts';
import {
  acmeSnapshot,
  editManifest,
  group,
  groupFile,
  put,
  rewrite,
  temporaryFolder,
  userFile,
  writeSnapshot,
} from './snapshot-fixture.ts';

async function read(folder: string): Promise<Resource[]> {
  const snapshot = await openSnapshot(folder);
  const found: Resource[] = [];
  for (const collection of snapshot.manifest.collections) {
    for await (const batch of snapshot.records(collection)) found.push(...batch);
  }
  return found;
}

const depth = 1_000_000;
const deepList = '['.repeat(depth) + ']'.repeat(depth);
const deepObject = '{"a":'.repeat(depth) + 1 + '}'.repeat(depth);

test.each([
  ['lists in the manifest', 'manifest.json', deepList],
  ['objects in the manifest', 'manifest.json', deepObject],
  ['lists that never close in the manifest', 'manifest.json', '['.repeat(depth)],
])('a million %s are refused before they are parsed', async (_, file, text) => {
  const folder = await acmeSnapshot();
  await put(folder, file, text);
  await expect(read(folder)).rejects.toThrow('the manifest cannot be read: it is nested deeper than 100 levels');
});

test.each([
  ['lists', deepList],
  ['objects', deepObject],
  ['brackets after a string of closing ones', `["${']'.repeat(1000)}\\"]",${'['.repeat(200)}${']'.repeat(200)}]`],
])('%s that are nested too deep in a record or call are refused', async (_, value) => {
  const folder = await acmeSnapshot();
  await rewrite(folder, groupFile, (text) => text.replace('"IpPermissions":[]', `"IpPermissions":${value}`));
  await expect(read(folder)).rejects.toThrow('nested deeper than 100 levels');
  await rewrite(folder, 'calls.ndjson', (text) => text.replace('"input":{}', `"input":{"a":${value}}`));
  await expect(openSnapshot(folder)).rejects.toThrow('nested deeper than 100 levels');
});

test('brackets in text, and many that are not nested, are no depth', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const nested = JSON.parse(`${'['.repeat(96)}${']'.repeat(96)}`);
  const properties = { Text: '[{'.repeat(5000), Flat: Array.from({ length: 5000 }, () => [{}]), Nested: nested };
  await writeSnapshot(folder, [group('sg-1', properties)]);
  const [record] = await read(folder);
  expect(record?.properties).toMatchObject(properties);
});

test('a gigabyte of zeros in a megabyte of gzip is refused, whatever its lines', async () => {
  for (const unit of ['0', `${'0'.repeat(1023)}\n`]) {
    const folder = await acmeSnapshot();
    await rm(join(folder, groupFile));
    await put(folder, `${groupFile}.gz`, bomb(unit));
    expect((await stat(join(folder, `${groupFile}.gz`))).size).toBeLessThan(5_000_000);
    const before = process.memoryUsage().rss;
    await expect(read(folder)).rejects.toBeInstanceOf(ProvisoError);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  }
});

test('a gzip bomb that the manifest agrees with unpacks no further than its ratio allows', async () => {
  const folder = await acmeSnapshot();
  const line = `{"account":"${' '.repeat(8)}"}\n`;
  await rm(join(folder, 'calls.ndjson'));
  await put(folder, 'calls.ndjson.gz', bomb(line.repeat(64)));
  await editManifest(folder, (manifest) => {
    delete manifest.ledger;
  });
  const mistakes = await checkSnapshot(folder);
  expect(mistakes.length).toBeGreaterThan(0);
  await put(folder, 'calls.ndjson.gz', gzipSync(Buffer.alloc(64 * 1024 * 1024, 32)));
  await expect(openSnapshot(folder)).rejects.toThrow(/longer than 16 MB|far more than its size/);
});

test('a line of more than 16 MB is refused without being held', async () => {
  const folder = await acmeSnapshot();
  const line = Buffer.alloc(40 * 1024 * 1024, 'x');
  await writeFile(join(folder, groupFile), line);
  await expect(read(folder)).rejects.toThrow('the line is longer than 16 MB');
  const [mistake] = await checkSnapshot(folder);
  expect(mistake?.where).toMatchObject({ line: 1 });
});

test('names that every object has are data and pollute nothing', async () => {
  const folder = await acmeSnapshot();
  const hostile = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}';
  await rewrite(folder, groupFile, (text) => text.replace('"IpPermissions":[]', `"IpPermissions":${hostile}`));
  const [record] = await read(folder);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(Object.hasOwn(Object(record?.properties.IpPermissions), '__proto__')).toBe(true);
  const copy = join(await temporaryFolder(), 'copy');
  if (record === undefined) throw new Error('no record');
  await writeSnapshot(copy, [record]);
  expect(await readFile(join(copy, groupFile), 'utf8')).toContain('"__proto__":{"polluted":true}');
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'the key %s is unknown where keys are known',
  async (key) => {
    const folder = await acmeSnapshot();
    await rewrite(folder, groupFile, (text) => text.replace('{"account"', `{"${key}":{},"account"`));
    await expect(read(folder)).rejects.toThrow(`"${key}" is not known in the document`);
  },
);

test('whatever byte is changed, the snapshot is refused or differs in what its digest leaves out', async () => {
  const folder = await acmeSnapshot();
  const original = { records: await read(folder), manifest: (await openSnapshot(folder)).manifest };
  const files = ['manifest.json', 'calls.ndjson', groupFile, userFile];
  const bytes = new Map(await Promise.all(files.map(async (f) => [f, await readFile(join(folder, f))] as const)));
  let refused = 0;
  const flip = fc.record({
    file: fc.constantFrom(...files),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    mask: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(flip, async ({ file, at, mask }) => {
      const whole = bytes.get(file) ?? Buffer.alloc(0);
      const changed = Buffer.from(whole);
      const place = Math.floor(at * whole.length);
      changed[place] = (whole[place] ?? 0) ^ mask;
      await writeFile(join(folder, file), changed);
      try {
        const records = await read(folder);
        expect(file).toBe('manifest.json');
        expect(records).toEqual(original.records);
        const { manifest } = await openSnapshot(folder);
        const { startedAt, finishedAt, tool, caller, $schema } = manifest;
        expect({ ...original.manifest, startedAt, finishedAt, tool, caller, $schema }).toEqual(manifest);
      } catch (error) {
        if (!(error instanceof ProvisoError)) throw error;
        expect(error.code).toBe('snapshot');
        refused += 1;
      } finally {
        await writeFile(join(folder, file), whole);
      }
    }),
  );
  expect(refused).toBeGreaterThan(0);
});

/** About a gigabyte of one text, as the many members that a gzip file may have. */
function bomb(unit: string): Buffer {
  const member = gzipSync(unit.repeat(Math.ceil((8 * 1024 * 1024) / unit.length)), { level: 9 });
  return Buffer.concat(Array.from({ length: 128 }, () => member));
}
