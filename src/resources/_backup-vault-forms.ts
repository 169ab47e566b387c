import { declared, declaredNumber } from '../model/declared.ts';
import { bornAt } from '../model/declared-additions.ts';
import { namedArn } from '../model/declared-place.ts';
import { chosen, doubtOf, unsettledPart } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type JsonObject, unknown } from '../model/value.ts';

const day = 86_400_000;
/** The most that AWS Backup takes. */
const longest = 36_500;

const untold = unknown('not-collected', 'the vault is there already, and nothing here tells of its lock');

const unlocked: JsonObject = {
  Locked: false,
  MinRetentionDays: undefined,
  MaxRetentionDays: undefined,
  LockDate: undefined,
};

const lockMembers = Object.keys(unlocked);

const openLock = (marker: Declared): JsonObject => Object.fromEntries(lockMembers.map((name) => [name, marker]));

/** A limit of nought days is none. */
const limit = (days: Declared): Declared => declaredNumber(days) || undefined;

/** A lock that is new can be taken off for some days, where they are told; otherwise it never gets final. */
function lockDate(lock: Block, written: Declared): Declared {
  const days = declaredNumber(written);
  if (!lock.isNew) return unknown('not-collected', 'the lock is there already, and tells no date');
  if (days === undefined || days === null || days === 0) return undefined;
  if (isUnknown(days)) return days;
  const isPossible = typeof days === 'number' && Number.isInteger(days) && days > 0 && days <= longest;
  return isPossible
    ? new Date(Date.parse(lock.at) + days * day).toISOString()
    : unknown('type', 'the days until it is final are no number of days');
}

function lockIn(vault: Block, certain: readonly Block[], doubtful: readonly Block[]): JsonObject {
  const unsettled = unsettledPart(vault, certain);
  if (unsettled !== undefined) return openLock(unsettled);
  const there = certain.find(({ isRemoved }) => !isRemoved);
  if (there !== undefined) {
    const { min_retention_days: least, max_retention_days: most, changeable_for_days: days } = there.values;
    return {
      Locked: true,
      MinRetentionDays: limit(least),
      MaxRetentionDays: limit(most),
      LockDate: lockDate(there, days),
    };
  }
  const doubt = doubtOf(doubtful);
  if (doubt !== undefined) return openLock(doubt);
  return vault.isNew || certain.length > 0 ? unlocked : openLock(untold);
}

const born = ['CreationDate', 'NumberOfRecoveryPoints', 'EncryptionKeyArn', 'LockDate'];

function arnOf(block: Block, told: Declared, name: Declared): Declared {
  return namedArn(block, told, { service: 'backup', resource: ['backup-vault:', chosen(name, 'its name')] });
}

function facts(block: Block): JsonObject {
  return {
    CreationDate: bornAt(block),
    NumberOfRecoveryPoints: block.isNew ? 0 : unknown('not-collected', 'what lies in the vault is not declared'),
  };
}

export const terraform: TerraformForm = {
  main: ['aws_backup_vault', 'aws_backup_logically_air_gapped_vault'],
  identity: ['name', 'id'],
  satellites: { aws_backup_vault_lock_configuration: [{ joins: 'backup_vault_name' }] },
  born,
  setBy: {
    BackupVaultName: ['name'],
    EncryptionKeyArn: ['kms_key_arn'],
    Locked: ['aws_backup_vault_lock_configuration.backup_vault_name'],
    MinRetentionDays: ['aws_backup_vault_lock_configuration.min_retention_days', 'min_retention_days'],
    MaxRetentionDays: ['aws_backup_vault_lock_configuration.max_retention_days', 'max_retention_days'],
    LockDate: ['aws_backup_vault_lock_configuration.changeable_for_days'],
  },
  properties(vault, certain, doubtful) {
    const { values, type } = vault;
    const isAirGapped = type === 'aws_backup_logically_air_gapped_vault';
    const own = {
      BackupVaultName: chosen(values.name, 'its name'),
      BackupVaultArn: arnOf(vault, values.arn, values.name),
      ...facts(vault),
    };
    // A vault of this kind comes locked for good.
    return isAirGapped
      ? {
          ...own,
          VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
          Locked: true,
          MinRetentionDays: limit(values.min_retention_days),
          MaxRetentionDays: limit(values.max_retention_days),
        }
      : {
          ...own,
          VaultType: type === 'aws_backup_vault' ? 'BACKUP_VAULT' : undefined,
          EncryptionKeyArn: chosen(values.kms_key_arn, 'its key'),
          ...lockIn(vault, certain, doubtful),
        };
  },
};

function templateLock(vault: Block): JsonObject {
  const lock = vault.values.LockConfiguration;
  if (isUnknown(lock)) return openLock(lock);
  if (lock === undefined || lock === null) return unlocked;
  return {
    Locked: true,
    MinRetentionDays: limit(declared(lock, 'MinRetentionDays')),
    MaxRetentionDays: limit(declared(lock, 'MaxRetentionDays')),
    LockDate: lockDate(vault, declared(lock, 'ChangeableForDays')),
  };
}

export const cloudformation: CloudFormationForm = {
  replacement: { always: ['BackupVaultName', 'EncryptionKeyArn'] },
  ref: 'BackupVaultName',
  attributes: { BackupVaultName: 'id' },
  born,
  setBy: {
    BackupVaultName: ['BackupVaultName'],
    EncryptionKeyArn: ['EncryptionKeyArn'],
    Locked: ['LockConfiguration'],
    MinRetentionDays: ['LockConfiguration'],
    MaxRetentionDays: ['LockConfiguration'],
    LockDate: ['LockConfiguration'],
  },
  properties(vault) {
    const { values } = vault;
    return {
      BackupVaultName: chosen(values.BackupVaultName, 'its name'),
      BackupVaultArn: arnOf(vault, undefined, values.BackupVaultName),
      ...facts(vault),
      VaultType: 'BACKUP_VAULT',
      EncryptionKeyArn: chosen(values.EncryptionKeyArn, 'its key'),
      ...templateLock(vault),
    };
  },
};
