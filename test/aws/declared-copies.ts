import type { JsonObject } from '../../src/model/value.ts';
import { account, answering } from '../aws-calls/acme.ts';
import type { Expected, State } from './declared-expectation.ts';

/** A plan with one rule, where it copies to, and how the last copies ended: while it is broken, and once it is mended. */
interface Plan extends Expected {
  readonly copiesTo: readonly [broken: readonly string[], mended: readonly string[]];
  readonly jobs: readonly [broken: readonly Job[], mended: readonly Job[]];
}

type Job = readonly [state: string, created: string, resource: string];

const vault = (region: string, owner = account) => `arn:aws:backup:${region}:${owner}:backup-vault:acme-copies`;
const here = vault('eu-west-1');
const abroad = vault('us-west-2');
const early = '2026-11-22T04:00:00.000Z';
const late = '2026-11-23T04:00:00.000Z';
const made: Job = ['COMPLETED', late, 'orders'];

export const plans: readonly Plan[] = [
  { id: 'plan-1', trap: 'no copy', copiesTo: [[], [abroad]], jobs: [[], [made]], outcomes: ['fail', 'pass'] },
  {
    id: 'plan-2',
    trap: 'a copy in a second vault beside the first',
    copiesTo: [[here], [here, abroad]],
    jobs: [[made], [made]],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'plan-3',
    trap: 'a copy in a region that is not allowed',
    copiesTo: [[vault('ap-northeast-1')], [abroad]],
    jobs: [[made], [made]],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'plan-4',
    trap: 'a copy in another account',
    copiesTo: [[vault('eu-west-1', '444455556666')], [vault('eu-west-1', '444455556666')]],
    jobs: [[made], [made]],
    outcomes: ['pass', 'pass'],
  },
  {
    id: 'plan-5',
    trap: 'a copy that fails since yesterday',
    copiesTo: [[abroad], [abroad]],
    jobs: [
      [
        ['FAILED', late, 'orders'],
        ['COMPLETED', early, 'orders'],
      ],
      [
        ['COMPLETED', late, 'orders'],
        ['FAILED', early, 'orders'],
      ],
    ],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'plan-6',
    trap: 'the copy of one resource of two fails',
    copiesTo: [[abroad], [abroad]],
    jobs: [
      [made, ['PARTIAL', late, 'crm']],
      [made, ['COMPLETED', late, 'crm']],
    ],
    outcomes: ['fail', 'pass'],
  },
  {
    id: 'plan-7',
    trap: 'no copy was ever made',
    copiesTo: [[abroad], [abroad]],
    jobs: [[['RUNNING', late, 'orders']], [made]],
    outcomes: ['unknown', 'pass'],
  },
];

function describePlan({ id, copiesTo: [broken, mended] }: Plan, state: State): JsonObject {
  const copies = (state === 'broken' ? broken : mended).map((arn) => ({
    DestinationBackupVaultArn: arn,
    Lifecycle: { DeleteAfterDays: 35 },
  }));
  const rule = { RuleName: 'daily', RuleId: `${id}-daily`, TargetBackupVaultName: 'acme-nightly' };
  return { BackupPlanName: id, Rules: [{ ...rule, Lifecycle: { DeleteAfterDays: 35 }, CopyActions: copies }] };
}

function describeJobs({ id, copiesTo: [, mended], jobs: [broken, after] }: Plan, state: State): readonly JsonObject[] {
  return (state === 'broken' ? broken : after).map(([State, CreationDate, resource], index) => ({
    CopyJobId: `${id}-${index}`,
    State,
    CreationDate,
    ResourceArn: `arn:aws:rds:eu-west-1:${account}:db:${resource}`,
    DestinationBackupVaultArn: mended.at(-1) ?? abroad,
    CreatedBy: { BackupPlanId: id, BackupRuleId: `${id}-daily` },
  }));
}

/** What AWS Backup lists of the plans of the home region and of their copies. */
export function copying(state: State) {
  const byHand = { CopyJobId: 'by-hand', State: 'FAILED', CreationDate: late };
  return {
    ListBackupPlans: {
      BackupPlansList: plans.map(({ id }) => ({
        BackupPlanId: id,
        BackupPlanName: id,
        BackupPlanArn: `arn:aws:backup:eu-west-1:${account}:backup-plan:${id}`,
      })),
    },
    GetBackupPlan: plans.map((plan) =>
      answering({ BackupPlanId: plan.id }, { BackupPlanId: plan.id, BackupPlan: describePlan(plan, state) }),
    ),
    ListCopyJobs: { CopyJobs: [...plans.flatMap((plan) => describeJobs(plan, state)), byHand] },
  };
}
