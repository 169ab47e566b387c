import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::ElasticLoadBalancing::LoadBalancer',
  noun: 'classic load balancer',
  reach: 'region',
  id: 'LoadBalancerName',
  name: 'LoadBalancerName',
  arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{LoadBalancerName}',
  always: [
    'LoadBalancerName',
    'Scheme',
    'ListenerDescriptions',
    'ListenerDescriptions[].Listener',
    'ListenerDescriptions[].Listener.Protocol',
    'ListenerDescriptions[].Listener.LoadBalancerPort',
    'ListenerDescriptions[].Listener.InstancePort',
  ],
  listing: {
    call: { service: 'elastic-load-balancing', operation: 'DescribeLoadBalancers', pageSize: 400 },
    items: 'LoadBalancerDescriptions[]',
  },
  relations: {
    securityGroups: { to: 'AWS::EC2::SecurityGroup', from: 'SecurityGroups[]', match: 'GroupId' },
    instances: { to: 'AWS::EC2::Instance', from: 'Instances[].InstanceId', match: 'InstanceId' },
  },
};
