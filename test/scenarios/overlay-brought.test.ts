import { expect, test } from 'vitest';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';
import { shippedQuestion } from './audited.ts';
import { account, gateProposal, now, said, snapshotOf } from './overlaid.ts';

test('the first assignment of Identity Center brings people who can sign in', async () => {
  const question = await shippedQuestion();
  const assigned = (principal_id: string) => ({
    after: {
      instance_arn: 'arn:aws:sso:::instance/ssoins-1',
      permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
      principal_id,
      principal_type: 'USER',
      target_id: account,
      target_type: 'AWS_ACCOUNT',
    },
  });
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const changes = names.map((name) => [`aws_ssoadmin_account_assignment.${name}`, assigned(`user-${name}`)] as const);
  const plan = planOf(Object.fromEntries(changes));
  const proposal = readTerraformPlan(plan, 'plan.json', { ...question.catalogue, now, account });
  const gated = await gateProposal(question, proposal, snapshotOf(question, []));
  expect(Object.values(said(gated, 'iam-console-users-max-count'))).toEqual([['fail', 'introduced']]);
});
