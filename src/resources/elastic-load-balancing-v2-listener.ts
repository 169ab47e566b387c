import { declared, declaredNumber, mapDeclared, onlyItem } from '../model/declared.ts';
import { actionOf, sslPolicyOf, terraformAction, terraformCondition } from '../model/declared-actions.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';

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

const certificatesOf = (arn: Declared): Declared =>
  isUnknown(arn) ? arn : typeof arn === 'string' ? [{ CertificateArn: arn }] : undefined;

/** Priorities are numbers to those who write them, and text to those who read them. */
function priorityOf(written: Declared): Json {
  const priority = chosen(written, 'its priority') ?? null;
  return typeof priority === 'number' ? String(priority) : priority;
}

/** What is answered as one of a listener's rules though nobody wrote it. */
function defaultRule(actions: Json): Json {
  const arn = unknown('known-after-apply', 'its ARN is known only when it exists');
  return { RuleArn: arn, Priority: 'default', IsDefault: true, Conditions: [], Actions: actions };
}

function rulesOf(
  actions: Json,
  satellites: readonly Block[],
  doubts: readonly (Unknown | undefined)[],
  toRule: (values: Block['values']) => { readonly Conditions: Json; readonly Actions: Json },
): Json {
  const present = satellites.filter(({ isRemoved }) => !isRemoved);
  const rules = present.map((rule): Json => {
    const priority = priorityOf(rule.values.priority ?? rule.values.Priority);
    return { RuleArn: rule.identity, Priority: priority, IsDefault: false, ...toRule(rule.values) };
  });
  return [...rules, defaultRule(actions), ...doubts.flatMap((doubt) => doubt ?? [])];
}

/** A listener has one rule of a priority. */
const sets = {
  Rules: {
    key: (rule: Json) => canonicalJson(isObject(rule) && typeof rule.Priority === 'string' ? rule.Priority : rule),
  },
};

/** A listener that is there already may have rules that another plan declares. */
const otherRules = unknown('not-collected', 'an existing listener may have rules that are declared elsewhere');

/** How clients prove who they are; a plan shows what nobody wrote as not known yet, and then AWS decides. */
function mutualOf({ values }: Block): Declared {
  const block = onlyItem(values.mutual_authentication);
  if (block === undefined || isUnknown(block)) return block;
  return {
    Mode: declared(block, 'mode'),
    TrustStoreArn: declared(block, 'trust_store_arn') || undefined,
    IgnoreClientCertificateExpiry: declared(block, 'ignore_client_certificate_expiry') ?? undefined,
    AdvertiseTrustStoreCaNames: declared(block, 'advertise_trust_store_ca_names') || undefined,
  };
}

const terraform: TerraformForm = {
  main: ['aws_lb_listener', 'aws_alb_listener'],
  identity: ['arn', 'id'],
  links: { aws_lb_listener: ['load_balancer_arn'], aws_alb_listener: ['load_balancer_arn'] },
  satellites: { aws_lb_listener_rule: [{ joins: 'listener_arn' }], aws_alb_listener_rule: [{ joins: 'listener_arn' }] },
  groups: ['Rules'],
  sets,
  setBy: {
    DefaultActions: ['default_action'],
    Rules: [
      'aws_lb_listener_rule.action',
      'aws_lb_listener_rule.condition',
      'aws_lb_listener_rule.priority',
      'aws_alb_listener_rule.action',
      'default_action',
    ],
    Protocol: ['protocol'],
    Port: ['port'],
    SslPolicy: ['ssl_policy'],
    LoadBalancerArn: ['load_balancer_arn'],
    Certificates: ['certificate_arn'],
    MutualAuthentication: ['mutual_authentication'],
  },
  properties(block, satellites, doubtful) {
    const { values, isNew } = block;
    const actions = mapDeclared(values.default_action, terraformAction);
    return {
      ListenerArn: block.identity,
      LoadBalancerArn: chosen(values.load_balancer_arn, 'its load balancer'),
      Port: values.port,
      Protocol: values.protocol === '' ? undefined : values.protocol,
      SslPolicy: sslPolicyOf(values.protocol, values.ssl_policy || undefined),
      Certificates: certificatesOf(values.certificate_arn || undefined),
      AlpnPolicy: typeof values.alpn_policy === 'string' ? [values.alpn_policy] : values.alpn_policy,
      MutualAuthentication: mutualOf(block),
      DefaultActions: actions,
      Rules: rulesOf(
        actions,
        satellites,
        [doubtOf(doubtful), isNew ? undefined : otherRules],
        ({ condition, action }) => ({
          Conditions: mapDeclared(condition, terraformCondition),
          Actions: mapDeclared(action, terraformAction),
        }),
      ),
    };
  },
};

const ruleResource = 'AWS::ElasticLoadBalancingV2::ListenerRule';

const cloudformation: CloudFormationForm = {
  replacement: { always: ['LoadBalancerArn'] },
  attributes: { ListenerArn: 'id' },
  links: ['LoadBalancerArn'],
  satellites: { [ruleResource]: [{ joins: 'ListenerArn' }] },
  groups: ['Rules'],
  sets,
  setBy: {
    DefaultActions: ['DefaultActions'],
    Rules: [`${ruleResource}.Actions`, `${ruleResource}.Conditions`, `${ruleResource}.Priority`, 'DefaultActions'],
    Protocol: ['Protocol'],
    Port: ['Port'],
    SslPolicy: ['SslPolicy'],
    LoadBalancerArn: ['LoadBalancerArn'],
    Certificates: ['Certificates'],
    MutualAuthentication: ['MutualAuthentication'],
  },
  properties(block, satellites, doubtful) {
    const { values } = block;
    const actions = mapDeclared(values.DefaultActions, actionOf);
    return {
      ListenerArn: block.identity,
      LoadBalancerArn: chosen(values.LoadBalancerArn, 'its load balancer'),
      Port: declaredNumber(values.Port),
      Protocol: values.Protocol,
      SslPolicy: sslPolicyOf(values.Protocol, values.SslPolicy),
      Certificates: values.Certificates,
      AlpnPolicy: values.AlpnPolicy,
      MutualAuthentication: values.MutualAuthentication,
      DefaultActions: actions,
      Rules: rulesOf(actions, satellites, [doubtOf(doubtful)], ({ Conditions, Actions }) => ({
        Conditions: mapDeclared(Conditions, (condition) => condition),
        Actions: mapDeclared(Actions, actionOf),
      })),
    };
  },
};

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
  terraform,
  cloudformation,
};
