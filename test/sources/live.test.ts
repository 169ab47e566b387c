import { expect, test } from 'vitest';
import type { RegionPlan } from '../../src/aws/discover-regions.ts';
import type { ResourceType } from '../../src/model/resource-type.ts';
import { type Json, unknown } from '../../src/model/value.ts';
import { collectLive, type LiveEvent, type LiveOptions, withParents } from '../../src/sources/live.ts';
import { collected } from './collected.ts';
import { type Script, scriptedAws } from './scripted-aws.ts';

const account = '111122223333';
const region = 'eu-west-1';

const group: ResourceType = {
  type: 'AWS::EC2::SecurityGroup',
  noun: 'security group',
  reach: 'region',
  id: 'GroupId',
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}',
  name: 'GroupName',
  always: ['GroupId', 'Lists'],
  listing: {
    call: { service: 'ec2', operation: 'DescribeSecurityGroups' },
    items: 'SecurityGroups[]',
    keep: (item) => {
      if (item === 'broken') throw new Error('it is text');
      return item;
    },
  },
  groups: {
    PrefixLists: {
      call: { service: 'ec2', operation: 'GetManagedPrefixListEntries', input: { Id: { from: '@each' } } },
      forEach: ['Lists[].PrefixListId', 'More[].PrefixListId'],
      value: 'Entries[]',
    },
    Policy: {
      call: { service: 'ec2', operation: 'GetPolicy', input: { Id: { from: 'GroupId' } }, absent: ['NoSuchPolicy'] },
      value: 'Policy',
      keep: (value) => {
        if (value === 'bad') throw new Error('the policy is not readable');
        return value === 'marked' ? unknown('failed', 'it is not JSON') : value;
      },
    },
    Report: {
      call: { service: 'ec2', operation: 'GetReport' },
      value: '',
      shared: {
        before: { call: { service: 'ec2', operation: 'MakeReport' }, until: { path: 'State', equals: 'COMPLETE' } },
        find: (value, { GroupId: id }) => (typeof id === 'string' ? (value as { [id: string]: Json })[id] : undefined),
      },
    },
  },
};

const vault: ResourceType = {
  type: 'AWS::Backup::BackupVault',
  noun: 'backup vault',
  reach: 'region',
  id: 'Name',
  always: ['Name'],
  listing: { call: { service: 'backup', operation: 'ListBackupVaults' }, items: 'Vaults[]' },
};

const point: ResourceType = {
  type: 'AWS::Backup::RecoveryPoint',
  noun: 'recovery point',
  reach: 'region',
  id: 'Arn',
  always: ['Arn'],
  listing: {
    call: { service: 'backup', operation: 'ListPoints', input: { Vault: { from: 'Name' } } },
    items: 'Points[]',
    parent: 'AWS::Backup::BackupVault',
    inherit: { VaultArn: 'VaultArn', Account: '@account' },
  },
};

const bucket: ResourceType = {
  type: 'AWS::S3::Bucket',
  noun: 'S3 bucket',
  reach: 'region',
  id: 'Name',
  always: ['Name'],
  listing: {
    call: { service: 's3', operation: 'ListBuckets' },
    items: 'Buckets[]',
    region: {
      property: 'BucketRegion',
      otherwise: {
        call: { service: 's3', operation: 'GetBucketLocation', input: { Bucket: { from: 'Name' } } },
        value: 'LocationConstraint',
        keep: (value) => (typeof value === 'string' ? value : 'us-east-1'),
      },
    },
  },
  groups: {
    Policy: {
      call: { service: 's3', operation: 'GetBucketPolicy', input: { Bucket: { from: 'Name' } } },
      value: 'Policy',
    },
  },
};

