import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperatorPlace } from '../../src/model/operator.ts';
import { absenceAt, member, type Resource } from '../../src/model/resource.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Found, Json, JsonObject } from '../../src/model/value.ts';
import { operator } from '../../src/operators/permits.ts';
import { forget } from './arbitrary-json.ts';
import { denied, describeOperator, now, placeOf, type Row, runAt } from './operator-table.ts';
import {
  everything,
  groupType,
  open,
  permission,
  permissionShape,
  permissionsShape,
  securityGroup,
  sources,
} from './security-group.ts';

const ssh = { port: 22, from: 'anywhere' };
const all = { ports: '1-65535', every: true, from: 'anywhere' };
const group = { path: 'IpPermissions', type: groupType, shape: permissionsShape };

function row(operand: Json, permissions: Json, answer: Row[2], lists?: Json): Row {
  const resource = securityGroup({
    IpPermissions: permissions,
    ...(lists === undefined ? {} : { PrefixLists: lists }),
  });
  return [operand, permissions, answer, { ...group, resource }];
}

function prefixList(...blocks: readonly Json[]): Json {
  return { PrefixListId: 'pl-0a', Entries: blocks.map((Cidr) => ({ Cidr })) };
}

const byList: JsonObject = { ...open(22), PrefixListIds: [{ PrefixListId: 'pl-0a' }] };

