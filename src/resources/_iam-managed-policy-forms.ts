import { declaredItems } from '../model/declared.ts';
import { bornAt } from '../model/declared-additions.ts';
import { namedArn } from '../model/declared-place.ts';
import { chosen, doubtOf } from '../model/declared-policy.ts';
import { ownPart } from '../model/declared-sum.ts';
import { decodeDocument } from '../model/decode-document.ts';
import type { Block, CloudFormationForm, Declared, DeclaredForm, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

/** Who holds a policy by a block: `role/web`, or a marker for any number of holders. */
type Holders = (block: Block) => readonly Json[];

const untold = unknown('not-collected', 'the policy is there already, and nothing here tells of it');

/** AWS's own policies, which are in all accounts, are not the account's. */
function isOfAws({ identity }: Block): boolean {
  return /^arn:[a-z-]+:iam::aws:policy\//.test(identity);
}

/** One holder, who is known by the block if not by name. */
function holder(kind: string, name: Declared, block: Block): Json {
  return `${kind}/${typeof name === 'string' ? name : block.address}`;
}

function holders(kind: string, names: Declared): readonly Json[] {
  const items = declaredItems(names);
  return isUnknown(items) ? [items] : items.map((item) => (typeof item === 'string' ? `${kind}/${item}` : item));
}

/** Those who come to hold the policy, or cease to; who has changed is among both. */
function moves(certain: readonly Block[], holdersOf: Holders) {
  const removed = certain.filter(({ isRemoved }) => isRemoved);
  const changed = new Set(removed.map(({ address }) => address));
  const added = certain.filter(({ isRemoved, isNew, address }) => !isRemoved && (isNew || changed.has(address)));
  return { added: new Set(added.flatMap(holdersOf)), removed: new Set(removed.flatMap(holdersOf)) };
}

const untoldHolder = unknown('known-after-apply', 'who holds it is not told');

/** How many hold the policy. `known` says how many do so far; without it, a change of those declared here is all that is known. */
function attachmentCount(
  policy: Block,
  certain: readonly Block[],
  doubtful: readonly Block[],
  holdersOf: Holders,
  known?: number,
): Declared {
  const doubt = doubtOf(doubtful);
  if (doubt !== undefined) return doubt;
  const isOpen = (names: ReadonlySet<Json>) => [...names].some((name) => typeof name !== 'string');
  if (known === undefined || policy.isNew) {
    const names = new Set(certain.filter(({ isRemoved }) => !isRemoved).flatMap(holdersOf));
    if (isOpen(names)) return untoldHolder;
    if (policy.isNew) return names.size;
    if (certain.length === 0) return untold;
    return ownPart(names.size, `${names.size} of its holders are declared here, and others are not told`);
  }
  const { added, removed } = moves(certain, holdersOf);
  if (isOpen(added) || isOpen(removed)) return untoldHolder;
  const come = [...added].filter((name) => !removed.has(name)).length;
  const go = [...removed].filter((name) => !added.has(name)).length;
  return known + come - go;
}

/** The version in force. Versions before it, of something that is there already, are anything but in force. */
function versionsOf(policy: Block, written: Declared): Json {
  const document = typeof written === 'string' ? decodeDocument(written) : written;
  const version = {
    VersionId: policy.isNew ? 'v1' : untold,
    IsDefaultVersion: true,
    Document: document ?? unknown('type', 'the policy has no document'),
    CreateDate: bornAt(policy),
  };
  const others = { VersionId: untold, IsDefaultVersion: false, Document: untold, CreateDate: untold };
  return policy.isNew ? [version] : [version, others];
}

function propertiesOf(policy: Block, own: JsonObject, document: Declared): JsonObject {
  return {
    ...own,
    DefaultVersionId: policy.isNew ? 'v1' : untold,
    CreateDate: bornAt(policy),
    PolicyVersionList: versionsOf(policy, document),
  };
}

/** What the service gives something new, and only that. */
const shared: Pick<DeclaredForm, 'born' | 'isOther' | 'sums'> = {
  sums: ['AttachmentCount'],
  born: ['PolicyId', 'CreateDate', 'DefaultVersionId'],
  isOther: isOfAws,
};

const holdersInPlan: Readonly<Record<string, Holders>> = {
  aws_iam_user_policy_attachment: (block) => [holder('user', block.values.user, block)],
  aws_iam_role_policy_attachment: (block) => [holder('role', block.values.role, block)],
  aws_iam_group_policy_attachment: (block) => [holder('group', block.values.group, block)],
  aws_iam_policy_attachment: ({ values }) => [
    ...holders('user', values.users),
    ...holders('role', values.roles),
    ...holders('group', values.groups),
  ],
  aws_iam_role: (block) => [holder('role', block.values.name, block)],
  aws_iam_user_policy_attachments_exclusive: (block) => [holder('user', block.values.user_name, block)],
  aws_iam_role_policy_attachments_exclusive: (block) => [holder('role', block.values.role_name, block)],
  aws_iam_group_policy_attachments_exclusive: (block) => [holder('group', block.values.group_name, block)],
};

/** Those that name all policies of a holder at once. */
const exclusive = Object.keys(holdersInPlan).filter((type) => type.endsWith('_exclusive'));

const byArn = [{ joins: 'policy_arn' }];

export const terraform: TerraformForm = {
  ...shared,
  main: ['aws_iam_policy'],
  identity: ['arn', 'id'],
  satellites: {
    aws_iam_user_policy_attachment: byArn,
    aws_iam_role_policy_attachment: byArn,
    aws_iam_group_policy_attachment: byArn,
    aws_iam_policy_attachment: byArn,
    aws_iam_role: [{ joins: 'managed_policy_arns[]' }],
    ...Object.fromEntries(exclusive.map((type) => [type, [{ joins: 'policy_arns[]' }]])),
  },
  setBy: {
    AttachmentCount: [
      'aws_iam_user_policy_attachment.policy_arn',
      'aws_iam_role_policy_attachment.policy_arn',
      'aws_iam_group_policy_attachment.policy_arn',
      'aws_iam_policy_attachment.policy_arn',
      'aws_iam_role.managed_policy_arns',
      ...exclusive.map((type) => `${type}.policy_arns`),
    ],
    PolicyVersionList: ['policy'],
    Arn: ['name', 'path'],
  },
  properties(policy, certain, doubtful) {
    const { values } = policy;
    const path = values.path ?? (policy.isNew ? '/' : undefined);
    const resource = ['policy', path, values.name];
    const own = {
      Arn: namedArn(policy, values.arn, { service: 'iam', region: 'global', resource }),
      PolicyName: chosen(values.name, 'its name'),
      PolicyId: chosen(values.policy_id, 'its id'),
      Path: path,
      AttachmentCount: attachmentCount(
        policy,
        certain,
        doubtful,
        (block) => holdersInPlan[block.type]?.(block) ?? [],
        typeof values.attachment_count === 'number' ? values.attachment_count : undefined,
      ),
    };
    return propertiesOf(policy, own, values.policy);
  },
};

const holdersInTemplate: Readonly<Record<string, Holders>> = {
  'AWS::IAM::User': ({ identity }) => [`user/${identity}`],
  'AWS::IAM::Role': ({ identity }) => [`role/${identity}`],
  'AWS::IAM::Group': ({ identity }) => [`group/${identity}`],
  'AWS::IAM::ManagedPolicy': ({ values }) => [
    ...holders('user', values.Users),
    ...holders('role', values.Roles),
    ...holders('group', values.Groups),
  ],
};

const byArns = [{ joins: 'ManagedPolicyArns[]' }];

export const cloudformation: CloudFormationForm = {
  replacement: { always: ['ManagedPolicyName', 'Description', 'Path'] },
  ...shared,
  attributes: { PolicyArn: 'id' },
  refs: { 'AWS::IAM::Role': 'RoleName', 'AWS::IAM::Group': 'GroupName' },
  links: ['Users', 'Roles', 'Groups'],
  satellites: { 'AWS::IAM::User': byArns, 'AWS::IAM::Role': byArns, 'AWS::IAM::Group': byArns },
  setBy: {
    AttachmentCount: [
      'Roles',
      'Users',
      'Groups',
      'AWS::IAM::Role.ManagedPolicyArns',
      'AWS::IAM::User.ManagedPolicyArns',
      'AWS::IAM::Group.ManagedPolicyArns',
    ],
    PolicyVersionList: ['PolicyDocument'],
    Arn: ['ManagedPolicyName', 'Path'],
  },
  properties(policy, certain, doubtful) {
    const { values } = policy;
    const path = values.Path ?? '/';
    const resource = ['policy', path, values.ManagedPolicyName];
    const holdersOf = (block: Block) => holdersInTemplate[block.type]?.(block) ?? [];
    const own = {
      Arn: namedArn(policy, undefined, { service: 'iam', region: 'global', resource }),
      PolicyName: chosen(values.ManagedPolicyName, 'its name'),
      PolicyId: chosen(undefined, 'its id'),
      Path: path,
      AttachmentCount: attachmentCount(policy, [policy, ...certain], doubtful, holdersOf),
    };
    return propertiesOf(policy, own, values.PolicyDocument);
  },
};
