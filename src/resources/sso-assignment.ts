import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';
import { cloudformation, terraform } from './_sso-assignment-forms.ts';

/** Nothing names an assignment but all of its parts together. Groups alone have members. */
function identified(item: Json): Json {
  if (!isObject(item)) throw new Error('an assignment is not an object');
  const { PermissionSetArn: set, PrincipalType: kind, PrincipalId: principal } = item;
  if (typeof set !== 'string' || typeof principal !== 'string' || (kind !== 'USER' && kind !== 'GROUP'))
    throw new Error('an assignment does not say what is assigned to whom');
  const assignment = { ...item, AssignmentId: `${set} ${kind} ${principal}` };
  return kind === 'GROUP' ? { ...assignment, GroupId: principal } : assignment;
}

export const resourceType: ResourceType = {
  type: 'AWS::SSO::Assignment',
  noun: 'assignment of a permission set',
  reach: 'region',
  id: 'AssignmentId',
  always: [
    'AssignmentId',
    'PermissionSetArn',
    'PrincipalId',
    'PrincipalType',
    'InstanceArn',
    'IdentityStoreId',
    'Members',
    'Members[].GroupId',
    'Members[].GroupMemberships',
    'Members[].GroupMemberships[].MemberId',
    'Members[].GroupMemberships[].MemberId.UserId',
  ],
  derived: { AssignmentId: 'string', GroupId: 'string' },
  listing: {
    call: {
      service: 'sso-admin',
      operation: 'ListAccountAssignments',
      input: {
        InstanceArn: { from: 'InstanceArn' },
        AccountId: { from: '@account' },
        PermissionSetArn: { from: 'PermissionSetArn' },
      },
      pageSize: 100,
    },
    items: 'AccountAssignments[]',
    parent: 'AWS::SSO::PermissionSet',
    inherit: { InstanceArn: 'InstanceArn', IdentityStoreId: 'IdentityStoreId' },
    keep: identified,
  },
  groups: {
    Members: {
      call: {
        service: 'identitystore',
        operation: 'ListGroupMemberships',
        input: { IdentityStoreId: { from: 'IdentityStoreId' }, GroupId: { from: '@each' } },
        pageSize: 100,
      },
      value: 'GroupMemberships[]',
      forEach: ['GroupId'],
    },
  },
  // Identity Center signs people in through a provider of its own, which it makes where it is missing.
  brings: {
    type: 'AWS::IAM::SAMLProvider',
    arn: 'arn:{partition}:iam::{account}:saml-provider/AWSSSO_known-after-apply_DO_NOT_DELETE',
  },
  terraform,
  cloudformation,
};
