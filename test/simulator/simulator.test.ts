import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/value.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { account, acme, acmeWith, answering, closeAll, connect, serve } from '../aws-calls/acme.ts';

beforeAll(async () => {
  await connect(acme());
});
afterEach(closeAll);

async function ask(state: SimulatedAccount, what: string, path: string, input: JsonObject, options?: SimulatorOptions) {
  const { aws } = await connect(state, options);
  const [service = '', operation = ''] = what.split(':');
  return aws.ask({ account, region: 'eu-west-1', call: { service, operation }, input }, path);
}

describe('an operation that is not declared', () => {
  it.each([
    ['ec2:DescribeSecurityGroups', 'SecurityGroups[]'],
    ['iam:GetAccountAuthorizationDetails', 'Policies[]'],
    ['elastic-load-balancing-v2:DescribeSSLPolicies', 'SslPolicies[]'],
    ['s3:ListBuckets', 'Buckets[]'],
    ['backup:ListBackupPlans', 'BackupPlansList[]'],
    ['ssm:ListCommandInvocations', 'CommandInvocations[]'],
  ])('%s answers with an empty list', async (what, path) => {
    expect(await ask(acme(), what, path, {})).toMatchObject({ value: [], entry: { outcome: 'complete' } });
  });

  it.each([
    ['iam:GetLoginProfile', 'LoginProfile', { UserName: 'ada' }],
    ['s3:GetBucketPolicy', 'Policy', { Bucket: 'acme-logs' }],
    ['s3-control:GetPublicAccessBlock', 'PublicAccessBlockConfiguration', { AccountId: account }],
  ])('%s answers that it is not implemented, where there is no list', async (what, path, input) => {
    const { entry } = await ask(acme(), what, path, input);
    expect(entry).toMatchObject({ outcome: 'failed', error: { name: 'NotImplemented', status: 501 } });
  });
});

describe('a declared answer', () => {
  it('is that of the service asked, where two sign alike', async () => {
    const state = acme({
      'elastic-load-balancing': {
        '*': { DescribeLoadBalancers: { LoadBalancerDescriptions: [{ LoadBalancerName: 'classic' }] } },
      },
      'elastic-load-balancing-v2': {
        '*': { DescribeLoadBalancers: { LoadBalancers: [{ LoadBalancerName: 'modern' }] } },
      },
    });
    const classic = await ask(state, 'elastic-load-balancing:DescribeLoadBalancers', 'LoadBalancerDescriptions[]', {});
    const modern = await ask(state, 'elastic-load-balancing-v2:DescribeLoadBalancers', 'LoadBalancers[]', {});
    expect([classic.value, modern.value]).toEqual([
      [{ LoadBalancerName: 'classic' }],
      [{ LoadBalancerName: 'modern' }],
    ]);
  });

  it('is that of the region, before those of all regions', async () => {
    const groups = (GroupId: string) => ({ DescribeSecurityGroups: { SecurityGroups: [{ GroupId }] } });
    const state = acme({ ec2: { '*': groups('sg-any'), 'eu-west-1': groups('sg-ireland') } });
    expect((await ask(state, 'ec2:DescribeSecurityGroups', 'SecurityGroups[]', {})).value).toEqual([
      { GroupId: 'sg-ireland' },
    ]);
  });

  it.each([
    [
      'ec2:GetManagedPrefixListEntries',
      'Entries[]',
      { PrefixListId: 'pl-1' },
      { Entries: [{ Cidr: '198.51.100.0/24' }] },
    ],
    ['iam:ListMFADevices', 'MFADevices[]', { UserName: 'ada' }, { MFADevices: [{ UserName: 'ada' }] }],
    ['s3:GetBucketPolicy', 'Policy', { Bucket: 'acme-logs' }, { Policy: '{"a":1}' }],
    ['backup:GetBackupPlan', 'BackupPlanId', { BackupPlanId: 'p/1' }, { BackupPlanId: 'p/1' }],
    ['ssm:ListInventoryEntries', 'Entries[]', { InstanceId: 'i-1', TypeName: 'Acme:Ssh' }, { Entries: [{ a: 'b' }] }],
    [
      'iam:GetAccountAuthorizationDetails',
      'UserDetailList[]',
      { Filter: ['User'] },
      { UserDetailList: [{ UserName: 'a' }] },
    ],
    [
      'ec2:DescribeSecurityGroups',
      'SecurityGroups[]',
      { GroupIds: ['sg-1'] },
      { SecurityGroups: [{ GroupId: 'sg-1' }] },
    ],
    [
      'ssm:ListComplianceItems',
      'ComplianceItems[]',
      { ResourceIds: ['i-1'], Filters: [{ Key: 'ComplianceType', Values: ['Custom:Ssh'], Type: 'EQUAL' }] },
      { ComplianceItems: [{ Id: '1' }] },
    ],
  ])('of %s is chosen by what the request holds', async (what, path, when, answer) => {
    const [service = '', operation = ''] = what.split(':');
    const state = acmeWith(service, operation, [answering(when, answer)]);
    expect((await ask(state, what, path, when)).entry).toMatchObject({ outcome: 'complete', items: 1 });
    const other = Object.fromEntries(
      Object.entries(when).map(([name, value]) => [name, Array.isArray(value) ? [] : 'other']),
    );
    expect((await ask(state, what, path, other)).entry.items).toBe(0);
  });

  it.each([
    ['ec2:DescribeSecurityGroups', 'SecurityGroups[]'],
    ['iam:ListMFADevices', 'MFADevices[]'],
    ['s3:ListBuckets', 'Buckets[]'],
    ['backup:ListBackupPlans', 'BackupPlansList[]'],
    ['ssm:ListComplianceItems', 'ComplianceItems[]'],
  ])('of %s may be an error, which keeps its name, status and words', async (what, path) => {
    const [service = '', operation = ''] = what.split(':');
    const error = { name: 'AcmeRefuses', status: 409, message: 'no <really> & "truly" not' };
    const { entry } = await ask(acmeWith(service, operation, [{ when: {}, error }]), what, path, {});
    expect(entry.error).toEqual(error);
  });
});

