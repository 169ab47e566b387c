import { withDocument } from '../model/decode-document.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

function decodeVersions(policy: Json): Json {
  if (!isObject(policy)) throw new Error('a policy is not an object');
  const versions = policy.PolicyVersionList;
  if (!Array.isArray(versions)) return policy;
  return { ...policy, PolicyVersionList: versions.map((version) => withDocument(version, 'Document')) };
}

export const resourceType: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  noun: 'customer managed policy',
  reach: 'global',
  id: 'Arn',
  name: 'PolicyName',
  arn: 'Arn',
  always: [
    'Arn',
    'PolicyId',
    'DefaultVersionId',
    'AttachmentCount',
    'PolicyVersionList',
    'PolicyVersionList[].Document',
    'PolicyVersionList[].VersionId',
    'PolicyVersionList[].IsDefaultVersion',
  ],
  derived: { 'PolicyVersionList[].Document': 'policy' },
  listing: {
    call: {
      service: 'iam',
      operation: 'GetAccountAuthorizationDetails',
      input: { Filter: ['LocalManagedPolicy'] },
      pageSize: 1000,
    },
    items: 'Policies[]',
    keep: decodeVersions,
  },
};
