import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::IAM::OIDCProvider',
  noun: 'OIDC provider',
  reach: 'global',
  id: 'Arn',
  arn: 'Arn',
  always: ['Arn'],
  listing: { call: { service: 'iam', operation: 'ListOpenIDConnectProviders' }, items: 'OpenIDConnectProviderList[]' },
};
