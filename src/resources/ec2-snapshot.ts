import type { ResourceType } from '../model/resource-type.ts';

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
};
