import type { ResourceType } from '../model/resource-type.ts';

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
};
