import { sumOf } from './declared-sum.ts';
import type { Gap, Resource } from './resource.ts';
import type { DeclaredForm, ResourceType, SetForm } from './resource-type.ts';
import { same } from './same.ts';
import { canonicalJson, type Found, isObject, isUnknown, type Json, type JsonObject, unknown } from './value.ts';

/** What a change says of a resource: both sides of it, and how its document is to be understood. */
export interface Edit {
  /** Undefined where nobody knows what there was, as for a template alone. */
  readonly before: Resource | undefined;
  readonly after: Resource;
  /** Ledger key that stands for the document. */
  readonly call: string;
  readonly form: Pick<DeclaredForm, 'sets' | 'born' | 'sums'>;
  /** Whether lists of `sets` keep what the document does not name where nobody knows what it named before. */
  readonly addsOnly: boolean;
}

/** What nobody told, neither before nor after: the live value stands. */
function isUntold(value: Found): boolean {
  return isUnknown(value) && value.$unknown === 'not-collected';
}

function isPlainObject(value: Found): value is JsonObject {
  return isObject(value) && !isUnknown(value);
}

/** Three sides of one value. `was` is undefined where there is no other side to compare with. */
interface Sides {
  readonly live: Found;
  readonly was: { readonly value: Found } | undefined;
  readonly will: Found;
}

/** What a change makes of a value: where it changes nothing or does not tell, the live value stands. */
function mergeValue({ live, was, will }: Sides): Found {
  if ((was !== undefined && same(was.value, will)) || isUntold(will)) return live;
  if (!isPlainObject(live) || !isPlainObject(will)) return will;
  const before = was !== undefined && isPlainObject(was.value) ? was.value : undefined;
  const names = new Set([...Object.keys(live), ...Object.keys(will)]);
  const members = [...names].map((name): [string, Found] => [
    name,
    mergeValue({ live: live[name], was: before && { value: before[name] }, will: will[name] }),
  ]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function partsOf(list: Found, { split }: SetForm): readonly Json[] {
  if (!Array.isArray(list)) return list === undefined || list === null ? [] : [list];
  return (list as readonly Json[]).flatMap((item) => (isUnknown(item) || split === undefined ? [item] : split(item)));
}

/** The same for a list that several documents fill: what the change adds and takes away, and nothing else. */
function mergeSet({ live, was, will }: Sides, set: SetForm, addsOnly: boolean): Found {
  if ((was !== undefined && same(was.value, will)) || isUntold(will)) return live;
  if (!Array.isArray(will) || isUnknown(was?.value) || (was === undefined && !addsOnly)) return will;
  const keyOf = (part: Json) => (isUnknown(part) ? canonicalJson(part) : set.key(part));
  const before = new Map(partsOf(was?.value, set).map((part) => [keyOf(part), part]));
  const after = new Map(partsOf(will, set).map((part) => [keyOf(part), part]));
  const added = [...after].filter(([key, part]) => !before.has(key) || !same(before.get(key), part));
  const replaced = new Set([...added.map(([key]) => key), ...[...before.keys()].filter((key) => !after.has(key))]);
  const kept = partsOf(live, set).filter((part) => !replaced.has(keyOf(part)));
  return [...kept, ...added.map(([, part]) => part)];
}

/** The value of a property or group as a whole: present, known absent, or a marker. */
function wholeOf(resource: Resource, type: ResourceType, name: string): Found {
  const value = resource.properties[name];
  if (value !== undefined && value !== null) return value;
  if (type.groups === undefined || !Object.hasOwn(type.groups, name)) return undefined;
  const gap = resource.gaps?.[name];
  if (gap !== undefined) return unknown(gap.reason, gap.detail, gap.call);
  return resource.calls?.[name] === undefined ? unknown('not-collected', `${name} was not collected`) : undefined;
}

/** One property or group of a live resource, and what a change makes of it. */
function mergeProperty(live: Resource, type: ResourceType, name: string, edit: Edit): Merged {
  const { before, after, form } = edit;
  const there = wholeOf(live, type, name);
  const was = before && { value: wholeOf(before, type, name) };
  const sides = { live: there, was, will: wholeOf(after, type, name) };
  const set = form.sets !== undefined && Object.hasOwn(form.sets, name) ? form.sets[name] : undefined;
  // A document that tells one side only takes everything for new, and this is there already.
  const isBorn = before === undefined && form.born?.includes(name) === true;
  const sum = form.sums?.includes(name) === true ? sumOf(sides) : undefined;
  const merged = () => sum ?? (set === undefined ? mergeValue(sides) : mergeSet(sides, set, edit.addsOnly));
  const value = isBorn ? there : merged();
  const isGroup = type.groups !== undefined && Object.hasOwn(type.groups, name);
  return { name, value, group: isGroup ? name : '', isChanged: value !== there };
}

interface Merged {
  readonly name: string;
  readonly value: Found;
  /** The property group; empty for the root. */
  readonly group: string;
  readonly isChanged: boolean;
}

/** The provenance of what has changed: the document, or why its value is not known. */
function provenance(live: Resource, merged: readonly Merged[], call: string): Pick<Resource, 'calls' | 'gaps'> {
  const calls: Record<string, string> = { ...live.calls };
  const gaps: Record<string, Gap> = { ...live.gaps };
  for (const { value, group, isChanged } of merged) {
    if (!isChanged) continue;
    delete gaps[group];
    calls[group] = call;
    if (group === '' || !isUnknown(value)) continue;
    gaps[group] = { reason: value.$unknown, ...(value.detail === undefined ? {} : { detail: value.detail }) };
    delete calls[group];
  }
  return { calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

/** A live resource as a change leaves it, property by property. */
export function mergeRecord(live: Resource, type: ResourceType, edit: Edit): Resource {
  const groups = Object.keys(type.groups ?? {});
  const names = new Set([...Object.keys(live.properties), ...Object.keys(edit.after.properties), ...groups]);
  const merged = [...names].map((name) => mergeProperty(live, type, name, edit));
  const present = merged.filter(({ group, value }) => value !== undefined && (group === '' || !isUnknown(value)));
  const properties: JsonObject = Object.fromEntries(present.map(({ name, value }) => [name, value]));
  const name = type.name === undefined ? undefined : properties[type.name];
  const { gaps: _, name: __, declared: ___, ...rest } = live;
  const { declared } = edit.after;
  return {
    ...rest,
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    properties,
    ...provenance(live, merged, edit.call),
    ...(declared === undefined ? {} : { declared }),
  };
}
