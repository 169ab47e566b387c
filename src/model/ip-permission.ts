import { type Cidr, parseCidr } from './cidr.ts';
import type { OperatorPlace } from './operator.ts';
import { highestPort, isPort, protocolNumber, tcp, udp } from './port-operand.ts';
import { type Absence, absenceAt, type Resource } from './resource.ts';
import { type Found, isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from './value.ts';

/** What one security-group permission opens, as far as it is known. */
export interface Permission {
  /** Its place in the list, where it stands in one. */
  readonly index: number | undefined;
  /** `allProtocols`, a number of IANA, or undefined where it is not known. */
  readonly protocol: number | undefined;
  /** The widest range of ports that it may open; 0 to 65535 for protocols to which AWS gives no range. */
  readonly first: number;
  readonly last: number;
  /** Why protocol or ports are not known for certain. */
  readonly doubts: readonly Doubt[];
  /** Who may come in; read on demand, because most permissions are about other ports than those asked for. */
  sources(): readonly Source[];
}

/** Something that was not collected or makes no sense, and the path below the permission at which it was found. */
export interface Doubt {
  readonly path: string;
  readonly why: Unknown;
}

/** A block of addresses as AWS wrote it. `path` starts at the permission, or at the root for an entry of a prefix list. */
export interface Block {
  readonly path: string;
  readonly cidr: Cidr;
  readonly text: string;
}

/** One entry that says who may come in. A doubt about groups is none about addresses. */
export type Source =
  | ({ readonly kind: 'block' } & Block)
  | { readonly kind: 'list'; readonly path: string; readonly list: string; readonly entries: Entries }
  | { readonly kind: 'group'; readonly path: string; readonly group: Json }
  | ({ readonly kind: 'doubt'; readonly of: 'addresses' | 'groups' } & Doubt);

/** The entries of a prefix list, and why there may be others. */
export interface Entries {
  readonly blocks: readonly Block[];
  readonly why: Unknown | undefined;
}

/** Whether a question is about traffic of this protocol to one of these ports. */
export type Relevant = (protocol: number, first: number, last: number) => boolean;

/**
 * Reads permissions at one place of a rule: the value is a permission, or a list of them. Those that are certainly not
 * relevant are left out at once, which keeps questions about one port cheap.
 */
export function permissionReader(
  place: OperatorPlace,
  relevant: Relevant = () => true,
): (value: Json, resource: Resource) => readonly Permission[] {
  const lists = place.rootReader('PrefixLists');
  const item = absencesAt(place, `${place.path}[]`);
  const itself = absencesAt(place, place.path);
  const take = (value: Json, resource: Resource, absences: Absences, index: number | undefined): Permission => {
    if (!isObject(value) || isUnknown(value)) return unreadable(value, index);
    const given: Given = { value, absences, resource, lists };
    const { protocol, first, last, doubts } = readReach(given);
    let known: readonly Source[] | undefined;
    // Written out member by member: there are thousands of them, and to spread an object costs many times as much.
    return { index, protocol, first, last, doubts, sources: () => (known ??= readSources(given)) };
  };
  const isList = typeof place.shape === 'object' && 'list' in place.shape;
  return (value, resource) => {
    if (!Array.isArray(value) && isList) return [unreadable(value, undefined)];
    if (!Array.isArray(value)) return isIrrelevant(value, relevant) ? [] : [take(value, resource, itself, undefined)];
    const permissions: Permission[] = [];
    let index = 0;
    for (const one of value as readonly Json[]) {
      if (!isIrrelevant(one, relevant)) permissions.push(take(one, resource, item, index));
      index += 1;
    }
    return permissions;
  };
}

type Member = 'IpProtocol' | 'FromPort' | 'ToPort' | 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds' | 'UserIdGroupPairs';

/** What it means that a permission lacks a member. */
type Absences = Readonly<Record<Member, Absence>>;

function absencesAt({ type }: OperatorPlace, base: string): Absences {
  const at = (name: Member) => absenceAt(type, `${base}.${name}`);
  return {
    IpProtocol: at('IpProtocol'),
    FromPort: at('FromPort'),
    ToPort: at('ToPort'),
    IpRanges: at('IpRanges'),
    Ipv6Ranges: at('Ipv6Ranges'),
    PrefixListIds: at('PrefixListIds'),
    UserIdGroupPairs: at('UserIdGroupPairs'),
  };
}

/** The short way for a well-formed TCP or UDP permission; whatever is doubtful takes the long one. */
function isIrrelevant(value: Json, relevant: Relevant): boolean {
  if (!isObject(value)) return false;
  const { IpProtocol, FromPort: first, ToPort: last } = value;
  const protocol = IpProtocol === 'tcp' ? tcp : IpProtocol === 'udp' ? udp : undefined;
  if (protocol === undefined || !isPort(first) || !isPort(last) || first > last) return false;
  return !('$unknown' in value) && !relevant(protocol, first, last);
}

function unreadable(value: Json, index: number | undefined): Permission {
  const why = isUnknown(value) ? value : unknown('type', 'a permission is an object');
  const doubt = { path: '', why };
  return {
    index,
    protocol: undefined,
    first: 0,
    last: highestPort,
    doubts: [doubt],
    sources: () => [{ kind: 'doubt', of: 'addresses', ...doubt }],
  };
}

/** A permission as it was given, with all that is needed to read it. */
interface Given {
  readonly value: JsonObject;
  readonly absences: Absences;
  readonly resource: Resource;
  readonly lists: (resource: Resource) => Found;
}

function read({ value, absences, resource }: Given, name: Member): Found {
  return value[name] ?? absences[name](resource);
}

function readReach(given: Given): Pick<Permission, 'protocol' | 'first' | 'last' | 'doubts'> {
  const text = read(given, 'IpProtocol');
  const protocol = typeof text === 'string' ? protocolNumber(text) : undefined;
  if (protocol === undefined) {
    const doubt = { path: 'IpProtocol', why: isUnknown(text) ? text : unknown('type', 'it names no protocol') };
    return { protocol, first: 0, last: highestPort, doubts: [doubt] };
  }
  // AWS ignores the range for every protocol but these, and ICMP's is of types and codes.
  if (protocol !== tcp && protocol !== udp) return { protocol, first: 0, last: highestPort, doubts: [] };
  const first = readPort(read(given, 'FromPort'), 0);
  const last = readPort(read(given, 'ToPort'), highestPort);
  const doubts: Doubt[] = [];
  if (typeof first !== 'number') doubts.push({ path: 'FromPort', why: first });
  if (typeof last !== 'number') doubts.push({ path: 'ToPort', why: last });
  const from = typeof first === 'number' ? first : 0;
  const to = typeof last === 'number' ? last : highestPort;
  if (from <= to) return { protocol, first: from, last: to, doubts };
  doubts.push({ path: 'ToPort', why: unknown('type', 'the range of ports ends before it begins') });
  return { protocol, first: 0, last: highestPort, doubts };
}

/** -1 and absence mean that the range has no bound on that side. */
function readPort(port: Found, unbounded: number): number | Unknown {
  if (port === undefined || port === null || port === -1) return unbounded;
  if (isPort(port)) return port;
  return isUnknown(port) ? port : unknown('type', 'it is no port');
}

function readSources(given: Given): readonly Source[] {
  const sources: Source[] = [];
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = given.value;
  each(given, 'IpRanges', IpRanges, sources, readBlock4);
  each(given, 'Ipv6Ranges', Ipv6Ranges, sources, readBlock6);
  each(given, 'PrefixListIds', PrefixListIds, sources, readList);
  each(given, 'UserIdGroupPairs', UserIdGroupPairs, sources, readGroup);
  return sources;
}

type ToSource = (item: JsonObject, path: string, given: Given) => Source;

const readBlock4: ToSource = (item, path) => block(`${path}.CidrIp`, item.CidrIp, 4);

const readBlock6: ToSource = (item, path) => block(`${path}.CidrIpv6`, item.CidrIpv6, 6);

const readList: ToSource = ({ PrefixListId: list }, path, { lists, resource }) => {
  const at = `${path}.PrefixListId`;
  if (typeof list !== 'string') return doubt(at, list, 'it names no prefix list');
  return { kind: 'list', path: at, list, entries: entriesOf(lists(resource), list) };
};

const readGroup: ToSource = (item, path) => ({ kind: 'group', path: `${path}.GroupId`, group: item.GroupId ?? item });

/** Adds what each item of one of the permission's lists stands for. */
function each(given: Given, name: Member, listed: Found, sources: Source[], toSource: ToSource): void {
  if (Array.isArray(listed) && listed.length === 0) return;
  const list = listed ?? given.absences[name](given.resource);
  if (list === undefined) return;
  const of = name === 'UserIdGroupPairs' ? 'groups' : 'addresses';
  if (!Array.isArray(list)) {
    sources.push(doubt(name, list, 'it is no list', of));
    return;
  }
  let index = 0;
  for (const item of list as readonly Json[]) {
    const path = `${name}[${index}]`;
    const isEntry = isObject(item) && !isUnknown(item);
    sources.push(isEntry ? toSource(item, path, given) : doubt(path, item, 'an entry is an object', of));
    index += 1;
  }
}

function doubt(path: string, found: Found, otherwise: string, of: 'addresses' | 'groups' = 'addresses'): Source {
  return { kind: 'doubt', of, path, why: isUnknown(found) ? found : unknown('type', otherwise) };
}

/** A block in the list of the other family is a broken answer. */
function block(path: string, text: Found, family: 4 | 6): Source {
  const cidr = typeof text === 'string' && text.includes(':') === (family === 6) ? parseCidr(text) : undefined;
  if (cidr === undefined || typeof text !== 'string') return doubt(path, text, 'it is no CIDR block');
  return { kind: 'block', path, cidr, text };
}

function entriesOf(lists: Found, id: string): Entries {
  const known = Array.isArray(lists) ? listsById(lists as readonly Json[]).get(id) : undefined;
  if (known !== undefined) return known;
  const why = isUnknown(lists) ? lists : unknown('not-collected', `the entries of ${id} were not collected`);
  return { blocks: [], why };
}

const remembered = new WeakMap<object, ReadonlyMap<string, Entries>>();

/** Remembered, since a group's permissions are often judged one by one. */
function listsById(lists: readonly Json[]): ReadonlyMap<string, Entries> {
  const known = remembered.get(lists);
  if (known !== undefined) return known;
  const byId = new Map<string, Entries>();
  for (const [index, list] of lists.entries()) {
    if (!isObject(list) || isUnknown(list) || typeof list.PrefixListId !== 'string') continue;
    const before = byId.get(list.PrefixListId);
    const read = readEntries(list.Entries, `PrefixLists[${index}].Entries`);
    byId.set(list.PrefixListId, before === undefined ? read : merge(before, read));
  }
  remembered.set(lists, byId);
  return byId;
}

function merge(a: Entries, b: Entries): Entries {
  return { blocks: [...a.blocks, ...b.blocks], why: a.why ?? b.why };
}

function readEntries(entries: Found, path: string): Entries {
  if (!Array.isArray(entries)) {
    const why = isUnknown(entries) ? entries : unknown('not-collected', `${path} was not collected`);
    return { blocks: [], why };
  }
  const blocks: Block[] = [];
  let why: Unknown | undefined;
  for (const [index, item] of (entries as readonly Json[]).entries()) {
    const entry = readEntry(item, `${path}[${index}].Cidr`);
    if (isUnknown(entry)) why ??= entry;
    else blocks.push(entry);
  }
  return { blocks, why };
}

function readEntry(item: Json, path: string): Block | Unknown {
  if (isUnknown(item)) return item;
  const text = isObject(item) ? item.Cidr : undefined;
  if (isUnknown(text)) return text;
  const cidr = typeof text === 'string' ? parseCidr(text) : undefined;
  if (cidr === undefined || typeof text !== 'string') return unknown('type', `${path} is no CIDR block`);
  return { path, cidr, text };
}

/** Everything about a permission that is not known for certain. */
export function doubtsOf(permission: Permission): readonly Doubt[] {
  if (permission.doubts.some(({ path }) => path === '')) return permission.doubts;
  const doubts = [...permission.doubts];
  for (const source of permission.sources()) {
    if (source.kind === 'doubt') doubts.push(source);
    else if (source.kind === 'list' && source.entries.why !== undefined) {
      doubts.push({ path: source.path, why: source.entries.why });
    }
  }
  return doubts;
}