const setting: ResourceType = {
  type: 'AWS::S3::AccountPublicAccessBlock',
  noun: 'setting',
  reach: 'global',
  id: 'AccountId',
  always: ['AccountId'],
  listing: {
    call: { service: 's3-control', operation: 'GetPublicAccessBlock', absent: ['NoSuchSetting'] },
    items: '',
    inherit: { AccountId: '@account' },
    keep: (answer) => {
      if (answer === 'broken') throw new Error('the answer lacks it');
      return answer;
    },
  },
};

function regionsOf(...names: string[]): RegionPlan {
  const regions = names.map((name) => ({ account, region: name, status: 'enabled' as const, selected: true }));
  return { regions, incomplete: undefined, notices: [] };
}

const off = { account, region: 'af-south-1', status: 'disabled' as const, selected: true };

async function collect(
  types: readonly ResourceType[],
  scripts: Readonly<Record<string, Script>>,
  options: Partial<LiveOptions> = {},
) {
  const { aws, asked } = scriptedAws(scripts);
  const kept = collected();
  const events: LiveEvent[] = [];
  const writer = { ...kept.writer, finish: () => Promise.reject(new Error('the writer is not to be finished here')) };
  const facts = await collectLive({
    aws,
    account,
    types,
    regions: regionsOf(region),
    wanted: () => [],
    writer,
    progress: (event) => events.push(event),
    ...options,
  });
  return { ...kept, facts, asked, events };
}

const at = (type: ResourceType, place = region) => `${place}/${type.type}`;
const sg = (id: string, more: { [name: string]: Json } = {}) => ({
  GroupId: id,
  GroupName: `name of ${id}`,
  Lists: [],
  ...more,
});
const made: Script = { value: { State: 'COMPLETE' } };
const report = { [`${region}/ec2:MakeReport`]: made, [`${region}/ec2:GetReport`]: { value: { 'sg-1': { ok: true } } } };

const listGroups = `${region}/ec2:DescribeSecurityGroups`;

test('a resource carries its place, its names, its properties and the call that gave them', async () => {
  const { records, ends, facts } = await collect([group], { [listGroups]: { pages: [[sg('sg-1')], [sg('sg-2')]] } });
  expect([...records.keys()]).toEqual([`${at(group)}/sg-1`, `${at(group)}/sg-2`]);
  expect(records.get(`${at(group)}/sg-1`)).toEqual({
    type: group.type,
    account,
    region,
    id: 'sg-1',
    arn: `arn:aws:ec2:${region}:${account}:security-group/sg-1`,
    name: 'name of sg-1',
    properties: sg('sg-1'),
    calls: { '': 'ec2:DescribeSecurityGroups' },
  });
  expect(ends.get(at(group))).toEqual({ complete: true, calls: ['ec2:DescribeSecurityGroups'] });
  expect(facts).toEqual({
    source: 'live',
    partition: 'aws',
    accounts: [{ id: account }],
    regions: regionsOf(region).regions,
    finished: true,
  });
});

test('every type gets one end in every enabled and selected region, and types without regions one in all', async () => {
  const regions: RegionPlan = {
    regions: [
      { account, region: 'eu-west-1', status: 'enabled', selected: true },
      { account, region: 'us-east-1', status: 'enabled', selected: true },
      { account, region: 'us-west-2', status: 'enabled', selected: false },
      { account, region: 'af-south-1', status: 'disabled', selected: true },
    ],
    incomplete: { reason: 'denied', detail: 'nobody may know' },
    notices: [],
  };
  const { ends, facts, events } = await collect([group, bucket, setting], {}, { regions });
  expect([...ends.keys()].sort()).toEqual([
    'eu-west-1/AWS::EC2::SecurityGroup',
    'eu-west-1/AWS::S3::Bucket',
    'global/AWS::S3::AccountPublicAccessBlock',
    'us-east-1/AWS::EC2::SecurityGroup',
    'us-east-1/AWS::S3::Bucket',
  ]);
  expect(facts.regions).toBe(regions.regions);
  expect(facts.regionsIncomplete).toEqual({ reason: 'denied', detail: 'nobody may know' });
  expect(events).toHaveLength(5);
});

