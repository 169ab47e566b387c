import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { operator as permits } from '../../src/operators/permits.ts';
import { operator } from '../../src/operators/permits-only.ts';
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

const office = { ports: [22], from: ['198.51.100.0/24'] };
const nothing = { ports: [22], from: [] };
const group = { path: 'IpPermissions', type: groupType, shape: permissionsShape };

function row(operand: Json, permissions: Json, answer: Row[2], lists?: Json): Row {
  const resource = securityGroup({
    IpPermissions: permissions,
    ...(lists === undefined ? {} : { PrefixLists: lists }),
  });
  return [operand, permissions, answer, { ...group, resource }];
}

function prefixList(...blocks: readonly Json[]): Json {
  return [{ PrefixListId: 'pl-0a', Entries: blocks.map((Cidr) => ({ Cidr })) }];
}

const byList: JsonObject = { ...open(22), PrefixListIds: [{ PrefixListId: 'pl-0a' }] };
const byGroup: JsonObject = { ...open(22), UserIdGroupPairs: [{ GroupId: 'sg-0a', UserId: '111122223333' }] };

describeOperator(operator, {
  rows: [
    row(office, [], 'TRUE'),
    row(nothing, [], 'TRUE'),
    row(nothing, [open(22)], 'TRUE'),
    row(nothing, [{ IpProtocol: '-1', ...sources() }], 'TRUE'),
    row(nothing, [open(22, '198.51.100.7/32')], 'FALSE'),
    row(nothing, [byGroup], 'FALSE'),
    row(office, [open(22, '198.51.100.0/24')], 'TRUE'),
    row(office, [open(22, '198.51.100.7/32', '198.51.100.128/25')], 'TRUE'),
    row(office, [open(22, '198.51.100.0/23')], 'FALSE'),
    row(office, [open(22, '203.0.113.0/24')], 'FALSE'),
    row(office, [open(22, '198.51.100.7/32'), open(22, '0.0.0.0/0')], 'FALSE'),
    row(office, [open(22, '::/0')], 'FALSE'),
    row(office, [open(22, '2001:db8::/32')], 'FALSE'),
    row(office, [open(22, '::ffff:198.51.100.0/120')], 'TRUE'),
    row({ ports: [22], from: ['198.51.100.0/25', '198.51.100.128/25'] }, [open(22, '198.51.100.0/24')], 'TRUE'),
    row({ ports: [22], from: ['0.0.0.0/0'] }, [open(22, '0.0.0.0/0')], 'TRUE'),
    row({ ports: [22], from: ['0.0.0.0/0'] }, [open(22, '::/0')], 'FALSE'),
    row({ ports: 22, from: '198.51.100.0/24' }, [open(22, '198.51.100.0/24')], 'TRUE'),
    // Ports and protocols.
    row(office, [open(443, '198.51.100.0/24')], 'FALSE'),
    row(office, [open([22, 23], '198.51.100.0/24')], 'FALSE'),
    row(office, [{ IpProtocol: 'tcp', ...sources('198.51.100.0/24') }], 'FALSE'),
    row(office, [{ ...open(22, '198.51.100.0/24'), IpProtocol: '6' }], 'TRUE'),
    row(office, [{ ...open(22, '198.51.100.0/24'), IpProtocol: 'udp' }], 'FALSE'),
    row(office, [{ ...open(22, '198.51.100.0/24'), IpProtocol: 'icmp' }], 'FALSE'),
    row(office, [{ IpProtocol: '-1', ...sources('198.51.100.0/24') }], 'FALSE'),
    row({ ports: ['20-30', 31], from: ['198.51.100.0/24'] }, [open([25, 31], '198.51.100.7/32')], 'TRUE'),
    row({ ports: ['20-30', 32], from: ['198.51.100.0/24'] }, [open([25, 32], '198.51.100.7/32')], 'FALSE'),
    row({ ports: [], from: ['198.51.100.0/24'] }, [open(22, '198.51.100.7/32')], 'FALSE'),
    row({ from: ['198.51.100.0/24'] }, [open([0, 65_535], '198.51.100.7/32')], 'TRUE'),
    row({ ...office, protocol: ['tcp', 'udp'] }, [{ ...open(22, '198.51.100.7/32'), IpProtocol: '17' }], 'TRUE'),
    row({ ...office, protocol: ['tcp', 50] }, [{ IpProtocol: '50', ...sources('198.51.100.7/32') }], 'TRUE'),
    row({ ...office, protocol: 'any' }, [{ IpProtocol: '-1', ...sources('198.51.100.7/32') }], 'FALSE'),
    row({ ...office, protocol: 'any' }, [{ IpProtocol: '50', ...sources('198.51.100.7/32') }], 'FALSE'),
    row({ ...office, protocol: 'any' }, [{ ...open(22, '198.51.100.7/32'), IpProtocol: 'udp' }], 'TRUE'),
    row({ protocol: 'any', from: ['198.51.100.0/24'] }, [{ IpProtocol: '-1', ...sources('198.51.100.7/32') }], 'TRUE'),
    row({ protocol: 'any', from: ['198.51.100.0/24'] }, [{ ...everything }], 'FALSE'),
    row(
      { protocol: 'icmp', from: ['198.51.100.0/24'] },
      [{ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...sources('198.51.100.7/32') }],
      'TRUE',
    ),
    // References.
    row(office, [byGroup], 'FALSE'),
    row(office, [byList], 'UNKNOWN'),
    row(office, [byList], 'UNKNOWN', denied),
    row(office, [byList], 'TRUE', prefixList('198.51.100.7/32')),
    row(office, [byList], 'TRUE', prefixList()),
    row(office, [byList], 'FALSE', prefixList('198.51.100.7/32', '203.0.113.7/32')),
    row(office, [byList], 'UNKNOWN', prefixList('198.51.100.7/32', denied)),
    row(office, [byList], 'FALSE', prefixList('203.0.113.7/32', denied)),
    row(office, [{ ...byList, FromPort: 443, ToPort: 443 }], 'UNKNOWN'),
    row(office, [{ ...byList, FromPort: 443, ToPort: 443 }], 'FALSE', prefixList('198.51.100.7/32')),
    row(office, [{ ...byList, FromPort: 443, ToPort: 443 }], 'TRUE', prefixList()),
    row(office, [byList, open(22, '203.0.113.0/24')], 'FALSE'),
    // What was not collected or makes no sense.
    row(office, [denied], 'UNKNOWN'),
    row(office, [denied, byGroup], 'FALSE'),
    row(office, [{ ...open(22, '198.51.100.7/32'), IpProtocol: denied }], 'UNKNOWN'),
    row(office, [{ ...open(22, '203.0.113.7/32'), IpProtocol: denied }], 'FALSE'),
    row(office, [{ ...open(22), IpProtocol: denied }], 'TRUE'),
    row(office, [{ ...open(22, '198.51.100.7/32'), FromPort: denied }], 'UNKNOWN'),
    row({ ...office, ports: ['0-22'] }, [{ ...open(22, '198.51.100.7/32'), FromPort: denied }], 'TRUE'),
    row(office, [{ ...open(22), IpRanges: denied }], 'UNKNOWN'),
    row(office, [{ ...open(22), IpRanges: [{ CidrIp: 'office' }] }], 'UNKNOWN'),
    row(office, [{ ...open(22), UserIdGroupPairs: denied }], 'UNKNOWN'),
    row(office, 'open', 'UNKNOWN'),
    [office, undefined, 'TRUE', group],
    [office, open(22, '198.51.100.7/32'), 'TRUE', { ...group, path: 'IpPermissions[]', shape: permissionShape }],
    [office, open(22, '0.0.0.0/0'), 'FALSE', { ...group, path: 'IpPermissions[]', shape: permissionShape }],
  ],
  words: [
    [
      office,
      'permits nothing but traffic to port 22 (SSH) from 198.51.100.0/24',
      'permits more than traffic to port 22 (SSH) from 198.51.100.0/24',
    ],
    [nothing, 'permits nothing but traffic from nowhere', 'permits more than traffic from nowhere'],
    [
      { ports: { param: 'ports' }, protocol: 'any', from: { param: 'allowedCidrs' } },
      "permits nothing but traffic to the policy's ports over any protocol from the policy's allowedCidrs",
      "permits more than traffic to the policy's ports over any protocol from the policy's allowedCidrs",
    ],
  ],
  refused: [
    [{ ports: [22] }, 'found nothing', { at: ['from'] }],
    [{ ports: [22], from: 'anywhere' }, "'anywhere' is no block", { at: ['from'] }],
    [{ ports: [22], from: ['198.51.100.0'] }, "'198.51.100.0' is no block", { at: ['from', 0] }],
    [{ ports: ['ssh'], from: [] }, "'ssh' is no port", { at: ['ports', 0] }],
    [{ ports: [8], protocol: 'icmp', from: [] }, 'ICMP has no ports', { at: ['ports'] }],
    [{ port: 22, from: [] }, "'port' is none of", { at: ['port'] }],
  ],
});

