import { declaredBoolean, declaredNumber, isUnsaid } from '../model/declared.ts';
import { named } from '../model/declared-lists.ts';
import { chosen } from '../model/declared-policy.ts';
import { plannedTags, tagSet, templateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { type Json, unknown } from '../model/value.ts';
import { later, rdsArn, untold } from './_rds-forms.ts';

/** Attributes by which a database is made of something else, and is like it where nothing else is said. */
const origins = ['snapshot_identifier', 'replicate_source_db', 'restore_to_point_in_time', 's3_import'];
const templateOrigins = [
  'DBSnapshotIdentifier',
  'DBClusterSnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'SourceDBClusterIdentifier',
  'SourceDBInstanceAutomatedBackupsArn',
  'SourceDbiResourceId',
  'DBClusterIdentifier',
];

/** Whether anything but the block itself decides what it leaves out: its cluster, or what it is made of. */
function isDerived(block: Block, names: readonly string[]): boolean {
  return names.some((name) => {
    const items = said(block, name);
    return items !== undefined && items !== null && items !== '' && !(Array.isArray(items) && items.length === 0);
  });
}

const inherited = unknown('known-after-apply', 'what it is made of, or its cluster, decides');

/** What is written, or else RDS's default, unless something else decides. */
function settled(written: Declared, otherwise: Json, derived: boolean): Declared {
  if (written !== undefined && written !== null) return written;
  return derived ? inherited : otherwise;
}

function groupsOf(written: Declared, isLeftToAws: boolean): Json {
  if (isLeftToAws || written === undefined || written === null) return later('which security groups it has');
  return named(written, 'VpcSecurityGroupId');
}

/** The same for one of a plan, in which what AWS may fill in and nobody wrote is not known yet. */
function said(block: Block, name: string): Declared {
  return isUnsaid(block, name) ? undefined : block.values[name];
}

const isOfCluster = ({ type }: Block) => type !== 'aws_db_instance';

const terraform: TerraformForm = {
  // The databases of DocumentDB and Neptune are among those that RDS lists.
  main: ['aws_db_instance', 'aws_rds_cluster_instance', 'aws_docdb_cluster_instance', 'aws_neptune_cluster_instance'],
  identity: ['identifier', 'id'],
  links: { aws_db_instance: ['vpc_security_group_ids[]'] },
  pending: {
    attributes: [
      'backup_retention_period',
      'engine_version',
      'iam_database_authentication_enabled',
      'instance_class',
      'multi_az',
    ],
    unless: 'apply_immediately',
  },
  sets: { TagList: tagSet },
  setBy: {
    StorageEncrypted: ['storage_encrypted', ...origins],
    BackupRetentionPeriod: ['backup_retention_period'],
    PubliclyAccessible: ['publicly_accessible'],
    DeletionProtection: ['deletion_protection'],
    MultiAZ: ['multi_az'],
    IAMDatabaseAuthenticationEnabled: ['iam_database_authentication_enabled'],
    VpcSecurityGroups: ['vpc_security_group_ids'],
    KmsKeyId: ['kms_key_id'],
    TagList: ['tags', 'tags_all'],
  },
  properties(block) {
    const { values, isNew, at } = block;
    const name = chosen(values.identifier, 'its name');
    const derived = isNew && (isOfCluster(block) || isDerived(block, origins));
    return {
      DBInstanceIdentifier: name,
      DBInstanceArn: rdsArn(block, values.arn, 'db', name),
      DBInstanceClass: chosen(values.instance_class, 'its class'),
      DBInstanceStatus: isNew ? 'available' : (values.status ?? untold('its status')),
      DBClusterIdentifier: isOfCluster(block) ? chosen(values.cluster_identifier, 'its cluster') : undefined,
      Engine: chosen(values.engine, 'its engine'),
      InstanceCreateTime: isNew ? at : untold('when it was made'),
      StorageEncrypted: settled(said(block, 'storage_encrypted'), false, derived),
      KmsKeyId: chosen(values.kms_key_id || undefined, 'its key'),
      // The provider asks for none where nobody wrote a number; AWS's own default is one day.
      BackupRetentionPeriod: settled(said(block, 'backup_retention_period'), 0, derived || isOfCluster(block)),
      PubliclyAccessible: settled(said(block, 'publicly_accessible'), false, isOfCluster(block)),
      DeletionProtection: settled(said(block, 'deletion_protection'), false, isOfCluster(block)),
      MultiAZ: settled(said(block, 'multi_az'), false, derived),
      IAMDatabaseAuthenticationEnabled: settled(
        said(block, 'iam_database_authentication_enabled'),
        false,
        isOfCluster(block),
      ),
      AutoMinorVersionUpgrade: values.auto_minor_version_upgrade ?? true,
      CopyTagsToSnapshot: settled(said(block, 'copy_tags_to_snapshot'), false, isOfCluster(block)),
      VpcSecurityGroups: groupsOf(values.vpc_security_group_ids, isUnsaid(block, 'vpc_security_group_ids')),
      TagList: plannedTags(block),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: {
    always: [
      'BackupTarget',
      'CharacterSetName',
      'CustomIAMInstanceProfile',
      'DBClusterIdentifier',
      'DBInstanceIdentifier',
      'DBName',
      'DBSubnetGroupName',
      'DBSystemId',
      'KmsKeyId',
      'MasterUsername',
      'NcharCharacterSetName',
      'SourceRegion',
      'StorageEncrypted',
      'Timezone',
    ],
    perhaps: [
      'AutoMinorVersionUpgrade',
      'AvailabilityZone',
      'BackupRetentionPeriod',
      'DBClusterSnapshotIdentifier',
      'DBParameterGroupName',
      'DBSnapshotIdentifier',
      'Engine',
      'MultiAZ',
      'PerformanceInsightsKMSKeyId',
      'PreferredMaintenanceWindow',
      'RestoreTime',
      'SourceDBClusterIdentifier',
      'SourceDBInstanceAutomatedBackupsArn',
      'SourceDBInstanceIdentifier',
      'SourceDbiResourceId',
      'UseLatestRestorableTime',
    ],
  },
  ref: 'DBInstanceIdentifier',
  links: ['VPCSecurityGroups'],
  sets: { TagList: tagSet },
  setBy: {
    StorageEncrypted: ['StorageEncrypted', ...templateOrigins],
    BackupRetentionPeriod: ['BackupRetentionPeriod'],
    PubliclyAccessible: ['PubliclyAccessible'],
    DeletionProtection: ['DeletionProtection'],
    MultiAZ: ['MultiAZ'],
    IAMDatabaseAuthenticationEnabled: ['EnableIAMDatabaseAuthentication'],
    VpcSecurityGroups: ['VPCSecurityGroups'],
    KmsKeyId: ['KmsKeyId'],
    TagList: ['Tags'],
  },
  born: ['InstanceCreateTime', 'DBInstanceStatus'],
  properties(block) {
    const { values, at } = block;
    const name = chosen(values.DBInstanceIdentifier, 'its name');
    const flag = (attribute: string) => declaredBoolean(values[attribute]);
    const derived = isDerived(block, templateOrigins);
    const isOfOther = values.DBClusterIdentifier !== undefined;
    return {
      DBInstanceIdentifier: name,
      DBInstanceArn: rdsArn(block, undefined, 'db', name),
      DBInstanceClass: chosen(values.DBInstanceClass, 'its class'),
      DBInstanceStatus: 'available',
      DBClusterIdentifier: values.DBClusterIdentifier,
      Engine: chosen(values.Engine, 'its engine'),
      InstanceCreateTime: at,
      StorageEncrypted: settled(flag('StorageEncrypted'), false, derived),
      KmsKeyId: chosen(values.KmsKeyId, 'its key'),
      BackupRetentionPeriod: settled(declaredNumber(values.BackupRetentionPeriod), 1, derived),
      // Where nobody says it, the subnets and the VPC decide.
      PubliclyAccessible: flag('PubliclyAccessible') ?? later('whether it has a public address'),
      DeletionProtection: settled(flag('DeletionProtection'), false, isOfOther),
      MultiAZ: settled(flag('MultiAZ'), false, derived),
      IAMDatabaseAuthenticationEnabled: settled(flag('EnableIAMDatabaseAuthentication'), false, derived),
      AutoMinorVersionUpgrade: flag('AutoMinorVersionUpgrade') ?? true,
      CopyTagsToSnapshot: settled(flag('CopyTagsToSnapshot'), false, derived),
      VpcSecurityGroups: groupsOf(values.VPCSecurityGroups, false),
      TagList: templateTags(block, values.Tags),
    };
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::RDS::DBInstance',
  noun: 'database instance',
  reach: 'region',
  id: 'DBInstanceIdentifier',
  name: 'DBInstanceIdentifier',
  arn: 'DBInstanceArn',
  tags: 'TagList',
  always: ['DBInstanceIdentifier', 'DBInstanceArn', 'DBInstanceStatus', 'Engine', 'TagList[].Key', 'TagList[].Value'],
  listing: { call: { service: 'rds', operation: 'DescribeDBInstances', pageSize: 100 }, items: 'DBInstances[]' },
  terraform,
  cloudformation,
};