test.each([
  [
    { outcome: 'denied', error: 'UnauthorizedOperation' },
    'denied',
    'ec2:DescribeSecurityGroups was denied (UnauthorizedOperation)',
  ],
  [{ outcome: 'throttled', error: 'Slow' }, 'throttled', 'ec2:DescribeSecurityGroups was throttled to the end (Slow)'],
  [{ outcome: 'failed' }, 'failed', 'ec2:DescribeSecurityGroups failed'],
  [
    { outcome: 'partial', error: 'RepeatedToken' },
    'failed',
    'the list of ec2:DescribeSecurityGroups was cut short (RepeatedToken)',
  ],
] as const)(
  'a listing that ended as %o is not complete, and what came before stands',
  async (script, reason, detail) => {
    const { records, ends } = await collect([group], { [listGroups]: { ...script, pages: [[sg('sg-1')]] } });
    expect([...records.keys()]).toEqual([`${at(group)}/sg-1`]);
    expect(ends.get(at(group))).toEqual({ complete: false, reason, detail, calls: ['ec2:DescribeSecurityGroups'] });
  },
);

test.each([
  ['cannot be read', 'broken', 'one security group cannot be read: it is text'],
  ['has no id', { GroupName: 'nameless' }, 'one security group has no GroupId'],
  ['has an empty id', { GroupId: '' }, 'one security group has no GroupId'],
  ['is not an object', 7, 'one security group cannot be read: it is not an object'],
  ['is nothing', null, 'one security group cannot be read: it is not an object'],
])('an item that %s makes the collection incomplete', async (_, item, detail) => {
  const { records, ends } = await collect([group], { [listGroups]: { pages: [[sg('sg-1'), item, sg('sg-2')]] } });
  expect(records.size).toBe(2);
  expect(ends.get(at(group))).toMatchObject({ complete: false, reason: 'failed', detail });
});

test('only the groups that are wanted of a resource are asked for', async () => {
  const { records, asked } = await collect(
    [group],
    {
      [listGroups]: { pages: [[sg('sg-1'), sg('sg-2')]] },
      [`${region}/ec2:GetPolicy {"Id":"sg-2"}`]: { value: 'open' },
    },
    { wanted: (_, { id }) => (id === 'sg-2' ? ['Policy'] : []) },
  );
  expect(asked).toEqual([listGroups, `${region}/ec2:GetPolicy {"Id":"sg-2"}`]);
  expect(records.get(`${at(group)}/sg-1`)?.calls).toEqual({ '': 'ec2:DescribeSecurityGroups' });
  expect(records.get(`${at(group)}/sg-2`)).toMatchObject({
    properties: { Policy: 'open' },
    calls: { Policy: 'ec2:GetPolicy {"Id":"sg-2"}' },
  });
});

test('what one call answered decides what is asked next, and nothing is asked twice', async () => {
  const rounds: (readonly string[])[] = [];
  const { records, asked } = await collect(
    [group],
    {
      [listGroups]: { pages: [[sg('sg-1')]] },
      [`${region}/ec2:GetPolicy {"Id":"sg-1"}`]: { value: 'open' },
      ...report,
    },
    {
      wanted: (_, { properties }) => {
        rounds.push(Object.keys(properties));
        return properties.Policy === 'open' ? ['Policy', 'Report'] : ['Policy'];
      },
    },
  );
  expect(rounds.map((names) => names.filter((name) => name === 'Policy' || name === 'Report'))).toEqual([
    [],
    ['Policy'],
    ['Policy', 'Report'],
  ]);
  expect(asked.filter((key) => key.includes('GetPolicy'))).toHaveLength(1);
  expect(records.get(`${at(group)}/sg-1`)?.properties).toMatchObject({ Policy: 'open', Report: { ok: true } });
});

const policyCall = 'ec2:GetPolicy {"Id":"sg-1"}';

