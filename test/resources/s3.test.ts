import { expect, test } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { resourceType as setting } from '../../src/resources/s3-account-public-access-block.ts';
import { resourceType as bucket } from '../../src/resources/s3-bucket.ts';

test.each<[Json | undefined, string]>([
  [undefined, 'us-east-1'],
  ['', 'us-east-1'],
  ['EU', 'eu-west-1'],
  ['eu-central-1', 'eu-central-1'],
])('the location constraint %o stands for %s', (constraint, region) => {
  expect(bucket.listing.region?.otherwise?.keep(constraint)).toBe(region);
});

test('a location constraint that is no text is refused', () => {
  expect(() => bucket.listing.region?.otherwise?.keep({})).toThrow('not a text');
});

test.each<[string, Json, object]>([
  ['a document', '{"Version":"2012-10-17","Statement":[]}', { Version: '2012-10-17', Statement: [] }],
  ['no JSON', 'Deny everyone', { $unknown: 'failed' }],
  ['no text', 7, { $unknown: 'type' }],
])('a policy that is %s is read as what it is', (_, text, expected) => {
  expect(bucket.groups?.Policy?.keep?.(text, {})).toMatchObject(expected);
});

test('the setting of an account is kept, and an answer without it is refused', () => {
  const configuration = { BlockPublicAcls: true };
  const keep = setting.listing.keep;
  expect(keep?.({ PublicAccessBlockConfiguration: configuration, Other: 1 })).toEqual({
    PublicAccessBlockConfiguration: configuration,
  });
  for (const broken of [{}, null, 'text', { PublicAccessBlockConfiguration: null }]) {
    expect(() => keep?.(broken)).toThrow('the answer lacks PublicAccessBlockConfiguration');
  }
});
