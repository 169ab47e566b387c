import { declared, tagList } from '../model/declared.ts';
import { bornAt, spread } from '../model/declared-additions.ts';
import { namedArn } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import { templateTags } from '../model/declared-tags.ts';
import type { Block, CloudFormationForm, Declared, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, unknown } from '../model/value.ts';
import { type Additions, attached, boundaryOf, inline, keyOf, propertiesOf, userForm } from './_iam-user-properties.ts';

const unnamedGroup = unknown('type', 'the group is not named');

const terraformAdditions: Additions = {
  GroupList: {
    aws_iam_user_group_membership: ({ values }) => spread(values.groups),
    aws_iam_group_membership: ({ values }) => [values.group ?? unnamedGroup],
  },
  AttachedManagedPolicies: {
    aws_iam_user_policy_attachment: ({ values }) => [attached(values.policy_arn)],
    aws_iam_policy_attachment: ({ values }) => [attached(values.policy_arn)],
    aws_iam_user_policy_attachments_exclusive: ({ values }) => spread(values.policy_arns, attached),
  },
  UserPolicyList: { aws_iam_user_policy: ({ values }) => [inline(chosen(values.name, 'its name'), values.policy)] },
  MFADevices: {
    aws_iam_virtual_mfa_device: ({ values }) => [
      { UserName: values.user_name, SerialNumber: values.arn, EnableDate: values.enable_date },
    ],
  },
  AccessKeys: {
    aws_iam_access_key: (block) => {
      const { user, id, status, create_date } = block.values;
      return [keyOf(block, user, id, status, create_date)];
    },
  },
  LoginProfile: {
    aws_iam_user_login_profile: (block) => ({
      UserName: block.values.user,
      CreateDate: bornAt(block),
      PasswordResetRequired: block.values.password_reset_required,
    }),
  },
};

const byUser = [{ joins: 'user' }];

export const terraform: TerraformForm = {
  main: ['aws_iam_user'],
  identity: ['name', 'id'],
  satellites: {
    aws_iam_user_login_profile: byUser,
    aws_iam_access_key: byUser,
    // A device that is new belongs to nobody: Terraform cannot register it.
    aws_iam_virtual_mfa_device: [{ joins: 'user_name[]' }],
    aws_iam_user_group_membership: byUser,
    aws_iam_group_membership: [{ joins: 'users[]' }],
    aws_iam_user_policy_attachment: byUser,
    aws_iam_policy_attachment: [{ joins: 'users[]' }],
    aws_iam_user_policy: byUser,
    aws_iam_user_policy_attachments_exclusive: [{ joins: 'user_name' }],
  },
  ...userForm,
  setBy: {
    UserName: ['name'],
    CreateDate: ['name'],
    LoginProfile: ['aws_iam_user_login_profile.user'],
    CredentialReport: [
      'aws_iam_user_login_profile.user',
      'aws_iam_access_key.status',
      'aws_iam_access_key.user',
      'aws_iam_virtual_mfa_device.virtual_mfa_device_name',
    ],
    AccessKeys: ['aws_iam_access_key.status', 'aws_iam_access_key.user'],
    MFADevices: ['aws_iam_virtual_mfa_device.virtual_mfa_device_name'],
    GroupList: ['aws_iam_user_group_membership.groups', 'aws_iam_group_membership.users'],
    AttachedManagedPolicies: ['aws_iam_user_policy_attachment.policy_arn', 'aws_iam_policy_attachment.policy_arn'],
    UserPolicyList: ['aws_iam_user_policy.policy'],
    Tags: ['tags'],
  },
  properties(user, certain, doubtful) {
    const { values } = user;
    const path = values.path ?? (user.isNew ? '/' : undefined);
    const own = {
      UserName: chosen(values.name, 'its name'),
      UserId: chosen(values.unique_id, 'its id'),
      Arn: namedArn(user, values.arn, { service: 'iam', region: 'global', resource: ['user', path, values.name] }),
      Path: path,
      PermissionsBoundary: boundaryOf(values.permissions_boundary),
      Tags: tagList(values.tags_all ?? values.tags),
    };
    return propertiesOf({ user, certain, doubtful, additions: terraformAdditions, own });
  },
};

