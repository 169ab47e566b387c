import type { JsonObject } from '../../src/model/value.ts';
import { account, answering } from '../aws-calls/acme.ts';
import type { Expected, State } from './declared-expectation.ts';

/** One recovery point, and what is special about it. Mended, it is encrypted and young. */
interface Point extends Expected {
  readonly rule: string;
  readonly region: string;
  readonly members: JsonObject;
}

const key = `arn:aws:kms:eu-west-1:${account}:key/0e1d0000-0000-0000-0000-000000000201`;
const recently = '2026-11-23T22:00:00.000Z';
/** Six calendar months and a second before the audit, and a second less. */
const tooOld = '2026-05-24T01:59:59.000Z';
const justYoung = '2026-05-24T02:00:01.000Z';

const encryption = 'backup-recovery-point-encrypted';
const age = 'backup-recovery-point-max-age';

function point(id: number, trap: string, members: JsonObject, broken: string, region = 'eu-west-1'): Point {
  const arn = `arn:aws:ec2:${region}::snapshot/snap-0e1d000000000000${id}`;
  const outcomes = [broken, broken === 'fail' ? 'pass' : broken] as const;
  return { rule: encryption, id: arn, region, trap, members, outcomes };
}

function aged(id: string, trap: string, members: JsonObject, broken: string, region = 'eu-west-1'): Point {
  const arn = `arn:aws:backup:${region}:${account}:recovery-point:${id}`;
  const outcomes = [broken, broken === 'fail' ? 'pass' : broken] as const;
  return { rule: age, id: arn, region, trap, members: { IsEncrypted: true, ...members }, outcomes };
}

const plain = { IsEncrypted: false };

export const points: readonly Point[] = [
  point(1, 'encrypted', { IsEncrypted: true, EncryptionKeyArn: key }, 'pass'),
  point(2, 'plain, in a vault that has a key', plain, 'fail'),
  point(3, 'plain and expired, but still there', { ...plain, Status: 'EXPIRED' }, 'fail'),
  point(4, 'a plain child of a composite', { ...plain, ParentRecoveryPointArn: 'arn:5', IsParent: false }, 'fail'),
  point(5, 'a composite', { ...plain, IsParent: true }, 'not-applicable'),
  point(6, 'still being made', { ...plain, Status: 'CREATING' }, 'not-applicable'),
  point(7, 'plain, in the second region', plain, 'fail', 'us-east-1'),
  aged('11', 'a second younger than six calendar months', { CreationDate: justYoung }, 'pass'),
  aged('12', 'a second older than six calendar months', { CreationDate: tooOld }, 'fail'),
  aged('13', 'expired, but still there', { CreationDate: tooOld, Status: 'EXPIRED' }, 'fail'),
  aged(
    '14',
    'a copy that was made lately of an old backup',
    {
      CreationDate: tooOld,
      InitiationDate: recently,
      SourceBackupVaultArn: `arn:aws:backup:us-east-1:${account}:vault:1`,
    },
    'fail',
  ),
  aged('15', 'old, and on hold', { CreationDate: tooOld }, 'not-applicable'),
  aged('16', 'old, and its hold was lifted', { CreationDate: tooOld }, 'fail'),
  aged(
    'continuous:db-17',
    'continuous for years, over 35 days',
    { CreationDate: '2024-01-01T00:00:00.000Z', Status: 'AVAILABLE', Lifecycle: { DeleteAfterDays: 35 } },
    'pass',
  ),
  aged('18', 'old, in the second region', { CreationDate: tooOld }, 'fail', 'us-east-1'),
];

const held = (id: string) => ({
  RecoveryPointArn: `arn:aws:backup:eu-west-1:${account}:recovery-point:${id}`,
  ResourceArn: `arn:aws:ec2:eu-west-1:${account}:volume/vol-0e1d0000000000001`,
  ResourceType: 'EBS',
  BackupVaultName: 'acme-nightly',
});

const holds = [
  { LegalHoldId: 'hold-1', Title: 'a case', Status: 'ACTIVE' },
  { LegalHoldId: 'hold-2', Title: 'a case that is settled', Status: 'CANCELED' },
].map((hold) => ({ ...hold, LegalHoldArn: `arn:aws:backup:eu-west-1:${account}:legal-hold:${hold.LegalHoldId}` }));

/** What AWS Backup lists of the vault of one region and of its points. */
export function vault(region: string, state: State) {
  const mended = { IsEncrypted: true, EncryptionKeyArn: key, CreationDate: recently };
  const recoveryPoints = points
    .filter((point) => point.region === region)
    .map(({ id, members, outcomes: [before] }) => ({
      RecoveryPointArn: id,
      BackupVaultName: 'acme-nightly',
      ResourceArn: `arn:aws:ec2:${region}:${account}:volume/vol-0e1d0000000000001`,
      ResourceType: 'EBS',
      Status: 'COMPLETED',
      CreationDate: recently,
      ...members,
      ...(state === 'mended' && before === 'fail' ? mended : {}),
    }));
  return {
    ListBackupVaults: {
      BackupVaultList: [
        {
          BackupVaultName: 'acme-nightly',
          BackupVaultArn: `arn:aws:backup:${region}:${account}:backup-vault:acme-nightly`,
          EncryptionKeyArn: key,
          NumberOfRecoveryPoints: recoveryPoints.length,
          Locked: true,
          MinRetentionDays: 7,
          MaxRetentionDays: 184,
        },
      ],
    },
    ListRecoveryPointsByBackupVault: { RecoveryPoints: recoveryPoints },
    ...(region === 'eu-west-1' ? legalHolds : {}),
  };
}

const legalHolds = {
  ListLegalHolds: { LegalHolds: holds },
  ListRecoveryPointsByLegalHold: [
    answering({ LegalHoldId: 'hold-1' }, { RecoveryPoints: [held('15')] }),
    answering({ LegalHoldId: 'hold-2' }, { RecoveryPoints: [held('16')] }),
  ],
};
