import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../src/aws/aws.ts';
import type { Call } from '../../src/model/resource-type.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { account, acme, acmeWith, closeAll, connect } from './acme.ts';

beforeAll(async () => {
  await connect(acme());
});
afterEach(closeAll);

const ask = (service: string, operation: string, input: JsonObject = {}, more: Partial<Call> = {}): Question => ({
  account,
  region: 'eu-west-1',
  call: { service, operation, ...more },
  input,
});

const groups = Array.from({ length: 25 }, (_, i) => ({ GroupId: `sg-${i}`, GroupName: 'acme' }));

describe('a list of several pages', () => {
  it('is read to its end, in order', async () => {
    const { aws } = await connect(acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups }), {
      pageSize: 4,
    });
    const got: Json[] = [];
    const question = ask('ec2', 'DescribeSecurityGroups');
    const entry = await aws.list(question, 'SecurityGroups[]', (items) => {
      got.push(...items);
    });
    expect(got).toEqual(groups);
    expect(entry).toMatchObject({ outcome: 'complete', pages: 7, items: 25, attempts: 7 });
    expect(entry.requestIds).toHaveLength(7);
  });

  it.each([
    ['elastic-load-balancing-v2', 'DescribeSSLPolicies', 'SslPolicies', 'Name'],
    ['ssm', 'ListInventoryEntries', 'Entries', undefined],
    ['s3', 'ListBuckets', 'Buckets', 'Name'],
    ['backup', 'ListBackupPlans', 'BackupPlansList', 'BackupPlanId'],
    ['iam', 'ListMFADevices', 'MFADevices', 'SerialNumber'],
  ])('of %s:%s is paged by the tokens of its own', async (service, operation, list, key) => {
    const items = [1, 2, 3].map((n) => (key === undefined ? { a: `${n}` } : { [key]: `acme-${n}` }));
    const input = operation === 'ListInventoryEntries' ? { InstanceId: 'i-1', TypeName: 'Acme:Ssh' } : {};
    const { aws } = await connect(acmeWith(service, operation, { [list]: items }), { pageSize: 1 });
    const answer = await aws.ask(ask(service, operation, input), `${list}[]`);
    expect(answer.value).toEqual(items);
    expect(answer.entry.pages).toBe(3);
  });

  it('asks for pages of the declared size', async () => {
    const state = acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups });
    const { aws } = await connect(state);
    const question = ask('ec2', 'DescribeSecurityGroups', {}, { pageSize: 10 });
    const entry = await aws.list(question, 'SecurityGroups[]', () => undefined);
    expect(entry.pages).toBe(3);
    expect(entry.key).toBe('ec2:DescribeSecurityGroups');
  });

  it('that never ends stops at the page limit, as partial', async () => {
    const state = acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups });
    const { aws } = await connect(state, { pageSize: 1 }, { pages: 5 });
    const entry = await aws.list(ask('ec2', 'DescribeSecurityGroups'), 'SecurityGroups[]', () => undefined);
    expect(entry).toMatchObject({ outcome: 'partial', pages: 5, error: { name: 'TooManyPages' } });
  });

  it('is never taken for whole when only one page was wanted', async () => {
    const state = acmeWith('backup', 'ListBackupPlans', {
      BackupPlansList: [{ BackupPlanId: 'a' }, { BackupPlanId: 'b' }],
    });
    const { aws } = await connect(state, { pageSize: 1 });
    const answer = await aws.ask(ask('backup', 'ListBackupPlans'), '');
    expect(answer).toMatchObject({ value: undefined, entry: { outcome: 'partial', error: { name: 'MorePages' } } });
  });

  it('passes on what its reader throws', async () => {
    const { aws } = await connect(acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups }));
    const listing = aws.list(ask('ec2', 'DescribeSecurityGroups'), 'SecurityGroups[]', () => {
      throw new Error('disk full');
    });
    await expect(listing).rejects.toThrow('disk full');
  });
});

