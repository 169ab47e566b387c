import { declared, declaredBoolean, declaredNumber, mapDeclared, onlyItem } from '../model/declared.ts';
import { bornAt } from '../model/declared-additions.ts';
import { chosen } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

/** Terraform has nought where nothing is written. */
const days = (value: Declared): Declared => (value === 0 ? undefined : value);

function plannedLifecycle(list: Declared): Declared {
  const lifecycle = onlyItem(list);
  if (lifecycle === undefined || isUnknown(lifecycle)) return lifecycle;
  return {
    DeleteAfterDays: days(declared(lifecycle, 'delete_after')),
    MoveToColdStorageAfterDays: days(declared(lifecycle, 'cold_storage_after')),
    OptInToArchiveForSupportedResources: declared(lifecycle, 'opt_in_to_archive_for_supported_resources'),
  };
}

function plannedRule(rule: Json): Json {
  const at = (name: string) => declared(rule, name);
  return {
    RuleName: at('rule_name'),
    TargetBackupVaultName: at('target_vault_name'),
    ScheduleExpression: at('schedule') || undefined,
    ScheduleExpressionTimezone: at('schedule_expression_timezone'),
    StartWindowMinutes: at('start_window'),
    CompletionWindowMinutes: at('completion_window'),
    EnableContinuousBackup: at('enable_continuous_backup') ?? false,
    RecoveryPointTags: at('recovery_point_tags'),
    Lifecycle: plannedLifecycle(at('lifecycle')),
    CopyActions: mapDeclared(at('copy_action'), (action) => ({
      DestinationBackupVaultArn: declared(action, 'destination_vault_arn'),
      Lifecycle: plannedLifecycle(declared(action, 'lifecycle')),
    })),
  };
}

/** Jobs of a plan that is there already are its history; a new one has none. */
function facts(block: Block): JsonObject {
  return {
    CreationDate: bornAt(block),
    CopyJobs: block.isNew ? [] : unknown('not-collected', 'what was copied is not declared'),
  };
}

const born = ['BackupPlanId', 'BackupPlanArn', 'CreationDate', 'CopyJobs', 'VersionId'];

export const terraform: TerraformForm = {
  main: ['aws_backup_plan'],
  identity: ['id'],
  groups: ['BackupPlan', 'CopyJobs'],
  born,
  setBy: { BackupPlanName: ['name'], BackupPlan: ['rule', 'name'], CopyJobs: ['rule'] },
  properties(block) {
    const { values } = block;
    const name = chosen(values.name, 'its name');
    return {
      BackupPlanId: chosen(values.id, 'its id'),
      BackupPlanArn: chosen(values.arn, 'its ARN'),
      BackupPlanName: name,
      BackupPlan: { BackupPlanName: name, Rules: mapDeclared(values.rule, plannedRule) },
      ...facts(block),
    };
  },
};

function templateLifecycle(lifecycle: Declared): Declared {
  if (lifecycle === undefined || isUnknown(lifecycle)) return lifecycle;
  return {
    DeleteAfterDays: declaredNumber(declared(lifecycle, 'DeleteAfterDays')),
    MoveToColdStorageAfterDays: declaredNumber(declared(lifecycle, 'MoveToColdStorageAfterDays')),
    OptInToArchiveForSupportedResources: declaredBoolean(declared(lifecycle, 'OptInToArchiveForSupportedResources')),
  };
}

function templateRule(rule: Json): Json {
  const at = (name: string) => declared(rule, name);
  return {
    RuleName: at('RuleName'),
    TargetBackupVaultName: at('TargetBackupVault'),
    TargetLogicallyAirGappedBackupVaultArn: at('TargetLogicallyAirGappedBackupVaultArn'),
    EnableContinuousBackup: declaredBoolean(at('EnableContinuousBackup') ?? false),
    RecoveryPointTags: at('RecoveryPointTags'),
    Lifecycle: templateLifecycle(at('Lifecycle')),
    CopyActions: mapDeclared(at('CopyActions'), (action) => ({
      DestinationBackupVaultArn: declared(action, 'DestinationBackupVaultArn'),
      Lifecycle: templateLifecycle(declared(action, 'Lifecycle')),
    })),
    // What AWS fills in where nothing is said is not told.
    ...Object.fromEntries(
      ['ScheduleExpression', 'ScheduleExpressionTimezone'].flatMap((name) => {
        const value = at(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

export const cloudformation: CloudFormationForm = {
  replacement: { always: [] },
  attributes: { BackupPlanId: 'id' },
  groups: ['BackupPlan', 'CopyJobs'],
  born,
  setBy: { BackupPlanName: ['BackupPlan'], BackupPlan: ['BackupPlan'], CopyJobs: ['BackupPlan'] },
  properties(block) {
    const plan = block.values.BackupPlan ?? unknown('type', 'the plan is not there');
    const name = chosen(declared(plan, 'BackupPlanName'), 'its name');
    return {
      BackupPlanId: chosen(undefined, 'its id'),
      BackupPlanArn: chosen(undefined, 'its ARN'),
      BackupPlanName: name,
      BackupPlan: { BackupPlanName: name, Rules: mapDeclared(declared(plan, 'BackupPlanRule'), templateRule) },
      ...facts(block),
    };
  },
};
