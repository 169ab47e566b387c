import { parseArn } from '../model/arn.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

/** Adds what the snapshot behind a recovery point is called by its own service. */
function keepPoint(point: Json): Json {
  if (!isObject(point)) throw new Error('a recovery point is not an object');
  const { RecoveryPointArn: arn } = point;
  const snapshot = typeof arn === 'string' ? snapshotOf(arn) : undefined;
  return snapshot === undefined ? point : { ...point, SnapshotId: snapshot };
}

/** The id of an EBS snapshot, the ARN of a snapshot of a database; undefined for all that AWS Backup keeps itself. */
function snapshotOf(arn: string): string | undefined {
  const { service, resource } = parseArn(arn) ?? {};
  if (service === 'ec2' && resource?.startsWith('snapshot/')) return resource.slice('snapshot/'.length);
  const ofDatabase = resource?.startsWith('snapshot:') || resource?.startsWith('cluster-snapshot:');
  return service === 'rds' && ofDatabase ? arn : undefined;
}

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
  derived: { SnapshotId: 'string' },
  listing: {
    call: {
      service: 'backup',
      operation: 'ListRecoveryPointsByBackupVault',
      input: { BackupVaultName: { from: 'BackupVaultName' } },
      pageSize: 1000,
    },
    parent: 'AWS::Backup::BackupVault',
    items: 'RecoveryPoints[]',
    keep: keepPoint,
  },
  relations: {
    legalHolds: { to: 'AWS::Backup::LegalHold', from: 'RecoveryPointArn', match: 'RecoveryPoints[].RecoveryPointArn' },
    vault: { to: 'AWS::Backup::BackupVault', from: 'BackupVaultName', match: 'BackupVaultName' },
  },
};
