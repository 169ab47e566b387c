import { bornAt, type Contributions, contributed, ofTypes, spread } from '../model/declared-additions.ts';
import { doubtOf } from '../model/declared-policy.ts';
import { decodeDocument } from '../model/decode-document.ts';
import type { Block, Declared, DeclaredForm, SetForm } from '../model/resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';
import { keyColumns, passwordColumns } from './_credential-report.ts';

const untold = unknown('not-collected', 'the user is there already, and nothing here tells of it');

/** What the blocks of one kind of document add to a user, property by property. */
export interface Additions {
  readonly GroupList: Contributions;
  readonly AttachedManagedPolicies: Contributions;
  readonly UserPolicyList: Contributions;
  readonly MFADevices: Contributions;
  readonly AccessKeys: Contributions;
  readonly LoginProfile: Readonly<Record<string, (block: Block) => JsonObject>>;
}

/** The blocks around a user, and what the user's own block adds. */
interface Around {
  readonly user: Block;
  readonly certain: readonly Block[];
  readonly doubtful: readonly Block[];
  readonly additions: Additions;
  readonly own: JsonObject;
}

function keyedBy(...names: readonly string[]): SetForm {
  return { key: (part) => canonicalJson(isObject(part) ? names.map((name) => part[name]) : part) };
}

const sets: Readonly<Record<string, SetForm>> = {
  GroupList: keyedBy(),
  AttachedManagedPolicies: keyedBy('PolicyArn'),
  UserPolicyList: keyedBy('PolicyName'),
  MFADevices: keyedBy('SerialNumber'),
  AccessKeys: keyedBy('AccessKeyId'),
};

/** What the service gives something new, and only that. */
const born = ['UserId', 'CreateDate'];

/** What both forms of a user share. */
export const userForm: Pick<DeclaredForm, 'groups' | 'sets' | 'born'> = {
  groups: ['CredentialReport', 'LoginProfile', 'MFADevices', 'AccessKeys'],
  sets,
  born,
};

/** A policy that comes into being has no ARN yet, and what stands for it is none. */
export function attached(arn: Declared): Json {
  const known = typeof arn === 'string' && arn.startsWith('arn:');
  const told = known || isUnknown(arn) ? arn : unknown('known-after-apply', 'its ARN is known only when it exists');
  return { PolicyArn: told, PolicyName: known ? arn.slice(arn.lastIndexOf('/') + 1) : told };
}

export function inline(name: Declared, document: Declared): Json {
  const policy = typeof document === 'string' ? decodeDocument(document) : document;
  return { PolicyName: name, PolicyDocument: policy ?? unknown('type', 'the policy has no document') };
}

/** IAM makes up the id of a key. Two new ones are two. */
export function keyOf(block: Block, user: Declared, id: Declared, status: Declared, made?: Declared): JsonObject {
  const open = unknown('known-after-apply', `IAM makes up the id of ${block.address}`);
  return {
    UserName: user,
    AccessKeyId: typeof id === 'string' && id !== '' ? id : open,
    // Without a word about it, a key is active.
    Status: status ?? 'Active',
    CreateDate: bornAt(block, made),
  };
}

/** A user's password, of which there can be only one. */
function profileOf({ user, certain, doubtful, additions, own }: Around): Declared {
  if (own.LoginProfile !== undefined) return own.LoginProfile;
  const profiles = ofTypes(certain, additions.LoginProfile);
  const there = profiles.find(({ isRemoved }) => !isRemoved);
  if (there !== undefined) return additions.LoginProfile[there.type]?.(there);
  const doubt = doubtOf(ofTypes(doubtful, additions.LoginProfile));
  if (doubt !== undefined) return doubt;
  return user.isNew || profiles.length > 0 ? undefined : untold;
}

function listOf(around: Around, name: keyof Omit<Additions, 'LoginProfile'>): readonly Json[] {
  const { user, certain, doubtful, additions, own } = around;
  return [...spread(own[name]), ...contributed(user, certain, doubtful, additions[name])];
}

/** Whether a user has a second factor, as the report will tell it. */
function mfaActive({ user, certain, additions }: Around, devices: readonly Json[]): Declared {
  if (devices.some((device) => !isUnknown(device))) return true;
  if (user.isNew) return devices[0] ?? false;
  const isTold = ofTypes(certain, additions.MFADevices).length > 0;
  return isTold ? unknown('known-after-apply', 'whether the user has another device is not told') : untold;
}

/** What the report will say of the keys. Of what is there already only a change of the keys that are declared is known. */
function reportedKeys({ user, certain, additions }: Around, keys: readonly Json[]): JsonObject {
  const known = keys.filter((key) => !isUnknown(key));
  const isWhole = user.isNew && known.length === keys.length && known.length <= 2;
  const isTold = user.isNew || ofTypes(certain, additions.AccessKeys).length > 0;
  // The same as long as the keys are, so that what a report says stays true of keys that do not change.
  const states = known.map((key) => canonicalJson(isObject(key) ? [key.AccessKeyId, key.Status] : key)).join(' ');
  const doubt = unknown('known-after-apply', `the report numbers a user’s keys, in no known order: ${states}`);
  return keyColumns(user.at, isWhole ? known : undefined, isTold ? doubt : untold);
}

/** The row that the next credential report has of a user. A new one has what is declared and nothing else. */
function reportOf(around: Around, profile: Declared, devices: readonly Json[], keys: readonly Json[]): Declared {
  const { user, own } = around;
  const password = isUnknown(profile) ? profile : profile !== undefined;
  const common = {
    password_enabled: password,
    mfa_active: mfaActive(around, devices),
    ...reportedKeys(around, keys),
  };
  if (!user.isNew) {
    const isTold = Object.values(common).some((column) => column !== untold);
    return isTold ? { InReport: untold, GeneratedTime: untold, ...common } : untold;
  }
  return {
    InReport: true,
    GeneratedTime: user.at,
    user: own.UserName,
    arn: own.Arn,
    user_creation_time: user.at,
    ...common,
    ...passwordColumns(user.at, password),
  };
}

/** @param around the user's own block, what certainly or maybe adds to it, and the properties that the block tells itself */
export function propertiesOf(around: Around): JsonObject {
  const { user, own } = around;
  const profile = profileOf(around);
  const devices = listOf(around, 'MFADevices');
  const keys = listOf(around, 'AccessKeys');
  return {
    ...own,
    CreateDate: bornAt(user),
    GroupList: listOf(around, 'GroupList'),
    AttachedManagedPolicies: listOf(around, 'AttachedManagedPolicies'),
    UserPolicyList: listOf(around, 'UserPolicyList'),
    LoginProfile: profile,
    MFADevices: devices,
    AccessKeys: keys,
    CredentialReport: reportOf(around, profile, devices, keys),
  };
}

export function boundaryOf(arn: Declared): Declared {
  if (isUnknown(arn)) return arn;
  return arn === undefined || arn === null || arn === ''
    ? undefined
    : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn };
}
