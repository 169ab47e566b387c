import { describe, expect, test } from 'vitest';
import type { Block, DeclaredForm, ResourceType } from '../../src/model/resource-type.ts';
import { type JsonObject, unknown } from '../../src/model/value.ts';
import { resourceType as plan } from '../../src/resources/backup-backup-plan.ts';
import { resourceType as vault } from '../../src/resources/backup-backup-vault.ts';
import { resourceType as hold } from '../../src/resources/backup-legal-hold.ts';
import { resourceType as shadow } from '../../src/resources/cloud-trail-organization-trail.ts';
import { resourceType as trail } from '../../src/resources/cloud-trail-trail.ts';
import { resourceType as passwords } from '../../src/resources/iam-account-password-policy.ts';
import { resourceType as policy } from '../../src/resources/iam-managed-policy.ts';
import { resourceType as oidc } from '../../src/resources/iam-oidcprovider.ts';
import { resourceType as saml } from '../../src/resources/iam-samlprovider.ts';
import { resourceType as user } from '../../src/resources/iam-user.ts';
import { resourceType as accountBlock } from '../../src/resources/s3-account-public-access-block.ts';
import { resourceType as bucket } from '../../src/resources/s3-bucket.ts';
import { resourceType as assignment } from '../../src/resources/sso-assignment.ts';

const at = '2026-11-24T02:00:00.000Z';
const later = unknown('known-after-apply', 'later');
const open = { $unknown: 'known-after-apply' };
const untold = { $unknown: 'not-collected' };

/** A block of something new in an account that has a name. */
function block(type: string, values: JsonObject, more: Partial<Block> = {}): Block {
  return {
    type,
    address: `${type}.it`,
    identity: `${type}.it`,
    values,
    written: new Set(Object.keys(values)),
    isNew: true,
    at,
    place: { partition: 'aws', account: '111122223333', region: 'eu-west-1' },
    ...more,
  };
}

const old = { isNew: false } as const;
const gone = { isNew: false, isRemoved: true } as const;

interface Row {
  readonly of: ResourceType;
  readonly in: 'terraform' | 'cloudformation';
  readonly main: Block;
  readonly certain?: readonly Block[];
  readonly doubtful?: readonly Block[];
  readonly gives: object;
}

function told({ of, in: source, main, certain = [], doubtful = [] }: Omit<Row, 'gives'>): JsonObject {
  const form: DeclaredForm | undefined = of[source];
  if (form === undefined) throw new Error(`${of.type} has no form in ${source}`);
  return form.properties(main, certain, doubtful);
}

const inPlan = { in: 'terraform' } as const;
const inTemplate = { in: 'cloudformation' } as const;
const dana = block('aws_iam_user', { name: 'dana' });
const key = (status: string, more: Partial<Block> = {}) =>
  block('aws_iam_access_key', { user: 'dana', status }, { address: `aws_iam_access_key.${status}`, ...more });
const password = block('aws_iam_user_login_profile', { user: 'dana' });
const lock = (values: JsonObject, more: Partial<Block> = {}) =>
  block('aws_backup_vault_lock_configuration', { backup_vault_name: 'nightly', ...values }, more);
const nightly = block('aws_backup_vault', { name: 'nightly' });
const held = (role: string, more: Partial<Block> = {}) =>
  block('aws_iam_role_policy_attachment', { role }, { address: `aws_iam_role_policy_attachment.${role}`, ...more });
const everything = block('aws_iam_policy', { name: 'all', policy: '{"Statement":[]}' });
const rules = (rule: JsonObject) =>
  block('aws_backup_plan', { name: 'nightly', rule: [{ rule_name: 'daily', ...rule }] });

