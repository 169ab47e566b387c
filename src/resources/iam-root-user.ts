import { findRootCredentials } from '../model/credential-report.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, type Json } from '../model/value.ts';
import { credentialReport, credentialReportAlways } from './_credential-report.ts';

/** An account always has a summary: an answer without one is broken. */
function demandSummary(answer: Json): Json {
  if (!isObject(answer) || !isObject(answer.SummaryMap)) throw new Error('the answer lacks SummaryMap');
  return { SummaryMap: answer.SummaryMap };
}

const facts = [
  'AccountMFAEnabled',
  'AccountPasswordPresent',
  'AccountAccessKeysPresent',
  'AccountSigningCertificatesPresent',
] as const;

export const resourceType: ResourceType = {
  type: 'AWS::IAM::RootUser',
  noun: 'root user',
  invented: 'The root user of the account, of which IAM tells through the account summary; there is one.',
  reach: 'global',
  id: 'AccountId',
  arn: 'arn:{partition}:iam::{AccountId}:root',
  always: [
    'AccountId',
    // A number that the map lacks is not nought.
    ...facts.map((fact) => `SummaryMap.${fact}`),
    ...credentialReportAlways,
  ],
  derived: { SummaryMap: { fields: Object.fromEntries(facts.map((fact) => [fact, 'number'])) } },
  listing: {
    call: { service: 'iam', operation: 'GetAccountSummary' },
    items: '',
    inherit: { AccountId: '@account' },
    keep: demandSummary,
  },
  groups: {
    CredentialReport: credentialReport(findRootCredentials),
  },
};
