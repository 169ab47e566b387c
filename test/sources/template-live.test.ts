import { describe, expect, test } from 'vitest';
import { findLive } from '../../src/model/live-match.ts';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { overlay } from '../../src/model/overlay.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { openCdkOutput, openChangeSet, openTemplate } from '../../src/sources/cloudformation.ts';
import { fixture, known, openings } from './proposed.ts';

const account = '111122223333';
const region = 'eu-west-1';
const type = 'AWS::EC2::SecurityGroup';

/** A security group that a stack has made. */
function made(id: string, stack: string, logical: string, properties: JsonObject = {}, where = region): Resource {
  const Tags = [
    { Key: 'aws:cloudformation:stack-name', Value: stack },
    { Key: 'aws:cloudformation:logical-id', Value: logical },
  ];
  const told = { GroupId: id, IpPermissions: [], IpPermissionsEgress: [], Tags, ...properties };
  return { type, account, region: where, id, properties: told, calls: { '': `live:${type}` } };
}

function snapshotOf(records: readonly Resource[]): Snapshot {
  const time = '2026-11-24T02:00:00.000Z';
  const regions = [...new Set(records.map((record) => record.region))];
  return memorySnapshot(
    {
      source: 'live',
      partition: 'aws',
      accounts: [{ id: account }],
      regions: regions.map((one) => ({ account, region: one, status: 'enabled', selected: true })),
      finished: true,
      startedAt: time,
      finishedAt: time,
    },
    [],
    records,
    regions.map((one) => ({ account, region: one, type, calls: [`live:${type}`], complete: true })),
  );
}

/** Address of what is declared → id of the live resource that it is about. */
async function matched(proposal: Proposal, records: readonly Resource[]) {
  const { types } = await known();
  const { matches, orphans } = await findLive(snapshotOf(records), proposal, types);
  return { ids: Object.fromEntries([...matches].map(([{ declared }, { id }]) => [declared.address, id])), orphans };
}

const place = { account, region };

describe('a live resource', () => {
  test('of a nested stack is found by the names that CloudFormation gives it', async () => {
    const proposal = await openTemplate(fixture('nested/main.yaml'), { ...(await known()), ...place, stack: 'acme' });
    const { ids, orphans } = await matched(proposal, [
      made('sg-1', 'acme-Network-1ABCDEFGHIJK', 'Web'),
      made('sg-2', 'acme-Network-1ABCDEFGHIJK-Deeper-2ABCDEFGHIJK', 'Web'),
      made('sg-3', 'acme-Networking', 'Web'),
      made('sg-4', 'acme-Network-', 'Web'),
      made('sg-5', 'acme', 'Web'),
    ]);
    expect(ids).toEqual({ 'Network/Web': 'sg-1' });
    expect(orphans[0]?.detail).toContain(
      'its stacks have Network/Deeper/Web, Web, which the template does not declare',
    );
  });

  test('of the CDK is found by the name of its stack', async () => {
    const proposal = await openCdkOutput(fixture('cdk.out'), { ...(await known()), ...place });
    const { ids, orphans } = await matched(proposal, [
      made('sg-1', 'acme-network', 'Web4C9A2F7E'),
      made('sg-2', 'Prod-Api', 'GroupC77FDACD', {}, 'us-east-1'),
      made('sg-3', 'acme-elsewhere', 'Web4C9A2F7E'),
    ]);
    expect(ids).toEqual({ 'Network/Web4C9A2F7E': 'sg-1' });
    expect(orphans).toEqual([]);
  });

  test('keeps what a change set does not tell', async () => {
    const proposal = await openChangeSet(fixture('change-sets/web.json'), await known());
    const rule = (port: number, CidrIp: string) => ({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp }],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    });
    const live = made('sg-0a1b2c3d4e5f60718', 'acme-web', 'Web', {
      IpPermissions: [rule(22, '198.51.100.0/24'), rule(8443, '203.0.113.0/24')],
    });
    const { types } = await known();
    const { after } = await overlay(snapshotOf([live]), proposal, types);
    const found: Resource[] = [];
    for (const collection of after.manifest.collections.filter((one) => one.type === type))
      for await (const batch of after.records(collection)) found.push(...batch);
    const web = found.find(({ id }) => id === live.id);
    expect(openings(web?.properties ?? {}).toSorted()).toEqual(['22-22 0.0.0.0/0', '8443-8443 203.0.113.0/24']);
    expect(found.map(({ id }) => id)).not.toContain('sg-0123456789abcdef0');
  });
});
