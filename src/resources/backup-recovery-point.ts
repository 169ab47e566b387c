import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::Backup::RecoveryPoint',
  noun: 'recovery point',
  invented: 'One backup in a vault of AWS Backup, as the vault lists it.',
  reach: 'region',
  id: 'RecoveryPointArn',
  name: 'ResourceName',
  arn: 'RecoveryPointArn',
  always: [
    'RecoveryPointArn',
    'BackupVaultName',
    'ResourceArn',
    'ResourceType',
    'Status',
    'CreationDate',
    'IsEncrypted',
  ],
  listing: {
    call: {
      service: 'backup',
      operation: 'ListRecoveryPointsByBackupVault',
      input: { BackupVaultName: { from: 'BackupVaultName' } },
      pageSize: 1000,
    },
    parent: 'AWS::Backup::BackupVault',
    items: 'RecoveryPoints[]',
  },
  relations: {
    vault: { to: 'AWS::Backup::BackupVault', from: 'BackupVaultName', match: 'BackupVaultName' },
  },
};
