import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::RDS::DBSnapshot',
  noun: 'database snapshot',
  invented: 'A snapshot of a database instance that the account itself owns: automated, manual or made by AWS Backup.',
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
};
