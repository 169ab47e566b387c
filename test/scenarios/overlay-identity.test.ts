import { beforeAll, describe, expect, test } from 'vitest';
import { overlay } from '../../src/model/overlay.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { keptAccount } from '../fixtures/acme-account.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { audit, judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const place = { account: '111122223333', region: 'eu-west-1' };
const iam = 'arn:aws:iam::111122223333';

let question: Question;
let live: Snapshot;

beforeAll(async () => {
  question = await shippedQuestion();
  ({ snapshot: live } = await audit(question, keptAccount()));
});

async function outcomes(snapshot: Snapshot, rule: string, id: string | undefined): Promise<string> {
  const { results } = await judge(question, snapshot, now);
  const own = results.filter((result) => result.rule === rule && (id === undefined || result.resource?.id === id));
  return own.map(({ outcome }) => outcome).join(' ') || 'gone';
}

type Row = readonly [
  what: string,
  rule: string,
  resource: string | undefined,
  before: string,
  after: string,
  changes: Readonly<Record<string, PlannedChange>>,
];

const goes = (before: object): PlannedChange => ({ actions: ['delete'], before });
const turns = (before: object, after: object): PlannedChange => ({
  actions: ['update'],
  before,
  after: { ...before, ...after },
});

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const deploy = {
  arn: `${iam}:policy/kept-deploy`,
  id: `${iam}:policy/kept-deploy`,
  name: 'kept-deploy',
  path: '/',
  policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecs:UpdateService","Resource":"*"}]}',
  attachment_count: 1,
};
const attachment = (role: string) => ({ role, policy_arn: deploy.arn });
const key = { id: 'AKIAKEPT2', user: 'kept-ci', status: 'Inactive', create_date: '2022-01-09T09:00:00Z' };
const vaultLock = { backup_vault_name: 'kept-vault', min_retention_days: 7, max_retention_days: 184 };
const trail = {
  arn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/kept-everything',
  name: 'kept-everything',
  s3_bucket_name: 'acme-trails',
  is_multi_region_trail: true,
  is_organization_trail: false,
  include_global_service_events: true,
  enable_logging: true,
  event_selector: [],
  advanced_event_selector: [],
};

const rows: readonly Row[] = [
  [
    'a password for somebody of whom the report tells none, and of whose devices nobody has asked',
    'iam-console-user-mfa',
    'kept-ci',
    'not-applicable',
    'unknown',
    { 'aws_iam_user_login_profile.ci': { after: { user: 'kept-ci' } } },
  ],
  [
    'a password that goes',
    'iam-console-user-mfa',
    'kept-dana',
    'pass',
    'not-applicable',
    { 'aws_iam_user_login_profile.dana': goes({ user: 'kept-dana', id: 'kept-dana' }) },
  ],
  [
    'the only device that is known to go',
    'iam-console-user-mfa',
    'kept-dana',
    'pass',
    'unknown',
    {
      'aws_iam_virtual_mfa_device.dana': goes({
        arn: `${iam}:mfa/dana`,
        user_name: 'kept-dana',
        virtual_mfa_device_name: 'dana',
      }),
    },
  ],
  [
    'an old key that is switched on',
    'iam-access-key-rotated',
    'kept-ci',
    'pass',
    'unknown',
    { 'aws_iam_access_key.ci': turns(key, { status: 'Active' }) },
  ],
  [
    'a key that does not change',
    'iam-access-key-rotated',
    'kept-ci',
    'pass',
    'pass',
    { 'aws_iam_access_key.ci': { actions: ['no-op'], before: key, after: key } },
  ],
  [
    'somebody new who signs in with a password alone',
    'iam-console-user-mfa',
    'sam',
    'gone',
    'fail',
    {
      'aws_iam_user.sam': { after: { name: 'sam', path: '/' }, unknown: { arn: true, id: true } },
      'aws_iam_user_login_profile.sam': { after: { user: 'sam' } },
    },
  ],
  [
    'somebody new beyond the most that may sign in',
    'iam-console-users-max-count',
    undefined,
    'pass',
    'fail',
    Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name): [string, PlannedChange][] => [
        [`aws_iam_user.${name}`, { after: { name } }],
        [`aws_iam_user_login_profile.${name}`, { after: { user: name } }],
      ]),
    ),
  ],
  [
    'one more holder of a harmless policy that is declared elsewhere',
    'iam-policy-no-full-admin',
    deploy.arn,
    'pass',
    'pass',
    { 'aws_iam_role_policy_attachment.web': { after: attachment('web') } },
  ],
  [
    'the last holder who lets a policy go that is declared elsewhere',
    'iam-policy-no-full-admin',
    deploy.arn,
    'pass',
    'not-applicable',
    { 'aws_iam_role_policy_attachment.web': goes(attachment('web')) },
  ],
  [
    'a policy that is held, and grants everything from now on',
    'iam-policy-no-full-admin',
    deploy.arn,
    'pass',
    'fail',
    { 'aws_iam_policy.deploy': turns(deploy, { policy: everything }) },
  ],
  [
    'a policy that grants everything and loses its holder at once',
    'iam-policy-no-full-admin',
    deploy.arn,
    'pass',
    'not-applicable',
    {
      'aws_iam_policy.deploy': turns(deploy, { policy: everything }),
      'aws_iam_role_policy_attachment.web': goes(attachment('web')),
    },
  ],
  [
    'a policy of AWS that finds a holder',
    'iam-policy-no-full-admin',
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'gone',
    'gone',
    {
      'aws_iam_role_policy_attachment.web': {
        after: { role: 'web', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
    },
  ],
  [
    'the lock of a vault that is declared elsewhere, and goes',
    'backup-vault-lock',
    'kept-vault',
    'pass',
    'fail',
    { 'aws_backup_vault_lock_configuration.kept': goes(vaultLock) },
  ],
  [
    'the lock of a vault that lets in more',
    'backup-vault-lock',
    'kept-vault',
    'pass',
    'fail',
    { 'aws_backup_vault_lock_configuration.kept': turns(vaultLock, { max_retention_days: 3650 }) },
  ],
  [
    'a trail that is switched off',
    'cloudtrail-multi-region-logging',
    undefined,
    'pass',
    'fail',
    { 'aws_cloudtrail.kept': turns(trail, { enable_logging: false }) },
  ],
  [
    'a trail of which only a tag changes',
    'cloudtrail-multi-region-logging',
    undefined,
    'pass',
    'pass',
    { 'aws_cloudtrail.kept': turns(trail, { tags: { Team: 'platform' } }) },
  ],
  [
    'a trail that comes to record writes alone',
    'cloudtrail-multi-region-logging',
    undefined,
    'pass',
    'fail',
    {
      'aws_cloudtrail.kept': turns(trail, {
        event_selector: [{ read_write_type: 'WriteOnly', include_management_events: true }],
      }),
    },
  ],
];

describe('laid over a live account', () => {
  test.each(rows)('%s is seen by %s', async (_, rule, id, before, after, changes) => {
    const options = { ...question.catalogue, ...place, now };
    const proposal = readTerraformPlan(planOf(changes), 'plan.json', options);
    const foreseen = await overlay(live, proposal, options.types);
    expect({
      before: await outcomes(foreseen.before, rule, id),
      after: await outcomes(foreseen.after, rule, id),
    }).toEqual({ before, after });
  });

  const template = async (Resources: object) => {
    const options = { ...question.catalogue, ...place, now };
    const proposal = await readTemplate(Buffer.from(JSON.stringify({ Resources })), 'template.json', options);
    return (await overlay(live, proposal, options.types)).after;
  };
  const user = (name: string, more: object) => ({
    User: { Type: 'AWS::IAM::User', Properties: { UserName: name, ...more } },
  });
  const policy = (more: object) => ({
    Deploy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'kept-deploy', PolicyDocument: JSON.parse(deploy.policy), ...more },
    },
  });

  test.each<[string, string, string | undefined, string, object]>([
    [
      'a user whose password it does not declare',
      'iam-console-user-mfa',
      'kept-newcomer',
      'pass',
      user('kept-newcomer', {}),
    ],
    ['a user of whom all is in the report', 'iam-user-unused-credentials', 'kept-dana', 'pass', user('kept-dana', {})],
    [
      'a user with a password and a device',
      'iam-console-user-mfa',
      'kept-dana',
      'pass',
      user('kept-dana', { LoginProfile: {} }),
    ],
    [
      'a user to whom it gives a password',
      'iam-console-user-mfa',
      'kept-ci',
      'unknown',
      user('kept-ci', { LoginProfile: {} }),
    ],
    ['a harmless policy', 'iam-policy-no-full-admin', deploy.arn, 'pass', policy({})],
    ['a policy with a holder', 'iam-policy-no-full-admin', deploy.arn, 'pass', policy({ Roles: ['web'] })],
    [
      'a policy that others hold, and that grants everything',
      'iam-policy-no-full-admin',
      deploy.arn,
      'fail',
      policy({ PolicyDocument: everything }),
    ],
    [
      'a trail that delivers',
      'cloudtrail-multi-region-logging',
      undefined,
      'pass',
      {
        Trail: {
          Type: 'AWS::CloudTrail::Trail',
          Properties: {
            TrailName: 'kept-everything',
            S3BucketName: 'acme-trails',
            IsLogging: true,
            IsMultiRegionTrail: true,
          },
        },
      },
    ],
  ])('a template alone of %s leaves what only AWS knows', async (_, rule, id, outcome, resources) => {
    expect(await outcomes(await template(resources), rule, id)).toBe(outcome);
  });
});
