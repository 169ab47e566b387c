import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { account, answering } from '../aws-calls/acme.ts';

const set = (id: string) => `arn:aws:sso:::permissionSet/ssoins-1/${id}`;
const trail = (name: string) => `arn:aws:cloudtrail:eu-west-1:${account}:trail/${name}`;
const assigned = (id: string, PrincipalType: string, PrincipalId: string) => ({
  AccountId: account,
  PermissionSetArn: set(id),
  PrincipalType,
  PrincipalId,
});

/** What IAM tells of the account as a whole, and of one user's keys. */
export const accountFacts: NonNullable<SimulatedAccount['answers'][string]>[string] = {
  GetAccountSummary: {
    SummaryMap: {
      Users: 2,
      AccountMFAEnabled: 1,
      AccountPasswordPresent: 1,
      AccountAccessKeysPresent: 0,
      AccountSigningCertificatesPresent: 0,
    },
  },
  GetAccountPasswordPolicy: {
    PasswordPolicy: {
      MinimumPasswordLength: 14,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: true,
      ExpirePasswords: false,
    },
  },
  ListAccessKeys: {
    AccessKeyMetadata: ['AKIA1', 'AKIA2'].map((id) => ({
      UserName: 'dana',
      AccessKeyId: id,
      Status: 'Active',
      CreateDate: '2026-11-01T09:00:00.000Z',
    })),
  },
  ListSAMLProviders: { SAMLProviderList: [{ Arn: `arn:aws:iam::${account}:saml-provider/AWSSSO_1` }] },
  ListOpenIDConnectProviders: {
    OpenIDConnectProviderList: [{ Arn: `arn:aws:iam::${account}:oidc-provider/login.example.com` }],
  },
};

/** Identity Center and its directory: two permission sets, to a person and to a group of two. */
export const people: SimulatedAccount['answers'] = {
  'sso-admin': {
    'eu-west-1': {
      ListInstances: {
        Instances: [{ InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId: 'd-1', Status: 'ACTIVE' }],
      },
      ListPermissionSetsProvisionedToAccount: { PermissionSets: [set('ps-1'), set('ps-2')] },
      ListAccountAssignments: [
        answering(
          { PermissionSetArn: set('ps-1'), AccountId: account },
          { AccountAssignments: [assigned('ps-1', 'USER', 'u-1'), assigned('ps-1', 'GROUP', 'g-1')] },
        ),
        answering(
          { PermissionSetArn: set('ps-2'), AccountId: account },
          { AccountAssignments: [assigned('ps-2', 'GROUP', 'g-1')] },
        ),
      ],
    },
  },
  identitystore: {
    'eu-west-1': {
      ListGroupMemberships: [
        answering(
          { IdentityStoreId: 'd-1', GroupId: 'g-1' },
          {
            GroupMemberships: ['u-2', 'u-3'].map((id) => ({
              IdentityStoreId: 'd-1',
              MembershipId: `m-${id}`,
              GroupId: 'g-1',
              MemberId: { UserId: id },
            })),
          },
        ),
      ],
    },
  },
};

const listed = (name: string) => ({
  Name: name,
  TrailARN: trail(name),
  HomeRegion: 'eu-west-1',
  S3BucketName: 'acme-trails',
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  IncludeGlobalServiceEvents: true,
  LogFileValidationEnabled: true,
});

/** Two trails, one with selectors of each kind. */
export const trails: NonNullable<SimulatedAccount['answers'][string]>[string] = {
  DescribeTrails: {
    trailList: ['basic', 'advanced'].map(listed),
  },
  GetTrailStatus: { IsLogging: true, LatestDeliveryTime: '2026-11-24T01:50:00.000Z' },
  GetEventSelectors: [
    answering(
      { TrailName: trail('basic') },
      {
        TrailARN: trail('basic'),
        EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }],
      },
    ),
    answering(
      { TrailName: trail('advanced') },
      {
        TrailARN: trail('advanced'),
        AdvancedEventSelectors: [{ Name: 'all', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }],
      },
    ),
  ],
};

/** The shadows of both, of which one is the organisation's. */
export const organizationTrails: typeof trails = {
  ...trails,
  DescribeTrails: {
    trailList: ['basic', 'advanced'].map((name) => ({ ...listed(name), IsOrganizationTrail: name === 'advanced' })),
  },
};

const time = '2026-11-01T09:00:00.000Z';

/** What else lies in the region: two of each. */
export const volumes: NonNullable<SimulatedAccount['answers'][string]>[string] = {
  DescribeVolumes: {
    Volumes: ['vol-1', 'vol-2'].map((id) => ({
      VolumeId: id,
      State: 'available',
      Encrypted: true,
      CreateTime: time,
      AvailabilityZone: 'eu-west-1a',
    })),
  },
};

export const databases: NonNullable<SimulatedAccount['answers'][string]>[string] = {
  DescribeDBInstances: {
    DBInstances: ['orders', 'stock'].map((id) => ({
      DBInstanceIdentifier: id,
      DBInstanceArn: `arn:aws:rds:eu-west-1:${account}:db:${id}`,
      DBInstanceStatus: 'available',
      Engine: 'postgres',
    })),
  },
};

export const tagged: SimulatedAccount['answers'] = {
  'resource-groups-tagging-api': {
    'eu-west-1': {
      GetResources: {
        ResourceTagMappingList: ['orders', 'stock'].map((name) => ({
          ResourceARN: `arn:aws:sqs:eu-west-1:${account}:${name}`,
          Tags: [{ Key: 'Owner', Value: 'team-web' }],
        })),
      },
    },
  },
};
