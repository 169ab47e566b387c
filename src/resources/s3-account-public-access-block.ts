import type { ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

/** An account without the setting is answered with an error that says so; an answer without it is broken. */
function demandSetting(answer: Json): Json {
  if (!isObject(answer) || !isObject(answer.PublicAccessBlockConfiguration)) {
    throw new Error('the answer lacks PublicAccessBlockConfiguration');
  }
  return { PublicAccessBlockConfiguration: answer.PublicAccessBlockConfiguration };
}

const terraform: TerraformForm = {
  main: ['aws_s3_account_public_access_block'],
  identity: ['account_id', 'id'],
  account: 'account_id',
  setBy: {
    PublicAccessBlockConfiguration: [
      'block_public_acls',
      'ignore_public_acls',
      'block_public_policy',
      'restrict_public_buckets',
    ],
  },
  properties: ({ values }) => ({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: values.block_public_acls ?? false,
      IgnorePublicAcls: values.ignore_public_acls ?? false,
      BlockPublicPolicy: values.block_public_policy ?? false,
      RestrictPublicBuckets: values.restrict_public_buckets ?? false,
    },
  }),
  remains: { aws_s3_account_public_access_block: () => ({ PublicAccessBlockConfiguration: undefined }) },
};

export const resourceType: ResourceType = {
  type: 'AWS::S3::AccountPublicAccessBlock',
  noun: 'account-wide block of public access to S3',
  invented:
    'The setting by which an account blocks public access to all of its buckets; there is one for each account.',
  reach: 'global',
  id: 'AccountId',
  always: [
    'AccountId',
    ...['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map(
      (setting) => `PublicAccessBlockConfiguration.${setting}`,
    ),
  ],
  listing: {
    call: {
      service: 's3-control',
      operation: 'GetPublicAccessBlock',
      input: { AccountId: { from: '@account' } },
      permission: 's3:GetAccountPublicAccessBlock',
      absent: ['NoSuchPublicAccessBlockConfiguration'],
    },
    items: '',
    inherit: { AccountId: '@account' },
    keep: demandSetting,
  },
  terraform,
};
