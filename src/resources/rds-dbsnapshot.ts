import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet, templateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, ResourceType, TerraformForm } from '../model/resource-type.ts';
import type { JsonObject } from '../model/value.ts';
import { knownSnapshot, later, newSnapshot, rdsArn, untold } from './_rds-forms.ts';

/** When the data was taken, and of what a copy is one: a copy keeps the day of its original. */
function originOf({ type, values, isNew, at }: Block): JsonObject {
  if (!isNew)
    return {
      OriginalSnapshotCreateTime: untold('when its original was taken'),
      SourceDBSnapshotIdentifier: values.source_db_snapshot_identifier || undefined,
    };
  return type === 'aws_db_snapshot'
    ? { OriginalSnapshotCreateTime: at, SourceDBSnapshotIdentifier: undefined }
    : {
        OriginalSnapshotCreateTime: later('when its original was taken'),
        // RDS tells it only of copies from another account or region.
        SourceDBSnapshotIdentifier: later('from where it is copied'),
      };
}

const terraform: TerraformForm = {
  main: ['aws_db_snapshot', 'aws_db_snapshot_copy'],
  identity: ['db_snapshot_identifier', 'target_db_snapshot_identifier', 'id'],
  links: { aws_db_snapshot: ['db_instance_identifier'] },
  sets: { TagList: tagSet },
  setBy: {
    DBInstanceIdentifier: ['db_instance_identifier'],
    OriginalSnapshotCreateTime: ['source_db_snapshot_identifier'],
    SourceDBSnapshotIdentifier: ['source_db_snapshot_identifier'],
    TagList: ['tags', 'tags_all'],
  },
  properties(block) {
    const { values, isNew } = block;
    const name = chosen(values.db_snapshot_identifier ?? values.target_db_snapshot_identifier, 'its name');
    return {
      DBSnapshotIdentifier: name,
      DBSnapshotArn: rdsArn(block, values.db_snapshot_arn, 'snapshot', name),
      DBInstanceIdentifier: chosen(values.db_instance_identifier, 'its database'),
      Engine: chosen(values.engine || undefined, 'its engine'),
      Encrypted: chosen(values.encrypted, 'whether it is encrypted'),
      KmsKeyId: chosen(values.kms_key_id || undefined, 'its key'),
      ...(isNew ? newSnapshot(block) : knownSnapshot(block)),
      ...originOf(block),
      TagList: plannedTags(block),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: { always: ['DBSnapshotIdentifier', 'DBInstanceIdentifier'] },
  links: ['DBInstanceIdentifier'],
  sets: { TagList: tagSet },
  setBy: { DBInstanceIdentifier: ['DBInstanceIdentifier'], TagList: ['Tags'] },
  born: ['SnapshotCreateTime', 'OriginalSnapshotCreateTime', 'Status'],
  properties(block) {
    const { values, at } = block;
    const name = chosen(values.DBSnapshotIdentifier, 'its name');
    return {
      DBSnapshotIdentifier: name,
      DBSnapshotArn: rdsArn(block, undefined, 'snapshot', name),
      DBInstanceIdentifier: chosen(values.DBInstanceIdentifier, 'its database'),
      ...newSnapshot(block),
      OriginalSnapshotCreateTime: at,
      SourceDBSnapshotIdentifier: undefined,
      TagList: templateTags(block, values.Tags),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::RDS::DBSnapshot',
  noun: 'database snapshot',
  reach: 'region',
  id: 'DBSnapshotIdentifier',
  arn: 'DBSnapshotArn',
  tags: 'TagList',
  always: [
    'DBSnapshotIdentifier',
    'DBSnapshotArn',
    'SnapshotType',
    'Status',
    'SnapshotCreateTime',
    'Engine',
    'TagList[].Key',
    'TagList[].Value',
  ],
  listing: {
    call: {
      service: 'rds',
      operation: 'DescribeDBSnapshots',
      input: { IncludeShared: false, IncludePublic: false },
      pageSize: 100,
    },
    items: 'DBSnapshots[]',
  },
  relations: {
    original: {
      to: 'AWS::RDS::DBSnapshot',
      from: 'SourceDBSnapshotIdentifier',
      match: 'DBSnapshotArn',
      within: 'account',
    },
    recoveryPoints: { to: 'AWS::Backup::RecoveryPoint', from: 'DBSnapshotArn', match: 'SnapshotId' },
  },
  terraform,
  cloudformation,
};
