import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ProvisoError } from '../../src/errors.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshot } from '../../src/model/snapshot-reader.ts';
import { canonicalJson } from '../../src/model/value.ts';
import {
  acme,
  acmeSnapshot,
  edit,
  editManifest,
  group,
  groupFile,
  type Loose,
  put,
  rewrite,
  temporaryFolder,
  userFile,
} from './snapshot-fixture.ts';

/** The first mistake that stops someone who reads all of a snapshot, and whether the validator reports the same. */
async function refusal(folder: string): Promise<ProvisoError> {
  const reported = await checkSnapshot(folder);
  const thrown = await readAll(folder).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ProvisoError)) throw new Error(`not refused, but: ${String(thrown)}`);
  expect(thrown.code).toBe('snapshot');
  expect(thrown.hint).toBeTruthy();
  expect(reported.map(({ message }) => message)).toContain(thrown.message);
  return thrown;
}

async function readAll(folder: string): Promise<void> {
  const snapshot = await openSnapshot(folder);
  for (const collection of snapshot.manifest.collections) {
    for await (const _ of snapshot.records(collection));
  }
}

const inManifest =
  (change: (manifest: Loose) => void) =>
  (folder: string): Promise<void> =>
    editManifest(folder, change);

const collection =
  (change: Loose, at = 0) =>
  (folder: string): Promise<void> =>
    editManifest(folder, (manifest) => Object.assign(manifest.collections[at], change));

const lines =
  (file: string, change: (text: string) => string) =>
  (folder: string): Promise<void> =>
    rewrite(folder, file, change);

/** Changes the first security group's record. */
const record = (change: (record: Loose) => void) =>
  lines(groupFile, (text) => {
    const [first = '', ...rest] = text.split('\n');
    const value = JSON.parse(first);
    change(value);
    return [JSON.stringify(value), ...rest].join('\n');
  });

const firstCall = (change: (call: Loose) => void) =>
  lines('calls.ndjson', (text) => {
    const [first = '', ...rest] = text.split('\n');
    const value = JSON.parse(first);
    change(value);
    return [JSON.stringify(value), ...rest].join('\n');
  });

type Row = [name: string, breakIt: (folder: string) => Promise<unknown>, message: string, at?: string];