test.each<[string, Script, object]>([
  ['is denied', { outcome: 'denied' }, { reason: 'denied', detail: 'ec2:GetPolicy was denied', call: policyCall }],
  [
    'is cut short',
    { outcome: 'partial' },
    { reason: 'failed', detail: 'the list of ec2:GetPolicy was cut short', call: policyCall },
  ],
  ['cannot be read', { value: 'bad' }, { reason: 'failed', detail: 'the policy is not readable', call: policyCall }],
  ['lacks the value', {}, { reason: 'failed', detail: 'the answer lacks Policy', call: policyCall }],
])('a further call that %s leaves a gap in its group alone', async (_, script, gap) => {
  const { records, ends } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1')]] }, [`${region}/${policyCall}`]: script },
    { wanted: () => ['Policy', 'PrefixLists'] },
  );
  const record = records.get(`${at(group)}/sg-1`);
  expect(record?.gaps).toEqual({ Policy: gap });
  expect(record?.calls).not.toHaveProperty('Policy');
  expect(record?.properties).not.toHaveProperty('Policy');
  expect(ends.get(at(group))?.complete).toBe(true);
});

test('an answer that says "nothing configured" proves absence', async () => {
  const { records } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1')]] }, [`${region}/${policyCall}`]: { absent: 'NoSuchPolicy' } },
    { wanted: () => ['Policy'] },
  );
  const record = records.get(`${at(group)}/sg-1`);
  expect(record?.calls?.Policy).toBe(policyCall);
  expect(record?.properties).toEqual(sg('sg-1'));
  expect(record).not.toHaveProperty('gaps');
});

test('a value that cannot be understood keeps the call that gave it', async () => {
  const { records } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1')]] }, [`${region}/${policyCall}`]: { value: 'marked' } },
    { wanted: () => ['Policy'] },
  );
  expect(records.get(`${at(group)}/sg-1`)?.properties.Policy).toEqual(unknown('failed', 'it is not JSON', policyCall));
});

const entriesCall = (id: string) => `ec2:GetManagedPrefixListEntries {"Id":"${id}"}`;

test('a call for each distinct value gives a list, in which one that failed is marked', async () => {
  const lists = { Lists: [{ PrefixListId: 'pl-2' }, { PrefixListId: 'pl-1' }], More: [{ PrefixListId: 'pl-2' }] };
  const { records, asked } = await collect(
    [group],
    {
      [listGroups]: { pages: [[sg('sg-1', lists)]] },
      [`${region}/${entriesCall('pl-1')}`]: { outcome: 'denied' },
      [`${region}/${entriesCall('pl-2')}`]: { pages: [[{ Cidr: '198.51.100.0/24' }], [{ Cidr: '203.0.113.0/24' }]] },
    },
    { wanted: () => ['PrefixLists'] },
  );
  expect(asked.slice(1).sort()).toEqual([`${region}/${entriesCall('pl-1')}`, `${region}/${entriesCall('pl-2')}`]);
  const record = records.get(`${at(group)}/sg-1`);
  expect(record?.properties.PrefixLists).toEqual([
    {
      PrefixListId: 'pl-1',
      Entries: unknown('denied', 'ec2:GetManagedPrefixListEntries was denied', entriesCall('pl-1')),
    },
    { PrefixListId: 'pl-2', Entries: [{ Cidr: '198.51.100.0/24' }, { Cidr: '203.0.113.0/24' }] },
  ]);
  expect(record?.calls?.PrefixLists).toBe(entriesCall('pl-2'));
  expect(record).not.toHaveProperty('gaps');
});

