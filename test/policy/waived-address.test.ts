import { expect, it } from 'vitest';
import type { Result } from '../../src/finding/finding.ts';
import type { Waiver } from '../../src/policy/policy.ts';
import { waive, watchAll } from '../../src/policy/waiving.ts';

const now = Date.parse('2026-11-24T00:00:00Z');
const at = { file: 'policies.yaml', line: 1, column: 1 };

function covers(resource: string, result: Partial<Result['resource']>): boolean {
  const waiver: Waiver = {
    rule: 'sg-closed',
    resource,
    reason: 'r',
    owner: 'o',
    approver: 'a',
    expires: '2026-12-01',
    at,
    ruleAt: at,
  };
  const failure: Result = {
    rule: 'sg-closed',
    severity: 'high',
    outcome: 'fail',
    account: '111122223333',
    region: 'eu-west-1',
    type: 'AWS::EC2::SecurityGroup',
    resource: { id: 'sg-0a1b2c3d4e5f60001', ...result },
    evidence: [],
  };
  return waive(watchAll([waiver], now), failure, undefined).waiver !== undefined;
}

const declared = { address: 'module.web["a"].aws_security_group.front[0]' };

it.each<[string, string, Partial<Result['resource']>, boolean]>([
  ['the address', declared.address, { declared }, true],
  ['a pattern over the address', 'module.web*.aws_security_group.front*', { declared }, true],
  ['another address', 'module.web["b"].aws_security_group.front[0]', { declared }, false],
  ['the address of what a live account has', declared.address, {}, false],
  [
    'an id, which somebody gives to an address',
    'sg-0a1b2c3d4e5f60002',
    { declared: { address: 'sg-0a1b2c3d4e5f60002' } },
    false,
  ],
])('a waiver for %s covers what it names and nothing else', (_, pattern, resource, expected) => {
  expect(covers(pattern, resource)).toBe(expected);
});