describeOperator(operator, {
  rows: [
    row(ssh, [], 'FALSE'),
    row(ssh, [open(22, '0.0.0.0/0')], 'TRUE'),
    row(ssh, [open(22, '::/0')], 'TRUE'),
    row(ssh, [open(22, '2000::/3')], 'TRUE'),
    row(ssh, [open(22, '0.0.0.0/1')], 'TRUE'),
    row(ssh, [open(22, '0.0.0.0/1', '128.0.0.0/1')], 'TRUE'),
    row(ssh, [open(22, '198.51.100.0/24', '2001:db8::/32')], 'FALSE'),
    row(ssh, [open(22, '10.0.0.0/8', '172.16.0.0/12', 'fc00::/7')], 'FALSE'),
    row(ssh, [open(22, '3.0.0.0/8')], 'FALSE'),
    row(ssh, [open(22, '3.0.0.0/8', '4.0.0.0/8')], 'TRUE'),
    row(ssh, open(22, '0.0.0.0/0'), 'UNKNOWN'),
    row(ssh, [open(443, '0.0.0.0/0')], 'FALSE'),
    row(ssh, [open([20, 25], '0.0.0.0/0')], 'TRUE'),
    row(ssh, [open([0, 65_535], '0.0.0.0/0')], 'TRUE'),
    row(ssh, [open([22, 22], '0.0.0.0/0')], 'TRUE'),
    row(ssh, [open([23, 65_535], '0.0.0.0/0'), open([0, 21], '0.0.0.0/0')], 'FALSE'),
    row(ssh, [everything], 'TRUE'),
    row(ssh, [{ ...everything, FromPort: 443, ToPort: 443 }], 'TRUE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: '6' }], 'TRUE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'TCP' }], 'TRUE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'udp' }], 'FALSE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: '17' }], 'FALSE'),
    row(ssh, [{ IpProtocol: 'icmp', FromPort: 22, ToPort: 22, ...sources('0.0.0.0/0') }], 'FALSE'),
    row(ssh, [{ IpProtocol: '58', FromPort: 22, ToPort: 22, ...sources('::/0') }], 'FALSE'),
    row(ssh, [open([-1, -1], '0.0.0.0/0')], 'TRUE'),
    row(ssh, [{ IpProtocol: 'tcp', ...sources('0.0.0.0/0') }], 'TRUE'),
    row(ssh, [{ ...open(22), UserIdGroupPairs: [{ GroupId: 'sg-0a', UserId: '111122223333' }] }], 'FALSE'),
    // The internet in two permissions whose ranges meet at port 22, and in two whose ranges do not.
    row(ssh, [open([20, 22], '0.0.0.0/1'), open([22, 25], '128.0.0.0/1')], 'TRUE'),
    row(ssh, [open(22, '3.0.0.0/8'), open([0, 100], '4.0.0.0/8')], 'TRUE'),
    row({ ports: '20-25', from: 'anywhere' }, [open([20, 21], '3.0.0.0/8'), open([22, 25], '4.0.0.0/8')], 'FALSE'),
    row({ ports: '20-25', from: 'anywhere' }, [open([20, 22], '3.0.0.0/8'), open([22, 25], '4.0.0.0/8')], 'TRUE'),
    row({ ports: [20, 21, 22], from: 'anywhere' }, [open([10, 21], '3.0.0.0/8'), open([21, 25], '4.0.0.0/8')], 'TRUE'),
    row(
      { protocol: ['tcp', 'udp'], port: 53, from: 'anywhere' },
      [open(53, '3.0.0.0/8'), { ...open(53, '4.0.0.0/8'), IpProtocol: 'udp' }],
      'FALSE',
    ),
    row(
      { protocol: ['tcp', 'udp'], port: 53, from: 'anywhere' },
      [
        { IpProtocol: '-1', ...sources('3.0.0.0/8') },
        { ...open(53, '4.0.0.0/8'), IpProtocol: 'udp' },
      ],
      'TRUE',
    ),
    row(ssh, [open(22, '3.0.0.0/8'), open(443, '4.0.0.0/8')], 'FALSE'),
    // Ports and protocols.
    row({ ports: [20, '137-139', 445], from: 'anywhere' }, [open(138, '0.0.0.0/0')], 'TRUE'),
    row({ ports: [20, '137-139', 445], from: 'anywhere' }, [open([140, 444], '0.0.0.0/0')], 'FALSE'),
    row({ ports: [], from: 'anywhere' }, [everything], 'FALSE'),
    row({ from: 'anywhere' }, [open(443, '0.0.0.0/0')], 'TRUE'),
    row({ protocol: 'udp', port: 53, from: 'anywhere' }, [{ ...open(53, '0.0.0.0/0'), IpProtocol: '17' }], 'TRUE'),
    row({ protocol: 'udp', port: 53, from: 'anywhere' }, [open(53, '0.0.0.0/0')], 'FALSE'),
    row(
      { protocol: 'icmp', from: 'anywhere' },
      [{ IpProtocol: '1', FromPort: 8, ToPort: -1, ...sources('0.0.0.0/0') }],
      'TRUE',
    ),
    row({ protocol: 'icmp', from: 'anywhere' }, [open(22, '0.0.0.0/0')], 'FALSE'),
    row({ protocol: 'icmpv6', from: 'anywhere' }, [{ IpProtocol: '58', ...sources('::/0') }], 'TRUE'),
    row({ protocol: 50, from: 'anywhere' }, [{ IpProtocol: '50', ...sources('0.0.0.0/0') }], 'TRUE'),
    row({ protocol: 'any', port: 22, from: 'anywhere' }, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'udp' }], 'TRUE'),
    row({ protocol: 'any', port: 22, from: 'anywhere' }, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'icmp' }], 'FALSE'),
    row({ protocol: 'any', from: 'anywhere' }, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'icmp' }], 'TRUE'),
    row({ protocol: 'any', port: 22, from: 'anywhere' }, [{ ...open(443, '0.0.0.0/0'), IpProtocol: '132' }], 'TRUE'),
    // All ports but some.
    row({ except: [443], from: 'anywhere' }, [open(443, '0.0.0.0/0')], 'FALSE'),
    row({ except: [443], from: 'anywhere' }, [open([443, 444], '0.0.0.0/0')], 'TRUE'),
    row({ except: [443], from: 'anywhere' }, [open(80, '0.0.0.0/0')], 'TRUE'),
    row({ except: [443], from: 'anywhere' }, [everything], 'TRUE'),
    row({ except: [443], from: 'anywhere' }, [{ ...open(444, '0.0.0.0/0'), FromPort: denied }], 'UNKNOWN'),
    row({ except: [443], from: 'anywhere' }, [{ ...open(443, '0.0.0.0/0'), FromPort: denied }], 'UNKNOWN'),
    row({ except: [443], from: 'anywhere' }, [{ ...open(443, '0.0.0.0/0'), ToPort: denied }], 'UNKNOWN'),
    row({ except: '0-65535', from: 'anywhere' }, [everything], 'FALSE'),
    row({ except: [], from: 'anywhere' }, [open(443, '0.0.0.0/0')], 'TRUE'),
    row({ ports: '20-25', except: ['21-24'], from: 'anywhere' }, [open([21, 24], '0.0.0.0/0')], 'FALSE'),
    row({ ports: '20-25', except: ['21-24'], from: 'anywhere' }, [open(25, '0.0.0.0/0')], 'TRUE'),
    row({ except: [443], from: 'anywhere' }, [open(443, '3.0.0.0/8'), open([443, 500], '4.0.0.0/8')], 'FALSE'),
    // Every port.
    row(all, [], 'FALSE'),
    row(all, [everything], 'TRUE'),
    row(all, [open([0, 65_535], '0.0.0.0/0')], 'TRUE'),
    row(all, [open([1, 65_535], '::/0')], 'TRUE'),
    row(all, [open([-1, -1], '0.0.0.0/0')], 'TRUE'),
    row(all, [open([2, 65_535], '0.0.0.0/0')], 'FALSE'),
    row(all, [open([1, 65_534], '0.0.0.0/0')], 'FALSE'),
    row(all, [open([0, 40_000], '0.0.0.0/0'), open([40_001, 65_535], '::/0')], 'TRUE'),
    row(all, [open([0, 40_000], '0.0.0.0/0'), open([40_002, 65_535], '0.0.0.0/0')], 'FALSE'),
    row(all, [open([0, 65_535], '3.0.0.0/8'), { IpProtocol: '-1', ...sources('4.0.0.0/8') }], 'TRUE'),
    row(all, [open([0, 65_535], '3.0.0.0/8')], 'FALSE'),
    row(all, [{ ...open([0, 65_535], '0.0.0.0/0'), IpProtocol: 'udp' }], 'FALSE'),
    row(all, [{ ...open([0, 65_535]), PrefixListIds: [{ PrefixListId: 'pl-0a' }] }], 'UNKNOWN', denied),
    row(all, [{ ...open(22), PrefixListIds: [{ PrefixListId: 'pl-0a' }] }], 'FALSE', denied),
    row(all, [open([0, 500], '0.0.0.0/0'), { ...open([500, 600], '0.0.0.0/0'), ToPort: denied }], 'UNKNOWN'),
    row(all, [open([0, 500], '0.0.0.0/0'), { ...open([600, 700], '0.0.0.0/0'), ToPort: denied }], 'FALSE'),
    row(all, [denied], 'UNKNOWN'),
    row(all, [denied, everything], 'TRUE'),
    row({ ...all, from: 'any' }, [open([0, 65_535], '198.51.100.7/32')], 'TRUE'),
    row({ ...all, ports: [22, 80] }, [open(22, '0.0.0.0/0'), open(80, '0.0.0.0/0')], 'TRUE'),
    row({ ...all, ports: [22, 80] }, [open(22, '0.0.0.0/0')], 'FALSE'),
    row({ ...all, ports: [] }, [everything], 'FALSE'),
    row({ ...all, every: false }, [open(22, '0.0.0.0/0')], 'TRUE'),
    // Sources.
    row({ port: 22, from: '198.51.100.0/24' }, [open(22, '198.51.100.7/32')], 'TRUE'),
    row({ port: 22, from: '198.51.100.0/24' }, [open(22, '0.0.0.0/0')], 'TRUE'),
    row({ port: 22, from: '198.51.100.0/24' }, [open(22, '203.0.113.0/24', '::/0')], 'FALSE'),
    row({ port: 22, from: ['198.51.100.0/24', '2001:db8::/32'] }, [open(22, '2001:db8:7::/48')], 'TRUE'),
    row({ port: 22, from: [] }, [everything], 'FALSE'),
    row({ port: 22, from: 'any' }, [open(22, '198.51.100.7/32')], 'TRUE'),
    row({ port: 22, from: 'any' }, [{ ...open(22), UserIdGroupPairs: [{ GroupId: 'sg-0a' }] }], 'TRUE'),
    row({ port: 22, from: 'any' }, [byList], 'TRUE'),
    row({ port: 22, from: 'any' }, [open(22)], 'FALSE'),
    // Prefix lists.
    row(ssh, [byList], 'UNKNOWN'),
    row(ssh, [byList, open(22, '0.0.0.0/0')], 'TRUE'),
    row(ssh, [byList], 'TRUE', [prefixList('198.51.100.0/24', '0.0.0.0/0')]),
    row(ssh, [byList], 'TRUE', [prefixList('0.0.0.0/1', '128.0.0.0/1')]),
    row(ssh, [byList], 'FALSE', [prefixList('198.51.100.0/24')]),
    row(ssh, [byList], 'FALSE', [prefixList()]),
    row(ssh, [byList], 'UNKNOWN', []),
    row(ssh, [byList], 'UNKNOWN', denied),
    row(ssh, [byList], 'UNKNOWN', [denied]),
    row(ssh, [byList], 'UNKNOWN', [{ PrefixListId: 'pl-0a', Entries: denied }]),
    row(ssh, [byList], 'UNKNOWN', [{ PrefixListId: 'pl-0a' }]),
    row(ssh, [byList], 'UNKNOWN', [{ PrefixListId: 'pl-0b', Entries: [] }]),
    row(ssh, [byList], 'UNKNOWN', [prefixList('198.51.100.0/24', denied)]),
    row(ssh, [byList], 'UNKNOWN', [prefixList('everywhere')]),
    row(ssh, [byList], 'TRUE', [prefixList('everywhere', '0.0.0.0/0')]),
    row(ssh, [byList, open([20, 30], '4.0.0.0/8')], 'TRUE', [prefixList('3.0.0.0/8')]),
    row(ssh, [{ ...open(443), PrefixListIds: [{ PrefixListId: 'pl-0a' }] }], 'FALSE'),
    // What was not collected or makes no sense.
    row(ssh, [denied], 'UNKNOWN'),
    row(ssh, [denied, everything], 'TRUE'),
    row(ssh, ['0.0.0.0/0'], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: denied }], 'UNKNOWN'),
    row(ssh, [{ FromPort: 22, ToPort: 22, ...sources('0.0.0.0/0') }], 'UNKNOWN'),
    row(ssh, [{ FromPort: 22, ToPort: 22, ...sources('198.51.100.0/24') }], 'FALSE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 6 }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: 'everything' }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), IpProtocol: '256' }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), FromPort: denied }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), ToPort: denied }], 'UNKNOWN'),
    row(ssh, [{ ...open(21, '0.0.0.0/0'), FromPort: denied }], 'FALSE'),
    row(ssh, [{ ...open(23, '0.0.0.0/0'), ToPort: denied }], 'FALSE'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), FromPort: '22' }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), FromPort: 22.5 }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '0.0.0.0/0'), ToPort: 65_536 }], 'UNKNOWN'),
    row(ssh, [open([25, 20], '0.0.0.0/0')], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '3.0.0.0/8'), FromPort: denied }, open(22, '4.0.0.0/8')], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: denied }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: 'all' }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: [denied] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: [{}] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: [{ CidrIp: denied }] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: [{ CidrIp: '0.0.0.0' }] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), IpRanges: [{ CidrIp: '::/0' }] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), Ipv6Ranges: [{ CidrIpv6: '0.0.0.0/0' }] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), Ipv6Ranges: denied }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), PrefixListIds: denied }], 'UNKNOWN'),
    row(ssh, [{ ...open(22), PrefixListIds: [{ PrefixListId: denied }] }], 'UNKNOWN'),
    row(ssh, [{ ...open(22, '198.51.100.0/24'), UserIdGroupPairs: denied }], 'FALSE'),
    row({ port: 22, from: 'any' }, [{ ...open(22), UserIdGroupPairs: denied }], 'UNKNOWN'),
    row({ port: 22, from: 'any' }, [{ ...open(22, '198.51.100.0/24'), UserIdGroupPairs: denied }], 'TRUE'),
    row(ssh, [{ ...open(443), IpRanges: denied }], 'FALSE'),
    row(ssh, 'open', 'UNKNOWN'),
    [ssh, undefined, 'FALSE', group],
    // One permission by itself.
    [ssh, open(22, '0.0.0.0/0'), 'TRUE', { ...group, path: 'IpPermissions[]', shape: permissionShape }],
    [ssh, open(22, '198.51.100.0/24'), 'FALSE', { ...group, path: 'IpPermissions[]', shape: permissionShape }],
    [ssh, byList, 'UNKNOWN', { ...group, path: 'IpPermissions[]', shape: permissionShape }],
  ],
  words: [
    [ssh, 'lets the internet reach port 22 (SSH)', 'does not let the internet reach port 22 (SSH)'],
    [
      { ports: [3306, '137-139', 8443], protocol: ['tcp', 'udp'], from: '198.51.100.0/24' },
      'lets 198.51.100.0/24 reach ports 3306 (MySQL), 137-139 or 8443 over TCP or UDP',
      'does not let 198.51.100.0/24 reach ports 3306 (MySQL), 137-139 or 8443 over TCP or UDP',
    ],
    [
      { protocol: 'any', from: 'any' },
      'lets any source reach any port over any protocol',
      'does not let any source reach any port over any protocol',
    ],
    [
      { except: [443, 53], from: 'anywhere' },
      'lets the internet reach any port but ports 443 (HTTPS) and 53 (DNS)',
      'does not let the internet reach any port but ports 443 (HTTPS) and 53 (DNS)',
    ],
    [
      { ...all, protocol: 'udp' },
      'lets the internet reach all of ports 1-65535 over UDP',
      'does not let the internet reach all of ports 1-65535 over UDP',
    ],
    [
      { ports: { param: 'ports' }, from: { param: 'blocks' } },
      "lets the policy's blocks reach the policy's ports",
      "does not let the policy's blocks reach the policy's ports",
    ],
  ],
  refused: [
    ['anywhere', 'expected port, ports, except, every, protocol, from, found a string'],
    [{ port: 22 }, 'found nothing', { at: ['from'] }],
    [{ port: 22, from: 'everywhere' }, "'everywhere' is no source", { at: ['from'] }],
    [{ port: 22, from: ['198.51.100.0/24', '198.51.100.0'] }, "'198.51.100.0' is no source", { at: ['from', 1] }],
    [{ port: 22, from: ['anywhere'] }, "'anywhere' is no source", { at: ['from', 0] }],
    [{ ...all, every: 'yes' }, 'expected true or false', { at: ['every'] }],
    [{ ...all, protocol: 'any' }, 'every port of which protocol?', { at: ['protocol'] }],
    [{ ...all, protocol: ['tcp', 'udp'] }, 'every port of which protocol?', { at: ['protocol'] }],
    [{ except: 70_000, from: 'any' }, '70000 is no port', { at: ['except'] }],
    [{ except: 443, protocol: 'icmp', from: 'any' }, 'ICMP has no ports', { at: ['except'] }],
    [{ port: 65_536, from: 'any' }, '65536 is no port', { at: ['port'] }],
    [{ port: 2.5, from: 'any' }, '2.5 is no port', { at: ['port'] }],
    [{ port: '22', from: 'any' }, "'22' is no port", { at: ['port'] }],
    [{ ports: [1, '30-20'], from: 'any' }, 'ends before it begins', { at: ['ports', 1] }],
    [{ ports: ['1-70000'], from: 'any' }, '70000 is no port', { at: ['ports', 0] }],
    [{ port: 22, ports: [22], from: 'any' }, 'not both', { at: ['ports'] }],
    [{ port: 8, protocol: 'icmp', from: 'any' }, 'ICMP has no ports', { at: ['port'] }],
    [{ protocol: 'sctp', from: 'any' }, '"sctp" is no protocol', { at: ['protocol'] }],
    [{ protocol: ['tcp', 256], from: 'any' }, '256 is no protocol', { at: ['protocol', 1] }],
    [{ protocol: [], from: 'any' }, 'at least one protocol', { at: ['protocol'] }],
    [{ port: 22, form: 'any' }, "'form' is none of", { at: ['form'] }],
  ],
});

