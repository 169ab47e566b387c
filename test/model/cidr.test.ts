import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, contains, covers, overlaps, parseCidr, union } from '../../src/model/cidr.ts';
import { isInternetWide, isInternetWide4, publicWidth, publicWidth4 } from '../../src/model/internet-width.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} does not parse`);
  return parsed;
}

const v4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${length}`);

const v6 = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 }))
  .map(([address, length]) => `${groups(address).join(':')}/${length}`);

function groups(address: bigint): string[] {
  return Array.from({ length: 8 }, (_, index) => ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
}

/** The two blocks of which a block consists, as texts. */
function halves(of: Cidr): string[] {
  if (of.family === 4) {
    const text = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
    return [of.first, of.first + 2 ** (31 - of.length)].map((first) => `${text(first)}/${of.length + 1}`);
  }
  return [of.first, of.first + (1n << BigInt(127 - of.length))].map(
    (first) => `${groups(first).join(':')}/${of.length + 1}`,
  );
}

describe('parsing', () => {
  it.each([
    ['0.0.0.0/0', 0, 2 ** 32 - 1],
    ['198.51.100.77/24', 0xc6336400, 0xc63364ff],
    ['255.255.255.255/32', 2 ** 32 - 1, 2 ** 32 - 1],
    ['128.0.0.0/1', 2 ** 31, 2 ** 32 - 1],
  ])('%s is the IPv4 block from %d to %d', (text, first, last) => {
    expect(parseCidr(text)).toMatchObject({ family: 4, first, last });
  });

  it.each([
    ['::/0', 0n, (1n << 128n) - 1n],
    ['::1/128', 1n, 1n],
    ['2001:db8::ff/120', 0x20010db8000000000000000000000000n, 0x20010db80000000000000000000000ffn],
    ['1:2:3:4:5:6:7:8/128', 0x00010002000300040005000600070008n, 0x00010002000300040005000600070008n],
    ['64:ff9b::203.0.113.7/128', 0x0064ff9b0000000000000000cb007107n, 0x0064ff9b0000000000000000cb007107n],
    ['2001:DB8:0:0:0:0:0:0/128', 0x20010db8000000000000000000000000n, 0x20010db8000000000000000000000000n],
  ])('%s is the IPv6 block from %d to %d', (text, first, last) => {
    expect(parseCidr(text)).toMatchObject({ family: 6, first, last });
  });

  it.each([
    ['::ffff:198.51.100.0/120', '198.51.100.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['0:0:0:0:0:ffff:c633:6407/128', '198.51.100.7/32'],
  ])('the mapped block %s is %s', (mapped, plain) => {
    expect(parseCidr(mapped)).toEqual(parseCidr(plain));
  });

  it.each([
    '',
    '/',
    '198.51.100.0',
    '198.51.100/24',
    '198.51.100.0/33',
    '198.51.100.0/024',
    '198.51.100.0/-1',
    '198.51.100.0/+8',
    '198.51.100.0/ 8',
    '198.51.100.0/8 ',
    ' 198.51.100.0/8',
    '198.51.100.0/8/8',
    '198.51.100.010/24',
    '198.51.100.256/24',
    '198.51.100.0.0/24',
    '0xc6.51.100.0/24',
    '198.51.100.٠/24',
    '2001:db8::',
    '2001:db8::/129',
    '2001:db8:::/32',
    '2001::db8::/32',
    '2001:db8/32',
    ':2001:db8::/32',
    '2001:db8::1:/32',
    '1:2:3:4:5:6:7:8::/64',
    '1:2:3:4:5:6:7:8:9/64',
    '2001:0db80::/32',
    'fe80::1%eth0/64',
    '198.51.100.0::/64',
    '1:2:3:4:5:6:7:198.51.100.0/64',
    `2001:db8::/${'0'.repeat(100)}`,
    'anywhere',
  ])('%j is refused, the second time too', (text) => {
    expect(parseCidr(text)).toBeUndefined();
    expect(parseCidr(text)).toBeUndefined();
  });

  it('does not depend on how the address is written', () => {
    fc.assert(
      fc.property(v6, (text) => {
        const upper = text.toUpperCase();
        const padded = text.replace(/[0-9a-f]+(?=[:/])/g, (group) => group.padStart(4, '0'));
        expect(parseCidr(upper)).toEqual(parseCidr(text));
        expect(parseCidr(padded)).toEqual(parseCidr(text));
      }),
    );
  });

  it('holds the address that was written, and 2^(bits - length) addresses in all', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (text) => {
        const block = cidr(text);
        const bits = block.family === 4 ? 32 : 128;
        expect(contains(block, cidr(text.replace(/\/.*/, `/${text.includes(':') ? 128 : 32}`)))).toBe(true);
        expect(BigInt(block.last) - BigInt(block.first) + 1n).toBe(1n << BigInt(bits - block.length));
      }),
    );
  });

  it('keeps working after more texts than it remembers', () => {
    for (let i = 0; i < 70_000; i += 1) parseCidr(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`);
    expect(parseCidr('10.1.17.111/32')).toMatchObject({ first: 10 * 2 ** 24 + 70_000 - 1 - 2 ** 16 + 2 ** 16 });
  });
});

