import { declared, declaredBoolean, declaredItems, declaredNumber, isUnsaid, onlyItem } from '../model/declared.ts';
import {
  attachedInterface,
  groupsByName,
  groupsOf,
  groupsOfFirst,
  interfaceSet,
  otherInterfaces,
  ownInterface,
  templateInterface,
} from '../model/declared-interfaces.ts';
import { byMember } from '../model/declared-lists.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import { isOfOtherType, tagBlock, tagSet, templateTags, withSeparateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, Declared, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { replacement } from './_ec2-instance-replacement.ts';

const later = (what: string) => unknown('known-after-apply', `${what} is known only when it exists`);

const sets = { NetworkInterfaces: interfaceSet, SecurityGroups: byMember('GroupId'), Tags: tagSet };

const untold = unknown('not-collected', 'a plan does not tell its state');

/** What a launch template may say in place of the instance. */
const templateUnread = unknown('not-collected', 'what its launch template says is not read');

/** The interfaces, and the groups of the first of them, which are the instance's own. */
function networkOf(interfaces: readonly Json[], others: readonly (Unknown | undefined)[]): JsonObject {
  const all = [...interfaces, ...others.flatMap((marker) => marker ?? [])];
  return { NetworkInterfaces: all, SecurityGroups: groupsOfFirst(all) };
}

/** An instance has the groups of its VPC by default unless somebody names others. */
function plannedGroups(block: Block, hasTemplate: boolean): Json {
  const { values } = block;
  const isWritten = (name: string) => !isUnsaid(block, name) && values[name] !== undefined && values[name] !== null;
  const names = declaredItems(values.security_groups);
  // In the state the names stand beside the ids; where both are not known yet, the ids tell.
  if (isWritten('security_groups') && !isWritten('vpc_security_group_ids') && (isUnknown(names) || names.length > 0))
    return groupsByName(values.security_groups);
  if (isWritten('vpc_security_group_ids')) return groupsOf(values.vpc_security_group_ids);
  if (!block.isNew) return unknown('not-collected', 'its groups are not told here');
  return hasTemplate ? templateUnread : unknown('known-after-apply', 'EC2 gives it the default group of the VPC');
}

/** Interfaces that are made elsewhere and only attached; undefined where there are none. */
function givenInterfaces({ values }: Block): readonly Json[] | undefined {
  const first = declaredItems(values.primary_network_interface);
  const listed = declaredItems(values.network_interface);
  // A computed block that nobody wrote is not known either, so that a marker tells nothing here.
  const items = [
    ...(isUnknown(first) ? [] : first.map((item) => attachedInterface(declared(item, 'network_interface_id'), 0))),
    ...(isUnknown(listed) ? [] : listed).map((item) =>
      attachedInterface(declared(item, 'network_interface_id'), declared(item, 'device_index')),
    ),
  ];
  return items.length === 0 ? undefined : items;
}

const stateBlock = 'aws_ec2_instance_state';
const attachment = 'aws_network_interface_attachment';
const groupAttachment = 'aws_network_interface_sg_attachment';
const interfaceBlock = 'aws_network_interface';
const interfaceTypes = new Set([attachment, groupAttachment, interfaceBlock]);

/** An interface that says itself to what it is attached, with its groups. */
function selfAttached({ values, identity: own }: Block, instance: string): JsonObject {
  const items = declaredItems(values.attachment);
  const here = isUnknown(items) ? [items] : items.filter((item) => declared(item, 'instance') === instance);
  const id = values.id ?? own;
  return {
    ...(attachedInterface(id, declared(here[0], 'device_index')) as JsonObject),
    Groups: groupsOf(values.security_groups),
  };
}

