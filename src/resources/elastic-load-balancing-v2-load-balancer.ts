import { chosen } from '../model/declared-policy.ts';
import type { CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, unknown } from '../model/value.ts';

/** Only gateway load balancers have no scheme; for the others a missing one is a broken answer. */
function markMissingScheme(item: Json): Json {
  if (!isObject(item)) throw new Error('a load balancer is not an object');
  if (item.Type === 'gateway' || (item.Scheme !== undefined && item.Scheme !== null)) return item;
  return { ...item, Scheme: unknown('failed', 'the answer lacks Scheme, which every load balancer of this kind has') };
}

/** Only gateway load balancers have no scheme; the others face the internet unless something else is said. */
function schemeOf(type: Declared, internal: Declared): Declared {
  if (type === 'gateway') return undefined;
  if (typeof type !== 'string') return isUnknown(type) ? type : unknown('type', 'its type is no text');
  if (isUnknown(internal)) return internal;
  return internal === true || internal === 'true' ? 'internal' : 'internet-facing';
}

const terraform: TerraformForm = {
  main: ['aws_lb', 'aws_alb'],
  identity: ['arn', 'id'],
  properties({ identity, values, isNew, written }) {
    // Terraform leaves the choice to AWS only in word: left out, it is false.
    const isUnsaid = isNew && isUnknown(values.internal) && written?.has('internal') === false;
    const type = values.load_balancer_type ?? 'application';
    return {
      LoadBalancerArn: identity,
      LoadBalancerName: chosen(values.name, 'its name'),
      Type: type,
      Scheme: schemeOf(type, isUnsaid ? false : values.internal),
      SecurityGroups: values.security_groups,
    };
  },
};

const cloudformation: CloudFormationForm = {
  attributes: { LoadBalancerArn: 'id' },
  links: ['SecurityGroups'],
  properties({ identity, values }) {
    const type = values.Type ?? 'application';
    const isGateway = type === 'gateway';
    return {
      LoadBalancerArn: identity,
      LoadBalancerName: chosen(values.Name, 'its name'),
      Type: type,
      Scheme: isUnknown(type) ? type : isGateway ? undefined : (values.Scheme ?? 'internet-facing'),
      SecurityGroups: values.SecurityGroups ?? unknown('known-after-apply', 'AWS chooses its security groups'),
    };
  },
};

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
  terraform,
  cloudformation,
};
