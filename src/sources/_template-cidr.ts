/** Most blocks that CloudFormation splits an address range into. */
const most = 256;

/**
 * The first blocks of an IPv4 range, as `Fn::Cidr` gives them.
 *
 * @param bits how many bits of each block's addresses are left to its hosts
 * @returns undefined for what CloudFormation refuses, and for IPv6, of which nobody writes the range down
 */
export function splitRange(range: string, count: number, bits: number): readonly string[] | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  const [length = 33, ...octets] = parts === null ? [] : parts.slice(1).map(Number).reverse();
  const isSound = length <= 32 && octets.every((octet) => octet <= 255);
  const whole = [count, bits].every(Number.isInteger);
  if (!isSound || !whole || count < 1 || count > most || bits < 0 || 32 - bits < length) return undefined;
  const size = 2 ** bits;
  if (count * size > 2 ** (32 - length)) return undefined;
  const address = octets.reverse().reduce((sum, octet) => sum * 256 + octet, 0);
  const first = address - (address % 2 ** (32 - length));
  return Array.from({ length: count }, (_, index) => `${dotted(first + index * size)}/${32 - bits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
