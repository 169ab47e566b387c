import { parseCidr, union } from './cidr.ts';
import { isInternetWide, isInternetWide4, publicWidth, publicWidth4, widest4, widest6 } from './internet-width.ts';
import type { OperatorPlace } from './operator.ts';
import type { Question } from './port-exposure.ts';
import { highestPort, isPort, mergePorts, type Ports, tcp, udp } from './port-operand.ts';
import { type Absence, absenceAt, type Resource } from './resource.ts';
import { FALSE, TRUE, type Truth } from './truth.ts';
import { isObject, isUnknown, type Json, type JsonObject } from './value.ts';

type Lists = 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds';

/** What it means that a permission has no list of blocks of one kind. */
type Absences = Readonly<Record<Lists, Absence>>;

/** How much of the internet the blocks are that were seen so far; the width in IPv6 is rounded. */
interface Sum {
  v4: number;
  v6: number;
  /** Whether something was seen of which the exact way must say what it is worth. */
  isOdd: boolean;
}

/** How much of the internet one block of IPv6 is. */
interface Share {
  /** Blocks of IPv6 may hold such of IPv4. */
  readonly v4: number;
  readonly v6: number;
  readonly isWide: boolean;
}

/** Half of the bound is more than rounding can amount to. */
const certain6 = Number(widest6 / 2n);
const small4 = 2 ** 16;
const mostTexts = 4096;
const shares6 = new Map<string, Share>();

/**
 * Whether permissions admit the internet, where that can be told without unfolding them: one of them names a block that
 * is wide enough, or every one in question is well formed and names blocks that are too narrow even together. Undefined
 * leaves it to the exact way, which must then be asked.
 */
export function quickExposure(
  place: OperatorPlace,
  question: Question,
): (value: Json, resource: Resource) => Truth | undefined {
  const isList = typeof place.shape === 'object' && 'list' in place.shape;
  const ofOne = absencesAt(place, place.path);
  const ofItem = absencesAt(place, `${place.path}[]`);
  const asked: Asked = {
    tcp: question.protocols === 'any' || question.protocols.includes(tcp),
    udp: question.protocols === 'any' || question.protocols.includes(udp),
    ports: mergePorts(question.ports ?? allPorts),
  };
  return (value, resource) => {
    const isMany = Array.isArray(value);
    if (!isMany && isList) return undefined;
    const permissions = isMany ? (value as readonly Json[]) : [value];
    if (question.every === true && leavesPorts(permissions, asked)) return FALSE;
    const answer = addUp(permissions, asked, resource, isMany ? ofItem : ofOne);
    // That some port is open to the internet says nothing yet of every port.
    return question.every === true && answer === TRUE ? undefined : answer;
  };
}

function absencesAt({ type }: OperatorPlace, base: string): Absences {
  return {
    IpRanges: absenceAt(type, `${base}.IpRanges`),
    Ipv6Ranges: absenceAt(type, `${base}.Ipv6Ranges`),
    PrefixListIds: absenceAt(type, `${base}.PrefixListIds`),
  };
}

function addUp(permissions: readonly Json[], asked: Asked, resource: Resource, absences: Absences): Truth | undefined {
  const sum: Sum = { v4: 0, v6: 0, isOdd: false };
  for (const permission of permissions) if (addPermission(sum, permission, asked, resource, absences)) return TRUE;
  return !sum.isOdd && sum.v4 <= widest4 && sum.v6 <= certain6 ? FALSE : undefined;
}

/** What is asked about, made ready: over TCP, over UDP, and the ports, sorted and apart from each other. */
interface Asked {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly ports: readonly Ports[];
}

/** Whether a permission is in question; undefined where protocol or ports are not written as they nearly always are. */
function meets({ IpProtocol, FromPort: first, ToPort: last }: JsonObject, asked: Asked): boolean | undefined {
  if (IpProtocol === '-1') return asked.ports.length > 0;
  if ((IpProtocol !== 'tcp' && IpProtocol !== 'udp') || !isPort(first) || !isPort(last) || first > last)
    return undefined;
  return (IpProtocol === 'tcp' ? asked.tcp : asked.udp) && meetsPorts(asked.ports, first, last);
}

