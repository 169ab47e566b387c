import type { ResourceType } from '../model/resource-type.ts';

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
  },
};
