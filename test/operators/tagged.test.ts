import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { operator } from '../../src/operators/tagged.ts';
import { bucket, bucketType, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

const { tags: _tags, ...untagged } = bucketType;
const at = (tags: Json | undefined) => ({ resource: bucket({ Tags: tags }), path: '' });
const bastion = at([
  { Key: 'Name', Value: 'acme' },
  { Key: 'Role', Value: 'bastion' },
]);
const half = at([{ Key: 'Role', Value: 'bastion' }, denied]);

describeOperator(operator, {
  rows: [
    [{ key: 'Role' }, {}, 'TRUE', bastion],
    [{ key: 'role' }, {}, 'FALSE', bastion],
    [{ key: 'Role', value: 'bastion' }, {}, 'TRUE', bastion],
    [{ key: 'Role', value: 'Bastion' }, {}, 'FALSE', bastion],
    [{ key: 'Role', value: 'bast*' }, {}, 'TRUE', bastion],
    [{ key: 'Role', value: ['nat', 'bastion'] }, {}, 'TRUE', bastion],
    [{ key: 'Role', value: [] }, {}, 'FALSE', bastion],
    [{ key: 'Owner' }, {}, 'FALSE', bastion],
    [{ key: 'Owner' }, {}, 'FALSE', at(undefined)],
    [{ key: 'Owner' }, {}, 'FALSE', at([])],
    [{ key: 'Role' }, {}, 'TRUE', at({ Role: 'bastion' })],
    [{ key: 'Role' }, {}, 'TRUE', half],
    [{ key: 'Owner' }, {}, 'UNKNOWN', half],
    [{ key: 'Owner' }, {}, 'UNKNOWN', at(denied)],
    [{ key: 'Role' }, {}, 'UNKNOWN', at([{ Key: 'Role', Value: denied }])],
    [{ key: 'Role' }, {}, 'UNKNOWN', at([{ Key: 'Role', Value: 5 }])],
    [{ key: 'Role' }, {}, 'UNKNOWN', at('Role')],
  ],
  words: [
    [{ key: 'Owner' }, 'has the tag Owner', 'does not have the tag Owner'],
    [
      { key: 'Role', value: ['nat', 'bastion'] },
      'has the tag Role with a value like "nat" or "bastion"',
      'does not have the tag Role with a value like "nat" or "bastion"',
    ],
    [
      { key: { param: 'ownerTag' } },
      "has the tag named by the policy's ownerTag",
      "does not have the tag named by the policy's ownerTag",
    ],
  ],
  refused: [
    [{ value: 'a' }, "expected a tag's key", { path: '', at: ['key'] }],
    [{ key: 5 }, 'write "5" in quotes', { path: '', at: ['key'] }],
    [{ key: 'Role', values: 'a' }, "'values' is none of key, value", { path: '', at: ['values'] }],
    [{ key: 'Role' }, 'not to a part of it', { path: 'Rules[]' }],
    ['Role', 'found a string', { path: '' }],
    [{ key: 'Role' }, 'has no tags', { path: '', type: untagged }],
  ],
});

describe('what tagged observes', () => {
  const observe = (tags: Json | undefined, answer: 0 | 1 | 2) => {
    const prepared = operator.prepare({ key: 'Role', value: 'nat' }, placeOf('any', ''));
    return prepared.explain?.({}, bucket({ Tags: tags }), runAt(now), '', answer);
  };
  const expected = 'has the tag Role with a value like "nat"';

  test.each<[string, Json | undefined, 0 | 1, Json | undefined]>([
    ['another value', [{ Key: 'Role', Value: 'web' }], 0, 'web'],
    ['the lack of the tag', [], 0, undefined],
    ['why the tags are not known', denied, 1, denied],
    [
      'a value that is no text',
      [{ Key: 'Role', Value: 5 }],
      1,
      { $unknown: 'type', detail: 'the value of a tag is not text' },
    ],
  ])('%s', (_name, tags, answer, observed) => {
    expect(observe(tags, answer)).toEqual([{ path: 'tag.Role', observed, expected }]);
  });
});