const place = placeOf(permissionsShape, 'IpPermissions', groupType);

function judge(operand: Json, properties: JsonObject): Truth {
  return operator
    .prepare(operand, place)
    .test(properties.IpPermissions ?? denied, securityGroup(properties), runAt(now));
}

const permissions = fc.array(permission, { maxLength: 4 });
const operands = fc.constantFrom<Json>(
  office,
  nothing,
  { ports: ['0-443'], protocol: ['tcp', 'udp'], from: ['198.51.100.0/24', '0.0.0.0/0'] },
  { protocol: 'any', from: ['0.0.0.0/0', '::/0'] },
);

describe('laws', () => {
  test('forgetting any part of a group never changes a known answer into the other', () => {
    const lists = fc.constantFrom(prefixList(), prefixList('198.51.100.0/25'), prefixList('203.0.113.0/24'), denied);
    fc.assert(
      fc.property(operands, permissions, lists, fc.gen(), (operand, list, PrefixLists, gen) => {
        const properties = { IpPermissions: list, PrefixLists };
        const before = judge(operand, properties);
        const less = forget(properties, () => gen(fc.nat, { max: 20 })) as JsonObject;
        expect([before, UNKNOWN]).toContain(judge(operand, '$unknown' in less ? {} : less));
      }),
      { numRuns: 1000 },
    );
  });

  test('another permission never turns FALSE into anything else, and order is nothing', () => {
    fc.assert(
      fc.property(operands, permissions, permission, (operand, list, more) => {
        const before = judge(operand, { IpPermissions: list });
        expect(judge(operand, { IpPermissions: [...list].reverse() })).toBe(before);
        if (before === FALSE) expect(judge(operand, { IpPermissions: [more, ...list] })).toBe(FALSE);
      }),
    );
  });

  test('what permits only the office does not permit the internet', () => {
    fc.assert(
      fc.property(permissions, (list) => {
        if (judge(office, { IpPermissions: list }) !== TRUE) return;
        const internet = permits.prepare({ protocol: 'any', from: 'anywhere' }, place);
        expect(internet.test(list, securityGroup({ IpPermissions: list }), runAt(now))).toBe(FALSE);
      }),
    );
  });
});