const rows: Row[] = [
  ['no manifest', (f) => rm(join(f, 'manifest.json')), 'is not a whole snapshot: it has no manifest.json'],
  ['no folder', (f) => rm(f, { recursive: true }), 'cannot read the folder'],
  ['no calls', (f) => rm(join(f, 'calls.ndjson')), 'calls.ndjson is missing'],
  ['a missing file of records', (f) => rm(join(f, groupFile)), 'AWS-EC2-SecurityGroup.ndjson is missing'],
  [
    'a manifest that is no JSON',
    (f) => edit(f, 'manifest.json', (t) => t.replace(': "aws"', ': aws')),
    'the manifest cannot be read: it is not JSON',
    'manifest.json:',
  ],
  [
    'a manifest with a byte order mark',
    (f) => edit(f, 'manifest.json', (t) => `\ufeff${t}`),
    'byte order mark',
    'manifest.json:1',
  ],
  ['a manifest in UTF-16', async (f) => put(f, 'manifest.json', Buffer.from(`\ufeff{}`, 'utf16le')), 'it is UTF-16'],
  ['an empty manifest', (f) => put(f, 'manifest.json', ''), 'the manifest cannot be read: it is empty'],
  [
    'a manifest that is a list',
    (f) => put(f, 'manifest.json', '[]'),
    'this snapshot names no format; this version of Proviso reads proviso-snapshot/1',
  ],
  [
    'another format version',
    inManifest((m) => {
      m.format = 'proviso-snapshot/2';
    }),
    'has the format "proviso-snapshot/2"; this version of Proviso reads proviso-snapshot/1',
  ],
  [
    'an unknown key',
    inManifest((m) => {
      m.acounts = [];
    }),
    `"acounts" is not known in the document`,
  ],
  [
    'a key that is missing',
    inManifest((m) => {
      delete m.partition;
    }),
    `'partition' is missing from the document`,
  ],
  ['an unknown reason', collection({ reason: 'denid' }, 1), 'collections[1].reason must be one of denied, throttled'],
  [
    'an account that is no account',
    inManifest((m) => {
      m.accounts[0].id = '12345';
    }),
    `accounts[0].id is "12345", which does not have the form: An AWS account's twelve digits`,
  ],
  ['a negative number of records', collection({ records: -1 }), 'collections[0].records must be at least 0, but is -1'],
  [
    'a time that is none',
    inManifest((m) => {
      m.startedAt = '2026-13-01T00:00:00Z';
    }),
    'startedAt is "2026-13-01T00:00:00Z", which does not have the form: ISO 8601, UTC',
  ],
  [
    'a changed fact',
    (f) => edit(f, 'manifest.json', (t) => t.replace('"finished": true', '"finished": false')),
    'the content digest is not that of this manifest',
  ],
  [
    'an account twice',
    inManifest((m) => {
      m.accounts.push(m.accounts[0]);
    }),
    'an account stands in the manifest twice',
  ],
  [
    'a region twice',
    inManifest((m) => {
      m.regions.push(m.regions[0]);
    }),
    'a region of an account stands in the manifest twice',
  ],
  [
    'a collection twice',
    inManifest((m) => {
      m.collections.push(m.collections[0]);
    }),
    `the collection ${acme}/eu-west-1/AWS::EC2::SecurityGroup stands in the manifest twice`,
  ],
  [
    'an account that is not listed',
    inManifest((m) => {
      m.accounts[0].id = '444455556666';
    }),
    'is of an account that the manifest does not list',
  ],
  ['a complete collection with a reason', collection({ reason: 'denied' }), 'is called complete, but gives a reason'],
  [
    'an incomplete collection without one',
    collection({ reason: undefined }, 1),
    'is not complete, but gives no reason',
  ],
  ['records without a file', collection({ file: undefined, sha256: undefined }), 'has records, but names no file'],
  ['a file without records', collection({ records: 0 }), 'has no records, but names a file'],
  ['a file without a checksum', collection({ sha256: undefined }), 'must name both a file and its SHA-256'],
  ['too few records', collection({ records: 4 }), 'holds 3 lines, but the manifest promises 4'],
  ['too many records', collection({ records: 2 }), 'holds more than 2 lines, but the manifest promises 2'],
  ['another checksum', collection({ sha256: 'a'.repeat(64) }), 'does not have the SHA-256 that the manifest gives'],
  [
    'a changed record',
    (f) => edit(f, groupFile, (t) => t.replace('203.0.113.0', '203.0.113.1')),
    'does not have the SHA-256',
  ],
  [
    'a changed call',
    (f) => edit(f, 'calls.ndjson', (t) => t.replace('"items":2', '"items":3')),
    'calls.ndjson does not have the SHA-256',
  ],
  ['a file that goes up', collection({ file: '../secret.ndjson' }), 'which leads out of the snapshot'],
  ['a file that goes up later', collection({ file: `${acme}/../../x.ndjson` }), 'which leads out of the snapshot'],
  ['an absolute file', collection({ file: '/etc/passwd' }), 'which is not relative to the snapshot'],
  ['a file on a drive', collection({ file: 'C:/x.ndjson' }), 'which is not relative to the snapshot'],
  ['a file with backslashes', collection({ file: '..\\x.ndjson' }), 'which has a backslash in it'],
  ['a file with NUL', collection({ file: 'x\0.ndjson' }), 'which has a NUL character in it'],
  ['a file with an empty part', collection({ file: `${acme}//x.ndjson` }), 'which has an empty part'],
  ['a file that is a folder', collection({ file: acme }), 'is not a regular file'],
  ['a link that leads out', (f) => linkOut(f, groupFile), 'is a link that leads out of the snapshot'],
  ['a folder that is a link out', linkFolderOut, 'is a link that leads out of the snapshot'],
  ['a pipe', (f) => replaceByPipe(f, groupFile), 'is not a regular file'],
  ['a manifest that is a pipe', (f) => replaceByPipe(f, 'manifest.json'), 'is not a regular file'],
  [
    'a record of another account',
    record((r) => {
      r.account = '444455556666';
    }),
    `the record's account is 444455556666, but its collection's is ${acme}`,
    `${groupFile}:1`,
  ],
  [
    'a record of another region',
    record((r) => {
      r.region = 'eu-west-2';
    }),
    `the record's region is eu-west-2`,
    `${groupFile}:1`,
  ],
  [
    'a record of another type',
    record((r) => {
      r.type = 'AWS::EC2::Instance';
    }),
    `the record's type is AWS::EC2::Instance`,
    `${groupFile}:1`,
  ],
  [
    'a record without id',
    record((r) => {
      delete r.id;
    }),
    `'id' is missing from the document`,
    `${groupFile}:1`,
  ],
  [
    'a record with an empty id',
    record((r) => {
      r.id = '';
    }),
    'id must not be empty',
    `${groupFile}:1`,
  ],
  [
    'a record with an unknown key',
    record((r) => {
      r.gap = {};
    }),
    '"gap" is not known in the document',
    `${groupFile}:1`,
  ],
  [
    'a record without calls',
    record((r) => {
      delete r.calls;
    }),
    `'calls' is missing from the document`,
    `${groupFile}:1`,
  ],
  [
    'properties that are a list',
    record((r) => {
      r.properties = [];
    }),
    'properties must be a mapping, but is a list',
    `${groupFile}:1`,
  ],
  [
    'an id twice',
    record((r) => {
      r.id = 'sg-10';
    }),
    'the id "sg-10" stands here twice',
    `${groupFile}:2`,
  ],
  [
    'records out of order',
    lines(groupFile, (t) => `${t.trimEnd().split('\n').reverse().join('\n')}\n`),
    'the id "sg-10" is not in its order',
    `${groupFile}:2`,
  ],
  [
    'a call that no one made',
    record((r) => {
      r.calls[''] = 'ec2:DescribeInstances';
    }),
    'the call ec2:DescribeInstances is cited, but calls.ndjson has none',
    `${groupFile}:1`,
  ],
  [
    'a call made elsewhere',
    lines('calls.ndjson', (t) => t.replaceAll('eu-west-1', 'eu-west-2')),
    'cites the call ec2:DescribeSecurityGroups, but calls.ndjson has none',
  ],
  [
    'a record that claims a denied call',
    record((r) => {
      r.calls.Extra = 'elastic-load-balancing-v2:DescribeLoadBalancers';
    }),
    'the property group Extra cites elastic-load-balancing-v2:DescribeLoadBalancers, which ended as throttled',
    `${groupFile}:1`,
  ],
  [
    'a gap with a call that no one made',
    record((r) => {
      r.gaps = { Extra: { reason: 'denied', call: 'ec2:GetExtra' } };
    }),
    'the call ec2:GetExtra is cited',
    `${groupFile}:1`,
  ],
  [
    'a gap without a reason',
    record((r) => {
      r.gaps = { Extra: {} };
    }),
    `'reason' is missing from gaps.Extra`,
    `${groupFile}:1`,
  ],
  [
    'a gap of unknown reason',
    record((r) => {
      r.gaps = { Extra: { reason: 'because' } };
    }),
    'gaps.Extra.reason must be one of denied',
    `${groupFile}:1`,
  ],
  [
    'a group that is both',
    record((r) => {
      r.gaps = { '': { reason: 'denied' } };
    }),
    'the record is both collected and a gap',
    `${groupFile}:1`,
  ],
  [
    'a marker of unknown reason',
    record((r) => {
      r.properties.A = [{ B: { $unknown: 'dunno' } }];
    }),
    '$unknown must be one of denied, throttled',
    `${groupFile}:1`,
  ],
  [
    'a marker whose word is escaped',
    lines(groupFile, (t) => t.replace('"IpPermissions":[]', '"IpPermissions":{"\\u0024unknown":"dunno"}')),
    '$unknown must be one of denied, throttled',
    `${groupFile}:1`,
  ],
  [
    'a marker with a call that no one made',
    record((r) => {
      r.properties.A = { $unknown: 'denied', call: 'ec2:GetA' };
    }),
    'the call ec2:GetA is cited',
    `${groupFile}:1`,
  ],
  [
    'a line that is no JSON',
    lines(groupFile, (t) => t.replace('\n', '\n{"account":\n')),
    'this line cannot be read: it is not JSON',
    `${groupFile}:2`,
  ],
  [
    'a line that is empty',
    lines(groupFile, (t) => t.replace('\n', '\n\n')),
    'this line cannot be read: it is empty',
    `${groupFile}:2`,
  ],
  [
    'a line that is a number',
    lines(groupFile, (t) => t.replace('\n', '\n7\n')),
    'the document must be a mapping, but is 7',
    `${groupFile}:2`,
  ],
  ['records with a byte order mark', lines(groupFile, (t) => `\ufeff${t}`), 'byte order mark', `${groupFile}:1`],
  ['bytes that are not UTF-8', breakUtf8, 'this line cannot be read: it is not UTF-8', `${groupFile}:2`],
  [
    'a file that was cut off',
    lines(groupFile, (t) => t.slice(0, -5)),
    'the line has no end: the file was cut off',
    `${groupFile}:3`,
  ],
  [
    'compressed bytes under a plain name',
    compressInPlace,
    'it is compressed with gzip: its name must end in .gz',
    `${groupFile}:1`,
  ],
  ['a compressed file that is cut off', cutCompressed, 'is not a whole gzip file'],
  [
    'a compressed file that is none',
    async (f) => {
      await rename(join(f, groupFile), join(f, `${groupFile}.gz`));
    },
    'is not a whole gzip file',
  ],
  ['a call twice', lines('calls.ndjson', (t) => t + t), 'stands here twice', 'calls.ndjson:5'],
  [
    'a key of another operation',
    firstCall((c) => {
      c.operation = 'DescribeVpcs';
    }),
    'the key ec2:DescribeSecurityGroups is not that of a call of ec2:DescribeVpcs with this input',
    'calls.ndjson:1',
  ],
  [
    'a key of another input',
    firstCall((c) => {
      c.input = { GroupIds: ['sg-1'] };
    }),
    'the key ec2:DescribeSecurityGroups is not that of a call of ec2:DescribeSecurityGroups with this input',
    'calls.ndjson:1',
  ],
  [
    'an outcome that does not exist',
    firstCall((c) => {
      c.outcome = 'fine';
    }),
    'outcome must be one of complete, partial',
    'calls.ndjson:1',
  ],
  [
    'a complete call with an error',
    firstCall((c) => {
      c.error = { name: 'X', message: 'y' };
    }),
    'a complete call cannot have an error',
    'calls.ndjson:1',
  ],
  [
    'a denied call that says absent',
    firstCall((c) => {
      c.outcome = 'denied';
      c.absent = 'NoSuchX';
    }),
    "a call that ended as denied cannot say 'absent'",
    'calls.ndjson:1',
  ],
  [
    'a whole listing whose call was cut short',
    firstCall((c) => {
      c.outcome = 'partial';
    }),
    'is called complete, but its call ec2:DescribeSecurityGroups ended as partial',
  ],
];

