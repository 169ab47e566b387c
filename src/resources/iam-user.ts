import { findCredentials } from '../model/credential-report.ts';
import { withDocument } from '../model/decode-document.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';
import { credentialReport, credentialReportAlways } from './_credential-report.ts';
import { cloudformation, terraform } from './_iam-user-forms.ts';

function decodePolicies(user: Json): Json {
  if (!isObject(user)) throw new Error('a user is not an object');
  const policies = user.UserPolicyList;
  if (!Array.isArray(policies)) return user;
  return { ...user, UserPolicyList: policies.map((policy) => withDocument(policy, 'PolicyDocument')) };
}

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
    ...credentialReportAlways,
    'LoginProfile.UserName',
    'LoginProfile.CreateDate',
    'MFADevices',
    'MFADevices[].UserName',
    'MFADevices[].SerialNumber',
    'MFADevices[].EnableDate',
    'AccessKeys',
    ...['UserName', 'AccessKeyId', 'Status', 'CreateDate'].map((member) => `AccessKeys[].${member}`),
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
    CredentialReport: credentialReport(findCredentials),
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
    AccessKeys: {
      call: {
        service: 'iam',
        operation: 'ListAccessKeys',
        input: { UserName: { from: 'UserName' } },
        pageSize: 1000,
      },
      value: 'AccessKeyMetadata[]',
    },
  },
  terraform,
  cloudformation,
};
