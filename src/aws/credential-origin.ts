import type { CredentialOptions, Identity } from './credentials.ts';

/** What the SDK calls the ways to credentials, in words; the first one that it names says the most. */
const ways: readonly (readonly [feature: string, words: string])[] = [
  ['CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN', 'the web identity of this job or pod'],
  ['CREDENTIALS_ENV_VARS', 'environment variables'],
  ['CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN', 'a web identity'],
  ['CREDENTIALS_PROFILE_LOGIN', 'a sign-in to the console'],
  ['CREDENTIALS_LOGIN', 'a sign-in to the console'],
  ['CREDENTIALS_PROFILE_SSO', 'IAM Identity Center'],
  ['CREDENTIALS_PROFILE_SSO_LEGACY', 'IAM Identity Center'],
  ['CREDENTIALS_SSO', 'IAM Identity Center'],
  ['CREDENTIALS_SSO_LEGACY', 'IAM Identity Center'],
  ['CREDENTIALS_PROFILE_PROCESS', 'a program that gives credentials'],
  ['CREDENTIALS_PROCESS', 'a program that gives credentials'],
  ['CREDENTIALS_PROFILE_SOURCE_PROFILE', 'a role, assumed from another profile'],
  ['CREDENTIALS_PROFILE_NAMED_PROVIDER', 'a role, assumed from this machine'],
  ['CREDENTIALS_PROFILE', 'keys in a file'],
  ['CREDENTIALS_HTTP', "the container's role"],
  ['CREDENTIALS_IMDS', "the instance's role"],
];

/** How credentials were found, in words. */
export function originOf({ $source = {} }: Identity, { profile, roleArn }: CredentialOptions): string {
  if (roleArn !== undefined) return 'the role that --role-arn names';
  const way = ways.find(([feature]) => Object.hasOwn($source, feature));
  if (way === undefined) return 'the standard chain, which does not say where';
  const [feature, words] = way;
  return feature.includes('_PROFILE') ? `profile ${profile ?? 'default'}: ${words}` : words;
}
