import { bornAt } from '../model/declared-additions.ts';
import { accountOf } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import type { CloudFormationForm, ResourceType } from '../model/resource-type.ts';

/** An instance of a single account; that of an organisation is switched on, not declared. */
const cloudformation: CloudFormationForm = {
  replacement: { always: [] },
  attributes: { InstanceArn: 'id' },
  born: ['CreatedDate', 'IdentityStoreId'],
  setBy: { Name: ['Name'] },
  properties: (block) => ({
    InstanceArn: chosen(undefined, 'its ARN'),
    IdentityStoreId: chosen(undefined, 'its identity store'),
    Name: block.values.Name,
    OwnerAccountId: accountOf(block),
    CreatedDate: bornAt(block),
  }),
};

export const resourceType: ResourceType = {
  type: 'AWS::SSO::Instance',
  noun: 'IAM Identity Center instance',
  // An instance lives in one region, and is told of in that region alone.
  reach: 'region',
  id: 'InstanceArn',
  arn: 'InstanceArn',
  always: ['InstanceArn', 'IdentityStoreId'],
  listing: { call: { service: 'sso-admin', operation: 'ListInstances', pageSize: 100 }, items: 'Instances[]' },
  cloudformation,
};