function plannedNetwork(block: Block, present: readonly Block[], doubtful: readonly Block[], hasTemplate: boolean) {
  const ofType = (type: string) => present.filter((satellite) => satellite.type === type);
  const added = ofType(groupAttachment).map(({ values }) => values.security_group_id ?? later('the group'));
  const given = givenInterfaces(block);
  const own = plannedGroups(block, hasTemplate);
  // Each is an item of its own, so that it stands even where the other groups are not told.
  const lent = (groupsOf(added) as readonly Json[]).map((group) => ownInterface([group]));
  const attached = ofType(attachment).map(({ values }) =>
    attachedInterface(values.network_interface_id, values.device_index),
  );
  const mine = ofType(interfaceBlock).map((one) => selfAttached(one, block.identity));
  const ids = new Set(mine.flatMap(({ NetworkInterfaceId: id }) => (typeof id === 'string' ? [id] : [])));
  const isElsewhere = (item: Json) => {
    const id = declared(item, 'NetworkInterfaceId');
    return typeof id !== 'string' || !ids.has(id);
  };
  const doubt = doubtOf(doubtful.filter(({ type }) => interfaceTypes.has(type)));
  const isTold = block.isNew && !hasTemplate;
  const others = [...(given ?? [ownInterface(own)]), ...lent, ...attached].filter(isElsewhere);
  const known = [...others, ...mine];
  return networkOf(known, [doubt, isTold ? undefined : otherInterfaces]);
}

function plannedState({ values, isNew }: Block, present: readonly Block[], doubtful: readonly Block[]): JsonObject {
  const doubt = doubtOf(doubtful.filter(({ type }) => type === stateBlock));
  const wanted = present.find(({ type }) => type === stateBlock)?.values.state;
  return { Name: doubt ?? wanted ?? (isNew ? 'running' : (values.instance_state ?? untold)) };
}

const metadataNames = {
  HttpEndpoint: 'http_endpoint',
  HttpTokens: 'http_tokens',
  HttpPutResponseHopLimit: 'http_put_response_hop_limit',
  HttpProtocolIpv6: 'http_protocol_ipv6',
  InstanceMetadataTags: 'instance_metadata_tags',
};

const ownChoice = unknown('known-after-apply', 'the image or a default of the account decides');

/** What is not written is up to the image and the account's defaults. */
function metadataOf(options: Declared, names: Readonly<Record<string, string>>): Json {
  if (isUnknown(options)) return options;
  if (options === undefined) return ownChoice;
  return Object.fromEntries(
    Object.entries(names).map(([name, attribute]) => {
      const value = declared(options, attribute) ?? ownChoice;
      return [name, name === 'HttpPutResponseHopLimit' ? declaredNumber(value) : value];
    }),
  );
}

const networkAttributes = [
  'vpc_security_group_ids',
  'security_groups',
  'network_interface',
  'primary_network_interface',
  `${groupAttachment}.security_group_id`,
  `${attachment}.network_interface_id`,
  `${interfaceBlock}.security_groups`,
];

const terraformSetBy = {
  NetworkInterfaces: networkAttributes,
  SecurityGroups: networkAttributes,
  Tags: ['tags', 'tags_all', 'aws_ec2_tag.value'],
  State: [`${stateBlock}.state`, 'instance_state'],
  LaunchTime: ['launch_time'],
  MetadataOptions: ['metadata_options', 'launch_template'],
  VpcId: ['subnet_id'],
};

/** By their ids, a subnet that gets a tag, and the like. An interface may be that of an instance. */
const isOther = ({ type, identity }: Block) =>
  type === tagBlock
    ? /^(?!i-)[a-z]{1,12}-[0-9a-f]{8,17}$/.test(identity) || isOfOtherType(identity, 'aws_instance')
    : /^(?!i-|eni-)[a-z]{1,12}-[0-9a-f]{8,17}$/.test(identity);

export const terraform: TerraformForm = {
  main: ['aws_instance'],
  // What refers to an instance's first interface means the instance.
  identity: ['id', 'primary_network_interface_id'],
  links: {
    aws_instance: ['vpc_security_group_ids[]'],
    [groupAttachment]: ['security_group_id'],
    [interfaceBlock]: ['security_groups[]'],
  },
  satellites: {
    [stateBlock]: [{ joins: 'instance_id' }],
    [attachment]: [{ joins: 'instance_id' }],
    [groupAttachment]: [{ joins: 'network_interface_id', to: 'primary_network_interface_id' }],
    [tagBlock]: [{ joins: 'resource_id' }],
    [interfaceBlock]: [{ joins: 'attachment[].instance' }],
  },
  isOther,
  sets,
  setBy: terraformSetBy,
  born: ['LaunchTime'],
  properties(block, satellites, doubtful) {
    const { values, isNew, at } = block;
    const present = satellites.filter(({ isRemoved }) => !isRemoved);
    const template = declaredItems(values.launch_template);
    const hasTemplate = isUnknown(template) || template.length > 0;
    const metadata = onlyItem(values.metadata_options);
    const tags = withSeparateTags(block, present, doubtful);
    return {
      InstanceId: block.identity,
      ImageId: imageOf(values.ami, hasTemplate),
      InstanceType: chosen(values.instance_type, 'its type'),
      KeyName: isUnsaid(block, 'key_name') && !hasTemplate ? undefined : values.key_name || undefined,
      LaunchTime: isNew ? at : unknown('not-collected', 'a plan does not tell when it was last started'),
      State: plannedState(block, present, doubtful),
      SubnetId: chosen(values.subnet_id, 'its subnet'),
      MetadataOptions: metadataOf(
        isNew && hasTemplate && metadata === undefined ? templateUnread : metadata,
        metadataNames,
      ),
      ...plannedNetwork(block, present, doubtful, hasTemplate),
      // A launch template may add tags of its own.
      Tags: hasTemplate && isNew && Array.isArray(tags) ? [...(tags as readonly Json[]), templateUnread] : tags,
    };
  },
};

