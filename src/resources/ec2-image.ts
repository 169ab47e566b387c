import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

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
};