test('a value that many resources refer to is asked for once, so that all of them tell the same', async () => {
  const lists = { Lists: [{ PrefixListId: 'pl-1' }] };
  const { records, asked } = await collect(
    [group],
    {
      [listGroups]: { pages: [[sg('sg-1', lists), sg('sg-2', lists)], [sg('sg-3', lists)]] },
      [`${region}/${entriesCall('pl-1')}`]: { pages: [[{ Cidr: '198.51.100.0/24' }]] },
    },
    { wanted: () => ['PrefixLists'] },
  );
  expect(asked).toEqual([listGroups, `${region}/${entriesCall('pl-1')}`]);
  expect([...records.values()].map(({ properties }) => properties.PrefixLists)).toEqual(
    Array.from({ length: 3 }, () => [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '198.51.100.0/24' }] }]),
  );
});

test('where no value calls for it, nothing is asked and the list is known to be empty', async () => {
  const { records, asked } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1')]] } },
    { wanted: () => ['PrefixLists'] },
  );
  expect(asked).toEqual([listGroups]);
  expect(records.get(`${at(group)}/sg-1`)?.properties.PrefixLists).toEqual([]);
});

test('where the values themselves are missing from the answer, the group is a gap', async () => {
  const { records } = await collect(
    [group],
    { [listGroups]: { pages: [[{ GroupId: 'sg-1' }]] } },
    { wanted: () => ['PrefixLists'] },
  );
  const record = records.get(`${at(group)}/sg-1`);
  expect(record?.gaps?.PrefixLists).toMatchObject({ reason: 'failed', call: 'ec2:DescribeSecurityGroups' });
  expect(record?.properties).not.toHaveProperty('PrefixLists');
});

test('a shared call is made once, after what it needs, and each resource gets its own part', async () => {
  const { records, asked } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1'), sg('sg-2')], [sg('sg-3')]] }, ...report },
    { wanted: () => ['Report'] },
  );
  expect(asked).toEqual([listGroups, `${region}/ec2:MakeReport`, `${region}/ec2:GetReport`]);
  expect(records.get(`${at(group)}/sg-1`)).toMatchObject({
    properties: { Report: { ok: true } },
    calls: { Report: 'ec2:GetReport' },
  });
  expect(records.get(`${at(group)}/sg-2`)?.gaps).toEqual({
    Report: {
      reason: 'not-collected',
      detail: 'ec2:GetReport tells nothing of this security group',
      call: 'ec2:GetReport',
    },
  });
});

test.each<[string, Record<string, Script>, string]>([
  ['the preparation is denied', { [`${region}/ec2:MakeReport`]: { outcome: 'denied' } }, 'ec2:MakeReport was denied'],
  [
    'the preparation does not end',
    { [`${region}/ec2:MakeReport`]: { value: { State: 'STARTED' } } },
    'ec2:MakeReport failed (NotReady)',
  ],
  [
    'the report is denied',
    { [`${region}/ec2:MakeReport`]: made, [`${region}/ec2:GetReport`]: { outcome: 'denied' } },
    'ec2:GetReport was denied',
  ],
])('when %s, every resource has a gap', async (_, scripts, detail) => {
  const { records } = await collect(
    [group],
    { [listGroups]: { pages: [[sg('sg-1'), sg('sg-2')]] }, ...scripts },
    { wanted: () => ['Report'] },
  );
  for (const record of records.values()) expect(record.gaps?.Report).toMatchObject({ detail });
});

test('a shared call that nothing wants is not made', async () => {
  const { asked } = await collect([group], { [listGroups]: { pages: [[sg('sg-1')]] }, ...report });
  expect(asked).toEqual([listGroups]);
});

const listVaults = `${region}/backup:ListBackupVaults`;
const listPoints = (name: string) => `${region}/backup:ListPoints {"Vault":"${name}"}`;
const vaults = [
  { Name: 'a', VaultArn: 'arn:a', Big: 'x' },
  { Name: 'b', VaultArn: 'arn:b' },
];

