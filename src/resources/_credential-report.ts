import type { Group, Shape } from '../model/resource-type.ts';

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