const place: OperatorPlace = {
  ...placeOf(permissionsShape, 'IpPermissions', groupType),
  rootReader: (name) => (resource) => member(resource.properties, name, resource, name, absenceAt(groupType, name)),
};

function judge(
  operand: Json,
  permissions: Json,
  resource: Resource = securityGroup({ IpPermissions: permissions }),
): Truth {
  return operator.prepare(operand, place).test(permissions, resource, runAt(now));
}

describe('a list that AWS always returns', () => {
  const collected = { calls: { '': 'ec2:DescribeSecurityGroups' } };

  test.each(['IpRanges', 'Ipv6Ranges', 'PrefixListIds'])(
    'is a broken answer without %s, and nothing passes',
    (name) => {
      const whole = { ...open(22), PrefixListIds: [], UserIdGroupPairs: [] };
      const { [name]: _, ...rest } = whole as JsonObject;
      expect(judge(ssh, [whole], securityGroup({ IpPermissions: [whole] }, collected))).toBe(FALSE);
      expect(judge(ssh, [rest], securityGroup({ IpPermissions: [rest] }, collected))).toBe(UNKNOWN);
    },
  );

  test('is unknown for the reason of the call that failed', () => {
    const resource = securityGroup(
      { IpPermissions: [byList] },
      { calls: { '': 'x' }, gaps: { PrefixLists: { reason: 'throttled', call: 'ec2:GetManagedPrefixListEntries' } } },
    );
    const complete = { ...byList, UserIdGroupPairs: [] };
    expect(judge(ssh, [complete], resource)).toBe(UNKNOWN);
    expect(explain(ssh, [complete], UNKNOWN, resource)[0]).toMatchObject({
      path: 'IpPermissions[0].PrefixListIds[0].PrefixListId',
      observed: { $unknown: 'throttled', call: 'ec2:GetManagedPrefixListEntries' },
    });
  });
});