test('a type is listed once for each of its parents, whose members it inherits', async () => {
  const { records, ends, asked } = await collect([point, vault], {
    [listVaults]: { pages: [vaults] },
    [listPoints('a')]: { pages: [[{ Arn: 'p1' }], [{ Arn: 'p2' }]] },
    [listPoints('b')]: { pages: [[{ Arn: 'p3' }]] },
  });
  expect(asked).toEqual([listVaults, listPoints('a'), listPoints('b')]);
  expect(records.get(`${at(point)}/p3`)).toMatchObject({
    properties: { Arn: 'p3', VaultArn: 'arn:b', Account: account },
    calls: { '': 'backup:ListPoints {"Vault":"b"}' },
  });
  expect(ends.get(at(point))).toEqual({
    complete: true,
    calls: ['backup:ListBackupVaults', 'backup:ListPoints {"Vault":"a"}', 'backup:ListPoints {"Vault":"b"}'],
  });
});

test('without a parent there is nothing to list, and the parents are the proof of it', async () => {
  const { ends } = await collect([point, vault], {});
  expect(ends.get(at(point))).toEqual({ complete: true, calls: ['backup:ListBackupVaults'] });
});

test('an incomplete list of parents makes the list of their children incomplete', async () => {
  const { records, ends } = await collect([point, vault], {
    [listVaults]: { pages: [[vaults[0] ?? null]], outcome: 'partial', error: 'Throttled' },
    [listPoints('a')]: { pages: [[{ Arn: 'p1' }]] },
  });
  expect(records.has(`${at(point)}/p1`)).toBe(true);
  expect(ends.get(at(point))).toMatchObject({
    complete: false,
    reason: 'failed',
    detail: 'not every backup vault is known: the list of backup:ListBackupVaults was cut short (Throttled)',
  });
});

test('one list of children that fails makes the collection incomplete, and the others stand', async () => {
  const { records, ends } = await collect([point, vault], {
    [listVaults]: { pages: [vaults] },
    [listPoints('a')]: { outcome: 'denied', error: 'AccessDenied' },
    [listPoints('b')]: { pages: [[{ Arn: 'p3' }]] },
  });
  expect(records.has(`${at(point)}/p3`)).toBe(true);
  expect(ends.get(at(vault))?.complete).toBe(true);
  expect(ends.get(at(point))).toMatchObject({
    complete: false,
    reason: 'denied',
    detail: 'backup:ListPoints was denied (AccessDenied)',
  });
});

test('a parent that lacks what its children are asked by is not passed over', async () => {
  const nameless: ResourceType = { ...vault, id: 'VaultArn' };
  const { ends } = await collect([point, nameless], { [listVaults]: { pages: [[{ VaultArn: 'arn:a' }]] } });
  expect(ends.get(at(point))).toMatchObject({ complete: false, reason: 'failed' });
});

test('the same flaws are told alike, in whatever order they come', async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
  const [first, second] = await Promise.all(
    [{ before: slow }, {}].map(async (delay) => {
      const { ends } = await collect([point, vault], {
        [listVaults]: { pages: [vaults] },
        [listPoints('a')]: { outcome: 'throttled', ...delay },
        [listPoints('b')]: { outcome: 'denied' },
      });
      return ends.get(at(point));
    }),
  );
  expect(first).toEqual(second);
  expect(first).toMatchObject({
    reason: 'throttled',
    detail: 'backup:ListPoints was throttled to the end (and 1 more)',
  });
});

test('a collection without the parents of its types is refused', async () => {
  await expect(collect([point], {})).rejects.toThrow(
    'AWS::Backup::RecoveryPoint is listed by AWS::Backup::BackupVault',
  );
  const known = new Map([group, vault, point].map((type) => [type.type, type]));
  expect(withParents([point], known)).toEqual([vault, point]);
  expect(withParents([group], known)).toEqual([group]);
});

const listBuckets = 'global/s3:ListBuckets';

