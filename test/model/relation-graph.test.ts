import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../src/model/graph.ts';
import { coverageOf } from '../../src/model/partition.ts';
import { buildGraph, type JoinTarget } from '../../src/model/relation-graph.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ResourceType } from '../../src/model/resource-type.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type Json, unknown } from '../../src/model/value.ts';
import { acmeCatalogue, acmeSnapshot, enabled, type Listed, production, staging } from '../fixtures/acme.ts';

const group = 'AWS::EC2::SecurityGroup';
const instance = 'AWS::EC2::Instance';
let types: ReadonlyMap<string, ResourceType>;

beforeAll(async () => {
  types = (await acmeCatalogue()).types;
});

function typeOf(name: string): ResourceType {
  const type = types.get(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}

function relationOf(type: string, name: string) {
  const relation = typeOf(type).relations?.[name];
  if (relation === undefined) throw new Error(`no relation ${name}`);
  return relation;
}

const targets = (...list: readonly [string, JoinTarget['properties'], readonly string[]][]) =>
  new Map(
    list.map(([name, properties, matches]) => [name, { type: typeOf(name), properties, matches: new Set(matches) }]),
  );

function graphOf(snapshot: Snapshot, account = production, wanted?: readonly string[]): Promise<Graph> {
  const all = targets([group, 'all', ['GroupId', 'GroupName']], [instance, 'all', ['SecurityGroups[].GroupId']]);
  return buildGraph(snapshot, coverageOf(snapshot), account, all, wanted);
}

function judged(type: string, properties: Readonly<Record<string, Json>>, region = 'eu-west-1'): Resource {
  return { type, account: production, region, id: 'x', properties, calls: { '': 'call' } };
}

const groups = (region: string, records: NonNullable<Listed['records']>, more: Partial<Listed> = {}): Listed => ({
  type: group,
  region,
  records,
  ...more,
});
const sg = (GroupId: string, GroupName = 'web') => ({ GroupId, GroupName, Open: true, Description: 'long' });
const ids = (resources: readonly Resource[]) => resources.map(({ id }) => id);

describe('related resources', () => {
  it('are found by their key in the region, each once', async () => {
    const graph = await graphOf(
      acmeSnapshot([groups('eu-west-1', [sg('a'), sg('b')]), groups('us-east-1', [sg('c')])]),
    );
    const holder = judged(instance, {
      SecurityGroups: [{ GroupId: 'b' }, { GroupId: 'a' }, { GroupId: 'b' }],
    });
    const found = graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups'));
    expect(ids(found.resources)).toEqual(['b', 'a']);
    expect(found.incomplete).toBeUndefined();
    const stranger = judged(instance, { SecurityGroups: [{ GroupId: 'c' }] });
    expect(graph.related(stranger, typeOf(instance), relationOf(instance, 'securityGroups')).resources).toEqual([]);
  });

  it('are found in all regions where the relation says so', async () => {
    const graph = await graphOf(acmeSnapshot([groups('us-east-1', [sg('c')]), groups('eu-west-1', [sg('a')])]));
    const found = graph.related(judged(group, { GroupName: 'web' }), typeOf(group), relationOf(group, 'twins'));
    expect(ids(found.resources)).toEqual(['a', 'c']);
    expect(found.incomplete).toBeUndefined();
  });

  it('may lie in a region that is wanted and of which the snapshot has no trace', async () => {
    const snapshot = acmeSnapshot([groups('eu-west-1', [sg('a')])]);
    const everywhere = async (wanted: readonly string[]) => {
      const graph = await graphOf(snapshot, production, wanted);
      const found = graph.related(judged(group, { GroupName: 'web' }), typeOf(group), relationOf(group, 'twins'));
      return [graph.all(group, production, undefined), found];
    };
    for (const { resources, incomplete } of await everywhere(['eu-west-1']))
      expect([ids(resources), incomplete]).toEqual([['a'], undefined]);
    for (const { resources, incomplete } of await everywhere(['eu-west-1', 'ap-south-1']))
      expect([ids(resources), incomplete?.$unknown]).toEqual([['a'], 'not-collected']);
  });

  it('are never those of another account', async () => {
    const graph = await graphOf(
      acmeSnapshot([groups('eu-west-1', [sg('a')], { account: staging }), groups('eu-west-1', [])]),
    );
    const holder = judged(instance, { SecurityGroups: [{ GroupId: 'a' }] });
    expect(graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups')).resources).toEqual([]);
    const stranger = { ...holder, account: staging };
    expect(graph.related(stranger, typeOf(instance), relationOf(instance, 'securityGroups')).incomplete).toMatchObject({
      $unknown: 'not-collected',
    });
  });

  it('have keys of one kind: a number is not its text', async () => {
    const graph = await graphOf(acmeSnapshot([groups('eu-west-1', [sg('1')])]));
    const holder = judged(instance, { SecurityGroups: [{ GroupId: 1 }] });
    expect(graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups')).resources).toEqual([]);
  });

  const denied = unknown('denied', undefined, 'ec2:DescribeSecurityGroups');
  it.each<[string, Json, Listed[], object | undefined]>([
    ['everything was found', [{ GroupId: 'a' }], [groups('eu-west-1', [sg('a')])], undefined],
    [
      'all ids were found in a list cut short',
      [{ GroupId: 'a' }],
      [groups('eu-west-1', [sg('a')], { reason: 'denied' })],
      undefined,
    ],
    [
      'an id was not found in a list cut short',
      [{ GroupId: 'b' }],
      [groups('eu-west-1', [sg('a')], { reason: 'denied' })],
      denied,
    ],
    [
      'an id was not found in a whole list',
      [{ GroupId: 'a' }, { GroupId: 'sg-shared' }],
      [groups('eu-west-1', [sg('a')])],
      {
        $unknown: 'not-collected',
        detail: 'AWS::EC2::SecurityGroup sg-shared is referred to, and the list does not show it',
      },
    ],
    ['an item of the list is null', [{ GroupId: 'a' }, null], [groups('eu-west-1', [sg('a')])], { $unknown: 'type' }],
    ['the reference is not known', { $unknown: 'stale' }, [groups('eu-west-1', [])], { $unknown: 'stale' }],
    [
      'one of the references is not known',
      [{ GroupId: 'a' }, { $unknown: 'stale' }],
      [groups('eu-west-1', [sg('a')])],
      { $unknown: 'stale' },
    ],
    [
      'one of the keys is not known',
      [{ GroupId: { $unknown: 'redacted' } }],
      [groups('eu-west-1', [])],
      { $unknown: 'redacted' },
    ],
    ['the reference is no list', 'a', [groups('eu-west-1', [])], { $unknown: 'type' }],
    ['the key is no name', [{ GroupId: ['a'] }], [groups('eu-west-1', [])], { $unknown: 'type' }],
    ['nothing is referred to', [], [groups('eu-west-1', [], { reason: 'denied' })], undefined],
    ['the reference is absent', null, [groups('eu-west-1', [], { reason: 'denied' })], undefined],
    [
      'the type was never listed',
      [{ GroupId: 'a' }],
      [{ type: instance, region: 'eu-west-1' }],
      { $unknown: 'not-collected' },
    ],
  ])('are known as a whole or not: %s', async (_, reference, lists, expected) => {
    const graph = await graphOf(acmeSnapshot(lists));
    const holder = judged(instance, { SecurityGroups: reference });
    const { incomplete } = graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups'));
    if (expected === undefined) expect(incomplete).toBeUndefined();
    else expect(incomplete).toMatchObject(expected);
  });

  it.each<[string, Listed[], object]>([
    [
      'a list of another region is cut short',
      [groups('eu-west-1', [sg('a')]), groups('us-east-1', [], { reason: 'throttled' })],
      {},
    ],
    [
      'a region was left out',
      [groups('eu-west-1', [sg('a')])],
      { regions: [enabled('eu-west-1'), { ...enabled('us-east-1'), selected: false }] },
    ],
    ['regions were not discovered', [groups('eu-west-1', [sg('a')])], { regionsIncomplete: { reason: 'denied' } }],
  ])('of a whole account are not known as a whole when %s', async (_, lists, facts) => {
    const graph = await graphOf(acmeSnapshot(lists, facts));
    const holder = judged(group, { GroupName: 'web' });
    expect(graph.related(holder, typeOf(group), relationOf(group, 'twins')).incomplete).toBeDefined();
    expect(graph.all(group, production, undefined).incomplete).toBeDefined();
    expect(graph.all(group, production, 'eu-west-1').incomplete).toBeUndefined();
  });

  it('are none where nothing is referred to, whatever could not be listed', async () => {
    const graph = await graphOf(acmeSnapshot([groups('eu-west-1', [], { reason: 'denied' })]));
    const nameless = judged(group, {});
    expect(graph.related(nameless, typeOf(group), relationOf(group, 'twins'))).toEqual({
      resources: [],
      incomplete: undefined,
    });
  });

  it('may be any, as long as the key of one target is not known', async () => {
    const hidden = { InstanceId: 'i-1', SecurityGroups: { $unknown: 'denied' as const } };
    const graph = await graphOf(acmeSnapshot([{ type: instance, region: 'eu-west-1', records: [hidden] }]));
    const found = graph.related(judged(group, { GroupId: 'a' }), typeOf(group), relationOf(group, 'instances'));
    expect(found).toEqual({ resources: [], incomplete: { $unknown: 'denied' } });
  });
});

describe('what lies in a region that a resource names', () => {
  const region = (name: Json) => ({ ...judged('AWS::Account::Region', { RegionName: name }, 'global') });
  const here = { to: group, from: 'RegionName', match: '@region' };
  const type = { ...({} as ResourceType), type: 'AWS::Account::Region', always: ['RegionName'] };
  const lying = async (snapshot: Snapshot, name: Json) => (await graphOf(snapshot)).related(region(name), type, here);

  it('is all of that region, and nothing else', async () => {
    const snapshot = acmeSnapshot([groups('us-east-1', [sg('c')]), groups('eu-west-1', [sg('a'), sg('b')])]);
    const found = await lying(snapshot, 'eu-west-1');
    expect([ids(found.resources), found.incomplete]).toEqual([['a', 'b'], undefined]);
  });

  it('is not known where nobody looked, or the list was cut, whatever is known of other regions', async () => {
    const cut = { complete: false, reason: 'denied' as const };
    const snapshot = acmeSnapshot([groups('eu-west-1', [sg('a')]), groups('us-east-1', [sg('c')], cut)]);
    expect((await lying(snapshot, 'eu-west-1')).incomplete).toBeUndefined();
    expect((await lying(snapshot, 'us-east-1')).incomplete).toMatchObject({ $unknown: 'denied' });
    expect((await lying(snapshot, 'ap-south-1')).incomplete).toMatchObject({ $unknown: 'not-collected' });
    expect((await lying(snapshot, unknown('failed'))).incomplete).toMatchObject({ $unknown: 'failed' });
  });
});

describe('what is kept of a target', () => {
  it('are the properties that rules read, whole, and where they came from', async () => {
    const snapshot = acmeSnapshot([groups('eu-west-1', [sg('a')])]);
    const kept = targets([group, new Set(['Open', 'Missing']), ['GroupId']]);
    const graph = await buildGraph(snapshot, coverageOf(snapshot), production, kept);
    expect(graph.all(group, production, undefined).resources).toEqual([
      {
        type: group,
        account: production,
        region: 'eu-west-1',
        id: 'a',
        name: 'web',
        properties: { Open: true },
        calls: { '': 'ec2:DescribeSecurityGroups' },
      },
    ]);
    const holder = judged(instance, { SecurityGroups: [{ GroupId: 'a' }] });
    expect(ids(graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups')).resources)).toEqual([
      'a',
    ]);
  });
});

it('a look-up finds exactly what comparing every pair finds', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor');
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name), fc.array(name), async (present, wanted) => {
      const graph = await graphOf(
        acmeSnapshot([
          groups(
            'eu-west-1',
            present.map((id) => sg(id)),
          ),
        ]),
      );
      const holder = judged(instance, { SecurityGroups: wanted.map((GroupId) => ({ GroupId })) });
      const found = graph.related(holder, typeOf(instance), relationOf(instance, 'securityGroups'));
      expect(ids(found.resources).sort()).toEqual(present.filter((id) => wanted.includes(id)).sort());
    }),
  );
});
