import fc from 'fast-check';
import type { Resource } from '../../src/model/resource.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { resourceType as groupType } from '../../src/resources/ec2-security-group.ts';

export { groupType };

export const permissionShape = { fields: {} };
export const permissionsShape = { list: permissionShape };

/** A security group of Acme's production account; what is omitted is known absent unless `calls` says otherwise. */
export function securityGroup(properties: JsonObject, how: Pick<Resource, 'calls' | 'gaps'> = {}): Resource {
  return {
    type: groupType.type,
    account: '111122223333',
    region: 'eu-west-1',
    id: 'sg-0123456789abcdef0',
    properties,
    ...how,
  };
}

/** A TCP permission for one port or range, from IPv4 or IPv6 blocks. */
export function open(ports: number | readonly [number, number], ...blocks: readonly string[]): JsonObject {
  const [first, last] = typeof ports === 'number' ? [ports, ports] : ports;
  return { IpProtocol: 'tcp', FromPort: first, ToPort: last, ...sources(...blocks) };
}

export function sources(...blocks: readonly string[]): JsonObject {
  return {
    IpRanges: blocks.filter((block) => !block.includes(':')).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: blocks.filter((block) => block.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
  };
}

export const everything: JsonObject = { IpProtocol: '-1', ...sources('0.0.0.0/0') };

const block = fc.oneof(
  fc.constantFrom('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '2.0.0.0/8', '3.0.0.0/8', '10.0.0.0/8', '::/0', '2600::/16'),
  fc.constantFrom('198.51.100.0/24', '198.51.100.7/32', '203.0.113.0/24', '2001:db8::/32', '2601::/16', 'not a block'),
);

/** Permissions in AWS's shape, broken ones among them. */
export const permission: fc.Arbitrary<Json> = fc
  .record(
    {
      IpProtocol: fc.constantFrom('tcp', 'udp', 'icmp', '-1', '6', '50', 'strange'),
      FromPort: fc.constantFrom(-1, 0, 20, 22, 23, 443, 70_000),
      ToPort: fc.constantFrom(-1, 0, 20, 22, 25, 443, 65_535),
      blocks: fc.array(block, { maxLength: 3 }),
      PrefixListIds: fc.array(
        fc.constantFrom('pl-0a', 'pl-0b').map((PrefixListId) => ({ PrefixListId })),
        { maxLength: 2 },
      ),
      UserIdGroupPairs: fc.array(fc.constant({ GroupId: 'sg-0a', UserId: '111122223333' }), { maxLength: 1 }),
    },
    { requiredKeys: ['blocks'] },
  )
  .map(({ blocks, ...rest }): JsonObject => ({ ...rest, ...sources(...blocks) }));