test('what an account-wide list shows belongs to its own region, and further calls go there', async () => {
  const { records, ends, asked, events } = await collect(
    [bucket],
    {
      [listBuckets]: {
        pages: [
          [
            { Name: 'here', BucketRegion: 'eu-west-1' },
            { Name: 'there', BucketRegion: 'us-east-1' },
            { Name: 'elsewhere', BucketRegion: 'us-west-2' },
          ],
        ],
      },
      'us-east-1/s3:GetBucketPolicy {"Bucket":"there"}': { value: 'open' },
    },
    { regions: regionsOf('eu-west-1', 'us-east-1'), wanted: (_, { id }) => (id === 'there' ? ['Policy'] : []) },
  );
  expect([...records.keys()]).toEqual(['eu-west-1/AWS::S3::Bucket/here', 'us-east-1/AWS::S3::Bucket/there']);
  expect(asked).toEqual([listBuckets, 'us-east-1/s3:GetBucketPolicy {"Bucket":"there"}']);
  for (const place of ['eu-west-1', 'us-east-1']) {
    expect(ends.get(at(bucket, place))).toEqual({ complete: true, calls: ['s3:ListBuckets'] });
  }
  expect(events).toContainEqual({ kind: 'left-out', region: 'us-west-2', type: 'AWS::S3::Bucket', records: 1 });
});

test.each<[string, LiveOptions['regions']['regions'], string | undefined]>([
  ['switched off', [...regionsOf('eu-west-1').regions, off], 'af-south-1'],
  ['not listed', regionsOf('eu-west-1').regions, 'af-south-1'],
  ['left out by the user', [...regionsOf('eu-west-1').regions, { ...off, selected: false }], undefined],
  [
    'not listed, while others are left out by the user',
    [...regionsOf('eu-west-1').regions, { ...off, region: 'us-east-1', selected: false }],
    undefined,
  ],
])('what lies in a region that is %s', async (_, regions, incomplete) => {
  const { ends } = await collect(
    [bucket],
    { [listBuckets]: { pages: [[{ Name: 'leftover', BucketRegion: 'af-south-1' }]] } },
    { regions: { ...regionsOf('eu-west-1'), regions } },
  );
  expect(ends.get(at(bucket, 'eu-west-1'))?.complete).toBe(true);
  expect(ends.get(at(bucket, 'af-south-1'))).toEqual(
    incomplete && {
      complete: false,
      reason: 'not-collected',
      detail: '1 S3 bucket lies in af-south-1, which is not enabled for the account',
      calls: ['s3:ListBuckets'],
    },
  );
});

test('what lies in a region that could not be listed needs no further word', async () => {
  const { ends } = await collect(
    [bucket],
    { [listBuckets]: { pages: [[{ Name: 'there', BucketRegion: 'us-west-2' }]] } },
    { regions: { ...regionsOf('eu-west-1'), incomplete: { reason: 'denied', detail: 'the regions are not known' } } },
  );
  expect([...ends.keys()]).toEqual([at(bucket, 'eu-west-1')]);
});

test.each(['EU', '../elsewhere', 'x'])(
  'a region called %j is none, so that the collection is incomplete',
  async (name) => {
    const { ends } = await collect([bucket], { [listBuckets]: { pages: [[{ Name: 'odd', BucketRegion: name }]] } });
    expect(ends.get(at(bucket, 'eu-west-1'))).toMatchObject({ complete: false, reason: 'failed' });
  },
);

test('a region that the list leaves out is asked for', async () => {
  const { records } = await collect([bucket], {
    [listBuckets]: { pages: [[{ Name: 'old' }]] },
    'global/s3:GetBucketLocation {"Bucket":"old"}': { value: 'eu-west-1' },
  });
  expect(records.get('eu-west-1/AWS::S3::Bucket/old')?.properties).toEqual({ Name: 'old', BucketRegion: 'eu-west-1' });
});

