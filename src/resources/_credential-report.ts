import type { Declared, Group, Shape } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';

/**
 * The columns of IAM's credential report, the time of the report itself, and whether the user is in it. The columns that
 * say when something was last used are texts: a time, or one of the report's words for never.
 */
const shape: Shape = {
  fields: {
    InReport: 'boolean',
    GeneratedTime: 'timestamp',
    user: 'string',
    arn: 'string',
    user_creation_time: 'timestamp',
    password_enabled: 'boolean',
    password_last_used: 'string',
    password_last_changed: 'timestamp',
    password_next_rotation: 'timestamp',
    mfa_active: 'boolean',
    access_key_1_active: 'boolean',
    access_key_1_last_rotated: 'timestamp',
    access_key_1_last_used_date: 'string',
    access_key_1_last_used_region: 'string',
    access_key_1_last_used_service: 'string',
    access_key_2_active: 'boolean',
    access_key_2_last_rotated: 'timestamp',
    access_key_2_last_used_date: 'string',
    access_key_2_last_used_region: 'string',
    access_key_2_last_used_service: 'string',
    cert_1_active: 'boolean',
    cert_1_last_rotated: 'timestamp',
    cert_2_active: 'boolean',
    cert_2_last_rotated: 'timestamp',
  },
};

const columns = [
  'InReport',
  'GeneratedTime',
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_used_date',
  'cert_1_active',
  'cert_2_active',
];

/** What a row of the report always has, below the group of that name. */
export const credentialReportAlways: readonly string[] = [
  'CredentialReport',
  ...columns.map((column) => `CredentialReport.${column}`),
];

/** The report is made on demand and read once for everybody. @param find a user's own row */
export function credentialReport(find: NonNullable<Group['shared']>['find']): Group {
  return {
    call: { service: 'iam', operation: 'GetCredentialReport' },
    value: '',
    shape,
    shared: {
      before: {
        call: { service: 'iam', operation: 'GenerateCredentialReport' },
        until: { path: 'State', equals: 'COMPLETE' },
      },
      find,
    },
  };
}

/** What the report tells of the password of a user who was made at an instant. @param password whether there is one */
export function passwordColumns(at: string, password: Declared): JsonObject {
  if (isUnknown(password)) return { password_last_used: password, password_last_changed: password };
  // IAM has these words for a password that was never used, and for none.
  return password === true
    ? { password_last_used: 'no_information', password_last_changed: at }
    : { password_last_used: 'N/A', password_last_changed: undefined, password_next_rotation: undefined };
}

/**
 * What the report tells of the keys of a user who was made at an instant.
 *
 * @param keys as `ListAccessKeys` answers them; undefined where nobody knows all of them
 * @param doubt stands for what a column says where nobody can tell
 */
export function keyColumns(at: string, keys: readonly Json[] | undefined, doubt: Json): JsonObject {
  const states = keys?.map((key) => (isObject(key) && !isUnknown(key) ? key.Status : undefined));
  // Which of two keys is the first, nobody knows.
  const isOpen = states === undefined || new Set(states).size > 1;
  const columns = [1, 2].flatMap((number): [string, Json | undefined][] => {
    const name = `access_key_${number}`;
    if (isOpen) return [[`${name}_active`, doubt]];
    const state = states[number - 1];
    return [
      [`${name}_active`, isUnknown(state) ? state : state === 'Active'],
      [`${name}_last_rotated`, states.length < number ? undefined : at],
      [`${name}_last_used_date`, 'N/A'],
      [`${name}_last_used_region`, undefined],
      [`${name}_last_used_service`, undefined],
    ];
  });
  return Object.fromEntries(columns);
}
