import type { ResourceType } from '../model/resource-type.ts';
import { cloudformation, terraform } from './_backup-vault-forms.ts';

export const resourceType: ResourceType = {
  type: 'AWS::Backup::BackupVault',
  noun: 'backup vault',
  reach: 'region',
  id: 'BackupVaultName',
  name: 'BackupVaultName',
  arn: 'BackupVaultArn',
  always: ['BackupVaultName', 'BackupVaultArn', 'NumberOfRecoveryPoints'],
  listing: {
    call: { service: 'backup', operation: 'ListBackupVaults', pageSize: 1000 },
    items: 'BackupVaultList[]',
  },
  relations: {
    recoveryPoints: { to: 'AWS::Backup::RecoveryPoint', from: 'BackupVaultName', match: 'BackupVaultName' },
  },
  terraform,
  cloudformation,
};
