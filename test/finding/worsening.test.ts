import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, Result } from '../../src/finding/finding.ts';
import { pastEvidence, worsening } from '../../src/finding/worsening.ts';

const place = {
  rule: 'sg-closed',
  severity: 'high',
  outcome: 'fail',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  resource: { id: 'sg-1' },
} as const;

function failure(evidence: readonly Evidence[], more?: number): Result {
  return { ...place, evidence, ...(more === undefined ? {} : { moreEvidence: more }) };
}

/** `0.0.0.0/0 TCP port 22`, at a place of its own. */
function open(text: string, index = 0): Evidence {
  const [observed = '', ...within] = text.split(' ');
  const list = observed.includes(':') ? 'Ipv6Ranges[0].CidrIpv6' : 'IpRanges[0].CidrIp';
  const path = `IpPermissions[${index}].${list}`;
  return { path, observed, expected: 'nobody', within: within.join(' ') };
}

function length(observed: number, expected = 'is at least 14', index?: number): Evidence {
  return { path: index === undefined ? 'MinimumPasswordLength' : `Rules[${index}].Length`, observed, expected };
}

function addedOf(then: readonly Evidence[], now: readonly Evidence[], was: ReadonlyMap<string, string> = new Map()) {
  return [...(worsening(pastEvidence(failure(then)), failure(now), was, true)?.added ?? [])];
}