function explain(
  operand: Json,
  permissions: Json,
  answer: Truth,
  resource = securityGroup({ IpPermissions: permissions }),
) {
  return operator.prepare(operand, place).explain?.(permissions, resource, runAt(now), 'IpPermissions', answer) ?? [];
}

const text = (value: Found) => (typeof value === 'string' ? value : '');

describe('the explanation', () => {
  test('names the entries that are the internet, with their paths and the ports they open', () => {
    const permissions = [open(443, '0.0.0.0/0'), open([20, 30], '198.51.100.0/24', '0.0.0.0/0', '::/0')];
    expect(explain({ ports: [22, 23, 80], from: 'anywhere' }, permissions, TRUE)).toEqual([
      {
        path: 'IpPermissions[1].IpRanges[1].CidrIp',
        observed: '0.0.0.0/0',
        expected: 'nothing that lets the internet reach ports 22 (SSH), 23 (Telnet)',
        within: 'TCP ports 20-30',
      },
      {
        path: 'IpPermissions[1].Ipv6Ranges[0].CidrIpv6',
        observed: '::/0',
        expected: 'nothing that lets the internet reach ports 22 (SSH), 23 (Telnet)',
        within: 'TCP ports 20-30',
      },
    ]);
  });

  test('says which ports are asked about, where it is all of them or all but some', () => {
    const everyPort = [open([0, 40_000], '0.0.0.0/0'), open([40_001, 65_535], '198.51.100.0/24', '::/0')];
    expect(explain(all, everyPort, TRUE)).toEqual([
      {
        path: 'IpPermissions[0].IpRanges[0].CidrIp',
        observed: '0.0.0.0/0',
        expected: 'nothing that lets the internet reach all of ports 1-65535',
        within: 'TCP ports 0-40000',
      },
      {
        path: 'IpPermissions[1].Ipv6Ranges[0].CidrIpv6',
        observed: '::/0',
        expected: 'nothing that lets the internet reach all of ports 1-65535',
        within: 'TCP ports 40001-65535',
      },
    ]);
    const but = { except: [443], protocol: 'udp', from: 'anywhere' };
    expect(explain(but, [everything], TRUE)[0]?.expected).toBe(
      'nothing that lets the internet reach any port but port 443 (HTTPS) over UDP',
    );
  });

  test.each<[string, Json, string]>([
    ['a range', open([0, 65_535], '0.0.0.0/0'), 'TCP ports 0-65535'],
    ['a port', open(22, '0.0.0.0/0'), 'TCP port 22'],
    ['everything', everything, 'all protocols and ports'],
  ])('tells what the permission opens beside the source: %s', (_, permission, within) => {
    for (const from of ['anywhere', 'any', '8.8.8.0/24'])
      expect(explain({ port: 22, from }, [permission], TRUE)[0]?.within).toBe(within);
  });

  test('says how many sources it leaves out', () => {
    const blocks = Array.from({ length: 23 }, (_, index) => `198.51.100.${index}/32`);
    for (const from of ['any', '198.51.100.0/24']) {
      const leaves = explain({ port: 22, from }, [open(22, ...blocks)], TRUE);
      expect([leaves.length, leaves.at(-1)?.more]).toEqual([20, 3]);
    }
  });

  test('names all parts of an internet in parts, and no more', () => {
    const permissions = [open([20, 22], '198.51.100.0/24', '3.0.0.0/8'), open(22, '4.0.0.0/8')];
    expect(explain(ssh, permissions, TRUE).map(({ path, observed }) => [path, observed])).toEqual([
      ['IpPermissions[0].IpRanges[1].CidrIp', '3.0.0.0/8'],
      ['IpPermissions[1].IpRanges[0].CidrIp', '4.0.0.0/8'],
    ]);
  });

  test('names what opens a further port together, beside what is the internet alone', () => {
    const before = [open(443, '0.0.0.0/0')];
    const after = [...before, open(22, '3.0.0.0/8', '198.51.100.0/24'), open([20, 22], '4.0.0.0/8')];
    const asked = { ports: [22, 443], from: 'anywhere' };
    const named = (permissions: Json) =>
      explain(asked, permissions, TRUE).map(({ observed, within }) => `${text(observed)} ${within}`);
    expect(named(before)).toEqual(['0.0.0.0/0 TCP port 443']);
    expect(named(after)).toEqual([...named(before), '3.0.0.0/8 TCP port 22', '4.0.0.0/8 TCP ports 20-22']);
  });

  test('names a prefix list for every permission that refers to it', () => {
    const list = [byList, { ...byList, FromPort: 23, ToPort: 24 }];
    for (const [from, block] of [
      ['anywhere', '0.0.0.0/0'],
      ['198.51.100.0/24', '198.51.100.0/28'],
    ] as const) {
      const resource = securityGroup({ IpPermissions: list, PrefixLists: [prefixList(block)] });
      const leaves = explain({ ports: [22, 23], from }, list, TRUE, resource);
      expect(leaves.map(({ observed, within }) => `${text(observed)} ${within}`)).toEqual([
        'pl-0a TCP port 22',
        `${block} TCP port 22`,
        'pl-0a TCP ports 23-24',
        `${block} TCP ports 23-24`,
      ]);
    }
  });

  test('names the prefix list and the entry in it', () => {
    const resource = securityGroup({
      IpPermissions: [byList],
      PrefixLists: [prefixList('198.51.100.0/24', '0.0.0.0/0')],
    });
    expect(explain(ssh, [byList], TRUE, resource).map(({ path, observed }) => [path, observed])).toEqual([
      ['IpPermissions[0].PrefixListIds[0].PrefixListId', 'pl-0a'],
      ['PrefixLists[0].Entries[1].Cidr', '0.0.0.0/0'],
    ]);
  });

  test('of one permission starts at its own path', () => {
    const value = open(22, '0.0.0.0/0');
    const one = operator.prepare(ssh, placeOf({ fields: {} }, 'IpPermissions[]', groupType));
    const leaves = one.explain?.(
      value,
      securityGroup({ IpPermissions: [value] }),
      runAt(now),
      'IpPermissions[3]',
      TRUE,
    );
    expect(leaves?.[0]?.path).toBe('IpPermissions[3].IpRanges[0].CidrIp');
  });

  test('of an unknown answer names what is missing', () => {
    const permissions = [{ ...open(22), FromPort: denied, IpRanges: [{ CidrIp: denied }] }];
    expect(explain(ssh, permissions, UNKNOWN)).toEqual([
      { path: 'IpPermissions[0].FromPort', observed: denied, expected: expect.stringContaining('knowing whether') },
      {
        path: 'IpPermissions[0].IpRanges[0].CidrIp',
        observed: denied,
        expected: expect.stringContaining('port 22 (SSH)'),
      },
    ]);
  });

  test('has a leaf for every answer, and never more than forty', () => {
    fc.assert(
      fc.property(
        fc.array(permission, { maxLength: 4 }),
        fc.constantFrom('anywhere', 'any', '198.51.100.0/24'),
        (list, from) => {
          const operand = { port: 22, from };
          const leaves = explain(operand, list, judge(operand, list));
          expect(leaves.length).toBeGreaterThan(0);
          expect(leaves.length).toBeLessThanOrEqual(40);
        },
      ),
    );
  });
});

