import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../src/aws/aws.ts';
import type { Call } from '../../src/model/resource-type.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import type { FaultKind } from '../../src/simulator/account.ts';
import { account, acme, acmeWith, closeAll, connect, fault } from './acme.ts';

// The SDK is loaded before anything is measured by the clock.
beforeAll(async () => {
  await connect(acme());
});
afterEach(closeAll);

interface Case {
  readonly call: Call;
  readonly items: string;
  readonly input: JsonObject;
  readonly answer: JsonObject;
}

const group = (n: number) => ({ GroupId: `sg-${n}`, GroupName: 'acme', IpPermissions: [] });

/** One list of each protocol, and one single answer of each kind. */
const cases: readonly Case[] = [
  {
    call: { service: 'ec2', operation: 'DescribeSecurityGroups' },
    items: 'SecurityGroups[]',
    input: {},
    answer: { SecurityGroups: [group(1), group(2)] },
  },
  {
    call: { service: 'ec2', operation: 'DescribeInstances' },
    items: 'Reservations[].Instances[]',
    input: {},
    answer: { Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }, { Instances: [{ InstanceId: 'i-2' }] }] },
  },
  {
    call: { service: 'iam', operation: 'GetAccountAuthorizationDetails' },
    items: 'UserDetailList[]',
    input: {},
    answer: { UserDetailList: [{ UserName: 'ada' }, { UserName: 'bob' }] },
  },
  {
    call: { service: 'elastic-load-balancing-v2', operation: 'DescribeLoadBalancers' },
    items: 'LoadBalancers[]',
    input: {},
    answer: { LoadBalancers: [{ LoadBalancerName: 'web' }, { LoadBalancerName: 'api' }] },
  },
  {
    call: { service: 's3', operation: 'ListBuckets' },
    items: 'Buckets[]',
    input: {},
    answer: { Buckets: [{ Name: 'acme-logs' }, { Name: 'acme-web' }] },
  },
  {
    call: { service: 'backup', operation: 'ListBackupVaults' },
    items: 'BackupVaultList[]',
    input: {},
    answer: { BackupVaultList: [{ BackupVaultName: 'daily' }, { BackupVaultName: 'weekly' }] },
  },
  {
    call: { service: 'ssm', operation: 'ListComplianceItems' },
    items: 'ComplianceItems[]',
    input: {},
    answer: { ComplianceItems: [{ Id: 'a' }, { Id: 'b' }] },
  },
  {
    call: { service: 'iam', operation: 'GetLoginProfile' },
    items: 'LoginProfile',
    input: { UserName: 'ada' },
    answer: { LoginProfile: { UserName: 'ada', CreateDate: '2026-01-01T00:00:00.000Z' } },
  },
  {
    call: { service: 'iam', operation: 'GetCredentialReport' },
    items: '',
    input: {},
    answer: { Content: 'dXNlcg==', ReportFormat: 'text/csv' },
  },
  {
    call: { service: 'backup', operation: 'GetBackupPlan' },
    items: '',
    input: { BackupPlanId: 'daily' },
    answer: { BackupPlanId: 'daily' },
  },
  {
    call: { service: 's3-control', operation: 'GetPublicAccessBlock' },
    items: '',
    input: { AccountId: account },
    answer: { PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
  },
  {
    call: { service: 's3-control', operation: 'GetPublicAccessBlock' },
    items: 'PublicAccessBlockConfiguration',
    input: { AccountId: account },
    answer: { PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
  },
  {
    call: { service: 's3', operation: 'GetBucketPolicy' },
    items: 'Policy',
    input: { Bucket: 'acme-logs' },
    answer: { Policy: '{"Statement":[]}' },
  },
  {
    call: { service: 's3', operation: 'GetBucketLocation' },
    items: 'LocationConstraint',
    input: { Bucket: 'acme-logs' },
    answer: { LocationConstraint: 'eu-west-1' },
  },
];

const named = cases.map((each) => [`${each.call.service}:${each.call.operation} ${each.items}`, each] as const);
const lists = named.filter(([, { items }]) => items.endsWith('[]'));

/** Silence is measured by the clock: only its own cases are in a hurry. */
const impatience = (kind: FaultKind | undefined) => (kind === 'silence' ? { requestTimeout: 100 } : {});

const questionOf = ({ call, input }: Case): Question => ({ account, region: 'eu-west-1', call, input });

async function collect(each: Case, kind: FaultKind | undefined) {
  const { service, operation } = each.call;
  const faults = kind === undefined ? [] : fault(service, operation, kind);
  const { aws } = await connect(acmeWith(service, operation, each.answer), { faults }, impatience(kind));
  const got: Json[] = [];
  const entry = await aws.list(questionOf(each), each.items, (items) => {
    got.push(...items);
  });
  return { entry, got, ledger: aws.ledger().filter((line) => line.operation === operation) };
}

describe.each(named)('%s', (_, each) => {
  it('is complete without a fault', async () => {
    const { entry, got, ledger } = await collect(each, undefined);
    expect(entry).toMatchObject({ outcome: 'complete', pages: 1, attempts: 1, items: got.length });
    expect(got.length).toBeGreaterThan(0);
    expect(ledger).toEqual([entry]);
  });

  it.each([
    ['denied', 'denied', /not authorised/],
    ['throttled', 'throttled', /Rate exceeded/],
    ['html-200', 'failed', /HTML/],
    ['empty-200', 'failed', /the answer is empty/],
    ['wrong-shape', 'failed', /lacks|not <|another kind|holds nothing/],
    ['cut', 'failed', /cut|breaks off|cannot be read/],
    ['silence', 'failed', /no answer in time/],
  ] as const)('%s ends as %s', async (kind, outcome, message) => {
    const { entry, got, ledger } = await collect(each, kind);
    expect(entry.outcome).toBe(outcome);
    expect(entry.error?.message).toMatch(message);
    expect(got).toEqual([]);
    expect(ledger).toEqual([entry]);
  });
});

describe.each(lists)('the pages of %s', (_, each) => {
  it.each([
    ['truncated', /an internal error/],
    ['repeated-token', /already given/],
  ] as const)('%s end as partial, with the error kept', async (kind, message) => {
    const { entry, got } = await collect(each, kind);
    expect(entry.outcome).toBe('partial');
    expect(entry.error?.message).toMatch(message);
    expect(got.length).toBeGreaterThan(0);
  });
});

describe('a fault on the second page', () => {
  it.each([['html-200'], ['empty-200'], ['throttled'], ['cut'], ['silence']] as const)(
    '%s is met with further attempts and ends as partial',
    async (kind) => {
      const [each] = cases;
      if (each === undefined) throw new Error('no case');
      const state = acmeWith('ec2', 'DescribeSecurityGroups', each.answer);
      const faults = fault('ec2', 'DescribeSecurityGroups', kind, 1);
      const { aws, simulator } = await connect(state, { faults, pageSize: 1 }, impatience(kind));
      const entry = await aws.list(questionOf(each), each.items, () => undefined);
      expect(entry.outcome).toBe('partial');
      expect(entry).toMatchObject({ pages: 1, items: 1 });
      expect(simulator.calls()['ec2:DescribeSecurityGroups']).toBe(entry.attempts);
      expect(entry.attempts).toBeGreaterThan(2);
    },
  );
});
