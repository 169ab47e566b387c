import type { ResourceType } from '../model/resource-type.ts';
import type { Json } from '../model/value.ts';

/** The list has nothing but ARNs. */
function named(item: Json): Json {
  if (typeof item !== 'string') throw new Error('a permission set is not named by text');
  return { PermissionSetArn: item };
}

// It has no form: what a plan or template declares is a permission set of the organisation, and only an assignment
// provisions it to an account.
export const resourceType: ResourceType = {
  type: 'AWS::SSO::PermissionSet',
  noun: 'permission set provisioned to the account',
  reach: 'region',
  id: 'PermissionSetArn',
  arn: 'PermissionSetArn',
  always: ['PermissionSetArn', 'InstanceArn', 'IdentityStoreId'],
  derived: { PermissionSetArn: 'string' },
  listing: {
    call: {
      service: 'sso-admin',
      operation: 'ListPermissionSetsProvisionedToAccount',
      input: { InstanceArn: { from: 'InstanceArn' }, AccountId: { from: '@account' } },
      pageSize: 100,
    },
    items: 'PermissionSets[]',
    parent: 'AWS::SSO::Instance',
    inherit: { InstanceArn: 'InstanceArn', IdentityStoreId: 'IdentityStoreId' },
    keep: named,
  },
};
