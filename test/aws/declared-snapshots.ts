import type { JsonObject } from '../../src/model/value.ts';
import { account, answering } from '../aws-calls/acme.ts';
import type { Expected, State } from './declared-expectation.ts';

/** One snapshot, and what is special about it. Those that are broken are deleted to mend them. */
interface Snapshot extends Expected {
  readonly rule: string;
  readonly members: JsonObject;
}

const recently = '2026-11-23T22:00:00.000Z';
/** Six calendar months and a second before the audit, and a second less. */
const tooOld = '2026-05-24T01:59:59.000Z';
const justYoung = '2026-05-24T02:00:01.000Z';

const tagged = (key: string) => [{ Key: key, Value: 'case-12' }];

function volumeSnapshot(number: number, trap: string, members: JsonObject, outcome: string): Snapshot {
  const outcomes = [outcome, outcome === 'fail' ? 'gone' : outcome] as const;
  return { rule: 'ec2-snapshot-max-age', id: `snap-0e1d00000000000${number}`, trap, members, outcomes };
}

const volumes: readonly Snapshot[] = [
  volumeSnapshot(21, 'a second younger than six calendar months', { StartTime: justYoung }, 'pass'),
  volumeSnapshot(22, 'a second older than six calendar months', { StartTime: tooOld }, 'fail'),
  volumeSnapshot(23, 'old, in the archive', { StartTime: tooOld, StorageTier: 'archive' }, 'fail'),
  volumeSnapshot(24, 'old, and boots an image that is disabled', { StartTime: tooOld }, 'not-applicable'),
  volumeSnapshot(25, 'old, of a data volume of that image', { StartTime: tooOld }, 'fail'),
  volumeSnapshot(26, 'old, on legal hold', { StartTime: tooOld, Tags: tagged('LegalHold') }, 'not-applicable'),
  volumeSnapshot(27, 'old, and a copy', { StartTime: tooOld, VolumeId: 'vol-ffffffff' }, 'fail'),
];

function databaseSnapshot(name: string, trap: string, members: JsonObject, outcome: string): Snapshot {
  const outcomes = [outcome, outcome === 'fail' ? 'gone' : outcome] as const;
  return { rule: 'rds-snapshot-max-age', id: name, trap, members, outcomes };
}

const databases: readonly Snapshot[] = [
  databaseSnapshot(
    'young',
    'a second younger than six calendar months',
    { SnapshotCreateTime: justYoung, OriginalSnapshotCreateTime: justYoung },
    'pass',
  ),
  databaseSnapshot('final', 'the final one of a database that is gone', { SnapshotCreateTime: tooOld }, 'fail'),
  databaseSnapshot(
    'copy',
    'a young copy of an old one',
    { SnapshotCreateTime: recently, OriginalSnapshotCreateTime: tooOld },
    'fail',
  ),
  databaseSnapshot(
    'held',
    'old, on legal hold',
    { SnapshotCreateTime: tooOld, TagList: tagged('LegalHold') },
    'not-applicable',
  ),
  databaseSnapshot(
    'lost',
    'old, and AWS Backup has lost it',
    { SnapshotCreateTime: tooOld, SnapshotType: 'awsbackup' },
    'fail',
  ),
];

function clusterSnapshot(name: string, trap: string, members: JsonObject, outcome: string): Snapshot {
  const outcomes = [outcome, outcome === 'fail' ? 'gone' : outcome] as const;
  return { rule: 'rds-cluster-snapshot-max-age', id: name, trap, members, outcomes };
}

const clusterArn = (name: string) => `arn:aws:rds:eu-west-1:${account}:cluster-snapshot:${name}`;

const clusters: readonly Snapshot[] = [
  clusterSnapshot('young', 'a second younger than six calendar months', { SnapshotCreateTime: justYoung }, 'pass'),
  clusterSnapshot('docs', 'an old one of DocumentDB', { SnapshotCreateTime: tooOld, Engine: 'docdb' }, 'fail'),
  clusterSnapshot(
    'copy',
    'a copy of a young one',
    { SnapshotCreateTime: recently, SourceDBClusterSnapshotArn: clusterArn('young') },
    'pass',
  ),
  clusterSnapshot(
    'old-copy',
    'a young copy of an old one',
    { SnapshotCreateTime: recently, SourceDBClusterSnapshotArn: clusterArn('docs') },
    'fail',
  ),
];

export const snapshots: readonly Snapshot[] = [...volumes, ...databases, ...clusters];

const remaining = (list: readonly Snapshot[], state: State) =>
  list.filter(({ outcomes: [broken] }) => state === 'broken' || broken !== 'fail');

/** What EC2 lists of the snapshots of volumes, and of the image that one of them boots. */
export function volumeSnapshots(state: State) {
  const described = remaining(volumes, state).map(({ id, members }) => ({
    SnapshotId: id,
    VolumeId: 'vol-0e1d0000000000001',
    OwnerId: account,
    State: 'completed',
    StorageTier: 'standard',
    Encrypted: true,
    ...members,
  }));
  const devices = [
    { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-0e1d0000000000025' } },
    { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-0e1d0000000000024' } },
  ];
  const image = {
    ImageId: 'ami-0e1d0000000000001',
    Name: 'acme-web',
    OwnerId: account,
    State: 'disabled',
    CreationDate: tooOld,
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: state === 'broken' ? devices : devices.slice(1),
  };
  return {
    DescribeSnapshots: [answering({ OwnerIds: ['self'] }, { Snapshots: described })],
    DescribeImages: [answering({ Owners: ['self'], IncludeDisabled: true }, { Images: [image] })],
  };
}

/** What RDS lists of the snapshots of databases and clusters. */
export function databaseSnapshots(state: State) {
  const common = { Status: 'available', SnapshotType: 'manual', Engine: 'postgres' };
  return {
    DescribeDBSnapshots: {
      DBSnapshots: remaining(databases, state).map(({ id, members }) => ({
        DBSnapshotIdentifier: id,
        DBSnapshotArn: `arn:aws:rds:eu-west-1:${account}:snapshot:${id}`,
        DBInstanceIdentifier: 'acme-orders',
        ...common,
        ...members,
      })),
    },
    DescribeDBClusterSnapshots: {
      DBClusterSnapshots: remaining(clusters, state).map(({ id, members }) => ({
        DBClusterSnapshotIdentifier: id,
        DBClusterSnapshotArn: clusterArn(id),
        DBClusterIdentifier: 'acme-books',
        ...common,
        ...members,
      })),
    },
  };
}