/** An image may be told by the name of a parameter that holds it. */
function imageOf(written: Declared, hasTemplate: boolean): Declared {
  if (typeof written === 'string' && written.startsWith('resolve:')) return later('its image');
  return (written === undefined || written === null) && hasTemplate ? templateUnread : chosen(written, 'its image');
}

const templateNames = Object.fromEntries(Object.keys(metadataNames).map((name) => [name, name]));
const templateAttachment = 'AWS::EC2::NetworkInterfaceAttachment';

function templateNetwork({ values }: Block, present: readonly Block[], doubtful: readonly Block[]): JsonObject {
  const hasTemplate = values.LaunchTemplate !== undefined;
  const written = declaredItems(values.NetworkInterfaces);
  const attached = present.map((one) => attachedInterface(one.values.NetworkInterfaceId, one.values.DeviceIndex));
  const untold = hasTemplate
    ? templateUnread
    : unknown('known-after-apply', 'EC2 gives it the default group of the VPC');
  const groups =
    values.SecurityGroupIds !== undefined
      ? groupsOf(values.SecurityGroupIds)
      : values.SecurityGroups !== undefined
        ? groupsByName(values.SecurityGroups)
        : untold;
  const inside = isUnknown(written)
    ? [written]
    : written.length > 0
      ? written.map((item) => (isUnknown(item) ? item : templateInterface(item)))
      : [ownInterface(groups)];
  return networkOf([...inside, ...attached], [doubtOf(doubtful), hasTemplate ? templateUnread : undefined]);
}

export const cloudformation: CloudFormationForm = {
  replacement,
  attributes: { InstanceId: 'id' },
  links: ['SecurityGroupIds', 'SecurityGroups', 'GroupSet', 'InstanceId'],
  satellites: { [templateAttachment]: [{ joins: 'InstanceId' }] },
  sets,
  setBy: {
    NetworkInterfaces: [
      'SecurityGroupIds',
      'NetworkInterfaces',
      'SecurityGroups',
      `${templateAttachment}.NetworkInterfaceId`,
    ],
    SecurityGroups: ['SecurityGroupIds', 'NetworkInterfaces', 'SecurityGroups'],
    Tags: ['Tags'],
    MetadataOptions: ['MetadataOptions', 'LaunchTemplate'],
    VpcId: ['SubnetId'],
  },
  born: ['LaunchTime', 'State'],
  properties(block, satellites, doubtful) {
    const { values, identity, at } = block;
    const hasTemplate = values.LaunchTemplate !== undefined;
    const tags = templateTags(block, values.Tags);
    return {
      InstanceId: identity,
      ImageId: imageOf(values.ImageId, hasTemplate),
      InstanceType: chosen(values.InstanceType, 'its type'),
      KeyName: values.KeyName ?? (hasTemplate ? templateUnread : undefined),
      LaunchTime: at,
      State: { Name: 'running' },
      SubnetId: chosen(values.SubnetId, 'its subnet'),
      EbsOptimized: declaredBoolean(values.EbsOptimized) ?? (hasTemplate ? templateUnread : ownChoice),
      MetadataOptions: metadataOf(values.MetadataOptions ?? (hasTemplate ? templateUnread : undefined), templateNames),
      ...templateNetwork(block, satellites, doubtful),
      Tags: hasTemplate && Array.isArray(tags) ? [...(tags as readonly Json[]), templateUnread] : tags,
    };
  },
};
