import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valuesAt } from '../../src/model/relate.ts';
import { keysReader } from '../../src/model/relation-keys.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Json } from '../../src/model/value.ts';
import { groupType } from '../operators/security-group.ts';

const path = 'IpPermissions[].UserIdGroupPairs[].GroupId';

function holder(properties: Resource['properties']): Resource {
  return {
    type: groupType.type,
    account: '111122223333',
    region: 'eu-west-1',
    id: 'x',
    properties,
    calls: { '': 'c' },
  };
}

/** What the keys are when they are read value by value. */
function plainly(resource: Resource) {
  const { values, unknown: gap } = valuesAt(resource, groupType, path);
  const keys = values.filter((value) => typeof value !== 'object');
  return {
    keys: [...new Set(keys.map((key) => (typeof key === 'string' ? key : `\u0000${key}`)))],
    isWhole: gap === undefined && keys.length === values.length,
  };
}

it('finds the same keys at a glance as value by value', () => {
  const name = fc.constantFrom('sg-0a1', 'sg-0b1', 'sg-0c1');
  const odd = fc.constantFrom<Json>(null, 7, [], {}, 'text', { $unknown: 'denied' });
  const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<T | Json> =>
    fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: odd, weight: 1 });
  const of = (member: string, value: fc.Arbitrary<Json>) =>
    mostly(fc.record({ [member]: value }, { requiredKeys: [] })) as fc.Arbitrary<Json>;
  const list = (item: fc.Arbitrary<Json>, maxLength: number) =>
    mostly(fc.array(item, { maxLength })) as fc.Arbitrary<Json>;
  const many = fc.array(
    fc.nat({ max: 30 }).map((n) => `sg-${n}`),
    { maxLength: 40 },
  );
  const pairs = fc.oneof(
    list(of('GroupId', mostly(name) as fc.Arbitrary<Json>), 4),
    many.map((names) => names.map((GroupId) => ({ GroupId }))),
  );
  const permissions = list(of('UserIdGroupPairs', pairs), 3);
  fc.assert(
    fc.property(permissions, (IpPermissions) => {
      const resource = holder({ IpPermissions });
      const { keys, gap } = keysReader(groupType, path)(resource);
      expect({ keys, isWhole: gap === undefined }).toEqual(plainly(resource));
    }),
    { numRuns: 1000 },
  );
});
