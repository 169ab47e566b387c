import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/aws/clock.ts';
import { type Assumed, openAws } from '../../src/aws/open-aws.ts';
import type { InjectedFault, SimulatedAccount, SimulatedRole } from '../../src/simulator/account.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { account, acme, closeAll, fast, identity, openSimulators } from './acme.ts';

const staging = '444455556666';
const roleArn = `arn:aws:iam::${staging}:role/ProvisoAuditor`;
const externalId = 'acme-external-id';
const wish = { account: staging, roleArn, externalId };

function stagingWith(role: Partial<SimulatedRole> = {}, answers: SimulatedAccount['answers'] = {}): SimulatedAccount {
  const caller = `arn:aws:sts::${staging}:assumed-role/ProvisoAuditor/proviso`;
  const groups = { SecurityGroups: [{ GroupId: 'sg-staging' }] };
  const own = { ec2: { '*': { DescribeSecurityGroups: groups } } };
  return { account: staging, caller, roles: [{ arn: roleArn, externalId, ...role }], answers: { ...own, ...answers } };
}

interface Opening {
  readonly faults?: readonly InjectedFault[];
  readonly now?: () => number;
}

async function open(other: SimulatedAccount, { faults = [], now = systemClock.now }: Opening = {}) {
  const groups = { SecurityGroups: [{ GroupId: 'sg-production' }] };
  const own = acme({ ec2: { '*': { DescribeSecurityGroups: groups } } });
  const simulator = await startSimulator([own, other], { faults });
  openSimulators.push(simulator);
  const credentials = async () => identity;
  const clock = { ...systemClock, now };
  const opened = await openAws({ endpointUrl: simulator.url, credentials, timings: fast, clock });
  return { ...opened, simulator };
}

function openedBy(assumed: Assumed) {
  if ('opened' in assumed) return assumed.opened;
  throw new Error(`not assumed: ${JSON.stringify(assumed)}`);
}

function groupsOf(aws: ReturnType<typeof openedBy>['aws'], of: string, region = 'eu-west-1') {
  const call = { service: 'ec2', operation: 'DescribeSecurityGroups' };
  return aws.ask({ account: of, region, call, input: {} }, 'SecurityGroups[]');
}

const timesAsked = (simulator: Simulator) => simulator.calls()['sts:AssumeRole'];

beforeAll(async () => {
  await open(stagingWith());
});
afterEach(closeAll);

describe('a role that may be assumed', () => {
  it('leads to its account, and leaves the own connection as it was', async () => {
    const own = await open(stagingWith());
    const { aws, caller } = openedBy(await own.assume(wish));
    expect(caller.account).toBe(staging);
    expect((await groupsOf(aws, staging)).value).toEqual([{ GroupId: 'sg-staging' }]);
    expect((await groupsOf(own.aws, account)).value).toEqual([{ GroupId: 'sg-production' }]);
  });

  it('is asked for once, however many calls follow', async () => {
    const { assume, simulator } = await open(stagingWith());
    const { aws } = openedBy(await assume(wish));
    await Promise.all(['eu-west-1', 'us-east-1', 'us-west-2'].map((region) => groupsOf(aws, staging, region)));
    expect(timesAsked(simulator)).toBe(1);
  });

  it('stands in the ledger of its account, with the name of the session and without the external id', async () => {
    const { assume } = await open(stagingWith());
    const ledger = openedBy(await assume(wish)).aws.ledger();
    const input = { RoleArn: roleArn, RoleSessionName: 'proviso' };
    expect(ledger).toMatchObject([
      { operation: 'AssumeRole', account: staging, input, outcome: 'complete', permission: 'sts:AssumeRole' },
      { operation: 'GetCallerIdentity', account: staging },
    ]);
    expect(JSON.stringify(ledger)).not.toContain(externalId);
  });

  it('is assumed again once, minutes before its credentials expire', async () => {
    let now = Date.parse('2026-11-24T02:00:00Z');
    const state = stagingWith({ expires: '2026-11-24T03:00:00.000Z' });
    const { assume, simulator } = await open(state, { now: () => now });
    const { aws } = openedBy(await assume(wish));
    now = Date.parse('2026-11-24T02:54:59Z');
    await groupsOf(aws, staging, 'eu-west-1');
    expect(timesAsked(simulator)).toBe(1);
    now = Date.parse('2026-11-24T02:55:01Z');
    await Promise.all(['us-east-1', 'us-east-2', 'us-west-2'].map((region) => groupsOf(aws, staging, region)));
    expect(timesAsked(simulator)).toBe(2);
  });

  it('that is refused the second time makes the calls after it unknown', async () => {
    let now = Date.parse('2026-11-24T02:00:00Z');
    const faults = [{ service: 'sts', operation: 'AssumeRole', fault: 'denied', after: 1 } as const];
    const state = stagingWith({ expires: '2026-11-24T03:00:00.000Z' });
    const { assume } = await open(state, { faults, now: () => now });
    const { aws } = openedBy(await assume(wish));
    now = Date.parse('2026-11-24T02:59:00Z');
    expect((await groupsOf(aws, staging)).entry).toMatchObject({ outcome: 'denied', error: { name: 'AccessDenied' } });
    expect(aws.ledger().find(({ operation }) => operation === 'AssumeRole')).toMatchObject({ outcome: 'denied' });
  });
});

const { externalId: _, ...withoutId } = wish;
const elsewhere = { sts: { '*': { GetCallerIdentity: { Account: account, Arn: `arn:aws:iam::${account}:root` } } } };
const china = { sts: { '*': { GetCallerIdentity: { Account: staging, Arn: `arn:aws-cn:iam::${staging}:root` } } } };
const other = { account: staging };

describe('a role that leads nowhere', () => {
  const trust = "AccessDenied; the role's trust policy must admit the caller,";

  it.each([
    ['without its external id', withoutId, {}, [], 'denied', `${trust} without an external id`],
    [
      'with another external id',
      { ...wish, externalId: 'wrong' },
      {},
      [],
      'denied',
      `${trust} with the external id that the policy gives`,
    ],
    ['that does not exist', { ...wish, roleArn: `${roleArn}2` }, {}, [], 'denied', `${trust} with the external id`],
    ['into another account', wish, elsewhere, [], 'failed', `has led to account ${account} and not to ${staging}`],
    ['into another partition', wish, china, [], 'failed', "the account is in aws-cn, which is not the caller's"],
    [
      'while AWS is down',
      wish,
      {},
      [{ service: 'sts', operation: 'AssumeRole', fault: 'html-200' }],
      'failed',
      'sts:AssumeRole failed (WrongAnswer)',
    ],
    [
      'whose identity nobody tells',
      wish,
      {},
      [{ service: 'sts', operation: 'GetCallerIdentity', fault: 'denied', ...other }],
      'denied',
      'sts:GetCallerIdentity was denied (AccessDenied)',
    ],
  ] as const)('%s says why', async (_name, wished, answers, faults, reason, detail) => {
    const { assume } = await open(stagingWith({}, answers), { faults });
    const assumed = await assume(wished);
    if ('opened' in assumed) throw new Error('it was assumed');
    expect(assumed.obstacle).toEqual({ reason, detail: expect.stringContaining(detail), call: assumed.obstacle.call });
    expect(assumed.entries.map((entry) => entry.account)).toEqual(assumed.entries.map(() => staging));
    expect(JSON.stringify(assumed)).not.toContain(externalId);
  });
});
