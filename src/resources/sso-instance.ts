import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::SSO::Instance',
  noun: 'IAM Identity Center instance',
  // An instance lives in one region, and is told of in that region alone.
  reach: 'region',
  id: 'InstanceArn',
  arn: 'InstanceArn',
  always: ['InstanceArn', 'IdentityStoreId'],
  listing: { call: { service: 'sso-admin', operation: 'ListInstances', pageSize: 100 }, items: 'Instances[]' },
};
