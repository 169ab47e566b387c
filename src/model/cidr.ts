/** A block of IPv4 addresses as its first and last address; both fit a double exactly. */
export interface Cidr4 {
  readonly family: 4;
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/** A block of IPv6 addresses. */
export interface Cidr6 {
  readonly family: 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly length: number;
}

export type Cidr = Cidr4 | Cidr6;

/** A set of addresses: inclusive ranges, sorted, neither overlapping nor touching. */
export interface Ranges {
  readonly v4: readonly (readonly [number, number])[];
  readonly v6: readonly (readonly [bigint, bigint])[];
}

/** Longest text of a block: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128`. */
const longestText = 49;
const mostTexts = 4096;
const parsed6 = new Map<string, Cidr | undefined>();

/**
 * Parses `198.51.100.0/24` or `2001:db8::/32`. Bits after the prefix are masked off, as AWS does. Octets with leading
 * zeros, short forms, zones, blanks and a missing prefix length are refused. A block of IPv4-mapped addresses
 * (`::ffff:198.51.100.0/120`) is the IPv4 block that it stands for.
 */
export function parseCidr(text: string): Cidr | undefined {
  if (text === allText4) return all4;
  if (text.length > longestText) return undefined;
  if (!text.includes(':')) return parseText4(text);
  // Unlike those of IPv4, they cost more to read than to look up.
  const known = parsed6.get(text);
  if (known !== undefined || parsed6.has(text)) return known;
  // Starting over bounds the memory as well as evicting would, and costs nothing per look-up.
  if (parsed6.size >= mostTexts) parsed6.clear();
  const cidr = parseText6(text);
  parsed6.set(text, cidr);
  return cidr;
}

function parseText6(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const length = parseDecimal(text, slash + 1, text.length);
  const bits = parseV6(text.slice(0, slash));
  return bits === undefined || length < 0 || length > 128 ? undefined : block6(bits, length);
}

function parseText4(text: string): Cidr4 | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? -1 : parseV4(text, slash);
  const length = parseDecimal(text, slash + 1, text.length);
  return address < 0 || length < 0 || length > 32 ? undefined : block4(address, length);
}

const zero = 48;

/** How many addresses a block has, by the length of its prefix. */
const sizes4 = Array.from({ length: 33 }, (_, length) => 2 ** (32 - length));

function block4(address: number, length: number): Cidr4 {
  const size = sizes4[length] ?? 1;
  const first = address - (address % size);
  return { family: 4, first, last: first + size - 1, length };
}

/** The block that permissions name most: all addresses of IPv4. */
const allText4 = '0.0.0.0/0';
const all4 = block4(0, 0);

/** The addresses of IPv6 that stand for those of IPv4. */
export const mappedFirst = 0xffff_0000_0000n;
export const mappedLast = 0xffff_ffff_ffffn;

function block6(address: bigint, length: number): Cidr {
  const host = BigInt(128 - length);
  const first = (address >> host) << host;
  const last = first + (1n << host) - 1n;
  if (first >= mappedFirst && last <= mappedLast) return block4(Number(first - mappedFirst), length - 96);
  return { family: 6, first, last, length };
}

/** A number of one to three digits without a leading zero, at a place of a text; -1 for anything else. */
function parseDecimal(text: string, from: number, to: number): number {
  if (to <= from || to > from + 3 || (to > from + 1 && text.charCodeAt(from) === zero)) return -1;
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The address with which a text begins, up to `end`; -1 for anything else. */
function parseV4(text: string, end: number): number {
  let address = 0;
  let from = 0;
  for (let octet = 0; octet < 4; octet += 1) {
    const dot = octet === 3 ? end : text.indexOf('.', from);
    const value = dot < 0 || dot > end ? -1 : parseDecimal(text, from, dot);
    if (value < 0 || value > 255) return -1;
    address = address * 256 + value;
    from = dot + 1;
  }
  return address;
}

function parseV6(text: string): bigint | undefined {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text, true);
    return groups?.length === 8 ? join(groups) : undefined;
  }
  if (text.includes('::', gap + 1)) return undefined;
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false);
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  return join([...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]);
}

/** 16-bit groups; the last may be written as an IPv4 address, which makes two. */
function parseGroups(text: string, mayEndInV4: boolean): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInV4 && index === parts.length - 1 && part.includes('.')) {
      const address = parseV4(part, part.length);
      if (address < 0) return undefined;
      groups.push(Math.floor(address / 65_536), address % 65_536);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function join(groups: readonly number[]): bigint {
  return groups.reduce((address, group) => (address << 16n) | BigInt(group), 0n);
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && outer.last >= inner.last;
}

/** Whether two blocks have an address in common. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The set of all addresses of some blocks. */
export function union(cidrs: readonly Cidr[]): Ranges {
  const v4: [number, number][] = [];
  const v6: [bigint, bigint][] = [];
  for (const cidr of cidrs) {
    if (cidr.family === 4) v4.push([cidr.first, cidr.last]);
    else v6.push([cidr.first, cidr.last]);
  }
  return { v4: merge4(v4), v6: merge6(v6) };
}

export function merge4(ranges: [number, number][]): [number, number][] {
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const range of ranges) {
    if (last !== undefined && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1]);
    else {
      last = range;
      merged.push(range);
    }
  }
  return merged;
}

function merge6(ranges: [bigint, bigint][]): [bigint, bigint][] {
  ranges.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const merged: [bigint, bigint][] = [];
  let last: [bigint, bigint] | undefined;
  for (const range of ranges) {
    if (last === undefined || range[0] > last[1] + 1n) {
      last = range;
      merged.push(range);
    } else if (range[1] > last[1]) last[1] = range[1];
  }
  return merged;
}

/** Whether every address of `cidr` is in the set. */
export function covers(ranges: Ranges, cidr: Cidr): boolean {
  return cidr.family === 4
    ? within<number>(ranges.v4, cidr.first, cidr.last)
    : within<bigint>(ranges.v6, cidr.first, cidr.last);
}

function within<T extends number | bigint>(ranges: readonly (readonly [T, T])[], first: T, last: T): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined || range[1] < first) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range[0] <= first && range[1] >= last;
}
