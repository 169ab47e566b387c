import { withDocument } from '../model/decode-document.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json, unknown } from '../model/value.ts';
import { cloudformation, terraform } from './_iam-managed-policy-forms.ts';

function decodeVersions(policy: Json): Json {
  if (!isObject(policy)) throw new Error('a policy is not an object');
  const versions = policy.PolicyVersionList;
  if (!Array.isArray(versions)) return policy;
  if (!agreeOnDefault(versions, policy.DefaultVersionId))
    return {
      ...policy,
      PolicyVersionList: unknown('failed', 'the answer does not agree which version is the default'),
    };
  return { ...policy, PolicyVersionList: versions.map((version) => withDocument(version, 'Document')) };
}

/** Whether the one version that is called the default is the one that the policy names as such. */
function agreeOnDefault(versions: readonly Json[], id: Json | undefined): boolean {
  const [version, ...others] = versions.filter((each) => isObject(each) && each.IsDefaultVersion === true);
  return isObject(version) && others.length === 0 && (typeof id !== 'string' || version.VersionId === id);
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
  terraform,
  cloudformation,
};
