import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ProvisoError } from '../../src/errors.ts';
import { writeFileWhole } from '../../src/model/output-file.ts';
import type { CollectionEnd } from '../../src/model/snapshot.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import {
  acme,
  ends,
  facts,
  filesOf,
  fixtureProgram,
  group,
  groupFile,
  ledger,
  temporaryFolder,
  writeSnapshot,
} from './snapshot-fixture.ts';

const complete: CollectionEnd = { complete: true, calls: ['ec2:DescribeSecurityGroups'] };
const groups = [acme, 'eu-west-1', 'AWS::EC2::SecurityGroup'] as const;

async function failure(work: Promise<unknown>): Promise<ProvisoError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProvisoError)) throw new Error(`not refused, but: ${String(error)}`);
  expect(error.code).toBe('output');
  expect(error.hint).toBeTruthy();
  return error;
}

test("nothing of the user's is overwritten", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const error = await failure(openSnapshotWriter(folder));
  expect(error.message).toContain('the folder is not empty');
  expect(await filesOf(folder)).toEqual({ 'notes.txt': 'mine' });
});

test('an empty folder is written to', async () => {
  const folder = await temporaryFolder();
  await writeSnapshot(folder);
  expect(await checkSnapshot(folder)).toEqual([]);
});

test('a missing parent folder is named', async () => {
  const folder = join(await temporaryFolder(), 'no', 'snapshot');
  expect((await failure(openSnapshotWriter(folder))).message).toContain('its parent folder does not exist');
});

test('a file in the place of the folder, or above it, is named', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  expect((await failure(openSnapshotWriter(file))).message).toContain('a part of this path is a file');
  expect((await failure(openSnapshotWriter(join(file, 'x')))).message).toContain('a part of this path is a file');
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EIO', 'the disk reports an error'],
  ['EROFS', 'this disk is read-only'],
  ['EACCES', 'this folder cannot be written to'],
  ['EFBIG', 'the file is too big for this disk'],
  ['EBUSY', 'EBUSY'],
])('a disk that says %s ends in one clear error', async (code, message) => {
  const path = join(await temporaryFolder(), 'x.ndjson');
  const failing = (async function* () {
    yield 'the first lines\n';
    throw Object.assign(new Error(code), { code, syscall: 'write' });
  })();
  const error = await failure(writeFileWhole(path, failing));
  expect(error.message).toBe(`cannot write ${path}: ${message}`);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
  await expect(readFile(`${path}.partial`)).rejects.toThrow('ENOENT');
});

test.each([
  ['while a collection is written', 'undefined'],
  ['while sorted files are written', '{ records: 2000, characters: 1e9 }'],
])('a system that really refuses to write %s ends in one clear error, with nothing half-written', async (_, limits) => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const program = await fixtureProgram(`
    const many = Array.from({ length: 5000 }, (_, i) => group('sg-' + i));
    await writeSnapshot(process.argv[2], many, ${limits}).catch((error) => console.log(error.code, error.message));
  `);
  // Files of more than 64 kB are refused by the kernel, as a full disk refuses them.
  const shell = `trap '' XFSZ; ulimit -f 128; exec '${process.execPath}' '${program}' '${folder}'`;
  const { stdout } = await promisify(execFile)('sh', ['-c', shell]);
  expect(stdout).toMatch(/^output cannot write .*: the file is too big for this disk\n$/);
  expect(await filesOf(folder)).toEqual({});
});

test('a folder that vanished is named, and does not come back', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const writer = await openSnapshotWriter(folder);
  writer.add(group('sg-1'));
  await rm(folder, { recursive: true });
  expect((await failure(writer.end(...groups, complete))).message).toContain('the folder is not there');
  await expect(filesOf(folder)).rejects.toThrow('ENOENT');
});

test('a manifest does not name files that are gone', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const writer = await openSnapshotWriter(folder);
  writer.add(group('sg-1'));
  await writer.end(...groups, complete);
  await rename(join(folder, acme), join(folder, 'moved'));
  expect((await failure(writer.finish(facts, ledger))).message).toContain(groupFile);
  await expect(readFile(join(folder, 'manifest.json'))).rejects.toThrow('ENOENT');
});

test('a collection that was not closed is kept and not complete', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const writer = await openSnapshotWriter(folder);
  writer.add(group('sg-1'));
  const manifest = await writer.finish({ ...facts, finished: false }, ledger);
  expect(manifest.finished).toBe(false);
  expect(manifest.collections).toEqual([
    expect.objectContaining({ complete: false, reason: 'not-collected', calls: [], records: 1, file: groupFile }),
  ]);
  expect(await checkSnapshot(folder)).toEqual([]);
});

test('without finish there is no manifest', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  const writer = await openSnapshotWriter(folder);
  writer.add(group('sg-1'));
  await writer.end(...groups, complete);
  expect(Object.keys(await filesOf(folder))).toEqual([groupFile]);
});

const deep = JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`);

test.each([
  ['two records differ under one id', [group('sg-1'), group('sg-1', { VpcId: 'vpc-1' })], 1, 'failed', 'two different'],
  ['a record is nested too deep', [group('sg-1'), group('sg-2', { Deep: deep })], 1, 'limit', 'nested deeper'],
  ['a record is too big', [group('sg-1', { Text: 'x'.repeat(17_000_000) })], 0, 'limit', 'bigger than 16 MB'],
  ['a record has no id', [group('')], 0, 'failed', 'has no id'],
])('a collection is not complete when %s', async (_, records, kept, reason, detail) => {
  for (const given of [records, [...records].reverse()]) {
    const folder = join(await temporaryFolder(), 'snapshot');
    const writer = await openSnapshotWriter(folder);
    for (const record of given) writer.add(record);
    await writer.end(...groups, complete);
    const { collections } = await writer.finish(facts, ledger);
    expect(collections).toMatchObject([{ complete: false, reason, records: kept }]);
    expect(collections[0]?.detail).toContain(detail);
    expect(await checkSnapshot(folder)).toEqual([]);
  }
});

test('a collection is closed once, and takes no record afterwards', async () => {
  const writer = await openSnapshotWriter(join(await temporaryFolder(), 'snapshot'));
  await writer.end(...groups, complete);
  await expect(writer.end(...groups, complete)).rejects.toThrow('was ended before');
  expect(() => writer.add(group('sg-1'))).toThrow('was ended before');
});

test.each(['../../x', '', 'EU', 'eu-west-1/..', 'eu west'])('a region named %j becomes no path', async (region) => {
  const writer = await openSnapshotWriter(join(await temporaryFolder(), 'snapshot'));
  expect(() => writer.add({ ...group('sg-1'), region })).toThrow('no snapshot can hold');
});

test('nothing but the snapshot is left in the folder', async () => {
  const folder = join(await temporaryFolder(), 'snapshot');
  await mkdir(folder);
  await writeSnapshot(folder, [group('sg-1'), group('sg-2'), group('sg-3')], { records: 1, characters: 10 });
  expect(Object.keys(await filesOf(folder))).toEqual([groupFile, 'calls.ndjson', 'manifest.json']);
  expect(ends).toHaveLength(3);
});