const templateAdditions: Additions = {
  GroupList: { 'AWS::IAM::UserToGroupAddition': ({ values }) => [values.GroupName ?? unnamedGroup] },
  AttachedManagedPolicies: {
    'AWS::IAM::ManagedPolicy': () => [attached(undefined)],
  },
  UserPolicyList: {
    'AWS::IAM::UserPolicy': ({ values }) => [inline(values.PolicyName, values.PolicyDocument)],
    'AWS::IAM::Policy': ({ values }) => [inline(values.PolicyName, values.PolicyDocument)],
  },
  MFADevices: {
    // CloudFormation makes a device; it protects nobody before the person has registered it.
    'AWS::IAM::VirtualMFADevice': () => [unknown('known-after-apply', 'whether somebody registers the device')],
  },
  AccessKeys: {
    'AWS::IAM::AccessKey': (block) => [keyOf(block, block.values.UserName, undefined, block.values.Status)],
  },
  LoginProfile: {},
};

/** The password itself is nobody's business. */
function templateProfile(user: Block): Declared {
  const profile = declared(user.values, 'LoginProfile');
  if (profile === undefined || isUnknown(profile)) return profile;
  return {
    UserName: chosen(user.values.UserName, 'its name'),
    CreateDate: user.at,
    PasswordResetRequired: declared(profile, 'PasswordResetRequired') ?? false,
  };
}

const byUsers = [{ joins: 'Users[]' }];

export const cloudformation: CloudFormationForm = {
  replacement: { always: ['UserName'] },
  ref: 'UserName',
  satellites: {
    'AWS::IAM::AccessKey': [{ joins: 'UserName' }],
    'AWS::IAM::UserPolicy': [{ joins: 'UserName' }],
    'AWS::IAM::UserToGroupAddition': byUsers,
    'AWS::IAM::ManagedPolicy': byUsers,
    'AWS::IAM::Policy': byUsers,
    'AWS::IAM::VirtualMFADevice': byUsers,
  },
  ...userForm,
  setBy: {
    UserName: ['UserName'],
    LoginProfile: ['LoginProfile'],
    CredentialReport: ['LoginProfile', 'AWS::IAM::AccessKey.Status', 'AWS::IAM::AccessKey.UserName'],
    AccessKeys: ['AWS::IAM::AccessKey.Status', 'AWS::IAM::AccessKey.UserName'],
    MFADevices: ['AWS::IAM::VirtualMFADevice.Users'],
    GroupList: ['Groups', 'AWS::IAM::UserToGroupAddition.Users'],
    AttachedManagedPolicies: ['ManagedPolicyArns', 'AWS::IAM::ManagedPolicy.Users'],
    UserPolicyList: ['Policies', 'AWS::IAM::UserPolicy.PolicyDocument', 'AWS::IAM::Policy.PolicyDocument'],
    Tags: ['Tags'],
  },
  properties(user, certain, doubtful) {
    const { values } = user;
    const path = values.Path ?? '/';
    const resource = ['user', path, values.UserName];
    const own = {
      UserName: chosen(values.UserName, 'its name'),
      UserId: chosen(undefined, 'its id'),
      Arn: namedArn(user, undefined, { service: 'iam', region: 'global', resource }),
      Path: path,
      PermissionsBoundary: boundaryOf(values.PermissionsBoundary),
      LoginProfile: templateProfile(user),
      GroupList: spread(values.Groups),
      AttachedManagedPolicies: spread(values.ManagedPolicyArns, attached),
      UserPolicyList: spread(values.Policies, (policy) =>
        isObject(policy) ? inline(policy.PolicyName, policy.PolicyDocument) : policy,
      ),
      Tags: templateTags(user, values.Tags),
    };
    return propertiesOf({ user, certain, doubtful, additions: templateAdditions, own });
  },
};
