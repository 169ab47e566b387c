import { isUnsaid } from '../model/declared.ts';
import { accountOf } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet } from '../model/declared-tags.ts';
import type { Block, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { unknown } from '../model/value.ts';

const untold = (what: string) => unknown('not-collected', `a plan does not tell ${what}`);

/** Only copies have one; without a duration they are made as they come. */
function transferOf({ type, isNew, values }: Block): Declared {
  if (type !== 'aws_ebs_snapshot_copy') return isNew ? undefined : untold('whether it is a copy');
  const minutes = values.completion_duration_minutes;
  if (!isNew || (minutes !== undefined && minutes !== null && typeof minutes !== 'number'))
    return untold('how it is copied');
  return typeof minutes === 'number' ? 'time-based' : 'standard';
}

/** A copy, or what is imported, has a volume that means nothing. */
function volumeOf({ type, values }: Block): Declared {
  if (type === 'aws_ebs_snapshot') return chosen(values.volume_id, 'its volume');
  return chosen(values.volume_id, 'the volume that AWS names');
}

/** The default of the account encrypts copies, and a snapshot of a volume is like the volume. */
function encryptedOf({ isNew, type, values }: Block): Declared {
  if (!isNew || (values.encrypted === true && type !== 'aws_ebs_snapshot')) return values.encrypted;
  return unknown('known-after-apply', 'what it is made of, or the default of the account, decides');
}

const terraform: TerraformForm = {
  main: ['aws_ebs_snapshot', 'aws_ebs_snapshot_copy', 'aws_ebs_snapshot_import'],
  identity: ['id'],
  links: { aws_ebs_snapshot: ['volume_id'] },
  sets: { Tags: tagSet },
  setBy: {
    Encrypted: ['encrypted', 'volume_id', 'source_snapshot_id'],
    VolumeId: ['volume_id', 'source_snapshot_id'],
    TransferType: ['source_snapshot_id'],
    StorageTier: ['storage_tier'],
    Tags: ['tags', 'tags_all'],
  },
  properties(block) {
    const { values, isNew, at } = block;
    return {
      SnapshotId: block.identity,
      VolumeId: volumeOf(block),
      OwnerId: isNew ? accountOf(block) : chosen(values.owner_id, 'its owner'),
      // It begins with the deployment; the day of what is copied is another one.
      StartTime: isNew ? at : (values.start_time ?? untold('when it was begun')),
      // The provider waits until it is whole.
      State: isNew ? 'completed' : untold('its state'),
      Encrypted: encryptedOf(block),
      KmsKeyId: chosen(values.kms_key_id || undefined, 'its key'),
      Description: values.description ?? undefined,
      StorageTier: isUnsaid(block, 'storage_tier') ? 'standard' : values.storage_tier,
      TransferType: transferOf(block),
      Tags: plannedTags(block),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::Snapshot',
  noun: 'EBS snapshot',
  invented: 'A snapshot of a volume that the account itself owns, in whichever storage tier.',
  reach: 'region',
  id: 'SnapshotId',
  // AWS writes the ARN of a snapshot without an account.
  arn: 'arn:{partition}:ec2:{region}::snapshot/{SnapshotId}',
  tags: 'Tags',
  always: ['SnapshotId', 'VolumeId', 'OwnerId', 'StartTime', 'State', 'Encrypted', 'Tags[].Key', 'Tags[].Value'],
  listing: {
    // Without an owner AWS lists every snapshot that may be used: the public ones of the whole world among them.
    call: { service: 'ec2', operation: 'DescribeSnapshots', input: { OwnerIds: ['self'] }, pageSize: 1000 },
    items: 'Snapshots[]',
  },
  relations: {
    bootedImages: { to: 'AWS::EC2::Image', from: 'SnapshotId', match: 'RootSnapshotId' },
    recoveryPoints: { to: 'AWS::Backup::RecoveryPoint', from: 'SnapshotId', match: 'SnapshotId' },
  },
  terraform,
};
