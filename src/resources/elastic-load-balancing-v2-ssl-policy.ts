import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::SslPolicy',
  noun: 'TLS policy',
  invented:
    'One of the predefined TLS policies that AWS offers for listeners in a region, with its protocols and ciphers.',
  reach: 'region',
  id: 'Name',
  name: 'Name',
  always: ['Name', 'SslProtocols', 'Ciphers', 'Ciphers[].Name'],
  listing: {
    call: {
      service: 'elastic-load-balancing-v2',
      operation: 'DescribeSSLPolicies',
      tokens: { input: 'Marker', output: 'NextMarker', size: 'PageSize' },
      pageSize: 400,
    },
    items: 'SslPolicies[]',
  },
};
