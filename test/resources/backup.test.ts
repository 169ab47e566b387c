import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { resourceType as plan } from '../../src/resources/backup-backup-plan.ts';
import { resourceType as point } from '../../src/resources/backup-recovery-point.ts';

const group = plan.groups?.CopyJobs;

const abroad = 'arn:aws:backup:us-west-2:111122223333:backup-vault:acme-copies';
const foreign = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:acme-copies';

function job(id: string, state: string, hour: string, more: JsonObject = {}): JsonObject {
  return {
    CopyJobId: id,
    State: state,
    CreationDate: `2026-11-23T${hour}:00:00.000Z`,
    ResourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:acme-orders',
    DestinationBackupVaultArn: abroad,
    CreatedBy: { BackupPlanId: 'nightly', BackupRuleId: 'daily' },
    StatusMessage: 'a message',
    ...more,
  };
}

/** The ids and states of what is kept of a list of jobs. */
function kept(jobs: Json): readonly string[] {
  const own = group?.shared?.find(jobs, { BackupPlanId: 'nightly' }) ?? null;
  const list = group?.keep?.(own, {}) as readonly JsonObject[];
  return list.map(({ CopyJobId, State }) => `${String(CopyJobId)} ${String(State)}`);
}

describe('of the copy jobs', () => {
  test.each<[string, readonly JsonObject[], readonly string[]]>([
    ['nothing is kept where there is none', [], []],
    ['the newest is kept', [job('a', 'FAILED', '03'), job('b', 'COMPLETED', '04')], ['b COMPLETED']],
    [
      'the newest is kept, whichever comes first',
      [job('b', 'COMPLETED', '04'), job('a', 'FAILED', '03')],
      ['b COMPLETED'],
    ],
    ['a later failure is kept', [job('b', 'FAILED', '04'), job('a', 'COMPLETED', '03')], ['b FAILED']],
    ['of two at once the failure is kept', [job('b', 'COMPLETED', '04'), job('a', 'FAILED', '04')], ['a FAILED']],
    ['one that has not ended hides none', [job('a', 'COMPLETED', '03'), job('b', 'RUNNING', '04')], ['a COMPLETED']],
    ['one that has not begun hides none', [job('b', 'CREATED', '04'), job('a', 'FAILED', '03')], ['a FAILED']],
    [
      'each resource has its own',
      [job('b', 'FAILED', '04', { ResourceArn: 'arn:b' }), job('a', 'COMPLETED', '05', { ResourceArn: 'arn:a' })],
      ['a COMPLETED', 'b FAILED'],
    ],
    [
      'each destination has its own',
      [job('b', 'COMPLETED', '05'), job('a', 'FAILED', '04', { DestinationBackupVaultArn: foreign })],
      ['a FAILED', 'b COMPLETED'],
    ],
    [
      'each rule of the plan has its own',
      [
        job('b', 'FAILED', '04', { CreatedBy: { BackupPlanId: 'nightly', BackupRuleId: 'monthly' } }),
        job('a', 'COMPLETED', '05'),
      ],
      ['a COMPLETED', 'b FAILED'],
    ],
    [
      "another plan's are not its own",
      [
        job('a', 'FAILED', '05', { CreatedBy: { BackupPlanId: 'weekly', BackupRuleId: 'daily' } }),
        job('b', 'COMPLETED', '04'),
      ],
      ['b COMPLETED'],
    ],
    [
      'those made by hand are nobody’s',
      [{ CopyJobId: 'a', State: 'FAILED' }, job('b', 'COMPLETED', '04')],
      ['b COMPLETED'],
    ],
  ])('%s', (_, jobs, expected) => {
    expect(kept(jobs)).toEqual(expected);
    expect(kept([...jobs].reverse())).toEqual(expected);
  });

  test('only what proves a copy is kept', () => {
    const own = group?.shared?.find([job('a', 'COMPLETED', '04')], { BackupPlanId: 'nightly' }) ?? null;
    expect(group?.keep?.(own, {})).toEqual([
      {
        CopyJobId: 'a',
        State: 'COMPLETED',
        CreationDate: '2026-11-23T04:00:00.000Z',
        ResourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:acme-orders',
        DestinationBackupVaultArn: abroad,
        BackupRuleId: 'daily',
      },
    ]);
  });

  test.each(['CopyJobId', 'State', 'CreationDate', 'ResourceArn', 'DestinationBackupVaultArn'])(
    'one without %s makes all of them unknown',
    (member) => {
      const { [member]: _, ...broken } = job('a', 'COMPLETED', '04');
      expect(() => kept([broken, job('b', 'COMPLETED', '04')])).toThrow(`a copy job lacks ${member}`);
    },
  );

  test.each<[string, Json]>([
    ['no list', {}],
    ['a list of texts', ['COMPLETED']],
    ['a list of nothing', [null]],
  ])('%s is refused', (_, jobs) => {
    expect(() => group?.shared?.find(jobs, { BackupPlanId: 'nightly' })).toThrow('not a');
  });
});

describe('a recovery point', () => {
  test.each([
    ['arn:aws:ec2:eu-west-1::snapshot/snap-0a1', 'snap-0a1'],
    ['arn:aws-us-gov:ec2:us-gov-west-1::snapshot/snap-0a1', 'snap-0a1'],
    [
      'arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1',
      'arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1',
    ],
    [
      'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1',
      'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1',
    ],
    ['arn:aws:ec2:eu-west-1::image/ami-0a1', undefined],
    ['arn:aws:backup:eu-west-1:111122223333:recovery-point:0a1', undefined],
    ['arn:aws:backup:eu-west-1:111122223333:recovery-point:snapshot/snap-0a1', undefined],
    ['snap-0a1', undefined],
  ])('%s is of the snapshot %s', (RecoveryPointArn, SnapshotId) => {
    const expected = SnapshotId === undefined ? { RecoveryPointArn } : { RecoveryPointArn, SnapshotId };
    expect(point.listing.keep?.({ RecoveryPointArn })).toEqual(expected);
  });

  test('that has lost its ARN is kept as it is, and what is no object is refused', () => {
    expect(point.listing.keep?.({ Status: 'COMPLETED' })).toEqual({ Status: 'COMPLETED' });
    expect(() => point.listing.keep?.('arn')).toThrow('not an object');
  });
});