describe('a failure after a change', () => {
  const [ssh, rdp] = [open('0.0.0.0/0 TCP port 22'), open('0.0.0.0/0 TCP port 3389')];
  const admin = (sid: string, index: number): Evidence => ({
    path: `PolicyVersionList[0].Document.Statement[${index}]`,
    observed: { Sid: sid, Effect: 'Allow', Action: '*', Resource: '*' },
    expected: 'less',
  });

  it.each<[string, readonly Evidence[], readonly Evidence[]]>([
    ['opens one more port', [rdp], [rdp, ssh]],
    ['opens another port instead', [rdp], [ssh]],
    ['opens a port to more addresses', [open('198.51.100.0/24 TCP port 22')], [ssh]],
    ['opens a port to IPv6, too', [ssh], [ssh, open('::/0 TCP port 22')]],
    ['opens more ports at once', [ssh], [open('0.0.0.0/0 TCP ports 22-23')]],
    ['opens everything', [ssh], [open('0.0.0.0/0 all protocols and ports')]],
    ['opens the port of another protocol', [ssh], [open('0.0.0.0/0 UDP port 22')]],
    ['wants a shorter password', [length(12)], [length(8)]],
    ['allows more than it did', [length(3, 'is at most 2')], [length(4, 'is at most 2')]],
    ['has one of two that is worse', [length(5), length(12)], [length(8)]],
    ['has two that were one', [length(8, 'is at least 14', 0)], [8, 9].map((n) => length(n, 'is at least 14', n))],
    ['grants everything once more', [admin('a', 0)], [admin('a', 0), admin('b', 1)]],
    ['grants everything twice in the same words', [admin('a', 0)], [admin('a', 0), admin('a', 1)]],
    [
      'has another text',
      [{ path: 'Policy', observed: '2015', expected: '2021' }],
      [{ path: 'Policy', observed: '2013', expected: '2021' }],
    ],
    ['lacks what there was', [length(8)], [{ path: 'MinimumPasswordLength', expected: 'is at least 14' }]],
  ])('that %s is worse', (_, then, now) => {
    const found = addedOf(then, now);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((one) => now.includes(one))).toBe(true);
  });

  it.each<[string, readonly Evidence[], readonly Evidence[]]>([
    ['is the same', [ssh, rdp], [ssh, rdp]],
    ['stands in another order', [ssh, rdp], [rdp, ssh]],
    ['stands elsewhere in its list', [ssh], [open('0.0.0.0/0 TCP port 22', 7)]],
    ['is open for one port less', [ssh, rdp], [rdp]],
    ['is open for a part of the ports', [open('0.0.0.0/0 TCP ports 0-65535')], [ssh, rdp]],
    [
      'is open for one protocol of all',
      [open('0.0.0.0/0 all protocols and ports')],
      [ssh, open('0.0.0.0/0 protocol 50')],
    ],
    ['is open to half of the internet', [ssh], [open('0.0.0.0/1 TCP port 22')]],
    ['is open to the internet in halves', [ssh], [open('0.0.0.0/1 TCP port 22'), open('128.0.0.0/1 TCP port 22', 1)]],
    ['wants a longer password', [length(8)], [length(12)]],
    ['has fewer than it had', [length(5, 'is at most 2')], [length(4, 'is at most 2')]],
    ['grants everything once less', [admin('a', 0), admin('b', 1)], [admin('b', 0)]],
  ])('that %s is no worse', (_, then, now) => {
    expect(worsening(pastEvidence(failure(then)), failure(now), new Map(), true)).toBeUndefined();
  });

  it('names what is made anew by its id of before', () => {
    const group = (observed: string): Evidence => ({ path: 'Groups[0].GroupId', observed, expected: 'none' });
    const was = new Map([['aws_security_group.web', 'sg-2']]);
    expect(addedOf([group('sg-2')], [group('aws_security_group.web')], was)).toEqual([]);
    expect(addedOf([group('sg-2')], [group('aws_security_group.web')])).toHaveLength(1);
  });

  it.each<[string, number | undefined, number | undefined, boolean, boolean]>([
    ['after it, where it alters that', undefined, 1, true, true],
    ['after it, where it alters something else', undefined, 1, false, true],
    ['on both sides, where it alters that', 5, 5, true, true],
    ['on both sides, where it alters something else', 5, 5, false, false],
    ['on both sides, and of more after it', 5, 6, false, true],
    ['before it, and the rest was there', 5, undefined, true, false],
  ])('of which not all is kept %s is told so', (_, then, now, altered, isOpen) => {
    const found = worsening(pastEvidence(failure([ssh], then)), failure([ssh], now), new Map(), altered);
    expect(found?.isOpen ?? false).toBe(isOpen);
    expect([...(found?.added ?? [])]).toEqual([]);
  });

  it('that has something new beside what is not kept cannot say what is new', () => {
    const found = worsening(pastEvidence(failure([ssh], 5)), failure([rdp]), new Map(), true);
    expect(found).toEqual({ added: new Set(), isOpen: true });
  });

  const reach = fc.oneof(
    fc.constant('all protocols and ports'),
    fc
      .tuple(fc.constantFrom('TCP', 'UDP'), fc.nat(100), fc.nat(100))
      .map(([protocol, from, more]) =>
        more === 0 ? `${protocol} port ${from}` : `${protocol} ports ${from}-${from + more}`,
      ),
  );
  const exposure = fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(32), reach).map(([address, bits, ports]) => {
    const first = bits === 0 ? 0 : (address >>> (32 - bits)) << (32 - bits);
    return { first: first >>> 0, bits, ports };
  });
  type Exposure = { first: number; bits: number; ports: string };
  const evidenceOf = ({ first, bits, ports }: Exposure, index: number) =>
    open(`${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${bits} ${ports}`, index);
  /** A point (protocol, port, address) that the exposure admits. */
  const admits = ({ first, bits, ports }: Exposure, protocol: string, port: number, address: number) => {
    const [, own, from = '0', to = from] = /^(TCP|UDP) ports? ([0-9]+)(?:-([0-9]+))?$/.exec(ports) ?? [];
    const meets = own === undefined || (own === protocol && Number(from) <= port && port <= Number(to));
    return meets && address >= first && address < first + 2 ** (32 - bits);
  };

  it('is worse whenever a permission is added that lets somebody in who was kept out', () => {
    fc.assert(
      fc.property(fc.array(exposure, { minLength: 1, maxLength: 6 }), exposure, fc.nat(5), (then, more, at) => {
        const [, protocol = 'UDP', port = '200'] = /^(TCP|UDP) ports? ([0-9]+)/.exec(more.ports) ?? [];
        fc.pre(!then.some((one) => admits(one, protocol, Number(port), more.first)));
        const now = [...then.slice(0, at), more, ...then.slice(at)].map(evidenceOf);
        expect(addedOf(then.map(evidenceOf), now).map(({ observed, within }) => [observed, within])).toEqual([
          [evidenceOf(more, 0).observed, more.ports],
        ]);
      }),
    );
  });

  it('is no worse in any other order, or with a part of it gone', () => {
    fc.assert(
      fc.property(
        fc.array(exposure, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        fc.nat(5),
        (then, keys, gone) => {
          const now = then.map((one) => [keys.next().value ?? 0, one] as const).sort(([a], [b]) => a - b);
          const kept = now.slice(Math.min(gone, now.length - 1)).map(([, one], index) => evidenceOf(one, index));
          expect(addedOf(then.map(evidenceOf), kept)).toEqual([]);
        },
      ),
    );
  });
});
