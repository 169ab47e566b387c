import { declaredNumber } from './declared.ts';
import type { Declared, SetForm } from './resource-type.ts';
import {
  byCodeUnit,
  canonicalJson,
  isObject,
  isUnknown,
  type Json,
  type JsonObject,
  type Unknown,
  unknown,
} from './value.ts';

const sourceLists = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'] as const;

export type SourceList = (typeof sourceLists)[number];

/** One protocol, one range of ports, one source: what EC2 calls a rule of a security group. */
export interface PermissionEntry {
  readonly protocol: Declared;
  readonly from: Declared;
  readonly to: Declared;
  readonly list: SourceList;
  /** An item of that list in EC2's shape; a marker stands for any number of them. */
  readonly source: JsonObject | Unknown;
}

/** Entries of which it is not known whose they are, or how many, are a marker in the list. */
export type MaybeEntry = PermissionEntry | Unknown;

const byNumber: ReadonlyMap<string, string> = new Map([
  ['all', '-1'],
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
]);

/** EC2 answers the four protocols that it knows by name, whatever was written, and all others by number. */
function protocolOf(written: Declared): Json {
  if (isUnknown(written)) return written;
  if (typeof written !== 'string' && typeof written !== 'number') return unknown('type', 'it names no protocol');
  const text = String(written).toLowerCase();
  return byNumber.get(text) ?? text;
}

/** Addresses are answered in lower case. */
function sourceOf({ source }: PermissionEntry): JsonObject | Unknown {
  if (isUnknown(source)) return source;
  const lower = Object.entries(source).map(([name, value]) => [
    name,
    typeof value === 'string' && name.startsWith('Cidr') ? value.toLowerCase() : value,
  ]);
  return Object.fromEntries(lower);
}

function rangeOf(entry: PermissionEntry, protocol: Json): JsonObject {
  const [from, to] = protocol === '-1' ? [] : [declaredNumber(entry.from), declaredNumber(entry.to)];
  return {
    IpProtocol: protocol,
    FromPort: from ?? undefined,
    ToPort: to ?? undefined,
  };
}

/**
 * An entry in EC2's words; `key` is the same for entries that EC2 holds for one, `whole` for those that are described
 * alike, too.
 */
interface Normal {
  readonly range: JsonObject;
  readonly list: SourceList;
  readonly source: JsonObject | Unknown;
  readonly key: string;
  readonly whole: string;
}

function normalise(entry: PermissionEntry): Normal {
  const range = rangeOf(entry, protocolOf(entry.protocol));
  const source = sourceOf(entry);
  const { Description: _, ...who }: JsonObject = isUnknown(source) ? { ...source } : source;
  const keyOf = (whose: Json) => canonicalJson([range, entry.list, whose]);
  return { range, list: entry.list, source, key: keyOf(who), whole: keyOf(source) };
}

function hasDoubt({ range, source }: Normal): boolean {
  return isUnknown(source) || Object.values(range).some(isUnknown);
}

function permissionOf(entries: readonly Normal[]): JsonObject {
  const lists = sourceLists.map((list) => {
    const sources = entries.filter((entry) => entry.list === list).map(({ source }) => source);
    const doubt = sources.find(isUnknown);
    return [list, doubt ?? sources.sort((a, b) => byCodeUnit(canonicalJson(a), canonicalJson(b)))];
  });
  return { ...entries[0]?.range, ...Object.fromEntries(lists) };
}

const eitherText = unknown(
  'known-after-apply',
  'it is taken away and written anew in one run, in no order that is told',
);

/** What goes under one name and comes under another: that it differs from what was shows where it is laid over an account. */
function writtenAnew(entry: PermissionEntry): PermissionEntry {
  return isUnknown(entry.source) ? entry : { ...entry, source: { ...entry.source, Description: eitherText } };
}

/**
 * A list of permissions as EC2 answers it: the sources of one protocol and range of ports together. What is not known
 * for certain stands for itself, so that it takes nothing certain along.
 *
 * @param removed entries that go; the same entry in `added` stays
 * @param past what `present` was before: what is new in it, or is written anew, stays whatever goes, since it may be what
 *   comes last
 */
export function permissionsOf(
  present: readonly MaybeEntry[],
  removed: readonly MaybeEntry[],
  added: readonly MaybeEntry[],
  past: readonly MaybeEntry[],
): readonly Json[] {
  const told = (entries: readonly MaybeEntry[]) => entries.flatMap((one) => (isUnknown(one) ? [] : [normalise(one)]));
  const gone = new Set(told(removed).map(({ key }) => key));
  const old = new Set(gone.size === 0 ? [] : told(past).map(({ whole }) => whole));
  const kept = present.flatMap((entry) => {
    if (gone.size === 0 || isUnknown(entry)) return [entry];
    const { key, whole } = normalise(entry);
    if (!gone.has(key)) return [entry];
    return old.has(whole) ? [] : [writtenAnew(entry)];
  });
  const groups = new Map<string, Map<string, Normal>>();
  const markers = new Map<string, Json>();
  for (const entry of [...kept, ...added]) {
    if (isUnknown(entry)) {
      markers.set(canonicalJson(entry), entry);
      continue;
    }
    const normal = normalise(entry);
    const key = hasDoubt(normal) ? `~${normal.key}` : canonicalJson(normal.range);
    const group = groups.get(key) ?? new Map<string, Normal>();
    groups.set(key, group.set(normal.key, normal));
  }
  const sorted = [...groups].sort(([a], [b]) => byCodeUnit(a, b));
  return [...sorted.map(([, group]) => permissionOf([...group.values()])), ...markers.values()];
}

/** What EC2 holds for one rule: a protocol, a range of ports, and one source, whatever is said about it. */
export const permissionSet: SetForm = {
  split(permission) {
    if (!isObject(permission)) return [permission];
    const bare = { ...permission, ...Object.fromEntries(sourceLists.map((list) => [list, []])) };
    const parts = sourceLists.flatMap((list) => {
      const sources = permission[list];
      if (isUnknown(sources)) return [{ ...bare, [list]: sources }];
      return Array.isArray(sources) ? sources.map((source: Json) => ({ ...bare, [list]: [source] })) : [];
    });
    return parts.length === 0 ? [permission] : parts;
  },
  key(part) {
    if (!isObject(part)) return canonicalJson(part);
    const { IpProtocol, FromPort, ToPort } = part;
    return canonicalJson([
      [IpProtocol, FromPort, ToPort].map((one) => one ?? null),
      sourceLists.map((list) => whoseOf(part[list])),
    ]);
  },
};

const ids = ['CidrIp', 'CidrIpv6', 'PrefixListId', 'GroupId'];

/** Whom sources mean: not what describes them, nor what EC2 adds, such as the account of a group. */
function whoseOf(sources: Declared): Json {
  if (!Array.isArray(sources)) return sources ?? [];
  return (sources as readonly Json[]).map((source) => {
    if (!isObject(source) || isUnknown(source)) return source;
    return ids.map((id) => source[id]).find((id) => id !== undefined) ?? source;
  });
}
