import fc from 'fast-check';
import { expect, test } from 'vitest';
import { permissionReader } from '../../src/model/ip-permission.ts';
import { judgeExposure, type Question } from '../../src/model/port-exposure.ts';
import { quickExposure } from '../../src/model/quick-exposure.ts';
import type { Resource } from '../../src/model/resource.ts';
import { FALSE, TRUE } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { forget } from '../operators/arbitrary-json.ts';
import { denied, placeOf } from '../operators/operator-table.ts';
import { groupType, open, permission, permissionsShape, securityGroup } from '../operators/security-group.ts';

const place = placeOf(permissionsShape, 'IpPermissions', groupType);
const read = permissionReader(place);
const ssh: Question = { protocols: [6], ports: [[22, 22]], from: 'anywhere' };

/** The quick answer of the list for a group whose omitted properties are known absent. */
function quickly(list: Json, question: Question, group = securityGroup({ IpPermissions: list })): number | undefined {
  return quickExposure(place, question)(list, group);
}

function whole(...permissions: readonly JsonObject[]): Json {
  return permissions.map((one) => ({ PrefixListIds: [], UserIdGroupPairs: [], ...one }));
}

test.each<[string, Json, number | undefined]>([
  ['nothing at all', whole(), FALSE],
  ['an office', whole(open(22, '198.51.100.0/24', '2600::/32')), FALSE],
  ['the internet', whole(open(22, '0.0.0.0/0')), TRUE],
  ['the internet of IPv6', whole(open(22, '::/0')), TRUE],
  ['the internet to another port', whole(open(443, '0.0.0.0/0')), FALSE],
  [
    'private addresses, however many',
    whole(open(22, '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')),
    FALSE,
  ],
  ['a group beside the office', whole({ ...open(22, '198.51.100.0/24'), UserIdGroupPairs: [{}] }), FALSE],
  ['one whole /8', whole(open(22, '3.0.0.0/8')), FALSE],
  ['two of them, which only together are too much', whole(open(22, '3.0.0.0/8'), open(22, '4.0.0.0/8')), undefined],
  ['a prefix list', whole({ ...open(22), PrefixListIds: [{ PrefixListId: 'pl-0a' }] }), undefined],
  ['a block of the other family', whole({ ...open(22), IpRanges: [{ CidrIp: '::/0' }] }), undefined],
  ['a block that is none', whole(open(22, '0.0.0.0/33')), undefined],
  ['a list that is known to be absent', [open(22, '198.51.100.0/24')], FALSE],
  ['something not collected', [denied], undefined],
  ['no list', 'open', undefined],
])('%s', (_name, permissions, answer) => {
  expect(quickly(permissions, ssh)).toBe(answer);
});

test('a list that is not there and should be is no empty list', () => {
  const group = (calls: Resource['calls']) => securityGroup({}, calls && { calls });
  const office = [open(22, '198.51.100.0/24')];
  expect(quickly(office, ssh, group(undefined))).toBe(FALSE);
  expect(quickly(office, ssh, group({}))).toBe(undefined);
  expect(quickly(office, ssh, group({ '': 'ec2:DescribeSecurityGroups' }))).toBe(undefined);
});

test('one wide block decides, whatever is odd beside it', () => {
  const odd = { ...open(22, 'no block', '0.0.0.0/0'), PrefixListIds: [{ PrefixListId: 'pl-0a' }] };
  expect(quickly([denied, odd], ssh)).toBe(TRUE);
});

test('every port is not open where the permissions are too few, whoever may come in', () => {
  const all: Question = { ...ssh, ports: [[1, 65_535]], every: true };
  expect(quickly(whole(open([2, 65_535], '0.0.0.0/0')), all)).toBe(FALSE);
  expect(quickly([{ ...open([2, 65_535]), IpRanges: denied }], all)).toBe(FALSE);
  expect(quickly(whole(open([1, 65_535], '0.0.0.0/0')), all)).toBe(undefined);
  expect(quickly([denied], all)).toBe(undefined);
});

test('what is told quickly is what the exact way says', () => {
  const complete = permission.map((one) => ({ PrefixListIds: [], ...(one as JsonObject) }));
  const ports = fc.constantFrom<Question['ports']>(
    undefined,
    [[22, 22]],
    [[20, 25]],
    [
      [0, 21],
      [443, 443],
    ],
    [
      [8080, 8080],
      [443, 443],
      [20, 30],
      [25, 90],
      [91, 91],
      [60_000, 65_535],
    ],
    [],
  );
  const protocols = fc.constantFrom<Question['protocols']>([6], [6, 17], [17], 'any', [50]);
  const permissions = fc.array(fc.oneof({ arbitrary: complete, weight: 4 }, permission), { maxLength: 4 });
  let told = 0;
  fc.assert(
    fc.property(
      permissions,
      ports,
      protocols,
      fc.boolean(),
      fc.boolean(),
      fc.gen(),
      (list, asked, kinds, less, every, gen) => {
        const question: Question = { protocols: kinds, ports: asked, from: 'anywhere', ...(every ? { every } : {}) };
        const value = less ? forget(list, () => gen(fc.nat, { max: 20 })) : list;
        const quick = quickly(value, question);
        if (quick === undefined) return;
        told += 1;
        expect(judgeExposure(read(value, securityGroup({ IpPermissions: value })), question).answer).toBe(quick);
      },
    ),
    { numRuns: 3000 },
  );
  expect(told).toBeGreaterThan(300);
});
