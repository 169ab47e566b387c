import { expect, it } from 'vitest';
import type { Result } from '../../src/finding/finding.ts';
import { fingerprint } from '../../src/finding/fingerprint.ts';

const result: Result = {
  rule: 'sg-no-public-ssh',
  severity: 'critical',
  outcome: 'fail',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  resource: { id: 'sg-1', name: 'web' },
  message: 'web lets 0.0.0.0/0 in',
  evidence: [{ path: 'IpPermissions', observed: [], expected: 'none' }],
};

it('a fingerprint never changes between releases', () => {
  expect(fingerprint(result)).toBe('f_32f84ad87595a10a');
});

it.each<[string, Partial<Result>]>([
  ['the outcome', { outcome: 'unknown' }],
  ['the severity', { severity: 'low' }],
  ['the wording', { message: 'other words' }],
  ['what was observed', { evidence: [] }],
  ["the resource's name", { resource: { id: 'sg-1', name: 'api', arn: 'arn:aws:ec2:eu-west-1:111122223333:x' } }],
])('a fingerprint does not depend on %s', (_, change) => {
  expect(fingerprint({ ...result, ...change })).toBe(fingerprint(result));
});

it.each<[string, Partial<Result>]>([
  ['rules', { rule: 'sg-no-public-rdp' }],
  ['accounts', { account: '444455556666' }],
  ['regions', { region: 'us-east-1' }],
  ['types', { type: 'AWS::EC2::Instance' }],
  ['resources', { resource: { id: 'sg-2' } }],
  ['a resource whose id runs on', { region: 'eu-west-', resource: { id: '1sg-1' } }],
])('%s have different fingerprints', (_, change) => {
  expect(fingerprint({ ...result, ...change })).not.toBe(fingerprint(result));
});

it('a resource called null is not the lack of a resource', () => {
  const { resource: _, ...whole } = result;
  expect(fingerprint({ ...result, resource: { id: 'null' } })).not.toBe(fingerprint(whole));
});
