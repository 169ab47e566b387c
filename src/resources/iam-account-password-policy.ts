import { isUnsaid } from '../model/declared.ts';
import type { Block, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';

/** An account without a policy of its own is answered with an error that says so; an answer without one is broken. */
function demandPolicy(answer: Json): Json {
  if (!isObject(answer) || !isObject(answer.PasswordPolicy)) throw new Error('the answer lacks PasswordPolicy');
  return { PasswordPolicy: answer.PasswordPolicy };
}

/** What IAM takes for a setting that a new policy does not name. */
const defaults = {
  minimum_password_length: 6,
  require_symbols: false,
  require_numbers: false,
  require_uppercase_characters: false,
  require_lowercase_characters: false,
  allow_users_to_change_password: false,
  hard_expiry: false,
  max_password_age: 0,
  password_reuse_prevention: 0,
} as const;

/** IAM leaves out a number of days or passwords that is nought. */
const counted = (value: Declared): Declared => (value === 0 ? undefined : value);

function policyOf(block: Block): JsonObject {
  const at = (name: keyof typeof defaults): Declared =>
    isUnsaid(block, name) ? defaults[name] : (block.values[name] ?? defaults[name]);
  const age = at('max_password_age');
  return {
    MinimumPasswordLength: at('minimum_password_length'),
    RequireSymbols: at('require_symbols'),
    RequireNumbers: at('require_numbers'),
    RequireUppercaseCharacters: at('require_uppercase_characters'),
    RequireLowercaseCharacters: at('require_lowercase_characters'),
    AllowUsersToChangePassword: at('allow_users_to_change_password'),
    ExpirePasswords: isUnknown(age) ? age : typeof age === 'number' && age > 0,
    MaxPasswordAge: counted(age),
    PasswordReusePrevention: counted(at('password_reuse_prevention')),
    HardExpiry: at('hard_expiry'),
  };
}

const terraform: TerraformForm = {
  main: ['aws_iam_account_password_policy'],
  identity: ['id'],
  setBy: {
    PasswordPolicy: [
      'minimum_password_length',
      'max_password_age',
      'password_reuse_prevention',
      'require_symbols',
      'require_numbers',
      'require_uppercase_characters',
      'require_lowercase_characters',
    ],
  },
  properties: (block) => ({ PasswordPolicy: policyOf(block) }),
  // An account without a policy of its own has none that IAM would tell of.
  remains: { aws_iam_account_password_policy: () => ({ PasswordPolicy: undefined }) },
};

export const resourceType: ResourceType = {
  type: 'AWS::IAM::AccountPasswordPolicy',
  noun: 'password policy of the account',
  invented:
    "What the account asks of its IAM users' passwords; without a policy of its own, AWS's weak default is in force and PasswordPolicy is absent.",
  reach: 'global',
  id: 'AccountId',
  always: [
    'AccountId',
    ...[
      'MinimumPasswordLength',
      'RequireSymbols',
      'RequireNumbers',
      'RequireUppercaseCharacters',
      'RequireLowercaseCharacters',
      'ExpirePasswords',
    ].map((member) => `PasswordPolicy.${member}`),
  ],
  listing: {
    call: {
      service: 'iam',
      operation: 'GetAccountPasswordPolicy',
      absent: ['NoSuchEntity', 'NoSuchEntityException'],
    },
    items: '',
    inherit: { AccountId: '@account' },
    keep: demandPolicy,
  },
  terraform,
};
