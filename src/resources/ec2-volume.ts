import { declaredBoolean, declaredNumber, isUnsaid } from '../model/declared.ts';
import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet, templateTags } from '../model/declared-tags.ts';
import type { CloudFormationForm, Declared, ResourceType, Settlement, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, unknown } from '../model/value.ts';

/** Where the default is on, nothing is left in plain text, whatever is asked for. */
const setting: Settlement = {
  type: 'AWS::EC2::EbsEncryptionByDefault',
  value: 'EbsEncryptionByDefault',
  unless: 'SnapshotId',
  detail: 'the default of the account, or the snapshot, decides whether it is encrypted',
  overrules: true,
};

/** Where nobody asks for encryption, a default of the account or the snapshot may give it all the same. */
function encryptedOf(written: Declared): Json {
  return written === true || isUnknown(written) ? written : unknown('known-after-apply', setting.detail);
}

const terraform: TerraformForm = {
  main: ['aws_ebs_volume'],
  identity: ['id'],
  links: { aws_ebs_volume: ['snapshot_id'] },
  sets: { Tags: tagSet },
  settledBy: { Encrypted: setting },
  setBy: { Encrypted: ['encrypted', 'snapshot_id'], KmsKeyId: ['kms_key_id'], Tags: ['tags', 'tags_all'] },
  born: ['CreateTime'],
  properties(block) {
    const { values, isNew, at } = block;
    return {
      VolumeId: block.identity,
      AvailabilityZone: chosen(values.availability_zone, 'its zone'),
      CreateTime: isNew ? at : chosen(values.create_time, 'its time of creation'),
      Encrypted: isNew ? encryptedOf(isUnsaid(block, 'encrypted') ? undefined : values.encrypted) : values.encrypted,
      KmsKeyId: chosen(values.kms_key_id || undefined, 'its key'),
      Size: chosen(values.size, 'its size'),
      SnapshotId: isUnsaid(block, 'snapshot_id') ? undefined : values.snapshot_id || undefined,
      VolumeType: isUnsaid(block, 'type') ? 'gp2' : chosen(values.type, 'its type'),
      MultiAttachEnabled: values.multi_attach_enabled ?? false,
      OutpostArn: values.outpost_arn || undefined,
      Tags: plannedTags(block),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: {
    always: [],
    perhaps: ['AvailabilityZone', 'Encrypted', 'KmsKeyId', 'SnapshotId', 'SourceVolumeId', 'OutpostArn'],
  },
  attributes: { VolumeId: 'id' },
  sets: { Tags: tagSet },
  settledBy: { Encrypted: setting },
  setBy: { Encrypted: ['Encrypted', 'SnapshotId'], KmsKeyId: ['KmsKeyId'], Tags: ['Tags'] },
  born: ['CreateTime'],
  properties({ values, identity, at, stackTags }) {
    return {
      VolumeId: identity,
      AvailabilityZone: chosen(values.AvailabilityZone, 'its zone'),
      CreateTime: at,
      Encrypted: encryptedOf(declaredBoolean(values.Encrypted)),
      KmsKeyId: chosen(values.KmsKeyId, 'its key'),
      Size: chosen(declaredNumber(values.Size), 'its size'),
      SnapshotId: values.SnapshotId,
      SourceVolumeId: values.SourceVolumeId,
      VolumeType: values.VolumeType ?? 'gp2',
      MultiAttachEnabled: declaredBoolean(values.MultiAttachEnabled) ?? false,
      OutpostArn: values.OutpostArn,
      Tags: templateTags({ ...(stackTags && { stackTags }) }, values.Tags),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::Volume',
  noun: 'EBS volume',
  reach: 'region',
  id: 'VolumeId',
  arn: 'arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}',
  tags: 'Tags',
  always: ['VolumeId', 'State', 'Encrypted', 'CreateTime', 'Tags[].Key', 'Tags[].Value'],
  listing: { call: { service: 'ec2', operation: 'DescribeVolumes', pageSize: 500 }, items: 'Volumes[]' },
  terraform,
  cloudformation,
};
