import {
  declared,
  declaredBoolean,
  declaredItems,
  declaredNumber,
  declaredText,
  isUnsaid,
  onlyItem,
} from '../model/declared.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import { tagSet, templateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, unknown } from '../model/value.ts';

/** A tag as Terraform's block has it, or one of the maps that older versions take, where yes and no are text. */
function plannedTag(tag: Json): Json {
  return {
    Key: declared(tag, 'key'),
    Value: declared(tag, 'value'),
    PropagateAtLaunch: declaredBoolean(declared(tag, 'propagate_at_launch')),
    ResourceType: 'auto-scaling-group',
  };
}

function templateTag(tag: Json): Json {
  return {
    Key: declaredText(declared(tag, 'Key')),
    Value: declaredText(declared(tag, 'Value')),
    PropagateAtLaunch: declaredBoolean(declared(tag, 'PropagateAtLaunch')),
    ResourceType: 'auto-scaling-group',
  };
}

/** The tags of a group in either of Terraform's styles, and those that are resources of their own. */
function plannedTags({ values }: Block, satellites: readonly Block[], doubtful: readonly Block[]): Json {
  const separate = satellites.filter(({ isRemoved }) => !isRemoved).map(({ values: tag }) => onlyItem(tag.tag) ?? {});
  const lists = [declaredItems(values.tag), declaredItems(values.tags), separate, doubtOf(doubtful) ?? []];
  const items = lists.flatMap((list): readonly Json[] => (isUnknown(list) ? [list] : list));
  return items.map((tag) => (isUnknown(tag) ? tag : plannedTag(tag)));
}

/** Which instances a group runs is known once it has started them; one that may run none has none. */
function instancesOf(most: Declared): Json {
  return most === 0 ? [] : unknown('known-after-apply', 'which instances it starts is known only when it exists');
}

function zonesOf(subnets: Declared): Declared {
  const items = declaredItems(subnets);
  if (isUnknown(items)) return items;
  if (items.length === 0) return undefined;
  return items.every((item) => typeof item === 'string')
    ? items.join(',')
    : chosen(undefined, 'in which subnets it is');
}

/** What a group starts its instances from. */
function templateOf(block: Declared, names: readonly [id: string, name: string, version: string]): Declared {
  if (block === undefined || isUnknown(block)) return block;
  const [id, LaunchTemplateName, Version] = names.map((name) => declared(block, name));
  return {
    // Terraform's provider writes this word where only the name is told.
    LaunchTemplateId: chosen(id === 'unknown' ? undefined : id, 'the id of its launch template'),
    LaunchTemplateName: chosen(LaunchTemplateName, 'the name of its launch template'),
    Version: declaredText(Version),
  };
}

const arnOf = (told: Declared) =>
  typeof told === 'string' ? told : chosen(undefined, 'its ARN, which holds an id of its own,');

const tagResource = 'aws_autoscaling_group_tag';

const terraform: TerraformForm = {
  main: ['aws_autoscaling_group'],
  identity: ['name', 'id'],
  satellites: { [tagResource]: [{ joins: 'autoscaling_group_name' }] },
  sets: { Tags: tagSet },
  setBy: {
    Tags: ['tag', 'tags', `${tagResource}.tag`],
    MaxSize: ['max_size'],
    MinSize: ['min_size'],
    DesiredCapacity: ['desired_capacity'],
  },
  properties(block, satellites, doubtful) {
    const { values, isNew } = block;
    return {
      AutoScalingGroupName: chosen(values.name, 'its name'),
      AutoScalingGroupARN: arnOf(values.arn),
      MinSize: values.min_size,
      MaxSize: values.max_size,
      DesiredCapacity: isUnsaid(block, 'desired_capacity') ? values.min_size : values.desired_capacity,
      Instances: isNew ? instancesOf(values.max_size) : unknown('not-collected', 'a plan does not tell its instances'),
      LaunchConfigurationName: values.launch_configuration || undefined,
      LaunchTemplate: templateOf(onlyItem(values.launch_template), ['id', 'name', 'version']),
      TargetGroupARNs: isUnsaid(block, 'target_group_arns') ? [] : values.target_group_arns,
      LoadBalancerNames: isUnsaid(block, 'load_balancers') ? [] : values.load_balancers,
      VPCZoneIdentifier: zonesOf(values.vpc_zone_identifier),
      Tags: plannedTags(block, satellites, doubtful),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: {
    always: ['AutoScalingGroupName', 'InstanceId'],
    perhaps: ['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy', 'VPCZoneIdentifier'],
    perhapsUnder: 'AutoScalingReplacingUpdate',
  },
  ref: 'AutoScalingGroupName',
  sets: { Tags: tagSet },
  setBy: { Tags: ['Tags'], MaxSize: ['MaxSize'], MinSize: ['MinSize'], DesiredCapacity: ['DesiredCapacity'] },
  born: ['Instances'],
  properties({ values, stackTags }) {
    const least = declaredNumber(values.MinSize);
    return {
      AutoScalingGroupName: chosen(values.AutoScalingGroupName, 'its name'),
      MinSize: least,
      MaxSize: declaredNumber(values.MaxSize),
      DesiredCapacity: declaredNumber(values.DesiredCapacity) ?? least,
      Instances: instancesOf(declaredNumber(values.MaxSize)),
      LaunchConfigurationName: values.LaunchConfigurationName,
      LaunchTemplate: templateOf(values.LaunchTemplate, ['LaunchTemplateId', 'LaunchTemplateName', 'Version']),
      TargetGroupARNs: values.TargetGroupARNs ?? [],
      LoadBalancerNames: values.LoadBalancerNames ?? [],
      VPCZoneIdentifier: zonesOf(values.VPCZoneIdentifier),
      Tags: templateTags({ ...(stackTags && { stackTags }) }, values.Tags, templateTag),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  noun: 'Auto Scaling group',
  reach: 'region',
  id: 'AutoScalingGroupName',
  name: 'AutoScalingGroupName',
  arn: 'AutoScalingGroupARN',
  tags: 'Tags',
  always: [
    'AutoScalingGroupName',
    'AutoScalingGroupARN',
    'MinSize',
    'MaxSize',
    'DesiredCapacity',
    'Instances[].InstanceId',
    'Instances[].LifecycleState',
  ],
  listing: {
    call: { service: 'auto-scaling', operation: 'DescribeAutoScalingGroups', pageSize: 100 },
    items: 'AutoScalingGroups[]',
  },
  relations: {
    instances: { to: 'AWS::EC2::Instance', from: 'Instances[].InstanceId', match: 'InstanceId' },
  },
  terraform,
  cloudformation,
};
