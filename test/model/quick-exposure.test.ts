import fc from 'fast-check';
import { expect, test } from 'vitest';
import { permissionReader, type Relevant } from '../../src/model/ip-permission.ts';
import { asksAbout, judgeExposure, type Question } from '../../src/model/port-exposure.ts';
import { quickExposure } from '../../src/model/quick-exposure.ts';
import { FALSE, TRUE } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { forget } from '../operators/arbitrary-json.ts';
import { denied, placeOf } from '../operators/operator-table.ts';
import { groupType, open, permission, permissionsShape, securityGroup } from '../operators/security-group.ts';

const read = permissionReader(placeOf(permissionsShape, 'IpPermissions', groupType));
const ssh: Question = { protocols: [6], ports: [[22, 22]], from: 'anywhere' };

const asksOf =
  (question: Question): Relevant =>
  (protocol, first, last) =>
    asksAbout(question, protocol, first, last);

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
  ['a list that is not there', [open(22)], undefined],
  ['something not collected', [denied], undefined],
  ['no list', 'open', undefined],
])('%s', (_name, permissions, answer) => {
  expect(quickExposure(permissions, asksOf(ssh))).toBe(answer);
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
    [],
  );
  const protocols = fc.constantFrom<Question['protocols']>([6], [6, 17], [17], 'any', [50]);
  const permissions = fc.array(fc.oneof({ arbitrary: complete, weight: 4 }, permission), { maxLength: 4 });
  let told = 0;
  fc.assert(
    fc.property(permissions, ports, protocols, fc.boolean(), fc.gen(), (list, asked, kinds, less, gen) => {
      const question: Question = { protocols: kinds, ports: asked, from: 'anywhere' };
      const value = less ? forget(list, () => gen(fc.nat, { max: 20 })) : list;
      const quick = quickExposure(value, asksOf(question));
      if (quick === undefined) return;
      told += 1;
      expect(judgeExposure(read(value, securityGroup({ IpPermissions: value })), question).answer).toBe(quick);
    }),
    { numRuns: 3000 },
  );
  expect(told).toBeGreaterThan(300);
});