function meetsPorts(ports: readonly Ports[], first: number, last: number): boolean {
  let low = 0;
  let high = ports.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ports[middle]?.[1] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return (ports[low]?.[0] ?? Number.POSITIVE_INFINITY) <= last;
}

/** Whether one of the ports asked for is certainly not opened to anybody: the permissions are too few for all of them. */
function leavesPorts(permissions: readonly Json[], asked: Asked): boolean {
  for (const [from, to] of asked.ports) {
    let open = 0;
    for (const permission of permissions) open += portsOpened(permission, from, to, asked);
    if (open < to - from + 1) return true;
  }
  return false;
}

const allPorts: readonly Ports[] = [[0, highestPort]];

/** How many of the ports a permission opens at most. */
function portsOpened(permission: Json, from: number, to: number, asked: Asked): number {
  const all = to - from + 1;
  if (!isObject(permission) || isUnknown(permission)) return all;
  const hit = meets(permission, asked);
  if (hit === false) return 0;
  const { IpProtocol, FromPort: first, ToPort: last } = permission;
  if (hit === undefined || IpProtocol === '-1' || !isPort(first) || !isPort(last)) return all;
  return Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
}

/** Adds up the blocks of one permission, if it is in question. @returns whether one of them is wide enough alone */
function addPermission(sum: Sum, permission: Json, asked: Asked, resource: Resource, absences: Absences): boolean {
  const hit = isObject(permission) && !isUnknown(permission) ? meets(permission, asked) : undefined;
  if (hit === undefined || !isObject(permission)) {
    sum.isOdd = true;
    return false;
  }
  if (!hit) return false;
  if (listOf(permission, 'PrefixListIds', resource, absences)?.length !== 0) sum.isOdd = true;
  return (
    addBlocks(sum, listOf(permission, 'IpRanges', resource, absences), addBlock4) ||
    addBlocks(sum, listOf(permission, 'Ipv6Ranges', resource, absences), addBlock6)
  );
}

const nothing: readonly Json[] = [];

/** Undefined where it is not known what the list holds. */
function listOf(
  permission: JsonObject,
  name: Lists,
  resource: Resource,
  absences: Absences,
): readonly Json[] | undefined {
  const list = permission[name];
  if (Array.isArray(list)) return list as readonly Json[];
  const isAbsent = list === undefined || list === null;
  return isAbsent && absences[name](resource) === undefined ? nothing : undefined;
}

/** @param add adds one block; undefined where it is none */
function addBlocks(
  sum: Sum,
  list: readonly Json[] | undefined,
  add: (sum: Sum, item: JsonObject) => boolean | undefined,
): boolean {
  if (list === undefined) sum.isOdd = true;
  for (const item of list ?? nothing) {
    const isWide = isObject(item) && !isUnknown(item) ? add(sum, item) : undefined;
    if (isWide === true) return true;
    if (isWide === undefined) sum.isOdd = true;
  }
  return false;
}

/** A block in the list of the other family is a broken answer. */
function addBlock4(sum: Sum, { CidrIp: text }: JsonObject): boolean | undefined {
  const cidr = typeof text === 'string' && !text.includes(':') ? parseCidr(text) : undefined;
  if (cidr?.family !== 4) return undefined;
  const { first, last } = cidr;
  if (isInternetWide4(first, last)) return true;
  // A small one is counted whole: more than it is worth, which is left to the exact way if it matters.
  sum.v4 += last - first < small4 ? last - first + 1 : publicWidth4(first, last);
  return false;
}

function addBlock6(sum: Sum, { CidrIpv6: text }: JsonObject): boolean | undefined {
  const share = typeof text === 'string' ? (shares6.get(text) ?? measure6(text)) : undefined;
  if (share === undefined) return undefined;
  sum.v4 += share.v4;
  sum.v6 += share.v6;
  return share.isWide;
}

function measure6(text: string): Share | undefined {
  const cidr = text.includes(':') ? parseCidr(text) : undefined;
  if (cidr === undefined) return undefined;
  const { v4, v6 } = publicWidth(union([cidr]));
  const share = { v4, v6: Number(v6), isWide: isInternetWide([cidr]) };
  if (shares6.size >= mostTexts) shares6.clear();
  shares6.set(text, share);
  return share;
}
