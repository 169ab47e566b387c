import { isUnsaid } from '../model/declared.ts';
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

/** A load balancer in front of applications gets a group in any case; the others have those that are named. */
function groupsOf(type: Declared, written: Declared): Declared {
  if (written !== undefined && written !== null) return written;
  return type === 'network' || type === 'gateway'
    ? undefined
    : unknown('known-after-apply', 'AWS chooses its security groups');
}

const terraform: TerraformForm = {
  main: ['aws_lb', 'aws_alb'],
  identity: ['arn', 'id'],
  links: { aws_lb: ['security_groups[]'], aws_alb: ['security_groups[]'] },
  setBy: { Scheme: ['internal', 'load_balancer_type'], SecurityGroups: ['security_groups'] },
  properties(block) {
    const { identity, values } = block;
    const hasGroupsUnsaid = isUnsaid(block, 'security_groups');
    const type = values.load_balancer_type ?? 'application';
    return {
      LoadBalancerArn: identity,
      LoadBalancerName: chosen(values.name, 'its name'),
      Type: type,
      // Terraform leaves the choice to AWS only in word: left out, it is false.
      Scheme: schemeOf(type, isUnsaid(block, 'internal') ? false : values.internal),
      SecurityGroups: groupsOf(type, hasGroupsUnsaid ? undefined : values.security_groups),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: { always: ['Name', 'Scheme', 'Type'] },
  attributes: { LoadBalancerArn: 'id' },
  links: ['SecurityGroups'],
  setBy: { Scheme: ['Scheme', 'Type'], SecurityGroups: ['SecurityGroups'] },
  properties({ identity, values }) {
    const type = values.Type ?? 'application';
    const isGateway = type === 'gateway';
    return {
      LoadBalancerArn: identity,
      LoadBalancerName: chosen(values.Name, 'its name'),
      Type: type,
      Scheme: isUnknown(type) ? type : isGateway ? undefined : (values.Scheme ?? 'internet-facing'),
      SecurityGroups: groupsOf(type, values.SecurityGroups),
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
