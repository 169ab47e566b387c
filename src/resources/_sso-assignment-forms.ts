import { declared } from '../model/declared.ts';
import { doubtOf } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, SetForm, TerraformForm } from '../model/resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

const others = unknown('not-collected', 'who else is in the group is not declared here');
const elsewhere = unknown('known-after-apply', 'to which account it is assigned is not known yet');

/** An assignment in the words of Identity Center. */
interface Assignment {
  readonly target: Declared;
  readonly set: Declared;
  readonly kind: Declared;
  readonly principal: Declared;
  readonly instance: Declared;
}

/** The parts of the list are single memberships, whichever group they are in. */
const membership: SetForm = {
  split(item) {
    const members = declared(item, 'GroupMemberships');
    if (!isObject(item) || !Array.isArray(members)) return [item];
    return (members as readonly Json[]).map((one) => ({ ...item, GroupMemberships: [one] }));
  },
  key(part) {
    const [one] = (declared(part, 'GroupMemberships') ?? []) as readonly Json[];
    return canonicalJson([declared(part, 'GroupId'), declared(declared(one, 'MemberId'), 'UserId') ?? one]);
  },
};

/** Whoever joins a group by this document is in it; who else is, nobody tells. */
function membersOf(
  { kind, principal }: Assignment,
  certain: readonly Block[],
  doubtful: readonly Block[],
  userOf: (block: Block) => Declared,
): Declared {
  if (isUnknown(kind)) return kind;
  if (kind !== 'GROUP') return [];
  const doubt = doubtOf(doubtful);
  const told = certain.filter(({ isRemoved }) => !isRemoved);
  const members = told.map((block) => ({ GroupId: principal, MemberId: { UserId: userOf(block) } }));
  return [{ GroupId: principal, GroupMemberships: [...members, ...(doubt === undefined ? [] : [doubt]), others] }];
}

function propertiesOf(assignment: Assignment, members: Declared): JsonObject {
  const { target, set, instance } = assignment;
  // What is assigned to another account than this one is not of this account.
  const isPlaced = typeof target === 'string' || target === undefined;
  const kind = isPlaced ? assignment.kind : elsewhere;
  const principal = isPlaced ? assignment.principal : elsewhere;
  const parts = [set, kind, principal].filter((part) => typeof part === 'string');
  return {
    AccountId: target,
    PermissionSetArn: set,
    PrincipalType: kind,
    PrincipalId: principal,
    InstanceArn: instance,
    AssignmentId:
      parts.length === 3
        ? parts.join(' ')
        : unknown('known-after-apply', 'what is assigned to whom is known only when it exists'),
    GroupId: isUnknown(kind) ? kind : kind === 'GROUP' ? principal : undefined,
    Members: isPlaced ? members : elsewhere,
  };
}

export const terraform: TerraformForm = {
  main: ['aws_ssoadmin_account_assignment'],
  identity: ['id'],
  account: 'target_id',
  satellites: { aws_identitystore_group_membership: [{ joins: 'group_id', to: 'principal_id' }] },
  groups: ['Members'],
  sets: { Members: membership },
  setBy: {
    PrincipalId: ['principal_id'],
    PrincipalType: ['principal_type'],
    PermissionSetArn: ['permission_set_arn'],
    Members: ['aws_identitystore_group_membership.member_id'],
  },
  properties({ values }, certain, doubtful) {
    const assignment = {
      target: values.target_id,
      set: values.permission_set_arn,
      kind: values.principal_type,
      principal: values.principal_id,
      instance: values.instance_arn,
    };
    return propertiesOf(
      assignment,
      membersOf(assignment, certain, doubtful, (block) => block.values.member_id),
    );
  },
};

export const cloudformation: CloudFormationForm = {
  replacement: {
    always: ['InstanceArn', 'TargetId', 'TargetType', 'PermissionSetArn', 'PrincipalType', 'PrincipalId'],
  },
  account: 'TargetId',
  satellites: { 'AWS::IdentityStore::GroupMembership': [{ joins: 'GroupId', to: 'PrincipalId' }] },
  groups: ['Members'],
  sets: { Members: membership },
  setBy: {
    PrincipalId: ['PrincipalId'],
    PrincipalType: ['PrincipalType'],
    PermissionSetArn: ['PermissionSetArn'],
    Members: ['AWS::IdentityStore::GroupMembership.MemberId'],
  },
  properties({ values }, certain, doubtful) {
    const assignment = {
      target: values.TargetId,
      set: values.PermissionSetArn,
      kind: values.PrincipalType,
      principal: values.PrincipalId,
      instance: values.InstanceArn,
    };
    return propertiesOf(
      assignment,
      membersOf(assignment, certain, doubtful, (block) => declared(block.values.MemberId, 'UserId')),
    );
  },
};
