import { isInternetWide, parseCidr, publicWidth, union, widest4, widest6 } from './cidr.ts';
import type { Relevant } from './ip-permission.ts';
import { allProtocols, highestPort, isPort, tcp, udp } from './port-operand.ts';
import { FALSE, TRUE, type Truth } from './truth.ts';
import { isObject, isUnknown, type Json, type JsonObject } from './value.ts';

/** How much of the internet one block is; the width in IPv6 is rounded. */
interface Share {
  readonly v4: number;
  readonly v6: number;
  readonly isWide: boolean;
}

/** Half of the bound is more than rounding can amount to. */
const certain6 = Number(widest6 / 2n);
const mostTexts = 4096;
const shares4 = new Map<string, Share>();
const shares6 = new Map<string, Share>();

/**
 * Whether permissions admit the internet, where that can be told without unfolding them: every one in question is well
 * formed and names blocks of addresses, and either one block is wide enough, or all of them together are not. Undefined
 * leaves it to the exact way, which must then be asked.
 */
export function quickExposure(permissions: Json, asks: Relevant): Truth | undefined {
  if (!Array.isArray(permissions)) return undefined;
  const sum: Sum = { v4: 0, v6: 0 };
  for (const permission of permissions as readonly Json[]) {
    const found = addPermission(sum, permission, asks);
    if (found !== undefined) return found === 'wide' ? TRUE : undefined;
  }
  return sum.v4 <= widest4 && sum.v6 <= certain6 ? FALSE : undefined;
}

/** Undefined where protocol or ports are not written as they nearly always are. */
function meets({ IpProtocol, FromPort: first, ToPort: last }: JsonObject, asks: Relevant): boolean | undefined {
  if (IpProtocol === '-1') return asks(allProtocols, 0, highestPort);
  const protocol = IpProtocol === 'tcp' ? tcp : IpProtocol === 'udp' ? udp : undefined;
  if (protocol === undefined || !isPort(first) || !isPort(last) || first > last) return undefined;
  return asks(protocol, first, last);
}

type Sum = { v4: number; v6: number };

/** Adds up the blocks of one permission, if it is in question, unless one of them decides it or is odd. */
function addPermission(sum: Sum, permission: Json, asks: Relevant): 'wide' | 'odd' | undefined {
  if (!isObject(permission) || isUnknown(permission)) return 'odd';
  const hit = meets(permission, asks);
  if (hit !== true) return hit === false ? undefined : 'odd';
  const { IpRanges, Ipv6Ranges, PrefixListIds } = permission;
  if (!Array.isArray(PrefixListIds) || PrefixListIds.length > 0) return 'odd';
  return addBlocks(sum, IpRanges, 'CidrIp', shares4) ?? addBlocks(sum, Ipv6Ranges, 'CidrIpv6', shares6);
}

function addBlocks(
  sum: Sum,
  list: Json | undefined,
  name: 'CidrIp' | 'CidrIpv6',
  shares: Map<string, Share>,
): 'wide' | 'odd' | undefined {
  if (!Array.isArray(list)) return 'odd';
  for (const item of list as readonly Json[]) {
    const text = isObject(item) && !isUnknown(item) ? item[name] : undefined;
    const share = typeof text === 'string' ? (shares.get(text) ?? measure(text, shares)) : undefined;
    if (share === undefined) return 'odd';
    if (share.isWide) return 'wide';
    sum.v4 += share.v4;
    sum.v6 += share.v6;
  }
  return undefined;
}

/** A block in the list of the other family is a broken answer. */
function measure(text: string, shares: Map<string, Share>): Share | undefined {
  const cidr = text.includes(':') === (shares === shares6) ? parseCidr(text) : undefined;
  if (cidr === undefined) return undefined;
  const { v4, v6 } = publicWidth(union([cidr]));
  const share = { v4, v6: Number(v6), isWide: isInternetWide([cidr]) };
  if (shares.size >= mostTexts) shares.clear();
  shares.set(text, share);
  return share;
}
