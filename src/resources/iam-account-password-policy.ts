import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';

/** An account without a policy of its own is answered with an error that says so; an answer without one is broken. */
function demandPolicy(answer: Json): Json {
  if (!isObject(answer) || !isObject(answer.PasswordPolicy)) throw new Error('the answer lacks PasswordPolicy');
  return { PasswordPolicy: answer.PasswordPolicy };
}

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
};