describe('laws', () => {
  const from = fc.constantFrom<Json>('anywhere', 'any', '198.51.100.0/24', ['203.0.113.0/24', '2600::/12']);
  const ports = fc.constantFrom<Json>(22, [20, 22, 443], '0-65535', '21-30');
  const protocol = fc.constantFrom<Json>('tcp', 'any', ['tcp', 'udp']);
  const except = fc.constantFrom<Json>([], 22, '23-500');
  const operand = fc.oneof(
    fc.record({ ports, protocol, from }),
    fc.record({ ports, protocol, from, except }),
    fc.record({ ports, from, except, every: fc.constant(true) }),
  );
  const lists = fc.constantFrom<Json>([], [prefixList('0.0.0.0/0')], [prefixList('198.51.100.0/24')], denied);
  const permissions = fc.array(permission, { maxLength: 4 });

  test('forgetting any part of a group never changes a known answer into the other', () => {
    fc.assert(
      fc.property(operand, permissions, lists, fc.gen(), (asked, list, PrefixLists, gen) => {
        const properties = { IpPermissions: list, PrefixLists };
        const before = judge(asked, list, securityGroup(properties));
        const pick = () => gen(fc.nat, { max: 20 });
        const less = forget(properties, pick) as JsonObject;
        const value = less.IpPermissions ?? denied;
        const after = judge(asked, value, securityGroup('$unknown' in less ? { PrefixLists: denied } : less));
        expect([before, UNKNOWN]).toContain(after);
      }),
      { numRuns: 1000 },
    );
  });

  test('another permission never turns TRUE into anything else', () => {
    fc.assert(
      fc.property(operand, permissions, permission, fc.nat(), (asked, list, more, at) => {
        if (judge(asked, list) !== TRUE) return;
        const longer = [...list];
        longer.splice(at % (list.length + 1), 0, more);
        expect(judge(asked, longer)).toBe(TRUE);
      }),
    );
  });

  test('order is nothing', () => {
    fc.assert(
      fc.property(operand, permissions, (asked, list) => {
        expect(judge(asked, [...list].reverse())).toBe(judge(asked, list));
      }),
    );
  });

  test('a permission in two halves, by ports or by sources, is the same permission', () => {
    fc.assert(
      fc.property(operand, fc.integer({ min: 0, max: 65_534 }), fc.integer({ min: 1, max: 65_535 }), (asked, a, b) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        const middle = Math.floor((first + last) / 2);
        const whole = [open([first, last], '0.0.0.0/0', '3.0.0.0/8')];
        const byPorts = [open([first, middle], '0.0.0.0/0'), open([Math.min(middle + 1, last), last], '0.0.0.0/0')];
        const bySources = [open([first, last], '0.0.0.0/1'), open([first, last], '128.0.0.0/1')];
        expect(judge(asked, byPorts)).toBe(judge(asked, whole));
        expect(judge(asked, bySources)).toBe(judge(asked, whole));
      }),
    );
  });

  test('a list agrees with trying every port, source by source', () => {
    const small = fc.record({
      first: fc.integer({ min: 0, max: 6 }),
      width: fc.integer({ min: 0, max: 4 }),
      blocks: fc.array(fc.constantFrom('3.0.0.0/8', '4.0.0.0/8', '5.0.0.0/9', '2600::/16', '2601::/16'), {
        maxLength: 2,
      }),
    });
    const numbers = new Map<Json, readonly number[]>([
      ['0-3', [0, 1, 2, 3]],
      ['2-9', [2, 3, 4, 5, 6, 7, 8, 9]],
      [
        [1, 5, 9],
        [1, 5, 9],
      ],
    ]);
    fc.assert(
      fc.property(fc.array(small, { maxLength: 5 }), fc.constantFrom(...numbers.keys()), (parts, ports) => {
        const list = parts.map(({ first, width, blocks }) => open([first, first + width], ...blocks));
        const asked = numbers.get(ports) ?? [];
        const isWide = (port: number) => {
          const all = parts.flatMap(({ first, width, blocks }) =>
            first <= port && port <= first + width ? blocks : [],
          );
          const distinct = new Set(all);
          const v4 = [...distinct].filter((block) => !block.includes(':'));
          return v4.length > 1 || distinct.size - v4.length > 1;
        };
        expect(judge({ ports, from: 'anywhere' }, list)).toBe(asked.some(isWide) ? TRUE : FALSE);
        const every = { ports, every: true, from: 'anywhere' };
        expect(judge(every, list)).toBe(asked.every(isWide) ? TRUE : FALSE);
        const but = { ports, except: [3, 5], from: 'anywhere' };
        const others = asked.filter((port) => port !== 3 && port !== 5);
        expect(judge(but, list)).toBe(others.some(isWide) ? TRUE : FALSE);
      }),
    );
  });
});

