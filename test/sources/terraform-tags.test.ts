import { describe, expect, test } from 'vitest';
import { plannedTags } from '../../src/model/declared-tags.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { settleTags } from '../../src/sources/_terraform-tags.ts';

const later = { $unknown: 'known-after-apply' };
const bare = { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } };
const giving = { name: 'aws', expressions: { default_tags: [{ tags: { references: ['var.tags'] } }] } };
const block = { type: 'aws_instance', address: 'a', identity: 'a', written: undefined, isNew: true, at: '' } as const;

describe('the tags of a planned resource', () => {
  test.each<[string, JsonObject, JsonObject | undefined, unknown]>([
    ['that has none', { tags: null, tags_all: later }, bare, []],
    ['that has a map of none', { tags: {}, tags_all: later }, bare, []],
    ['that has none, by a provider that gives some', { tags: null, tags_all: later }, giving, later],
    ['that has none, by a provider of which nothing is told', { tags: null, tags_all: later }, undefined, later],
    ['that are not known', { tags: later, tags_all: later }, bare, later],
    [
      'of which one is not known',
      { tags: { Name: later, Role: 'web' }, tags_all: later } as unknown as JsonObject,
      bare,
      [
        { Key: 'Name', Value: later },
        { Key: 'Role', Value: 'web' },
      ],
    ],
    [
      'beside those that the provider gives',
      { tags: { Role: 'web' }, tags_all: later },
      giving,
      [{ Key: 'Role', Value: 'web' }, later],
    ],
    [
      'with those that the provider gives',
      { tags: { Role: 'web' }, tags_all: { Role: 'web', Team: 'data' } },
      giving,
      [
        { Key: 'Role', Value: 'web' },
        { Key: 'Team', Value: 'data' },
      ],
    ],
  ])('%s are those that are certain', (_, values, provider, expected) => {
    expect(plannedTags({ ...block, values: settleTags({ values }, provider) })).toEqual(expected);
  });
});
