import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json, unknown } from '../model/value.ts';

const absent = (value: Json | undefined) => value === undefined || value === null;

/**
 * A listener of an application or network load balancer always has a port and a protocol, and a secure one a TLS policy.
 * Gateway listeners have neither, so that a static list cannot say it.
 */
function markMissing(item: Json): Json {
  if (!isObject(item)) throw new Error('a listener is not an object');
  const { ListenerArn: arn, Protocol: protocol } = item;
  if (typeof arn === 'string' && arn.includes(':listener/gwy/')) return item;
  const needed = ['Port', 'Protocol', ...(protocol === 'HTTPS' || protocol === 'TLS' ? ['SslPolicy'] : [])];
  const lacking = needed.filter((member) => absent(item[member]));
  if (lacking.length === 0) return item;
  const markers = lacking.map((member) => [
    member,
    unknown('failed', `the answer lacks ${member}, which every listener of this kind has`),
  ]);
  return { ...item, ...Object.fromEntries(markers) };
}

export const resourceType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  noun: 'load balancer listener',
  reach: 'region',
  id: 'ListenerArn',
  arn: 'ListenerArn',
  always: [
    'ListenerArn',
    'LoadBalancerArn',
    'DefaultActions',
    'DefaultActions[].Type',
    'Rules',
    'Rules[].RuleArn',
    'Rules[].Priority',
    'Rules[].IsDefault',
    'Rules[].Actions',
    'Rules[].Actions[].Type',
  ],
  listing: {
    call: {
      service: 'elastic-load-balancing-v2',
      operation: 'DescribeListeners',
      input: { LoadBalancerArn: { from: 'LoadBalancerArn' } },
      pageSize: 400,
    },
    parent: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    items: 'Listeners[]',
    keep: markMissing,
  },
  groups: {
    Rules: {
      call: {
        service: 'elastic-load-balancing-v2',
        operation: 'DescribeRules',
        input: { ListenerArn: { from: 'ListenerArn' } },
        pageSize: 400,
      },
      value: 'Rules[]',
    },
  },
  relations: {
    loadBalancer: {
      to: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      from: 'LoadBalancerArn',
      match: 'LoadBalancerArn',
    },
    securityPolicy: { to: 'AWS::ElasticLoadBalancingV2::SslPolicy', from: 'SslPolicy', match: 'Name' },
  },
};
