import { findCredentials } from '../model/credential-report.ts';
import { withDocument } from '../model/decode-document.ts';
import type { ResourceType, Shape } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

function decodePolicies(user: Json): Json {
  if (!isObject(user)) throw new Error('a user is not an object');
  const policies = user.UserPolicyList;
  if (!Array.isArray(policies)) return user;
  return { ...user, UserPolicyList: policies.map((policy) => withDocument(policy, 'PolicyDocument')) };
}

/** The columns of IAM's credential report, the time of the report itself, and whether the user is in it. */
const credentials: Shape = {
  fields: {
    InReport: 'boolean',
    GeneratedTime: 'timestamp',
    user: 'string',
    arn: 'string',
    user_creation_time: 'timestamp',
    password_enabled: 'boolean',
    password_last_used: 'timestamp',
    password_last_changed: 'timestamp',
    password_next_rotation: 'timestamp',
    mfa_active: 'boolean',
    access_key_1_active: 'boolean',
    access_key_1_last_rotated: 'timestamp',
    access_key_1_last_used_date: 'timestamp',
    access_key_1_last_used_region: 'string',
    access_key_1_last_used_service: 'string',
    access_key_2_active: 'boolean',
    access_key_2_last_rotated: 'timestamp',
    access_key_2_last_used_date: 'timestamp',
    access_key_2_last_used_region: 'string',
    access_key_2_last_used_service: 'string',
    cert_1_active: 'boolean',
    cert_1_last_rotated: 'timestamp',
    cert_2_active: 'boolean',
    cert_2_last_rotated: 'timestamp',
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::IAM::User',
  noun: 'IAM user',
  reach: 'global',
  id: 'UserName',
  name: 'UserName',
  arn: 'Arn',
  tags: 'Tags',
  always: [
    'UserName',
    'UserId',
    'Arn',
    'Path',
    'CreateDate',
    'GroupList',
    'AttachedManagedPolicies',
    'UserPolicyList[].PolicyName',
    'UserPolicyList[].PolicyDocument',
    'CredentialReport',
    ...['InReport', 'GeneratedTime', 'user', 'arn', 'user_creation_time', 'password_enabled', 'mfa_active'].map(
      (column) => `CredentialReport.${column}`,
    ),
    ...['access_key_1_active', 'access_key_2_active', 'cert_1_active', 'cert_2_active'].map(
      (column) => `CredentialReport.${column}`,
    ),
    'LoginProfile.UserName',
    'LoginProfile.CreateDate',
    'MFADevices',
    'MFADevices[].UserName',
    'MFADevices[].SerialNumber',
    'MFADevices[].EnableDate',
  ],
  derived: { 'UserPolicyList[].PolicyDocument': 'policy' },
  listing: {
    call: {
      service: 'iam',
      operation: 'GetAccountAuthorizationDetails',
      input: { Filter: ['User'] },
      pageSize: 1000,
    },
    items: 'UserDetailList[]',
    keep: decodePolicies,
  },
  groups: {
    CredentialReport: {
      call: { service: 'iam', operation: 'GetCredentialReport' },
      value: '',
      shape: credentials,
      shared: {
        before: {
          call: { service: 'iam', operation: 'GenerateCredentialReport' },
          until: { path: 'State', equals: 'COMPLETE' },
        },
        find: findCredentials,
      },
    },
    LoginProfile: {
      call: {
        service: 'iam',
        operation: 'GetLoginProfile',
        input: { UserName: { from: 'UserName' } },
        absent: ['NoSuchEntity', 'NoSuchEntityException'],
      },
      value: 'LoginProfile',
    },
    MFADevices: {
      call: {
        service: 'iam',
        operation: 'ListMFADevices',
        input: { UserName: { from: 'UserName' } },
        pageSize: 1000,
      },
      value: 'MFADevices[]',
    },
  },
};