describe('pages', () => {
  const lists = { UserDetailList: [{ UserName: 'a' }, { UserName: 'b' }], Policies: [{ PolicyName: 'c' }] };
  it('go through all lists of an answer, one after the other', async () => {
    const state = acmeWith('iam', 'GetAccountAuthorizationDetails', lists);
    const users = await ask(state, 'iam:GetAccountAuthorizationDetails', 'UserDetailList[]', {}, { pageSize: 1 });
    expect(users).toMatchObject({ value: lists.UserDetailList, entry: { pages: 3 } });
    const policies = await ask(state, 'iam:GetAccountAuthorizationDetails', 'Policies[]', {}, { pageSize: 1 });
    expect(policies).toMatchObject({ value: lists.Policies, entry: { pages: 3 } });
  });

  it('are not given for a token of another kind', async () => {
    const state = acmeWith('backup', 'ListBackupPlans', { BackupPlansList: [] });
    const { url } = await serve(state);
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/backup/aws4_request, SignedHeaders=host';
    const response = await fetch(`${url}/backup/plans?nextToken=abc`, { headers: { authorization } });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidNextToken');
  });
});

describe('the server', () => {
  it.each([
    ['an unsigned request', {}, 400],
    ['a service that it does not know', { authorization: 'Credential=A/20260101/eu-west-1/polly/aws4_request' }, 400],
    [
      'an operation that it does not know',
      { authorization: 'Credential=A/20260101/eu-west-1/backup/aws4_request' },
      404,
    ],
  ])('refuses %s', async (_, headers, status) => {
    const { url } = await serve(acme());
    expect((await fetch(`${url}/nothing`, { headers: headers as Record<string, string> })).status).toBe(status);
  });

  it('waits as long as it is told to, and counts', async () => {
    const { aws, simulator } = await connect(acme(), { latency: 30 });
    const started = performance.now();
    const call = { service: 'ec2', operation: 'DescribeSecurityGroups' };
    await aws.ask({ account, region: 'eu-west-1', call, input: {} }, 'SecurityGroups[]');
    expect(performance.now() - started).toBeGreaterThan(28);
    expect(simulator.calls()).toEqual({ 'ec2:DescribeSecurityGroups': 1, 'sts:GetCallerIdentity': 1 });
  });
});
