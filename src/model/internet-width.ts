import { type Cidr, mappedFirst, mappedLast, merge4, parseCidr, type Ranges, union } from './cidr.ts';

/** How many globally routable addresses a set holds. */
export interface PublicWidth {
  readonly v4: number;
  readonly v6: bigint;
}

/**
 * Space that the IANA special-purpose registries call not globally reachable, documentation blocks included, and
 * multicast, which is no source. The few reachable addresses inside of 192.0.0.0/24 and 2001::/23 are not told apart:
 * they cannot matter against a threshold of whole /8s.
 */
const notGlobal =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ' +
  '::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/9 ff00::/8';

let special: Ranges | undefined;

/** Made when it is asked for first, since most runs of the program never do. */
function specialRanges(): Ranges {
  special ??= union(notGlobal.split(' ').flatMap((text) => parseCidr(text) ?? []));
  return special;
}

/** Counts the globally routable addresses from one of IPv4 to another. */
export function publicWidth4(first: number, last: number): number {
  let width = last - first + 1;
  for (const [from, to] of specialRanges().v4) {
    if (first <= to && from <= last) width -= Math.min(last, to) - Math.max(first, from) + 1;
  }
  return width;
}

/** More than the special ranges of IPv4 hold together. */
const mostSpecial4 = 2 ** 30;

/** Whether a block of IPv4, from one address to another, is more of the internet than one /8. */
export function isInternetWide4(first: number, last: number): boolean {
  const size = last - first + 1;
  return size > widest4 && (size > widest4 + mostSpecial4 || publicWidth4(first, last) > widest4);
}

/** Counts the globally routable addresses of a set. IPv6 ranges over the IPv4-mapped block count there as IPv4. */
export function publicWidth(ranges: Ranges): PublicWidth {
  const mapped = ranges.v6.flatMap((range): [number, number][] => {
    const both = common(range, [mappedFirst, mappedLast]);
    return both === undefined ? [] : [[Number(both[0] - mappedFirst), Number(both[1] - mappedFirst)]];
  });
  const v4 = mapped.length === 0 ? ranges.v4 : merge4([...ranges.v4, ...mapped].map(([a, b]) => [a, b]));
  let width4 = 0;
  for (const [first, last] of v4) width4 += publicWidth4(first, last);
  let width6 = 0n;
  for (const range of ranges.v6) {
    width6 += range[1] - range[0] + 1n - shared(range, [mappedFirst, mappedLast]);
    for (const special of specialRanges().v6) width6 -= shared(range, special);
  }
  return { v4: width4, v6: width6 };
}

type Range6 = readonly [bigint, bigint];

function common(a: Range6, b: Range6): Range6 | undefined {
  const [first] = a[0] > b[0] ? a : b;
  const [, last] = a[1] < b[1] ? a : b;
  return last < first ? undefined : [first, last];
}

function shared(a: Range6, b: Range6): bigint {
  const both = common(a, b);
  return both === undefined ? 0n : both[1] - both[0] + 1n;
}

/** More of the internet than this is "anywhere": one /8 of IPv4, one /16 of IPv6. */
export const widest4 = 2 ** 24;
export const widest6 = 1n << 112n;

/**
 * Whether blocks together cover more globally routable space than one /8 of IPv4 or one /16 of IPv6. It is a matter
 * of width, not of being written 0.0.0.0/0: two halves of the internet are the internet.
 */
export function isInternetWide(cidrs: readonly Cidr[]): boolean {
  let most4 = 0;
  let most6 = 0;
  for (const cidr of cidrs) {
    if (cidr.family === 4) most4 += cidr.last - cidr.first + 1;
    else {
      most6 += 2 ** (128 - cidr.length);
      if (cidr.first <= mappedFirst && cidr.last >= mappedLast) most4 += 2 ** 32;
    }
  }
  // Nearly every list is settled by this upper bound. IPv6 sums are rounded, hence the margin of one bit.
  if (most4 <= widest4 && most6 <= 2 ** 111) return false;
  const [first] = cidrs;
  if (cidrs.length === 1 && first?.family === 4) return isInternetWide4(first.first, first.last);
  const width = publicWidth(union(cidrs));
  return width.v4 > widest4 || width.v6 > widest6;
}
