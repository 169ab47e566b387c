import { declaredItems, isUnsaid } from '../model/declared.ts';
import {
  concerning,
  type Direction,
  directionOf,
  inlineEntries,
  ruleEntries,
  templateEntries,
} from '../model/declared-groups.ts';
import { type MaybeEntry, permissionSet, permissionsOf } from '../model/declared-permissions.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import { tagBlock, tagSet, templateTags, withSeparateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';

/** The members that EC2 writes into every permission, be they empty or not. */
const permission = [
  '[].IpProtocol',
  '[].IpRanges',
  '[].IpRanges[].CidrIp',
  '[].Ipv6Ranges',
  '[].Ipv6Ranges[].CidrIpv6',
  '[].PrefixListIds',
  '[].PrefixListIds[].PrefixListId',
  '[].UserIdGroupPairs',
  '[].UserIdGroupPairs[].GroupId',
];

/** What separate rules add to one of a group's lists, what they take away, and whether there may be others. */
interface Separate {
  readonly added: readonly MaybeEntry[];
  readonly removed: readonly MaybeEntry[];
  readonly doubt: Unknown | undefined;
}

function separate(
  direction: Direction,
  satellites: readonly Block[],
  doubtful: readonly Block[],
  entriesOf: (block: Block) => readonly MaybeEntry[],
): Separate {
  const certain = satellites.filter((block) => directionOf(block) === direction);
  const open = satellites.filter((block) => directionOf(block) === undefined);
  return {
    added: certain.filter((block) => !block.isRemoved).flatMap(entriesOf),
    removed: certain.filter((block) => block.isRemoved).flatMap(entriesOf),
    doubt: doubtOf(open) ?? doubtOf(concerning(direction, doubtful)),
  };
}

/**
 * One list of permissions of a planned group. A new group without a word about a list has none: Terraform takes even
 * EC2's own egress permission away, and whatever a VPC's own group had. A plan shows such a list as not known; one with a
 * dynamic block that is not known yet has an item in it all the same.
 */
function planned(block: Block, direction: Direction, satellites: readonly Block[], doubtful: readonly Block[]): Json {
  const own = block.identity;
  const rules = separate(direction, satellites, doubtful, (rule) => ruleEntries(rule, own));
  const inside = isUnsaid(block, direction) ? [] : declaredItems(block.values[direction]);
  if (isUnknown(inside))
    return unknown(inside.$unknown, inside.detail ?? `which ${direction} rules it has is known only when it exists`);
  const entriesIn = (list: readonly Json[]) => list.flatMap((rule) => inlineEntries(rule, own));
  const before = declaredItems(block.was?.[direction]);
  const past = isUnknown(before) ? [] : entriesIn(before);
  const added = rules.doubt === undefined ? rules.added : [...rules.added, rules.doubt];
  return permissionsOf(entriesIn(inside), rules.removed, added, past);
}

const sets = { IpPermissions: permissionSet, IpPermissionsEgress: permissionSet, Tags: tagSet };

const separateAttributes = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id', 'from_port'];
const olderAttributes = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'source_security_group_id', 'from_port'];

/** Where a list of permissions is written: inside the group, or in rules of their own. */
const placesOf = (direction: Direction) => [
  direction,
  ...separateAttributes.map((attribute) => `aws_vpc_security_group_${direction}_rule.${attribute}`),
  ...olderAttributes.map((attribute) => `aws_security_group_rule.${attribute}`),
];

/** EC2 keeps the name `default` for the group that each VPC comes with. */
function nameOf(declared: Declared): Json {
  const name = chosen(declared, 'its name');
  return isUnknown(name) ? { ...name, not: ['default'] } : (name ?? null);
}

const ruleTypes = [
  'aws_security_group_rule',
  'aws_vpc_security_group_ingress_rule',
  'aws_vpc_security_group_egress_rule',
];

const terraform: TerraformForm = {
  main: ['aws_security_group', 'aws_default_security_group'],
  identity: ['id'],
  sets,
  setBy: {
    IpPermissions: placesOf('ingress'),
    IpPermissionsEgress: placesOf('egress'),
    GroupName: ['name', 'name_prefix'],
    Tags: ['tags', 'tags_all', `${tagBlock}.value`],
  },
  // A VPC's own group cannot be deleted: Terraform lets go of it, and leaves it as it is.
  remains: { aws_default_security_group: 'kept' },
  links: {
    aws_security_group_rule: ['source_security_group_id'],
    aws_vpc_security_group_ingress_rule: ['referenced_security_group_id'],
    aws_vpc_security_group_egress_rule: ['referenced_security_group_id'],
  },
  satellites: {
    ...Object.fromEntries(ruleTypes.map((type) => [type, [{ joins: 'security_group_id' }]])),
    [tagBlock]: [{ joins: 'resource_id' }],
  },
  isOther: ({ type, identity }) => type === tagBlock && !/^sg-[0-9a-f]{8,17}$/.test(identity),
  properties(block, satellites, doubtful) {
    const { values, type } = block;
    const rules = satellites.filter((one) => one.type !== tagBlock);
    return {
      GroupId: block.identity,
      GroupName: type === 'aws_default_security_group' ? 'default' : nameOf(values.name),
      Description: chosen(values.description, 'its description'),
      OwnerId: chosen(values.owner_id, 'its account'),
      VpcId: chosen(values.vpc_id, 'its VPC'),
      IpPermissions: planned(block, 'ingress', rules, doubtful),
      IpPermissionsEgress: planned(block, 'egress', rules, doubtful),
      Tags: withSeparateTags(block, satellites, doubtful),
    };
  },
};

