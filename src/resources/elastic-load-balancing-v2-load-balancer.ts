import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json, unknown } from '../model/value.ts';

/** Only gateway load balancers have no scheme; for the others a missing one is a broken answer. */
function markMissingScheme(item: Json): Json {
  if (!isObject(item)) throw new Error('a load balancer is not an object');
  if (item.Type === 'gateway' || (item.Scheme !== undefined && item.Scheme !== null)) return item;
  return { ...item, Scheme: unknown('failed', 'the answer lacks Scheme, which every load balancer of this kind has') };
}

export const resourceType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  noun: 'load balancer',
  reach: 'region',
  id: 'LoadBalancerArn',
  name: 'LoadBalancerName',
  arn: 'LoadBalancerArn',
  always: ['LoadBalancerArn', 'LoadBalancerName', 'Type', 'State', 'State.Code', 'VpcId', 'AvailabilityZones'],
  listing: {
    call: { service: 'elastic-load-balancing-v2', operation: 'DescribeLoadBalancers', pageSize: 400 },
    items: 'LoadBalancers[]',
    keep: markMissingScheme,
  },
  relations: {
    listeners: {
      to: 'AWS::ElasticLoadBalancingV2::Listener',
      from: 'LoadBalancerArn',
      match: 'LoadBalancerArn',
    },
    securityGroups: { to: 'AWS::EC2::SecurityGroup', from: 'SecurityGroups[]', match: 'GroupId' },
  },
};
