import { expect, test } from 'vitest';
import { resourceType as passwords } from '../../src/resources/iam-account-password-policy.ts';
import { resourceType as policy } from '../../src/resources/iam-managed-policy.ts';
import { resourceType as root } from '../../src/resources/iam-root-user.ts';
import { resourceType as user } from '../../src/resources/iam-user.ts';

const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const encoded = encodeURIComponent(JSON.stringify(document));

test('the documents of a policy are decoded version by version, and one that cannot be read is unknown', () => {
  const versions = [
    { VersionId: 'v2', IsDefaultVersion: true, Document: encoded },
    { VersionId: 'v1', IsDefaultVersion: false, Document: 'nonsense' },
    { VersionId: 'v0', IsDefaultVersion: false },
  ];
  expect(policy.listing.keep?.({ Arn: 'arn', PolicyVersionList: versions })).toEqual({
    Arn: 'arn',
    PolicyVersionList: [
      { VersionId: 'v2', IsDefaultVersion: true, Document: document },
      { VersionId: 'v1', IsDefaultVersion: false, Document: { $unknown: 'failed', detail: expect.any(String) } },
      { VersionId: 'v0', IsDefaultVersion: false },
    ],
  });
});

test.each([
  ['none is called so', 'v1', [{ VersionId: 'v1', IsDefaultVersion: false }]],
  ['two are called so', 'v1', ['v1', 'v2'].map((id) => ({ VersionId: id, IsDefaultVersion: true }))],
  ['it is not the one that the policy names', 'v2', [{ VersionId: 'v1', IsDefaultVersion: true }]],
])('which version of a policy is in force is unknown when %s', (_, DefaultVersionId, PolicyVersionList) => {
  const kept = policy.listing.keep?.({ Arn: 'arn', DefaultVersionId, PolicyVersionList });
  expect(kept).toMatchObject({ PolicyVersionList: { $unknown: 'failed' } });
});

test('the inline policies of a user are decoded', () => {
  const kept = user.listing.keep?.({
    UserName: 'dana',
    UserPolicyList: [{ PolicyName: 'own', PolicyDocument: encoded }],
  });
  expect(kept).toEqual({ UserName: 'dana', UserPolicyList: [{ PolicyName: 'own', PolicyDocument: document }] });
  expect(user.listing.keep?.({ UserName: 'lee' })).toEqual({ UserName: 'lee' });
});

test.each([policy, user])('what is no object is no %o', (type) => {
  expect(() => type.listing.keep?.('text')).toThrow('is not an object');
});

test.each([
  ['a summary', root],
  ['a policy', passwords],
])('an answer without %s is broken, and says nothing', (_, type) => {
  for (const answer of [{}, { SummaryMap: null, PasswordPolicy: null }, { SummaryMap: [], PasswordPolicy: 8 }, 'text'])
    expect(() => type.listing.keep?.(answer)).toThrow('the answer lacks');
});
