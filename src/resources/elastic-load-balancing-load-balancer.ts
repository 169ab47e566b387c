import { declared, declaredItems, declaredNumber, isUnsaid, mapDeclared } from '../model/declared.ts';
import { byMember, named } from '../model/declared-lists.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { canonicalJson, isUnknown, type Json, unknown } from '../model/value.ts';

/** ELB answers protocols in capitals, however they were written. */
const upper = (protocol: Declared) => (typeof protocol === 'string' ? protocol.toUpperCase() : protocol);

interface ListenerNames {
  readonly protocol: string;
  readonly port: string;
  readonly instanceProtocol: string;
  readonly instancePort: string;
  readonly certificate: string;
  /** Where policies are not written in the listener, they are declared apart from it. */
  readonly policies?: string;
}

function listenerOf(written: Json, names: ListenerNames): Json {
  const policies = names.policies === undefined ? undefined : (declared(written, names.policies) ?? []);
  return {
    Listener: {
      Protocol: upper(declared(written, names.protocol)),
      LoadBalancerPort: declaredNumber(declared(written, names.port)),
      InstanceProtocol: upper(declared(written, names.instanceProtocol)) ?? chosen(undefined, 'the protocol behind it'),
      InstancePort: declaredNumber(declared(written, names.instancePort)),
      SSLCertificateId: declared(written, names.certificate) || undefined,
    },
    PolicyNames: policies ?? unknown('not-collected', 'the policies of a listener are declared apart from it'),
  };
}

/** A port has one listener. */
const listeners = {
  key: (item: Json) => canonicalJson(declared(declared(item, 'Listener'), 'LoadBalancerPort') ?? item),
};

const sets = { ListenerDescriptions: listeners, Instances: byMember('InstanceId') };

/** Instances of a new load balancer are those that are named, and those that others attach. */
function instancesOf(block: Block, satellites: readonly Block[], doubtful: readonly Block[]): Json {
  const own = declaredItems(isUnsaid(block, 'instances') ? [] : block.values.instances);
  if (isUnknown(own)) return own;
  const attached = satellites.filter(({ isRemoved }) => !isRemoved).map(({ values }) => values.instance ?? null);
  const items = named([...own, ...attached], 'InstanceId') as readonly Json[];
  // An Auto Scaling group attaches its own.
  const others = doubtOf(doubtful) ?? unknown('not-collected', 'groups may attach instances of their own');
  return [...items, others];
}

const terraform: TerraformForm = {
  main: ['aws_elb'],
  identity: ['name', 'id'],
  links: { aws_elb: ['security_groups[]', 'instances[]'], aws_elb_attachment: ['instance'] },
  satellites: { aws_elb_attachment: [{ joins: 'elb' }] },
  sets,
  setBy: {
    ListenerDescriptions: ['listener'],
    Scheme: ['internal'],
    SecurityGroups: ['security_groups'],
    Instances: ['instances', 'aws_elb_attachment.instance'],
  },
  properties(block, satellites, doubtful) {
    const { values } = block;
    const internal = isUnsaid(block, 'internal') ? false : values.internal;
    return {
      LoadBalancerName: chosen(values.name, 'its name'),
      Scheme: isUnknown(internal) ? internal : internal === true ? 'internal' : 'internet-facing',
      ListenerDescriptions: mapDeclared(values.listener, (listener) =>
        listenerOf(listener, {
          protocol: 'lb_protocol',
          port: 'lb_port',
          instanceProtocol: 'instance_protocol',
          instancePort: 'instance_port',
          certificate: 'ssl_certificate_id',
        }),
      ),
      SecurityGroups: chosen(values.security_groups, 'which security groups it has'),
      Subnets: chosen(values.subnets, 'in which subnets it is'),
      Instances: instancesOf(block, satellites, doubtful),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: {
    always: ['LoadBalancerName', 'Scheme'],
    perhaps: ['AvailabilityZones', 'HealthCheck', 'Subnets'],
  },
  ref: 'LoadBalancerName',
  links: ['SecurityGroups', 'Instances'],
  sets,
  setBy: {
    ListenerDescriptions: ['Listeners'],
    Scheme: ['Scheme'],
    SecurityGroups: ['SecurityGroups'],
    Instances: ['Instances'],
  },
  properties(block) {
    const { values } = block;
    const instances = declaredItems(values.Instances);
    return {
      LoadBalancerName: chosen(values.LoadBalancerName, 'its name'),
      Scheme: values.Scheme ?? 'internet-facing',
      ListenerDescriptions: mapDeclared(values.Listeners, (listener) =>
        listenerOf(listener, {
          protocol: 'Protocol',
          port: 'LoadBalancerPort',
          instanceProtocol: 'InstanceProtocol',
          instancePort: 'InstancePort',
          certificate: 'SSLCertificateId',
          policies: 'PolicyNames',
        }),
      ),
      SecurityGroups: chosen(values.SecurityGroups, 'which security groups it has'),
      Subnets: chosen(values.Subnets, 'in which subnets it is'),
      Instances: isUnknown(instances)
        ? instances
        : [
            ...(named(instances, 'InstanceId') as readonly Json[]),
            unknown('not-collected', 'groups may attach instances of their own'),
          ],
    };
  },
};

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
  terraform,
  cloudformation,
};