describe('the explanation', () => {
  function explain(operand: Json, list: Json, answer: Truth, lists?: Json) {
    const resource = securityGroup({ IpPermissions: list, ...(lists === undefined ? {} : { PrefixLists: lists }) });
    return operator.prepare(operand, place).explain?.(list, resource, runAt(now), 'IpPermissions', answer) ?? [];
  }

  test('names the sources outside, and the ports where those are outside', () => {
    const list = [open(22, '198.51.100.7/32', '203.0.113.0/24'), open(443, '198.51.100.7/32')];
    expect(explain(office, list, FALSE).map(({ path, observed }) => [path, observed])).toEqual([
      ['IpPermissions[0].IpRanges[1].CidrIp', '203.0.113.0/24'],
      ['IpPermissions[1]', 'TCP port 443'],
      ['IpPermissions[1].IpRanges[0].CidrIp', '198.51.100.7/32'],
    ]);
  });

  test('names the entries of a prefix list', () => {
    const lists = prefixList('198.51.100.7/32', '203.0.113.7/32');
    expect(explain(office, [byList], FALSE, lists).map(({ path, observed }) => [path, observed])).toEqual([
      ['IpPermissions[0].PrefixListIds[0].PrefixListId', 'pl-0a'],
      ['PrefixLists[0].Entries[1].Cidr', '203.0.113.7/32'],
    ]);
  });

  test('names what is missing', () => {
    expect(explain(office, [{ ...open(22), IpRanges: denied }], UNKNOWN)).toMatchObject([
      { path: 'IpPermissions[0].IpRanges', observed: denied, expected: expect.stringContaining('nothing but traffic') },
    ]);
  });

  test('has a leaf for every answer', () => {
    fc.assert(
      fc.property(operands, permissions, (operand, list) => {
        expect(explain(operand, list, judge(operand, { IpPermissions: list })).length).toBeGreaterThan(0);
      }),
    );
  });
});

test('a hundred thousand permissions are judged', () => {
  const list = Array.from({ length: 100_000 }, (_, index) => open(22, `198.51.100.${index & 255}/32`));
  expect(judge(office, { IpPermissions: list })).toBe(TRUE);
});
