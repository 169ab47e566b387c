import type { Resource } from '../../src/model/resource.ts';
import { describeParity, type Parity } from './parity.ts';

const account = '111122223333';
const copies = 'arn:aws:backup:us-west-2:111122223333:backup-vault:copies';

const accountBlock: Parity = {
  type: 'AWS::S3::AccountPublicAccessBlock',
  folder: 's3-account-public-access-block',
  region: 'global',
  nameOf: ({ properties }) => String(properties.AccountId),
  resources: {
    [account]: {
      properties: {
        AccountId: '<self>',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      },
      verdicts: { 's3-account-public-access-block': 'pass' },
    },
  },
  undecided: {},
};

const vaults: Parity = {
  type: 'AWS::Backup::BackupVault',
  folder: 'backup-backup-vault',
  nameOf: ({ properties }) => String(properties.BackupVaultName),
  resources: {
    kept: {
      properties: {
        BackupVaultName: '<self>',
        BackupVaultArn: `arn:aws:backup:eu-west-1:${account}:backup-vault:kept`,
        VaultType: 'BACKUP_VAULT',
        NumberOfRecoveryPoints: 0,
        Locked: true,
        MinRetentionDays: 7,
        MaxRetentionDays: 180,
        LockDate: '2026-11-27T01:59:59.000Z',
      },
      verdicts: { 'backup-vault-lock': 'pass', 'backup-vault-lock-floor-max': 'pass' },
    },
    governed: {
      properties: { Locked: true, MinRetentionDays: 7 },
      verdicts: { 'backup-vault-lock': 'fail', 'backup-vault-lock-floor-max': 'pass' },
    },
    broken: {
      properties: { Locked: false },
      verdicts: { 'backup-vault-lock': 'fail', 'backup-vault-lock-floor-max': 'not-applicable' },
    },
  },
  undecided: { undecided: { 'backup-vault-lock': 'unknown' } },
};

const rule = (name: string, lifecycle: object, actions: readonly object[]) => ({
  RuleName: name,
  TargetBackupVaultName: 'nightly',
  ScheduleExpression: 'cron(0 1 * * ? *)',
  EnableContinuousBackup: false,
  ...lifecycle,
  CopyActions: actions,
});

const plans: Parity = {
  type: 'AWS::Backup::BackupPlan',
  folder: 'backup-backup-plan',
  nameOf: ({ properties }) => String(properties.BackupPlanName),
  resources: {
    kept: {
      properties: {
        BackupPlan: {
          BackupPlanName: 'kept',
          Rules: [
            rule('daily', { Lifecycle: { DeleteAfterDays: 35 } }, [
              { DestinationBackupVaultArn: copies, Lifecycle: { DeleteAfterDays: 90 } },
            ]),
          ],
        },
        CopyJobs: [],
      },
      // A plan that has copied nothing yet may or may not be able to.
      verdicts: {
        'backup-copy-retention-max': 'pass',
        'backup-copy-to-separate-location': 'unknown',
        'backup-plan-retention-max': 'pass',
      },
    },
    broken: {
      properties: {
        BackupPlan: {
          Rules: [
            rule('daily', { Lifecycle: { MoveToColdStorageAfterDays: 30 } }, [
              { DestinationBackupVaultArn: copies, Lifecycle: { DeleteAfterDays: 365 } },
            ]),
            rule('monthly', {}, []),
          ],
        },
      },
      verdicts: {
        'backup-copy-retention-max': 'fail',
        'backup-copy-to-separate-location': 'fail',
        'backup-plan-retention-max': 'fail',
      },
    },
  },
  undecided: {
    undecided: {
      'backup-copy-retention-max': 'fail',
      'backup-copy-to-separate-location': 'unknown',
      'backup-plan-retention-max': 'unknown',
    },
  },
};

const holds: Parity = {
  type: 'AWS::Backup::LegalHold',
  folder: 'backup-legal-hold',
  nameOf: ({ properties }) => String(properties.Title),
  resources: {
    'kept for a court': {
      properties: { Description: 'the case of 2026', Status: 'ACTIVE' },
      verdicts: {},
    },
  },
  undecided: {},
};

const everything = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  ExcludeManagementEventSources: [],
  DataResources: [],
};
const byName = ({ properties }: Resource) => String(properties.Name);

const trails: Parity = {
  type: 'AWS::CloudTrail::Trail',
  folder: 'cloud-trail-trail',
  nameOf: byName,
  resources: {
    kept: {
      properties: {
        TrailARN: '<self>',
        HomeRegion: 'eu-west-1',
        S3BucketName: 'acme-trails',
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        IncludeGlobalServiceEvents: true,
        LogFileValidationEnabled: true,
        Status: { IsLogging: true },
        Selectors: { TrailARN: '<self>', EventSelectors: [everything] },
      },
      verdicts: {},
    },
    'kept-advanced': {
      properties: {
        LogFileValidationEnabled: false,
        Selectors: {
          AdvancedEventSelectors: [
            {
              Name: 'management',
              FieldSelectors: [
                { Field: 'eventCategory', Equals: ['Management'] },
                { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
              ],
            },
          ],
        },
      },
      verdicts: {},
    },
    broken: {
      properties: {
        IsMultiRegionTrail: false,
        Status: { IsLogging: false },
        Selectors: {
          EventSelectors: [
            {
              ReadWriteType: 'WriteOnly',
              IncludeManagementEvents: true,
              ExcludeManagementEventSources: [],
              DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
            },
          ],
        },
      },
      verdicts: {},
    },
  },
  undecided: { undecided: {} },
};

const shadows: Parity = {
  type: 'AWS::CloudTrail::OrganizationTrail',
  folder: 'cloud-trail-organization-trail',
  region: 'global',
  nameOf: byName,
  resources: {
    kept: {
      properties: {
        TrailARN: '<self>',
        IsMultiRegionTrail: true,
        IsOrganizationTrail: true,
        Status: { IsLogging: true },
        Selectors: { EventSelectors: [everything] },
      },
      verdicts: {},
    },
  },
  undecided: {},
};

describeParity([accountBlock, vaults, plans, holds, trails, shadows]);