describe('hostile sizes', () => {
  const narrow = (index: number) => `${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/32`;

  test('a hundred thousand sources of one permission are judged', () => {
    const IpRanges = Array.from({ length: 100_000 }, (_, index) => ({ CidrIp: narrow(index) }));
    expect(judge(ssh, [{ ...open(22), IpRanges }])).toBe(FALSE);
    expect(judge(ssh, [{ ...open(22), IpRanges: [...IpRanges, { CidrIp: '0.0.0.0/1' }] }])).toBe(TRUE);
  });

  test('a hundred thousand permissions are judged', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => open(index % 65_536, narrow(index)));
    expect(judge({ ports: '0-65535', from: 'anywhere' }, list)).toBe(FALSE);
    expect(judge({ ...all, ports: '0-65535' }, list)).toBe(FALSE);
  });

  test('every port in more pieces than can be tried is unknown, and says so', () => {
    const list = Array.from({ length: 6_000 }, (_, index) => open([index, 65_535], '0.0.0.0/0'));
    expect(judge({ ...all, ports: '0-65535' }, list)).toBe(UNKNOWN);
    expect(explain({ ...all, ports: '0-65535' }, list, UNKNOWN)[0]?.observed).toMatchObject({ $unknown: 'limit' });
  });

  test('an internet cut into more pieces than can be tried is unknown, and says so', () => {
    const list = Array.from({ length: 6_000 }, (_, index) => open([index, 65_535 - index], narrow(index)));
    const apart = [...list, open(0, '3.0.0.0/9'), open(1, '4.0.0.0/9')];
    const operand = { ports: '0-65535', from: 'anywhere' };
    expect(judge(operand, apart)).toBe(UNKNOWN);
    expect(explain(operand, apart, UNKNOWN)[0]?.observed).toMatchObject({ $unknown: 'limit' });
  });
});
