import { declared, declaredItems, isUnsaid } from '../model/declared.ts';
import { accountOf } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet } from '../model/declared-tags.ts';
import type { Block, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, unknown } from '../model/value.ts';

/** Adds the snapshot of the root device; an image of an instance store has none, nor has one that is not made yet. */
function keepImage(image: Json): Json {
  if (!isObject(image)) throw new Error('an image is not an object');
  const { RootDeviceName: root, BlockDeviceMappings: devices = [] } = image;
  if (!Array.isArray(devices)) throw new Error('BlockDeviceMappings is not a list');
  const boots = (devices as readonly Json[]).find((device) => {
    if (!isObject(device)) throw new Error('a block device is not an object');
    return typeof root === 'string' && device.DeviceName === root;
  });
  const snapshot = isObject(boots) && isObject(boots.Ebs) ? boots.Ebs.SnapshotId : undefined;
  return typeof snapshot === 'string' ? { ...image, RootSnapshotId: snapshot } : image;
}

const later = (what: string) => unknown('known-after-apply', `${what} is known only when it exists`);
const untold = (what: string) => unknown('not-collected', `a plan does not tell ${what}`);

/** A copy, or an image of an instance, has snapshots that are made with it; any other names its own, or boots from none. */
function rootSnapshot({ type, values, isNew }: Block): Declared {
  const told = values.root_snapshot_id;
  if (typeof told === 'string' && told !== '') return told;
  if (!isNew || type !== 'aws_ami') return chosen(told, 'the snapshot of its root device');
  if (values.root_device_name === undefined || values.root_device_name === null) return undefined;
  const devices = declaredItems(values.ebs_block_device);
  if (isUnknown(devices)) return later('the snapshot of its root device');
  // A device of which nothing is known may be the root.
  const candidates = devices.filter((device) => {
    const name = declared(device, 'device_name');
    return isUnknown(name) || isUnknown(values.root_device_name) || name === values.root_device_name;
  });
  const [root, ...others] = candidates;
  if (others.length > 0 || isUnknown(root)) return later('the snapshot of its root device');
  return root === undefined ? undefined : declared(root, 'snapshot_id');
}

const terraform: TerraformForm = {
  main: ['aws_ami', 'aws_ami_copy', 'aws_ami_from_instance'],
  identity: ['id'],
  sets: { Tags: tagSet },
  setBy: {
    RootSnapshotId: ['ebs_block_device', 'root_device_name', 'source_ami_id', 'source_instance_id'],
    DeprecationTime: ['deprecation_time'],
    Tags: ['tags', 'tags_all'],
  },
  properties(block) {
    const { values, isNew, at } = block;
    return {
      ImageId: block.identity,
      Name: chosen(values.name, 'its name'),
      OwnerId: isNew ? accountOf(block) : chosen(values.owner_id, 'its owner'),
      CreationDate: isNew ? at : untold('when it was made'),
      // The provider waits until it can be used.
      State: isNew ? 'available' : untold('its state'),
      // Who else may use it is declared apart from it.
      Public: isNew ? untold('who may use it') : values.public,
      RootDeviceName:
        block.type === 'aws_ami' ? values.root_device_name : chosen(values.root_device_name, 'its root device'),
      RootSnapshotId: rootSnapshot(block),
      DeprecationTime: isUnsaid(block, 'deprecation_time') ? undefined : values.deprecation_time || undefined,
      Description: values.description || undefined,
      Tags: plannedTags(block),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::Image',
  noun: 'machine image',
  invented: 'A machine image (AMI) that the account itself owns, deprecated and disabled ones among them.',
  reach: 'region',
  id: 'ImageId',
  name: 'Name',
  arn: 'arn:{partition}:ec2:{region}::image/{ImageId}',
  tags: 'Tags',
  always: ['ImageId', 'State', 'OwnerId', 'CreationDate', 'Tags[].Key', 'Tags[].Value'],
  derived: { RootSnapshotId: 'string' },
  listing: {
    call: {
      service: 'ec2',
      operation: 'DescribeImages',
      input: { Owners: ['self'], IncludeDeprecated: true, IncludeDisabled: true },
      pageSize: 1000,
    },
    items: 'Images[]',
    keep: keepImage,
  },
  terraform,
};