describe('set algebra', () => {
  /** Blocks inside of 198.51.100.0/27, small enough to be enumerated. */
  const small = fc
    .tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 27, max: 32 }))
    .map(([host, length]) => `198.51.100.${host}/${length}`);

  it('agrees with enumeration in a small space', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 8 }), small, (texts, probe) => {
        const members = new Set(texts.flatMap((text) => addresses(cidr(text))));
        const ranges = union(texts.map(cidr));
        const asked = addresses(cidr(probe));
        expect(covers(ranges, cidr(probe))).toBe(asked.every((address) => members.has(address)));
        expect(ranges.v4.flatMap(([first, last]) => span(first, last))).toEqual([...members].sort((a, b) => a - b));
        const one = texts[0];
        if (one === undefined) return;
        expect(overlaps(cidr(one), cidr(probe))).toBe(addresses(cidr(one)).some((a) => asked.includes(a)));
        expect(contains(cidr(one), cidr(probe))).toBe(asked.every((a) => addresses(cidr(one)).includes(a)));
      }),
    );
  });

  function addresses(block: Cidr): number[] {
    return span(Number(block.first), Number(block.last));
  }

  function span(first: number, last: number): number[] {
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  it('keeps ranges sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(v4, v6)), (texts) => {
        const ranges = union(texts.map(cidr));
        for (const list of [ranges.v4, ranges.v6]) {
          for (const [index, range] of list.entries()) {
            const before = list[index - 1];
            if (before !== undefined) expect(BigInt(range[0]) > BigInt(before[1]) + 1n).toBe(true);
          }
        }
      }),
    );
  });

  it('does not tell a block from its halves', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(v4, v6), { minLength: 1, maxLength: 6 }), (texts) => {
        const blocks = texts.map(cidr);
        const split = blocks.flatMap((block) =>
          block.length === (block.family === 4 ? 32 : 128) ? [block] : halves(block).map(cidr),
        );
        expect(publicWidth(union(split)).v4).toBe(publicWidth(union(blocks)).v4);
        expect(isInternetWide(split)).toBe(isInternetWide(blocks));
      }),
    );
  });

  it('does not mix the families', () => {
    expect(contains(cidr('::/0'), cidr('198.51.100.0/24'))).toBe(false);
    expect(overlaps(cidr('::/0'), cidr('0.0.0.0/0'))).toBe(false);
    expect(covers(union([cidr('0.0.0.0/0')]), cidr('2001:db8::/32'))).toBe(false);
  });
});

describe('public width', () => {
  it.each([
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
    '2001:db8::/32',
    '::1/128',
  ])('%s is no public space', (text) => {
    expect(publicWidth(union([cidr(text)]))).toEqual({ v4: 0, v6: 0n });
  });

  it('counts each address once', () => {
    expect(publicWidth(union(['3.0.0.0/8', '3.5.0.0/16', '3.0.0.0/9'].map(cidr)))).toEqual({ v4: 2 ** 24, v6: 0n });
    expect(publicWidth(union(['2600::/16', '2600:1::/32'].map(cidr)))).toEqual({ v4: 0, v6: 1n << 112n });
  });

  it('agrees with exact arithmetic', () => {
    fc.assert(
      fc.property(fc.array(v4, { maxLength: 12 }), (texts) => {
        const specials = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr);
        const exact = (blocks: readonly Cidr[]) =>
          union(blocks).v4.reduce((sum, [first, last]) => sum + BigInt(last) - BigInt(first) + 1n, 0n);
        const blocks = texts.map(cidr);
        const without = BigInt(publicWidth(union(blocks)).v4);
        const withAll = BigInt(publicWidth(union([...blocks, ...specials])).v4);
        expect(withAll).toBe(without);
        expect(without <= exact(blocks)).toBe(true);
      }),
    );
  });
});

describe('anywhere', () => {
  it.each([
    ['0.0.0.0/0'],
    ['::/0'],
    ['0.0.0.0/1'],
    ['128.0.0.0/1'],
    ['0.0.0.0/1', '128.0.0.0/1'],
    ['2000::/3'],
    ['3.0.0.0/8', '4.0.0.0/32'],
    ['3.0.0.0/7'],
    ['2600::/12'],
    ['2600::/16', '2601::/128'],
    ['::ffff:0:0/96'],
    ['::fffe:0:0/95'],
    Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`),
  ])('%s and its like is the internet', (...texts) => {
    expect(isInternetWide(texts.map(cidr))).toBe(true);
  });

  it.each<string[]>([
    [],
    ['198.51.100.0/24'],
    ['3.0.0.0/8'],
    ['3.0.0.0/8', '3.0.0.0/8', '3.128.0.0/9'],
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
    ['224.0.0.0/3'],
    ['2600::/16'],
    ['2600::/17', '2600:8000::/17', '2600::/32'],
    ['fc00::/7', 'fe80::/10'],
    ['2001:db8::/32', '2001:db8:1::/48'],
  ])('%s and its like is not', (...texts) => {
    expect(isInternetWide(texts.map(cidr))).toBe(false);
  });

  it('never shrinks by adding a block', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(v4, v6), { maxLength: 10 }), fc.oneof(v4, v6), (texts, more) => {
        if (isInternetWide(texts.map(cidr))) expect(isInternetWide([...texts, more].map(cidr))).toBe(true);
      }),
    );
  });

  it('agrees with the exact width', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(v4, v6), { maxLength: 20 }), (texts) => {
        const width = publicWidth(union(texts.map(cidr)));
        expect(isInternetWide(texts.map(cidr))).toBe(width.v4 > 2 ** 24 || width.v6 > 1n << 112n);
      }),
    );
  });
});

it('tells by the size of an IPv4 block what counting its addresses tells', () => {
  const address = fc.nat({ max: 2 ** 32 - 1 });
  const ends = fc.tuple(address, fc.oneof(address, fc.nat({ max: 2 ** 26 })));
  fc.assert(
    fc.property(ends, ([a, b]) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      expect(isInternetWide4(first, last)).toBe(publicWidth4(first, last) > 2 ** 24);
    }),
  );
  expect(2 ** 32 - publicWidth4(0, 2 ** 32 - 1)).toBeLessThan(2 ** 30);
});
