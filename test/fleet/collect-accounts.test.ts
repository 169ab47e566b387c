import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openAws } from '../../src/aws/open-aws.ts';
import { collectAccounts, type FleetEvent, type FleetOptions } from '../../src/fleet/collect-accounts.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { loadResourceTypes } from '../../src/resources/index.ts';
import type { InjectedFault, SimulatedAccount } from '../../src/simulator/account.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { closeAll, fast, identity, openSimulators } from '../aws-calls/acme.ts';

const types = await loadResourceTypes();
const ids = ['111122223333', '222233334444', '333344445555', '444455556666', '555566667777', '666677778888'] as const;
const roleOf = (id: string) => `arn:aws:iam::${id}:role/ProvisoAuditor`;

function accountOf(account: string): SimulatedAccount {
  const regions = [{ RegionName: 'eu-west-1', OptInStatus: 'opt-in-not-required' }];
  const groups = [{ GroupId: `sg-${account}`, GroupName: 'web', OwnerId: account }];
  const answers = {
    ec2: { '*': { DescribeRegions: { Regions: regions }, DescribeSecurityGroups: { SecurityGroups: groups } } },
  };
  return {
    account,
    caller: `arn:aws:sts::${account}:assumed-role/Caller/proviso`,
    roles: [{ arn: roleOf(account) }],
    answers,
  };
}

const wishes = ids.map((id) => ({ id, ...(id === ids[0] ? {} : { role: roleOf(id) }) }));

let folder = '';
afterEach(async () => {
  await closeAll();
  await rm(folder, { recursive: true, force: true });
});

async function collect(options: Partial<FleetOptions> = {}, faults: readonly InjectedFault[] = []) {
  const simulator = await startSimulator([accountOf(ids[0]), ...ids.slice(1).map(accountOf)], { faults, latency: 5 });
  openSimulators.push(simulator);
  folder = await mkdtemp(join(tmpdir(), 'proviso-fleet-'));
  const opened = await openAws({ endpointUrl: simulator.url, credentials: async () => identity, timings: fast });
  const writer = await openSnapshotWriter(join(folder, 'snapshot'));
  const groups = types.get('AWS::EC2::SecurityGroup');
  if (groups === undefined) throw new Error('there is no such type');
  const events: FleetEvent[] = [];
  const fleet = await collectAccounts({
    opened,
    accounts: wishes,
    regions: undefined,
    types: [groups],
    wanted: () => [],
    writer,
    progress: (event) => events.push(event),
    ...options,
  });
  const times = { startedAt: '2026-11-24T02:00:00.000Z', finishedAt: '2026-11-24T02:01:00.000Z' };
  return { ...fleet, events, manifest: await writer.finish({ ...fleet.facts, ...times }, fleet.ledger), simulator };
}

it('collects four accounts at a time, and all of them', async () => {
  const { events, manifest } = await collect();
  let open = 0;
  const peaks = events.map(({ kind }) => {
    if (kind === 'begun') open += 1;
    if (kind === 'ended') open -= 1;
    return open;
  });
  expect([Math.max(...peaks), open]).toEqual([4, 0]);
  expect(manifest.collections.map(({ account, records }) => [account, records])).toEqual(ids.map((id) => [id, 1]));
});

it('gives the same snapshot in whatever order the accounts are named', async () => {
  const { manifest } = await collect();
  await closeAll();
  await rm(folder, { recursive: true, force: true });
  const turned = await collect({ accounts: [...wishes].reverse() });
  expect(turned.manifest.contentDigest).toBe(manifest.contentDigest);
});

it('says of one account alone that its regions could not be listed', async () => {
  const faults = [{ service: 'ec2', operation: 'DescribeRegions', fault: 'denied', account: ids[3] } as const];
  const { facts } = await collect({}, faults);
  expect(facts.regionsIncomplete).toBeUndefined();
  const partial = facts.accounts.filter(({ regionsIncomplete }) => regionsIncomplete !== undefined);
  expect(partial).toMatchObject([{ id: ids[3], regionsIncomplete: { reason: 'denied' } }]);
});

it('asks nothing more once it was stopped, and lists the accounts all the same', async () => {
  const { facts, simulator } = await collect({ signal: AbortSignal.abort() });
  const stopped = { unreachable: { reason: 'not-collected', detail: 'the run was stopped' } };
  expect(facts.accounts).toEqual(ids.map((id) => ({ id, ...stopped })));
  expect(facts.finished).toBe(false);
  expect(simulator.calls()['sts:AssumeRole']).toBeUndefined();
});

it('keeps what it has when it is stopped on its way, and is not finished', async () => {
  const controller = new AbortController();
  const stop = (event: FleetEvent) => {
    if (event.kind === 'ended') controller.abort();
  };
  const { facts, manifest } = await collect({ signal: controller.signal, progress: stop });
  expect(facts.finished).toBe(false);
  expect(facts.accounts.map(({ id }) => id)).toEqual(ids);
  expect(manifest.collections.filter(({ complete }) => complete).length).toBeGreaterThan(0);
});

it('ends with what its caller throws, and not before its calls have ended', async () => {
  const progress = (event: FleetEvent) => {
    if (event.kind === 'collected') throw new Error('no room');
  };
  await expect(collect({ progress })).rejects.toThrow('no room');
});
