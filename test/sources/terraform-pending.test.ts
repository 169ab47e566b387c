import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const database = { identifier: 'main', multi_az: false, backup_retention_period: 0, publicly_accessible: true };
const mended = { ...database, multi_az: true, backup_retention_period: 7, publicly_accessible: false };

function afterwards(values: object, actions = ['update']) {
  const before = actions[0] === 'create' ? {} : { before: database };
  const plan = planOf({ 'aws_db_instance.main': { actions, ...before, after: values } });
  return readTerraformPlan(plan, 'plan.json', { ...catalogue, now: 0 }).changes[0]?.after?.properties;
}

const putOff = { $unknown: 'known-after-apply', detail: expect.stringContaining('next maintenance window') };

describe('a database whose settings are updated', () => {
  test.each([[{}], [{ apply_immediately: false }], [{ apply_immediately: null }]])(
    'has those that wait for the maintenance window no sooner: %o',
    (said) => {
      expect(afterwards({ ...mended, ...said })).toMatchObject({ MultiAZ: putOff, BackupRetentionPeriod: putOff });
    },
  );

  test('has all of them at once where it says so', () => {
    expect(afterwards({ ...mended, apply_immediately: true })).toMatchObject({
      MultiAZ: true,
      BackupRetentionPeriod: 7,
    });
  });

  test('has at once what does not wait, and what stays as it is', () => {
    expect(afterwards({ ...database, publicly_accessible: false })).toMatchObject({
      PubliclyAccessible: false,
      MultiAZ: false,
      BackupRetentionPeriod: 0,
    });
  });

  test('has all of them from the beginning where it is new', () => {
    expect(afterwards(mended, ['create'])).toMatchObject({ MultiAZ: true, BackupRetentionPeriod: 7 });
  });
});
