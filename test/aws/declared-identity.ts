import type { JsonObject } from '../../src/model/value.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { account, answering } from '../aws-calls/acme.ts';
import type { Expected, State } from './declared-expectation.ts';

const head =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,cert_1_active,cert_2_active';
const made = '2022-01-10T09:00:00+00:00';
const today = '2026-11-23T07:41:00+00:00';
const noKeys = 'false,N/A,N/A,false,N/A,N/A,false,false';
const never = 'false,N/A,N/A,false,false';

/** What the report says of one user while broken and once mended, the live keys, and what must be said. */
interface User {
  readonly name: string;
  readonly trap: string;
  readonly row: readonly [broken: string, mended: string];
  readonly keys?: readonly [broken: readonly JsonObject[], mended: readonly JsonObject[]];
  readonly rotated: Expected['outcomes'];
  readonly used: Expected['outcomes'];
}

const key = (Status: string, CreateDate: string) => ({ AccessKeyId: 'AKIAEXAMPLE', Status, CreateDate });
const still = ['not-applicable', 'not-applicable'] as const;

const users: readonly User[] = [
  {
    name: 'anna',
    trap: 'a password not used since summer, and a good reason to sign in again',
    row: [`true,2026-08-01T08:00:00+00:00,${made},true,${noKeys}`, `true,${today},${made},true,${noKeys}`],
    rotated: still,
    used: ['fail', 'pass'],
  },
  {
    name: 'bert',
    trap: 'a password that was never used, and a new one',
    row: [`true,no_information,${made},true,${noKeys}`, `true,no_information,${today},true,${noKeys}`],
    rotated: still,
    used: ['fail', 'pass'],
  },
  {
    name: 'carla',
    trap: 'a password that was never used, and none any more',
    row: [`true,no_information,${made},true,${noKeys}`, `false,N/A,N/A,false,${noKeys}`],
    rotated: still,
    used: ['fail', 'not-applicable'],
  },
  {
    name: 'ci',
    trap: 'an old key in use, and a newer one since the report',
    row: [`false,N/A,N/A,false,true,${made},${today},${never}`, `false,N/A,N/A,false,true,${made},${today},${never}`],
    keys: [
      [key('Active', '2022-01-10T09:00:00.000Z')],
      [key('Active', '2026-11-24T01:00:00.000Z'), key('Inactive', '2022-01-10T09:00:00.000Z')],
    ],
    rotated: ['fail', 'pass'],
    used: ['pass', 'pass'],
  },
  {
    name: 'robot',
    trap: 'a second key that was never used, and is switched off',
    row: [
      `false,N/A,N/A,false,true,2026-10-01T09:00:00+00:00,${today},true,2026-09-01T09:00:00+00:00,N/A,false,false`,
      `false,N/A,N/A,false,true,2026-10-01T09:00:00+00:00,${today},false,2026-09-01T09:00:00+00:00,N/A,false,false`,
    ],
    rotated: ['pass', 'pass'],
    used: ['fail', 'pass'],
  },
];

type Answers = NonNullable<NonNullable<SimulatedAccount['answers'][string]>[string]>;

const arnOf = (name: string) => `arn:aws:iam::${account}:user/${name}`;

/** Users of a report, the root user, and the rest of the account's identity as it should be. */
export function identities(state: State): Answers {
  const at = state === 'broken' ? 0 : 1;
  const rows = users.map(({ name, row }) => `${name},${arnOf(name)},${made},${row[at]}`);
  const root = `<root_account>,arn:aws:iam::${account}:root,${made},not_supported,no_information,not_supported,${at === 1},${at === 0},${made},N/A,false,N/A,N/A,false,false`;
  return {
    GetAccountAuthorizationDetails: {
      UserDetailList: users.map(({ name }) => ({
        UserName: name,
        UserId: name,
        Path: '/',
        Arn: arnOf(name),
        CreateDate: '2022-01-10T09:00:00.000Z',
        GroupList: [],
        AttachedManagedPolicies: [],
        UserPolicyList: [],
      })),
      Policies: [],
    },
    GenerateCredentialReport: { State: 'COMPLETE' },
    GetCredentialReport: {
      Content: Buffer.from([head, root, ...rows].join('\n')).toString('base64'),
      ReportFormat: 'text/csv',
      GeneratedTime: '2026-11-24T00:30:00.000Z',
    },
    GetAccountSummary: {
      SummaryMap: { AccountMFAEnabled: at, AccountPasswordPresent: 1, AccountAccessKeysPresent: 1 - at },
    },
    GetAccountPasswordPolicy: { PasswordPolicy: { MinimumPasswordLength: [8, 14][at] ?? 14, ExpirePasswords: false } },
    ListSAMLProviders: { SAMLProviderList: [{ Arn: `arn:aws:iam::${account}:saml-provider/AWSSSO_1_DO_NOT_DELETE` }] },
    ListAccessKeys: users.map(({ name, keys }) =>
      answering(
        { UserName: name },
        { AccessKeyMetadata: (keys?.[at] ?? []).map((one) => ({ ...one, UserName: name })), IsTruncated: false },
      ),
    ),
  };
}

const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';

/** A group that may sign in through Identity Center: three people beside three passwords, then one beside two. */
export function directory(state: State): SimulatedAccount['answers'] {
  const people = state === 'broken' ? ['u-1', 'u-2', 'u-3'] : ['u-1'];
  const assigned = { AccountId: account, PermissionSetArn: set, PrincipalType: 'GROUP', PrincipalId: 'g-1' };
  const member = (id: string) => ({
    IdentityStoreId: 'd-1',
    MembershipId: id,
    GroupId: 'g-1',
    MemberId: { UserId: id },
  });
  return {
    'sso-admin': {
      'eu-west-1': {
        ListInstances: { Instances: [{ InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId: 'd-1' }] },
        ListPermissionSetsProvisionedToAccount: { PermissionSets: [set] },
        ListAccountAssignments: { AccountAssignments: [assigned] },
      },
    },
    identitystore: { 'eu-west-1': { ListGroupMemberships: { GroupMemberships: people.map(member) } } },
  };
}

const trail = `arn:aws:cloudtrail:eu-west-1:${account}:trail/acme`;

/** A trail that records everything. */
export const recording: Answers = {
  DescribeTrails: {
    trailList: [
      {
        Name: 'acme',
        TrailARN: trail,
        HomeRegion: 'eu-west-1',
        S3BucketName: 'acme-trails',
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        IncludeGlobalServiceEvents: true,
        LogFileValidationEnabled: true,
      },
    ],
  },
  GetTrailStatus: { IsLogging: true, LatestDeliveryTime: '2026-11-24T01:50:00.000Z' },
  GetEventSelectors: {
    TrailARN: trail,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }],
  },
};

const once = { id: account, region: 'global', outcomes: ['fail', 'pass'] } as const;

/** What must be said of them, by rule. */
export const identityVerdicts: readonly (Expected & { readonly rule: string })[] = [
  { rule: 'iam-root-mfa-enabled', trap: 'a password of the root user and no device', ...once },
  { rule: 'iam-password-policy-min-length', trap: 'eight characters', ...once },
  { rule: 'iam-console-users-max-count', trap: 'a group beside few passwords', ...once, id: '*' },
  { rule: 'iam-root-no-access-keys', trap: 'a key of the root user', ...once },
  ...users.flatMap(({ name, trap, rotated, used }) => [
    { rule: 'iam-access-key-rotated', id: name, region: 'global', trap, outcomes: rotated },
    { rule: 'iam-user-unused-credentials', id: name, region: 'global', trap, outcomes: used },
  ]),
];
