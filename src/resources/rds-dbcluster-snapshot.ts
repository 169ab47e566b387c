import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet } from '../model/declared-tags.ts';
import type { Block, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { knownSnapshot, later, newSnapshot, rdsArn, untold } from './_rds-forms.ts';

const copy = 'aws_rds_cluster_snapshot_copy';

/** The ARN of what a copy is one of; a name tells no ARN, and what is no copy has none. */
function sourceOf({ type, values, isNew }: Block): Declared {
  if (isNew && type !== copy) return undefined;
  const told = isNew ? values.source_db_cluster_snapshot_identifier : values.source_db_cluster_snapshot_arn;
  if (!isNew && told === undefined) return untold('what it is a copy of');
  if (!isNew && !told) return undefined;
  return typeof told === 'string' && told.startsWith('arn:') ? told : later('the ARN of what it is a copy of');
}

/** DocumentDB and Neptune keep their snapshots with those of RDS. */
const terraform: TerraformForm = {
  main: ['aws_db_cluster_snapshot', copy, 'aws_docdb_cluster_snapshot', 'aws_neptune_cluster_snapshot'],
  identity: ['db_cluster_snapshot_identifier', 'target_db_cluster_snapshot_identifier', 'id'],
  sets: { TagList: tagSet },
  setBy: {
    DBClusterIdentifier: ['db_cluster_identifier'],
    SourceDBClusterSnapshotArn: ['source_db_cluster_snapshot_identifier'],
    TagList: ['tags', 'tags_all'],
  },
  properties(block) {
    const { values, isNew } = block;
    const own = values.db_cluster_snapshot_identifier ?? values.target_db_cluster_snapshot_identifier;
    const name = chosen(own, 'its name');
    return {
      DBClusterSnapshotIdentifier: name,
      DBClusterSnapshotArn: rdsArn(block, values.db_cluster_snapshot_arn, 'cluster-snapshot', name),
      DBClusterIdentifier: chosen(values.db_cluster_identifier, 'its cluster'),
      Engine: chosen(values.engine || undefined, 'its engine'),
      StorageEncrypted: chosen(values.storage_encrypted, 'whether it is encrypted'),
      KmsKeyId: chosen(values.kms_key_id || undefined, 'its key'),
      ...(isNew ? newSnapshot(block) : knownSnapshot(block)),
      SourceDBClusterSnapshotArn: sourceOf(block),
      TagList: plannedTags(block),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::RDS::DBClusterSnapshot',
  noun: 'database cluster snapshot',
  invented:
    'A snapshot of a cluster of Aurora, DocumentDB, Neptune or RDS that the account itself owns: automated, manual or made by AWS Backup.',
  reach: 'region',
  id: 'DBClusterSnapshotIdentifier',
  arn: 'DBClusterSnapshotArn',
  tags: 'TagList',
  always: [
    'DBClusterSnapshotIdentifier',
    'DBClusterSnapshotArn',
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
      operation: 'DescribeDBClusterSnapshots',
      input: { IncludeShared: false, IncludePublic: false },
      pageSize: 100,
    },
    items: 'DBClusterSnapshots[]',
  },
  relations: {
    original: {
      to: 'AWS::RDS::DBClusterSnapshot',
      from: 'SourceDBClusterSnapshotArn',
      match: 'DBClusterSnapshotArn',
      within: 'account',
    },
    recoveryPoints: { to: 'AWS::Backup::RecoveryPoint', from: 'DBClusterSnapshotArn', match: 'SnapshotId' },
  },
  terraform,
};
