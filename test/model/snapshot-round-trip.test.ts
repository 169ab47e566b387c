import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshot } from '../../src/model/snapshot-reader.ts';
import { canonicalJson } from '../../src/model/value.ts';
import { openRecorded } from '../../src/sources/recorded.ts';
import {
  acmeSnapshot,
  ends,
  facts,
  filesOf,
  fixtureProgram,
  group,
  groupFile,
  ledger,
  records,
  temporaryFolder,
  userFile,
  writeSnapshot,
} from './snapshot-fixture.ts';

async function recordsOf(snapshot: Snapshot): Promise<Resource[]> {
  const found: Resource[] = [];
  for (const collection of snapshot.manifest.collections) {
    for await (const batch of snapshot.records(collection)) found.push(...batch);
  }
  return found;
}

test('what was written is read back, sorted by place, type and id', async () => {
  const snapshot = await openRecorded(await acmeSnapshot());
  const ids = ['sg-1', 'sg-10', 'sg-2', 'mallory'];
  expect(await recordsOf(snapshot)).toEqual(ids.map((id) => records.find((record) => record.id === id)));
  expect([...snapshot.ledger.values()].map(canonicalJson).sort()).toEqual(ledger.map(canonicalJson).sort());
  expect(snapshot.manifest).toMatchObject({ ...facts, regions: [...facts.regions].reverse() });
  expect(snapshot.manifest.collections.map(({ type, complete, records }) => [type, complete, records])).toEqual([
    ['AWS::EC2::SecurityGroup', true, 3],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', false, 0],
    ['AWS::IAM::User', true, 1],
  ]);
});

test('a snapshot in memory has the records, order and digest of the one on disk', async () => {
  const disk = await openSnapshot(await acmeSnapshot());
  const memory = memorySnapshot(facts, ledger, records, ends);
  expect(await recordsOf(memory)).toEqual(await recordsOf(disk));
  expect(memory.manifest.contentDigest).toBe(disk.manifest.contentDigest);
  expect(memory.manifest.ledger).toEqual(disk.manifest.ledger);
  expect([...memory.ledger]).toEqual([...disk.ledger]);
});

test('a written snapshot is sound', async () => {
  expect(await checkSnapshot(await acmeSnapshot())).toEqual([]);
});

test('records, calls and manifest are lines that other tools read', async () => {
  const files = await filesOf(await acmeSnapshot());
  expect(Object.keys(files)).toEqual([groupFile, userFile, 'calls.ndjson', 'manifest.json']);
  const [first = ''] = files[groupFile]?.split('\n') ?? [];
  expect(first).toBe(canonicalJson(group('sg-1')));
  expect(files['manifest.json']).toMatch(/^\{\n {2}"\$schema": /);
});

test.each([
  ['in another order', [...records].reverse(), undefined],
  ['with each record given twice', [...records, ...records], undefined],
  ['through sorted files of one record', records, { records: 1, characters: 1e9 }],
  ['through sorted files of few characters', [...records, ...records], { records: 1e9, characters: 300 }],
])('the bytes are the same in another folder %s', async (_, given, limits) => {
  const folder = join(await temporaryFolder(), 'an other');
  await writeSnapshot(folder, given, limits);
  expect(await filesOf(folder)).toEqual(await filesOf(await acmeSnapshot()));
});

test('the bytes are the same in another time zone and locale', async () => {
  const here = await acmeSnapshot();
  const there = join(await temporaryFolder(), 'there');
  const program = await fixtureProgram('await writeSnapshot(process.argv[2]);');
  const env = { ...process.env, TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  await promisify(execFile)(process.execPath, [program, there], { env });
  expect(await filesOf(there)).toEqual(await filesOf(here));
});

test('compressed files are read as what they hold', async () => {
  const folder = await acmeSnapshot();
  for (const file of [groupFile, userFile, 'calls.ndjson']) {
    await writeFile(join(folder, `${file}.gz`), gzipSync(await readFile(join(folder, file))));
    await rm(join(folder, file));
  }
  expect(await checkSnapshot(folder)).toEqual([]);
  expect(await recordsOf(await openSnapshot(folder))).toHaveLength(4);
});

test('times, caller and endpoint leave the content digest alone, what was found does not', () => {
  const digest = (more: object, given = records) =>
    memorySnapshot({ ...facts, ...more }, ledger, given, ends).manifest.contentDigest;
  const same = digest({});
  expect(digest({ startedAt: '2020-01-01T00:00:00Z', finishedAt: '2020-01-01T00:00:00Z' })).toBe(same);
  expect(digest({ caller: undefined, endpoint: 'http://127.0.0.1:5000' })).toBe(same);
  expect(digest({ finished: false })).not.toBe(same);
  expect(digest({ partition: 'aws-cn' })).not.toBe(same);
  expect(digest({ regionsIncomplete: { reason: 'denied' } })).not.toBe(same);
  expect(digest({}, records.slice(1))).not.toBe(same);
});

test('a reader that stops early closes its file', async () => {
  const snapshot = await openSnapshot(await acmeSnapshot());
  const [first] = snapshot.manifest.collections;
  if (first === undefined) throw new Error('no collection');
  const seen: string[] = [];
  for await (const batch of snapshot.records(first)) {
    seen.push(...batch.slice(0, 1).map(({ id }) => id));
    break;
  }
  expect(seen).toEqual(['sg-1']);
});

test('thousands of records in a few sorted files come out in order', async () => {
  const given = Array.from({ length: 20_000 }, (_, i) => group(`sg-${(i * 7919) % 20_011}`));
  const folder = join(await temporaryFolder(), 'big');
  await writeSnapshot(folder, given, { records: 1_900, characters: 1e9 });
  expect(await checkSnapshot(folder)).toEqual([]);
  const [first] = (await openSnapshot(folder)).manifest.collections;
  expect(first?.records).toBe(20_000);
});