test('a region that nobody tells makes the collection incomplete in every region', async () => {
  const { ends } = await collect(
    [bucket],
    {
      [listBuckets]: { pages: [[{ Name: 'lost' }, { Name: 'here', BucketRegion: 'eu-west-1' }]] },
      'global/s3:GetBucketLocation {"Bucket":"lost"}': { outcome: 'denied' },
    },
    { regions: regionsOf('eu-west-1', 'us-east-1') },
  );
  for (const place of ['eu-west-1', 'us-east-1']) {
    expect(ends.get(at(bucket, place))).toEqual({
      complete: false,
      reason: 'denied',
      detail: 'not every S3 bucket is known: the region of one S3 bucket is not known: s3:GetBucketLocation was denied',
      calls: ['s3:GetBucketLocation {"Bucket":"lost"}', 's3:ListBuckets'],
    });
  }
});

test.each<[string, Script, object | undefined, boolean]>([
  ['a setting that is answered', { value: { On: true } }, { On: true, AccountId: account }, true],
  ['a setting that was never made', { absent: 'NoSuchSetting' }, { AccountId: account }, true],
  ['a setting that cannot be read', { value: 'broken' }, undefined, false],
  ['a setting that is not answered', {}, undefined, false],
  ['a setting that is denied', { outcome: 'denied' }, undefined, false],
])('%s', async (_, script, properties, complete) => {
  const { records, ends } = await collect([setting], { 'global/s3-control:GetPublicAccessBlock': script });
  expect(records.get(`${at(setting, 'global')}/${account}`)?.properties).toEqual(properties);
  expect(ends.get(at(setting, 'global'))?.complete).toBe(complete);
});

test('a run that is stopped ends every collection, keeps what it has, and says so', async () => {
  const stop = new AbortController();
  const { records, ends, facts } = await collect(
    [group, vault, point, bucket],
    {
      [listGroups]: { pages: [[sg('sg-1')], [sg('sg-2')]] },
      [listVaults]: { pages: [vaults], before: () => new Promise((resolve) => setTimeout(resolve, 5)) },
      [listBuckets]: { before: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    },
    {
      signal: stop.signal,
      wanted: (_, { id }) => {
        if (id === 'sg-1') stop.abort();
        return [];
      },
    },
  );
  expect([...records.keys()]).toEqual([`${at(group)}/sg-1`]);
  expect([...ends.keys()].sort()).toEqual([at(point), at(vault), at(group), at(bucket)].sort());
  for (const end of ends.values()) expect(end).toMatchObject({ complete: false, reason: 'not-collected' });
  expect(facts.finished).toBe(false);
});

test('a run that was stopped before it began asks nothing', async () => {
  const { ends, asked, facts } = await collect([group, bucket, vault, point], {}, { signal: AbortSignal.abort() });
  expect(asked).toEqual([]);
  expect(ends.size).toBe(4);
  for (const end of ends.values()) expect(end).toMatchObject({ complete: false, reason: 'not-collected' });
  expect(facts.finished).toBe(false);
});

test('a writer that cannot write ends the run with its own error', async () => {
  const full = new Error('the disk is full');
  const { writer } = collected();
  const failing = {
    ...writer,
    add: () => {
      throw full;
    },
    finish: () => Promise.reject(full),
  };
  await expect(
    collect([group, vault, point], { [listGroups]: { pages: [[sg('sg-1')]] } }, { writer: failing }),
  ).rejects.toBe(full);
});

test('no more than one page is held while a list is read', async () => {
  const pages = Array.from({ length: 50 }, (_, page) =>
    Array.from({ length: 20 }, (_, item) => sg(`sg-${page}-${item}`)),
  );
  const { aws } = scriptedAws({ [listGroups]: { pages } });
  let open = 0;
  let most = 0;
  const ask = aws.ask;
  const counting = {
    ...aws,
    ask: async (...question: Parameters<typeof ask>) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return await ask(...question);
    },
  };
  const { records } = await collect([group], {}, { aws: counting, wanted: () => ['Policy'] });
  expect(records.size).toBe(1000);
  expect(most).toBe(20);
});
