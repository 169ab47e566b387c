import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::IAM::SAMLProvider',
  noun: 'SAML provider',
  reach: 'global',
  id: 'Arn',
  arn: 'Arn',
  always: ['Arn'],
  listing: { call: { service: 'iam', operation: 'ListSAMLProviders' }, items: 'SAMLProviderList[]' },
};
