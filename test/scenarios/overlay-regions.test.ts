import { beforeAll, describe, expect, test } from 'vitest';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Question, shippedQuestion } from './audited.ts';
import { account, gateProposal, live, now, said, snapshotOf } from './overlaid.ts';

let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

const regions = ['eu-west-1', 'us-east-1'] as const;
const arn = (region: string) => `arn:aws:backup:${region}:${account}:backup-vault:kept`;

const vault = (region: string, isLocked: boolean) =>
  live(
    'AWS::Backup::BackupVault',
    'kept',
    {
      BackupVaultName: 'kept',
      BackupVaultArn: arn(region),
      CreationDate: '2026-01-11T09:00:00.000Z',
      VaultType: 'BACKUP_VAULT',
      NumberOfRecoveryPoints: 3,
      Locked: isLocked,
      ...(isLocked ? { MinRetentionDays: 7, MaxRetentionDays: 184 } : {}),
    },
    {},
    { region, arn: arn(region), name: 'kept' },
  );

const lock = { backup_vault_name: 'kept', min_retention_days: 7, max_retention_days: 184 };

/** A plan of two regions; what is called `us` has the provider of the second. */
function planOfTwo(changes: Readonly<Record<string, PlannedChange>>): Buffer {
  const plan = JSON.parse(planOf(changes).toString()) as {
    configuration: {
      provider_config: Record<string, object>;
      root_module: { resources: { name: string; provider_config_key: string }[] };
    };
  };
  const { provider_config: providers, root_module: root } = plan.configuration;
  providers['aws.us'] = {
    name: 'aws',
    alias: 'us',
    full_name: 'registry.terraform.io/hashicorp/aws',
    expressions: { region: { constant_value: 'us-east-1' } },
  };
  for (const one of root.resources) if (one.name === 'us') one.provider_config_key = 'aws.us';
  return Buffer.from(JSON.stringify(plan));
}

async function outcomes(changes: Readonly<Record<string, PlannedChange>>, isLocked: boolean, isLive: boolean) {
  const proposal = readTerraformPlan(planOfTwo(changes), 'plan.json', { ...question.catalogue, now, account });
  const records = regions.map((region) => vault(region, isLocked));
  const gated = await gateProposal(question, proposal, isLive ? snapshotOf(question, records, regions) : undefined);
  const own = gated.results.filter(({ rule, resource }) => rule === 'backup-vault-lock' && resource !== undefined);
  return Object.fromEntries(own.map(({ region, outcome, change }) => [region, [outcome, change]]));
}

describe('of two vaults with one name in two regions', () => {
  const state = (region: string) => ({ id: 'kept', name: 'kept', arn: arn(region), tags: {} });
  const stays = (region: string): PlannedChange => ({
    actions: ['no-op'],
    before: state(region),
    after: state(region),
  });
  const both = { 'aws_backup_vault.eu': stays('eu-west-1'), 'aws_backup_vault.us': stays('us-east-1') };

  test.each([
    ['are declared', both],
    ['are not', {}],
  ])('a lock locks that of its region, where both %s', async (_, vaults) => {
    const changes = { ...vaults, 'aws_backup_vault_lock_configuration.us': { after: lock } };
    expect(await outcomes(changes, false, true)).toEqual({
      'eu-west-1': ['fail', 'existing'],
      'us-east-1': ['pass', undefined],
    });
  });

  test.each([
    ['are declared', both],
    ['are not', {}],
  ])('a lock that goes leaves the other, where both %s', async (_, vaults) => {
    const gone: PlannedChange = { actions: ['delete'], before: { id: 'kept', ...lock } };
    const stay: PlannedChange = { actions: ['no-op'], before: { id: 'kept', ...lock }, after: { id: 'kept', ...lock } };
    const changes = {
      ...vaults,
      'aws_backup_vault_lock_configuration.eu': stay,
      'aws_backup_vault_lock_configuration.us': gone,
    };
    expect(await outcomes(changes, true, true)).toEqual({
      'eu-west-1': ['pass', undefined],
      'us-east-1': ['fail', 'introduced'],
    });
  });

  test('a lock of one is none of the other, where nothing but the plan is known', async () => {
    const made: PlannedChange = { after: { name: 'kept', tags: {} }, written: { name: [] } };
    const changes = {
      'aws_backup_vault.eu': made,
      'aws_backup_vault.us': made,
      'aws_backup_vault_lock_configuration.eu': { after: lock },
    };
    const found = await outcomes(changes, false, false);
    expect(found['eu-west-1']?.[0]).toBe('pass');
    expect(found['us-east-1']?.[0]).not.toBe('pass');
  });
});

test('a policy finds its bucket, whatever region its provider is for', async () => {
  const policy = { bucket: 'acme-data', policy: JSON.stringify({ Statement: [] }) };
  const changes: Record<string, PlannedChange> = {
    'aws_s3_bucket.eu': { after: { bucket: 'acme-data', tags: {} } },
    'aws_s3_bucket_policy.us': { after: policy },
  };
  const proposal = readTerraformPlan(planOfTwo(changes), 'plan.json', { ...question.catalogue, now, account });
  expect(proposal.changes.map(({ parts }) => parts.length)).toEqual([2]);
  expect(said(await gateProposal(question, proposal, undefined), 's3-bucket-tls-only')).toMatchObject({
    'acme-data': ['fail', 'introduced'],
  });
});
