import type { ResourceType, Shape } from '../model/resource-type.ts';
import { byCodeUnit, isObject, type Json, type JsonObject } from '../model/value.ts';
import { cloudformation, terraform } from './_backup-plan-forms.ts';

const copyJobs: Shape = {
  list: {
    fields: {
      CopyJobId: 'string',
      State: 'string',
      CreationDate: 'timestamp',
      ResourceArn: 'string',
      DestinationBackupVaultArn: 'string',
      BackupRuleId: 'string',
    },
  },
};

/** The jobs that the plan itself has started; copies that somebody made by hand belong to no plan. */
function jobsOfPlan(jobs: Json, plan: JsonObject): Json {
  if (!Array.isArray(jobs)) throw new Error('the copy jobs are not a list');
  return (jobs as readonly Json[]).filter((job) => {
    if (!isObject(job)) throw new Error('a copy job is not an object');
    return isObject(job.CreatedBy) && job.CreatedBy.BackupPlanId === plan.BackupPlanId;
  });
}

/**
 * The newest of the jobs that have ended, for each rule, resource and destination: a copy that failed and was made since
 * is made, and one that failed since it was made is not.
 */
function newestJobs(jobs: Json): Json {
  const newest = new Map<string, Readonly<Record<(typeof members)[number], string>>>();
  for (const job of jobs as readonly JsonObject[]) {
    const facts = factsOf(job);
    if (facts.State === 'CREATED' || facts.State === 'RUNNING') continue;
    const key = JSON.stringify([facts.BackupRuleId, facts.ResourceArn, facts.DestinationBackupVaultArn]);
    const before = newest.get(key);
    const order = before === undefined ? 1 : byCodeUnit(rank(facts), rank(before));
    if (order > 0) newest.set(key, facts);
  }
  return [...newest].sort(([a], [b]) => byCodeUnit(a, b)).map(([, facts]) => facts);
}

const members = [
  'CopyJobId',
  'State',
  'CreationDate',
  'ResourceArn',
  'DestinationBackupVaultArn',
  'BackupRuleId',
] as const;

function factsOf(job: JsonObject) {
  const source = { ...(isObject(job.CreatedBy) ? job.CreatedBy : {}), ...job };
  const facts = members.map((name) => {
    const value: Json | undefined = source[name];
    if (typeof value !== 'string') throw new Error(`a copy job lacks ${name}`);
    return [name, value] as const;
  });
  return Object.fromEntries(facts) as Record<(typeof members)[number], string>;
}

/** Of two jobs that were created at the same instant either may be the later one: the one that failed counts. */
function rank({ CreationDate, State, CopyJobId }: ReturnType<typeof factsOf>): string {
  return [CreationDate, State === 'COMPLETED' ? 0 : 1, CopyJobId].join(' ');
}

export const resourceType: ResourceType = {
  type: 'AWS::Backup::BackupPlan',
  noun: 'backup plan',
  reach: 'region',
  id: 'BackupPlanId',
  name: 'BackupPlanName',
  arn: 'BackupPlanArn',
  always: [
    'BackupPlanId',
    'BackupPlanName',
    'BackupPlanArn',
    'BackupPlan',
    'BackupPlan.BackupPlanName',
    'BackupPlan.Rules',
    'BackupPlan.Rules[].RuleName',
    'BackupPlan.Rules[].TargetBackupVaultName',
    'BackupPlan.Rules[].CopyActions[].DestinationBackupVaultArn',
    'CopyJobs',
    ...members.map((name) => `CopyJobs[].${name}`),
  ],
  listing: {
    call: { service: 'backup', operation: 'ListBackupPlans', pageSize: 1000 },
    items: 'BackupPlansList[]',
  },
  groups: {
    BackupPlan: {
      call: { service: 'backup', operation: 'GetBackupPlan', input: { BackupPlanId: { from: 'BackupPlanId' } } },
      value: 'BackupPlan',
    },
    CopyJobs: {
      // The jobs of 30 days, which is as long as AWS keeps them.
      call: { service: 'backup', operation: 'ListCopyJobs', pageSize: 1000 },
      value: 'CopyJobs[]',
      shape: copyJobs,
      shared: { find: jobsOfPlan },
      keep: newestJobs,
    },
  },
  terraform,
  cloudformation,
};
