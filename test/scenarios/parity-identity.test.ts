import type { Resource } from '../../src/model/resource.ts';
import { describeParity, type Parity } from './parity.ts';

const account = '111122223333';

const statement = (action: string, resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});

const users: Parity = {
  type: 'AWS::IAM::User',
  folder: 'iam-user',
  region: 'global',
  nameOf: ({ properties }) => String(properties.UserName),
  resources: {
    kept: {
      properties: {
        UserName: '<self>',
        Arn: `arn:aws:iam::${account}:user/ci/kept`,
        Path: '/ci/',
        GroupList: ['people', 'robots'],
        AttachedManagedPolicies: [
          { PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', PolicyName: 'ReadOnlyAccess' },
        ],
        UserPolicyList: [
          { PolicyName: 'upload', PolicyDocument: statement('s3:PutObject', 'arn:aws:s3:::acme-reports/*') },
        ],
        Tags: [{ Key: 'Team', Value: 'platform' }],
        CredentialReport: {
          InReport: true,
          password_enabled: false,
          password_last_used: 'N/A',
          mfa_active: false,
          access_key_1_active: true,
          access_key_1_last_used_date: 'N/A',
          access_key_2_active: false,
        },
      },
      verdicts: {
        'iam-access-key-rotated': 'pass',
        'iam-console-user-mfa': 'not-applicable',
        'iam-user-unused-credentials': 'pass',
      },
    },
    broken: {
      properties: {
        GroupList: ['people'],
        AttachedManagedPolicies: [],
        UserPolicyList: [],
        MFADevices: [],
        CredentialReport: {
          InReport: true,
          password_enabled: true,
          password_last_used: 'no_information',
          mfa_active: false,
          access_key_1_active: false,
          access_key_2_active: false,
        },
      },
      verdicts: {
        'iam-access-key-rotated': 'not-applicable',
        'iam-console-user-mfa': 'fail',
        'iam-user-unused-credentials': 'pass',
      },
    },
  },
  undecided: {
    undecided: {
      'iam-access-key-rotated': 'unknown',
      'iam-console-user-mfa': 'not-applicable',
      'iam-user-unused-credentials': 'unknown',
    },
  },
};

const policies: Parity = {
  type: 'AWS::IAM::ManagedPolicy',
  folder: 'iam-managed-policy',
  region: 'global',
  nameOf: ({ properties }) => String(properties.PolicyName),
  resources: {
    kept: {
      properties: {
        Arn: '<self>',
        Path: '/acme/',
        AttachmentCount: 2,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: statement('s3:*', '*') }],
      },
      verdicts: { 'iam-policy-no-full-admin': 'pass' },
    },
    broken: {
      properties: {
        AttachmentCount: 2,
        PolicyVersionList: [{ IsDefaultVersion: true, Document: statement('*', '*') }],
      },
      verdicts: { 'iam-policy-no-full-admin': 'fail' },
    },
    loose: {
      properties: {
        AttachmentCount: 0,
        PolicyVersionList: [{ IsDefaultVersion: true, Document: statement('*', '*') }],
      },
      verdicts: { 'iam-policy-no-full-admin': 'not-applicable' },
    },
  },
  undecided: { undecided: { 'iam-policy-no-full-admin': 'unknown' } },
};

const ofAccount = ({ properties }: Resource) => String(properties.AccountId);

const passwords: Parity = {
  type: 'AWS::IAM::AccountPasswordPolicy',
  folder: 'iam-account-password-policy',
  region: 'global',
  nameOf: ofAccount,
  resources: {
    [account]: {
      properties: {
        AccountId: '<self>',
        PasswordPolicy: {
          MinimumPasswordLength: 14,
          RequireSymbols: true,
          RequireNumbers: false,
          RequireUppercaseCharacters: false,
          RequireLowercaseCharacters: false,
          AllowUsersToChangePassword: true,
          ExpirePasswords: true,
          MaxPasswordAge: 90,
        },
      },
      verdicts: { 'iam-password-policy-min-length': 'pass' },
    },
  },
  undecided: {},
};

const byArn = ({ properties }: Resource) => String(properties.Arn).replace(/^.*-provider\//, '');

const directories: Parity = {
  type: 'AWS::IAM::SAMLProvider',
  folder: 'iam-samlprovider',
  region: 'global',
  nameOf: byArn,
  resources: {
    'acme-idp': {
      properties: { Arn: '<self>' },
      verdicts: {},
    },
  },
  undecided: {},
};

const machines: Parity = {
  type: 'AWS::IAM::OIDCProvider',
  folder: 'iam-oidcprovider',
  region: 'global',
  nameOf: byArn,
  resources: {
    'token.actions.githubusercontent.com': {
      properties: { Arn: '<self>' },
      verdicts: {},
    },
  },
  undecided: {},
};

const instance = 'arn:aws:sso:::instance/ssoins-6804f2a5a2f9d8c1';
const set = 'arn:aws:sso:::permissionSet/ssoins-6804f2a5a2f9d8c1/ps-0123456789abcdef';
const people = '0b4e2f5a-1c3d-4e5f-8a9b-0c1d2e3f4a5b';
const dana = '5c6d7e8f-9a0b-4c1d-8e2f-3a4b5c6d7e8f';

const assignments: Parity = {
  type: 'AWS::SSO::Assignment',
  folder: 'sso-assignment',
  nameOf: ({ properties }) =>
    typeof properties.PrincipalId === 'string'
      ? `${String(properties.PrincipalType)} ${properties.PrincipalId}`
      : 'undecided',
  resources: {
    [`USER ${dana}`]: {
      properties: {
        AssignmentId: '<self>',
        AccountId: account,
        InstanceArn: instance,
        PermissionSetArn: set,
        Members: [],
      },
      verdicts: {},
    },
    [`GROUP ${people}`]: {
      properties: {
        AssignmentId: '<self>',
        GroupId: people,
        Members: [{ GroupId: people, GroupMemberships: [{ MemberId: { UserId: dana } }] }],
      },
      verdicts: {},
    },
  },
  undecided: { undecided: {} },
};

const instances: Parity = {
  type: 'AWS::SSO::Instance',
  folder: 'sso-instance',
  nameOf: ({ properties }) => String(properties.Name),
  resources: { acme: { properties: { OwnerAccountId: account }, verdicts: {} } },
  undecided: {},
};

describeParity([users, policies, passwords, directories, machines, instances, assignments]);