const rows: Readonly<Record<string, Row>> = {
  'a password policy with nothing written has the defaults of IAM': {
    of: passwords,
    ...inPlan,
    main: block(
      'aws_iam_account_password_policy',
      { require_symbols: later, hard_expiry: later },
      { written: new Set() },
    ),
    gives: {
      PasswordPolicy: {
        MinimumPasswordLength: 6,
        RequireSymbols: false,
        AllowUsersToChangePassword: false,
        ExpirePasswords: false,
        MaxPasswordAge: undefined,
        HardExpiry: false,
      },
    },
  },
  'a password policy has what is written and not known yet as unknown': {
    of: passwords,
    ...inPlan,
    main: block('aws_iam_account_password_policy', { minimum_password_length: later, max_password_age: later }),
    gives: { PasswordPolicy: { MinimumPasswordLength: open, ExpirePasswords: open, MaxPasswordAge: open } },
  },
  'a block of public access has each setting off that is not written': {
    of: accountBlock,
    ...inPlan,
    main: block('aws_s3_account_public_access_block', { block_public_acls: true }),
    gives: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
  },
  'a user without a password and keys has none of either': {
    of: user,
    ...inPlan,
    main: dana,
    gives: {
      Arn: 'arn:aws:iam::111122223333:user/dana',
      CreateDate: at,
      LoginProfile: undefined,
      AccessKeys: [],
      MFADevices: [],
      CredentialReport: { InReport: true, password_enabled: false, access_key_1_active: false, mfa_active: false },
    },
  },
  'a user of an account that nobody names has no ARN yet': {
    of: user,
    ...inPlan,
    main: { ...dana, place: { partition: 'aws' } },
    gives: { Arn: untold },
  },
  'a user to whom a password may belong may have one': {
    of: user,
    ...inPlan,
    main: dana,
    doubtful: [password],
    gives: { LoginProfile: open, CredentialReport: { password_enabled: open, password_last_used: open } },
  },
  'a user who is there already is told nothing about by default': {
    of: user,
    ...inPlan,
    main: block('aws_iam_user', { name: 'dana' }, old),
    gives: { CreateDate: untold, LoginProfile: untold, AccessKeys: [untold], CredentialReport: untold },
  },
  'a user who is there already loses a password that goes': {
    of: user,
    ...inPlan,
    main: block('aws_iam_user', { name: 'dana' }, old),
    certain: [{ ...password, ...gone }],
    gives: { LoginProfile: undefined, CredentialReport: { InReport: untold, password_enabled: false } },
  },
  'two keys of one kind are told apart by nobody, and need not be': {
    of: user,
    ...inPlan,
    main: dana,
    certain: [key('Active'), key('Active', { address: 'aws_iam_access_key.second' })],
    gives: { CredentialReport: { access_key_1_active: true, access_key_2_active: true } },
  },
  'of two keys of which one is active, nobody knows which is the first': {
    of: user,
    ...inPlan,
    main: dana,
    certain: [key('Active'), key('Inactive')],
    gives: { CredentialReport: { access_key_1_active: open, access_key_2_active: open } },
  },
  'a device in a template protects nobody for sure': {
    of: user,
    ...inTemplate,
    main: block('AWS::IAM::User', { UserName: 'dana', LoginProfile: { Password: 'never-shown' } }),
    certain: [block('AWS::IAM::VirtualMFADevice', { Users: ['dana'] })],
    gives: { MFADevices: [open], CredentialReport: { password_enabled: true, mfa_active: open } },
  },
  'a policy that may be held is held by nobody knows how many': {
    of: policy,
    ...inPlan,
    main: everything,
    certain: [held('web')],
    doubtful: [held('job')],
    gives: { AttachmentCount: open },
  },
  'a policy is held once by a role that is named twice': {
    of: policy,
    ...inPlan,
    main: everything,
    certain: [held('web'), held('web', { address: 'other' })],
    gives: { Arn: 'arn:aws:iam::111122223333:policy/all', AttachmentCount: 1, DefaultVersionId: 'v1' },
  },
  'a policy that is there already has older versions of which nothing is told': {
    of: policy,
    ...inPlan,
    main: block('aws_iam_policy', { name: 'all', policy: '{"Statement":[]}', attachment_count: 3 }, old),
    certain: [held('web'), held('job', gone)],
    gives: {
      AttachmentCount: 3,
      PolicyVersionList: [
        { IsDefaultVersion: true, Document: { Statement: [] } },
        { IsDefaultVersion: false, Document: untold },
      ],
    },
  },
  'a policy whose document is no JSON has an unknown one': {
    of: policy,
    ...inPlan,
    main: block('aws_iam_policy', { name: 'all', policy: 'not json' }),
    gives: { PolicyVersionList: [{ Document: { $unknown: 'failed' } }] },
  },
  'an OIDC provider at an odd address has an ARN that nobody knows': {
    of: oidc,
    ...inPlan,
    main: block('aws_iam_openid_connect_provider', { url: 'https://Example.com/?a=b' }),
    gives: { Arn: open },
  },
  'a SAML provider without a name has no ARN yet': {
    of: saml,
    ...inTemplate,
    main: block('AWS::IAM::SAMLProvider', {}),
    gives: { Arn: open },
  },
  'a vault that may be locked may be': {
    of: vault,
    ...inPlan,
    main: nightly,
    doubtful: [lock({ min_retention_days: 7 })],
    gives: { Locked: open, MinRetentionDays: open, LockDate: open },
  },
  'a vault that is there already has a lock if anybody says so': {
    of: vault,
    ...inPlan,
    main: { ...nightly, ...old },
    gives: { Locked: untold, LockDate: untold, NumberOfRecoveryPoints: untold },
  },
  'a vault whose lock goes has none': {
    of: vault,
    ...inPlan,
    main: { ...nightly, ...old },
    certain: [lock({ min_retention_days: 7 }, gone)],
    gives: { Locked: false, MinRetentionDays: undefined },
  },
  'a lock gets final after days that are not known yet at a date that is not': {
    of: vault,
    ...inPlan,
    main: nightly,
    certain: [lock({ changeable_for_days: later })],
    gives: { Locked: true, LockDate: open },
  },
  'a lock gets final after no number of days at no date': {
    of: vault,
    ...inPlan,
    main: nightly,
    certain: [lock({ changeable_for_days: 1e9 })],
    gives: { LockDate: { $unknown: 'type' } },
  },
  'an air-gapped vault is locked as it is made': {
    of: vault,
    ...inPlan,
    main: block('aws_backup_logically_air_gapped_vault', {
      name: 'gap',
      min_retention_days: 7,
      max_retention_days: 35,
    }),
    gives: { VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', Locked: true, MinRetentionDays: 7, MaxRetentionDays: 35 },
  },
  'a vault in a template whose lock hangs on a condition may be locked': {
    of: vault,
    ...inTemplate,
    main: block('AWS::Backup::BackupVault', { BackupVaultName: 'nightly', LockConfiguration: later }),
    gives: { Locked: open, MaxRetentionDays: open },
  },
  'a backup that is deleted after nought days is never deleted': {
    of: plan,
    ...inPlan,
    main: rules({ lifecycle: [{ delete_after: 0, cold_storage_after: 30 }] }),
    gives: {
      BackupPlan: { Rules: [{ Lifecycle: { DeleteAfterDays: undefined, MoveToColdStorageAfterDays: 30 } }] },
      CopyJobs: [],
    },
  },
  'rules of a backup plan that are not known yet are unknown as a whole': {
    of: plan,
    ...inPlan,
    main: block('aws_backup_plan', { name: 'nightly', rule: later }, old),
    gives: { BackupPlan: { Rules: open }, CopyJobs: untold },
  },
  'a template without a plan in its backup plan has an unknown one': {
    of: plan,
    ...inTemplate,
    main: block('AWS::Backup::BackupPlan', {}),
    gives: { BackupPlan: { Rules: { $unknown: 'type' } } },
  },
  'a legal hold keeps points that nobody knows': {
    of: hold,
    ...inTemplate,
    main: block('AWS::Backup::LegalHold', { Title: 'a court' }),
    gives: { Title: 'a court', Status: 'ACTIVE', CreationDate: at, RecoveryPoints: open },
  },
  'selectors of which one kind is not known yet are unknown as a whole': {
    of: trail,
    ...inPlan,
    main: block('aws_cloudtrail', { name: 'all', event_selector: [], advanced_event_selector: later }),
    gives: { Selectors: open },
  },
  'a trail of one region in a template does not say whether it records global events': {
    of: trail,
    ...inTemplate,
    main: block('AWS::CloudTrail::Trail', { TrailName: 'all', IsLogging: 'true' }),
    gives: { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: open, Status: { IsLogging: true } },
  },
  'a trail has delivered nothing that anybody tells of': {
    of: trail,
    ...inPlan,
    main: block('aws_cloudtrail', { name: 'all', enable_logging: false }),
    gives: { Status: { IsLogging: false, LatestDeliveryTime: open, LatestDeliveryError: open } },
  },
  'a bucket without a name has none yet': {
    of: bucket,
    ...inTemplate,
    main: block('AWS::S3::Bucket', {}),
    gives: { Name: open, BucketArn: open, BucketRegion: 'eu-west-1', CreationDate: at, Policy: undefined },
  },
  'a bucket has the policy that older providers write into it': {
    of: bucket,
    ...inPlan,
    main: block('aws_s3_bucket', { bucket: 'acme-data', policy: '{"Statement":[]}', region: later }),
    gives: { Name: 'acme-data', BucketRegion: 'eu-west-1', Policy: { Statement: [] } },
  },
  'an assignment to an account that is not known yet is one of nobody': {
    of: assignment,
    ...inPlan,
    main: block('aws_ssoadmin_account_assignment', { target_id: later, principal_type: 'USER', principal_id: 'dana' }),
    gives: { PrincipalId: open, PrincipalType: open, AssignmentId: open, Members: open },
  },
};

describe('a declared resource', () => {
  test.each(Object.entries(rows))('%s', (_, { gives, ...row }) => {
    expect(told(row)).toMatchObject(gives);
  });

  test('never shows the password of a template', () => {
    const row = rows['a device in a template protects nobody for sure'];
    expect(row).toBeDefined();
    if (row !== undefined) expect(JSON.stringify(told(row))).not.toContain('never-shown');
  });

  test.each([
    ['of one account', false, true],
    ['of the organisation', true, false],
    ['of nobody knows what', later, false],
  ])('that is a trail %s is a shadow in all accounts or not', (_, written, isOther) => {
    const values = { is_organization_trail: written };
    expect(shadow.terraform?.isOther?.(block('aws_cloudtrail', values))).toBe(isOther);
    const inOther = { IsOrganizationTrail: written === true ? 'true' : written };
    expect(shadow.cloudformation?.isOther?.(block('AWS::CloudTrail::Trail', inOther))).toBe(isOther);
  });

  test.each([
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', true],
    ['arn:aws-cn:iam::aws:policy/job-function/Billing', true],
    ['arn:aws:iam::111122223333:policy/aws:policy/mine', false],
  ])('that is the policy %s is of AWS or not', (identity, isOther) => {
    expect(policy.terraform?.isOther?.(block('aws_iam_policy', {}, { identity }))).toBe(isOther);
  });

  test.each([
    [passwords, 'aws_iam_account_password_policy', { PasswordPolicy: undefined }],
    [accountBlock, 'aws_s3_account_public_access_block', { PublicAccessBlockConfiguration: undefined }],
  ])('that is a setting of the account leaves the default of AWS', (type, name, left) => {
    const remains = type.terraform?.remains?.[name];
    expect(typeof remains === 'function' ? remains(block(name, {}, gone)) : remains).toEqual(left);
  });
});
