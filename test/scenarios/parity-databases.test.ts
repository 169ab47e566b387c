import { describeParity, type Parity } from './parity.ts';

const databases: Parity = {
  type: 'AWS::RDS::DBInstance',
  folder: 'rds-dbinstance',
  nameOf: ({ properties }) => String(properties.DBInstanceIdentifier),
  resources: {
    kept: {
      properties: {
        DBInstanceIdentifier: '<self>',
        DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:kept',
        DBInstanceStatus: 'available',
        Engine: 'postgres',
        StorageEncrypted: true,
        BackupRetentionPeriod: 14,
        PubliclyAccessible: false,
        DeletionProtection: true,
        MultiAZ: true,
        IAMDatabaseAuthenticationEnabled: false,
        AutoMinorVersionUpgrade: true,
        CopyTagsToSnapshot: false,
        TagList: [{ Key: 'Team', Value: 'data' }],
      },
      verdicts: {},
    },
    broken: {
      properties: {
        StorageEncrypted: false,
        BackupRetentionPeriod: 0,
        PubliclyAccessible: true,
        DeletionProtection: false,
        MultiAZ: false,
        TagList: [],
      },
      verdicts: {},
    },
    // What its cluster decides is not told with it.
    member: { properties: { Engine: 'aurora-postgresql', DBClusterIdentifier: 'acme' }, verdicts: {} },
  },
  undecided: { undecided: {} },
};

const age = (rule: string, outcome: 'pass' | 'fail' | 'unknown' | 'not-applicable') => ({ [rule]: outcome });
const rule = 'rds-snapshot-max-age';
const clusterRule = 'rds-cluster-snapshot-max-age';

const snapshots: Parity = {
  type: 'AWS::RDS::DBSnapshot',
  folder: 'rds-dbsnapshot',
  nameOf: ({ properties }) => String(properties.DBSnapshotIdentifier),
  resources: {
    kept: {
      properties: {
        DBSnapshotIdentifier: '<self>',
        DBSnapshotArn: 'arn:aws:rds:eu-west-1:111122223333:snapshot:kept',
        DBInstanceIdentifier: 'data',
        SnapshotType: 'manual',
        Status: 'available',
        TagList: [],
      },
      verdicts: age(rule, 'pass'),
      // The stack may give it the tag of an exemption.
      templated: age(rule, 'unknown'),
    },
    // It is old where it is there; one that is deployed now is not.
    broken: {
      properties: { DBInstanceIdentifier: 'other' },
      verdicts: age(rule, 'fail'),
      declared: age(rule, 'pass'),
      templated: age(rule, 'unknown'),
    },
    held: {
      properties: { TagList: [{ Key: 'LegalHold', Value: 'case 7' }] },
      verdicts: age(rule, 'not-applicable'),
    },
  },
  undecided: { undecided: age(rule, 'unknown') },
};

const clusterSnapshots: Parity = {
  type: 'AWS::RDS::DBClusterSnapshot',
  folder: 'rds-dbcluster-snapshot',
  nameOf: ({ properties }) => String(properties.DBClusterSnapshotIdentifier),
  resources: {
    kept: {
      properties: {
        DBClusterSnapshotIdentifier: '<self>',
        DBClusterSnapshotArn: 'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:kept',
        DBClusterIdentifier: 'acme',
        SnapshotType: 'manual',
        Status: 'available',
        TagList: [],
      },
      verdicts: age(clusterRule, 'pass'),
    },
    broken: {
      properties: { DBClusterIdentifier: 'acme' },
      verdicts: age(clusterRule, 'fail'),
      declared: age(clusterRule, 'pass'),
    },
    documents: { properties: { DBClusterIdentifier: 'papers' }, verdicts: age(clusterRule, 'pass') },
  },
  undecided: { undecided: age(clusterRule, 'unknown') },
};

describeParity([databases, snapshots, clusterSnapshots]);
