import type { ResourceType } from '../model/resource-type.ts';
import type { JsonObject } from '../model/value.ts';
import { cloudformation, terraform } from './_backup-vault-forms.ts';

const lock = ['Locked', 'MinRetentionDays', 'MaxRetentionDays', 'LockDate'];

/** A lock is final from its date on; one without a date never gets so. */
function finalLock({ LockDate: date }: JsonObject, now: number): readonly string[] {
  return typeof date === 'string' && Date.parse(date) <= now ? lock : [];
}

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
  frozen: finalLock,
  terraform,
  cloudformation,
};