describe('an answer', () => {
  it('is the value at the wanted path, as plain JSON', async () => {
    const profile = { UserName: 'ada', CreateDate: '2026-01-01T00:00:00.125Z' };
    const { aws } = await connect(acmeWith('iam', 'GetLoginProfile', { LoginProfile: profile }));
    const { entry, value } = await aws.ask(ask('iam', 'GetLoginProfile', { UserName: 'ada' }), 'LoginProfile');
    expect(value).toEqual(profile);
    expect(entry).toMatchObject({
      key: 'iam:GetLoginProfile {"UserName":"ada"}',
      account,
      region: 'eu-west-1',
      input: { UserName: 'ada' },
      permission: 'iam:GetLoginProfile',
      outcome: 'complete',
    });
  });

  it('that says nothing is configured is complete and has no value', async () => {
    const error = { name: 'NoSuchBucketPolicy', status: 404 };
    const state = acmeWith('s3', 'GetBucketPolicy', [{ when: { Bucket: 'acme-logs' }, error }]);
    const { aws } = await connect(state);
    const question = ask('s3', 'GetBucketPolicy', { Bucket: 'acme-logs' }, { absent: ['NoSuchBucketPolicy'] });
    const { entry, value } = await aws.ask(question, 'Policy');
    expect(value).toBeUndefined();
    expect(entry).toMatchObject({ outcome: 'complete', absent: 'NoSuchBucketPolicy', attempts: 1 });
  });

  it('with the same words is a failure where the call does not declare them', async () => {
    const error = { name: 'NoSuchBucketPolicy', status: 404 };
    const { aws } = await connect(acmeWith('s3', 'GetBucketPolicy', [{ when: {}, error }]));
    const { entry } = await aws.ask(ask('s3', 'GetBucketPolicy', { Bucket: 'acme-logs' }), 'Policy');
    expect(entry).toMatchObject({ outcome: 'failed', error: { name: 'NoSuchBucketPolicy', status: 404 } });
  });

  it('knows an absence by its name on the wire, where the SDK has another for it', async () => {
    const error = { name: 'NoSuchEntity', status: 404 };
    const { aws } = await connect(acmeWith('iam', 'GetLoginProfile', [{ when: {}, error }]));
    for (const name of ['NoSuchEntity', 'NoSuchEntityException']) {
      const question = ask('iam', 'GetLoginProfile', { UserName: name }, { absent: [name] });
      expect((await aws.ask(question, 'LoginProfile')).entry).toMatchObject({ outcome: 'complete', absent: name });
    }
  });

  it.each([
    ['UnauthorizedOperation', 403, 'denied', 1],
    ['AuthFailure', 401, 'denied', 1],
    ['OptInRequired', 403, 'denied', 1],
    ['SomethingNew', 403, 'denied', 1],
    ['InvalidParameterValue', 400, 'failed', 1],
    ['InvalidAction', 400, 'failed', 1],
    ['NotImplemented', 501, 'failed', 1],
    ['RequestLimitExceeded', 503, 'throttled', 12],
    ['InternalError', 500, 'failed', 12],
    ['Unavailable', 503, 'failed', 12],
    ['ExpiredToken', 400, 'denied', 2],
  ])('%s (%i) is %s after %i attempts', async (name, status, outcome, attempts) => {
    const { aws } = await connect(acmeWith('ec2', 'DescribeSecurityGroups', [{ when: {}, error: { name, status } }]));
    const { entry } = await aws.ask(ask('ec2', 'DescribeSecurityGroups'), 'SecurityGroups[]');
    expect(entry).toMatchObject({ outcome, attempts, error: { name, status } });
  });

  it('from an operation that no one declares is a failure that says so', async () => {
    const { aws } = await connect(acme());
    const { entry } = await aws.ask(ask('ec2', 'TerminateInstances'), '');
    expect(entry).toMatchObject({ outcome: 'failed', attempts: 0, error: { name: 'NoClient' } });
  });
});

describe('the same question', () => {
  it('asked twice at once is one call and one entry', async () => {
    const { aws, simulator } = await connect(acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups }));
    const question = ask('ec2', 'DescribeSecurityGroups');
    const [one, two] = await Promise.all([0, 1].map(() => aws.ask({ ...question }, 'SecurityGroups[]')));
    expect(one).toBe(two);
    expect(simulator.calls()['ec2:DescribeSecurityGroups']).toBe(1);
    expect(aws.ledger().map(({ key }) => key)).toEqual(['ec2:DescribeSecurityGroups', 'sts:GetCallerIdentity']);
  });

  it('in another region is another call', async () => {
    const { aws, simulator } = await connect(acmeWith('ec2', 'DescribeSecurityGroups', { SecurityGroups: groups }));
    const question = ask('ec2', 'DescribeSecurityGroups');
    await aws.ask(question, 'SecurityGroups[]');
    await aws.ask({ ...question, region: 'us-east-1' }, 'SecurityGroups[]');
    expect(simulator.calls()['ec2:DescribeSecurityGroups']).toBe(2);
  });
});

describe('something that AWS has to prepare', () => {
  const until = { path: 'State', equals: 'COMPLETE' };
  const question = ask('iam', 'GenerateCredentialReport');

  it('is asked for until it is ready', async () => {
    const { aws } = await connect(acmeWith('iam', 'GenerateCredentialReport', { State: 'COMPLETE' }));
    expect(await aws.prepare(question, until)).toMatchObject({ outcome: 'complete', attempts: 1 });
  });

  it('is a failure when it never is', async () => {
    const { aws, simulator } = await connect(acmeWith('iam', 'GenerateCredentialReport', { State: 'STARTED' }));
    const entry = await aws.prepare(question, until);
    expect(entry).toMatchObject({ outcome: 'failed', attempts: 30, error: { name: 'NotReady' } });
    expect(simulator.calls()['iam:GenerateCredentialReport']).toBe(30);
    expect(aws.ledger()).toContainEqual(entry);
  });
});

describe('stopping', () => {
  it('ends a silent call at once, and all calls after it', async () => {
    const faults = [{ service: 'ec2', operation: 'DescribeSecurityGroups', fault: 'silence' as const }];
    const { aws } = await connect(acme(), { faults }, { requestTimeout: 60_000, deadline: 60_000 });
    const pending = aws.ask(ask('ec2', 'DescribeSecurityGroups'), 'SecurityGroups[]');
    setTimeout(() => aws.stop(), 20);
    expect((await pending).entry).toMatchObject({ outcome: 'failed', error: { name: 'Stopped' } });
    const later = await aws.ask(ask('ec2', 'DescribeInstances'), 'Reservations[]');
    expect(later.entry).toMatchObject({ outcome: 'failed', error: { name: 'Stopped' }, attempts: 0 });
  }, 3000);
});

describe('many calls', () => {
  it('never exceed the number allowed at once, and all of them end', async () => {
    const { aws, simulator } = await connect(acme(), { latency: 5 }, { concurrency: 4 });
    const names = Array.from({ length: 40 }, (_, i) => `vault-${i}`);
    const answers = await Promise.all(
      names.map((BackupVaultName) =>
        aws.ask(ask('backup', 'ListRecoveryPointsByBackupVault', { BackupVaultName }), 'RecoveryPoints[]'),
      ),
    );
    expect(answers.map(({ value }) => value)).toEqual(names.map(() => []));
    expect(simulator.peak()).toBe(4);
    expect(aws.ledger()).toHaveLength(41);
  });
});
