import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Proposal, ProposedChange } from '../../src/model/proposal.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';

// Recorded by test/fixtures/plans/record.sh: Terraform 1.11.4 with version 5.100.0 of the AWS provider.
const names = ['create', 'change', 'errored', 'targeted', 'refresh-only', 'destroy'] as const;

let catalogue: Catalogue;
const plans = new Map<string, Proposal>();

function bytesOf(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/plans/${name}.json`, import.meta.url));
}

beforeAll(async () => {
  catalogue = await loadCatalogue();
  for (const name of names) plans.set(name, readTerraformPlan(bytesOf(name), 'plan.json', { ...catalogue, now: 0 }));
});

function plan(name: (typeof names)[number]): Proposal {
  const found = plans.get(name);
  if (found === undefined) throw new Error(`no plan ${name}`);
  return found;
}

function changeOf(name: (typeof names)[number], address: string): ProposedChange {
  const found = plan(name).changes.find(({ declared }) => declared.address === address);
  if (found === undefined) throw new Error(`nothing at ${address}`);
  return found;
}

describe('a plan that Terraform made of a change', () => {
  test('has what becomes of each resource, with all its parts', () => {
    const actions = plan('change').changes.map(({ declared, action }) => [declared.address, action]);
    expect(Object.fromEntries(actions)).toEqual({
      'aws_ebs_encryption_by_default.on': 'delete',
      'aws_iam_user.bot': 'forget',
      'aws_s3_bucket.distant': 'update',
      'aws_s3_bucket.found': 'none',
      'aws_s3_bucket.logs["app"]': 'none',
      'aws_s3_bucket.logs["audit"]': 'none',
      'aws_security_group.cache': 'replace',
      'aws_security_group.db': 'replace',
      'module.web["blue"].aws_security_group.open': 'none',
      'module.web["blue"].aws_security_group.web': 'update',
      'module.web["green"].aws_security_group.open': 'delete',
      'module.web["green"].aws_security_group.web': 'delete',
    });
    expect(changeOf('change', 'aws_security_group.db').parts.map(({ type, action }) => [type, action])).toEqual([
      ['aws_security_group', 'replace'],
      ['aws_security_group_rule', 'replace'],
    ]);
  });

  test('says when it was made', () => {
    const { timestamp } = JSON.parse(bytesOf('change').toString()) as { timestamp: string };
    expect(plan('change')).toMatchObject({ madeAt: Date.parse(timestamp), partition: 'aws' });
  });

  test('puts each resource where its provider is', () => {
    expect(plan('change').home).toEqual({ account: '111122223333', region: 'eu-west-1' });
    expect(changeOf('change', 'aws_s3_bucket.distant').after).toMatchObject({
      account: '111122223333',
      region: 'eu-central-1',
      id: 'acme-far',
    });
    expect(changeOf('change', 'aws_iam_user.bot').before).toMatchObject({ account: '111122223333', region: 'global' });
    expect(changeOf('change', 'module.web["green"].aws_security_group.web').before).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
    });
  });

  test('has in before what was added by hand, and in after what comes', () => {
    const { before, after } = changeOf('change', 'module.web["blue"].aws_security_group.web');
    expect(before?.properties.IpPermissions).toMatchObject([{ FromPort: 22 }, { FromPort: 3389 }]);
    expect(after?.properties.IpPermissions).toMatchObject([
      { FromPort: 22, IpRanges: expect.arrayContaining([expect.objectContaining({ CidrIp: '0.0.0.0/0' })]) },
    ]);
    expect(after?.id).toBe(before?.id);
  });

  test('gives what is made anew another id, and joins what adds to it to the new one', () => {
    const { before, after } = changeOf('change', 'aws_security_group.db');
    expect(before?.id).toMatch(/^sg-/);
    expect(after?.id).toBe('aws_security_group.db');
    expect(after?.properties.IpPermissions).toMatchObject([{ FromPort: 5432 }]);
  });

  test('leads from an attribute to the variable', () => {
    const { parts } = changeOf('change', 'module.web["blue"].aws_security_group.web');
    const [part] = parts;
    if (part === undefined) throw new Error('it has no part');
    expect(plan('change').trace(part, 'ingress')).toEqual([
      { expression: 'module.web.var.cidrs' },
      { expression: 'var.office_cidrs' },
    ]);
    expect(plan('change').trace(part, 'name')).toEqual([
      { expression: 'module.web.var.name' },
      { expression: 'each.key' },
    ]);
    expect(plan('change').trace(part, 'description')).toEqual([]);
    expect(plan('change').trace(part, 'constructor')).toEqual([]);
  });

  test('doubts where something is of which only the deletion is left, when its providers are in two regions', () => {
    expect(plan('change').doubts).toEqual([
      {
        code: 'unreadable',
        detail: expect.stringContaining('1 of its resources are, which are no longer written: aws_ebs'),
      },
    ]);
  });

  test('counts what is not read', () => {
    const { declared, mapped, unmapped } = plan('change').coverage;
    expect(declared).toBe(22);
    expect(unmapped).toContainEqual({ type: 'aws_route53_zone', count: 1 });
    expect(unmapped).toContainEqual({ type: 'terraform_data', count: 1 });
    expect(unmapped.reduce((sum, { count }) => sum + count, mapped)).toBe(declared);
  });
});

describe('a plan that Terraform made of new resources', () => {
  test('joins rules to groups through modules', () => {
    expect(
      changeOf('create', 'module.web["green"].aws_security_group.open').after?.properties.IpPermissions,
    ).toMatchObject([{ FromPort: 443 }, { FromPort: 80 }]);
  });
});

test.each<[(typeof names)[number], readonly string[]]>([
  ['create', []],
  ['errored', ['errored']],
  ['targeted', ['incomplete']],
  ['refresh-only', ['empty']],
  ['destroy', ['unreadable']],
])('the recorded plan %s has the doubts %j', (name, codes) => {
  expect(plan(name).doubts.map(({ code }) => code)).toEqual(codes);
});

test('what is destroyed is gone after', () => {
  const left = plan('destroy').changes.filter(({ after }) => after !== undefined);
  // What stands for a setting of the account falls back to AWS's default.
  expect(left.map(({ type }) => type)).toEqual(['AWS::EC2::EbsEncryptionByDefault']);
});

test.each(names)('no secret of the recorded plan %s is in what is read from it', (name) => {
  const { trace: _, ...proposal } = plan(name);
  expect(bytesOf(name).toString()).toMatch(/secret note|another/);
  expect(JSON.stringify({ ...proposal, types: [...proposal.types] })).not.toMatch(/secret note|"another"/);
});