test.each(rows)('%s is refused', async (_, breakIt, message, at) => {
  const folder = await acmeSnapshot();
  await breakIt(folder);
  const error = await refusal(folder);
  expect(error.message).toContain(message);
  if (at !== undefined) expect(`${error.where?.file}:${error.where?.line}`).toContain(at);
});

test('every kind of broken snapshot has its own message', () => {
  const shared = new Set(['is not a regular file', 'which leads out of the snapshot']);
  const own = rows.map(([, , message]) => message).filter((message) => !shared.has(message));
  expect(new Set(own).size).toBeGreaterThan(60);
});

test('the records of a list that was cut short are read when its collection says so', async () => {
  const folder = await acmeSnapshot();
  const cutShort = firstCall((c) => {
    c.outcome = 'partial';
  });
  await cutShort(folder);
  await collection({ complete: false, reason: 'throttled' })(folder);
  expect(await checkSnapshot(folder)).toEqual([]);
});

test('the validator goes on after a mistake and stops at fifty', async () => {
  const folder = await acmeSnapshot();
  const bad = Array.from({ length: 120 }, (_, i) => canonicalJson({ ...group(`sg-${1000 + i}`), region: 'x-y' }));
  await rewrite(folder, groupFile, () => `${bad.join('\n')}\n`);
  const mistakes = await checkSnapshot(folder);
  expect(mistakes).toHaveLength(50);
  expect(mistakes.map(({ where }) => where?.line)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});

test('the validator reports the mistakes of several files in one go', async () => {
  const folder = await acmeSnapshot();
  const withoutId = record((r) => {
    delete r.id;
  });
  await withoutId(folder);
  await rm(join(folder, userFile));
  const messages = (await checkSnapshot(folder)).map(({ message }) => message);
  expect(messages).toHaveLength(2);
  expect(messages[0]).toContain("'id' is missing");
  expect(messages[1]).toContain('AWS-IAM-User.ndjson is missing');
});

async function linkOut(folder: string, file: string): Promise<void> {
  const outside = join(await temporaryFolder(), 'outside');
  await rename(join(folder, file), outside);
  await symlink(outside, join(folder, file));
}

async function linkFolderOut(folder: string): Promise<void> {
  const outside = join(await temporaryFolder(), 'outside');
  await rename(join(folder, acme), outside);
  await symlink(outside, join(folder, acme));
}

async function replaceByPipe(folder: string, file: string): Promise<void> {
  await rm(join(folder, file));
  execFileSync('mkfifo', [join(folder, file)]);
}

async function breakUtf8(folder: string): Promise<void> {
  const bytes = await readFile(join(folder, groupFile));
  bytes[bytes.indexOf('web sg-10')] = 0xff;
  await writeFile(join(folder, groupFile), bytes);
}

async function compressInPlace(folder: string): Promise<void> {
  const bytes = await readFile(join(folder, groupFile));
  await writeFile(join(folder, groupFile), Buffer.concat([gzipSync(bytes), Buffer.from('\n')]));
}

async function cutCompressed(folder: string): Promise<void> {
  const bytes = gzipSync(await readFile(join(folder, groupFile)));
  await rm(join(folder, groupFile));
  await mkdir(join(folder, acme), { recursive: true });
  await writeFile(join(folder, `${groupFile}.gz`), bytes.subarray(0, -12));
}