/** EC2 lets out everything where a template says nothing, over IPv6 only where the VPC has it. */
const everythingOut: Json = {
  IpProtocol: '-1',
  FromPort: undefined,
  ToPort: undefined,
  IpRanges: [{ CidrIp: '0.0.0.0/0', Description: undefined }],
  Ipv6Ranges: unknown('known-after-apply', 'whether the VPC has IPv6 is not told'),
  PrefixListIds: [],
  UserIdGroupPairs: [],
};

function templated(direction: Direction, written: Declared, satellites: readonly Block[], doubtful: readonly Block[]) {
  const rules = separate(direction, satellites, doubtful, (rule) => templateEntries(rule.values));
  const inside = declaredItems(written);
  if (isUnknown(inside)) return inside;
  const added = rules.doubt === undefined ? rules.added : [...rules.added, rules.doubt];
  // What a template has in a group is never what was written apart from it.
  const list = permissionsOf(inside.flatMap(templateEntries), rules.removed, added, []);
  return direction === 'egress' && inside.length === 0 ? [everythingOut, ...list] : list;
}

const cloudformation: CloudFormationForm = {
  replacement: { always: ['GroupDescription', 'GroupName', 'VpcId'] },
  attributes: { GroupId: 'id', Id: 'id' },
  sets,
  setBy: {
    IpPermissions: [
      'SecurityGroupIngress',
      ...['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'FromPort'].map(
        (name) => `AWS::EC2::SecurityGroupIngress.${name}`,
      ),
    ],
    IpPermissionsEgress: [
      'SecurityGroupEgress',
      ...['CidrIp', 'CidrIpv6', 'DestinationPrefixListId', 'FromPort'].map(
        (name) => `AWS::EC2::SecurityGroupEgress.${name}`,
      ),
    ],
    GroupName: ['GroupName'],
    Tags: ['Tags'],
  },
  links: ['SourceSecurityGroupId', 'DestinationSecurityGroupId'],
  satellites: Object.fromEntries(
    ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'].map((type) => [
      type,
      [{ joins: 'GroupId' }, { joins: 'GroupName', to: 'GroupName' }],
    ]),
  ),
  properties(block, satellites, doubtful) {
    const { values } = block;
    return {
      GroupId: block.identity,
      GroupName: nameOf(values.GroupName),
      Description: chosen(values.GroupDescription, 'its description'),
      VpcId: chosen(values.VpcId, 'its VPC'),
      IpPermissions: templated('ingress', values.SecurityGroupIngress, satellites, doubtful),
      IpPermissionsEgress: templated('egress', values.SecurityGroupEgress, satellites, doubtful),
      Tags: templateTags(block, values.Tags),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::SecurityGroup',
  noun: 'security group',
  reach: 'region',
  id: 'GroupId',
  name: 'GroupName',
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}',
  tags: 'Tags',
  always: [
    'GroupId',
    'GroupName',
    'Description',
    'OwnerId',
    'VpcId',
    'IpPermissions',
    ...permission.map((path) => `IpPermissions${path}`),
    'IpPermissionsEgress',
    ...permission.map((path) => `IpPermissionsEgress${path}`),
    'PrefixLists',
    'PrefixLists[].PrefixListId',
    'PrefixLists[].Entries',
    'PrefixLists[].Entries[].Cidr',
  ],
  listing: {
    call: { service: 'ec2', operation: 'DescribeSecurityGroups', pageSize: 1000 },
    items: 'SecurityGroups[]',
  },
  groups: {
    PrefixLists: {
      call: {
        service: 'ec2',
        operation: 'GetManagedPrefixListEntries',
        input: { PrefixListId: { from: '@each' } },
        pageSize: 100,
      },
      forEach: ['IpPermissions[].PrefixListIds[].PrefixListId', 'IpPermissionsEgress[].PrefixListIds[].PrefixListId'],
      value: 'Entries[]',
    },
  },
  relations: {
    instances: { to: 'AWS::EC2::Instance', from: 'GroupId', match: 'NetworkInterfaces[].Groups[].GroupId' },
  },
  terraform,
  cloudformation,
};
