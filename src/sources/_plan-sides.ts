import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import type { PlanChange } from './_plan-format.ts';
import { own } from './_terraform-values.ts';

const later = unknown('known-after-apply', 'it is known only after apply');
const secret = unknown('redacted', 'the plan marks it as sensitive');
const newSecret = unknown('redacted', 'the plan marks it as sensitive, and changes it');
const oddName = unknown('type', 'it has a member that is named $unknown');

/** One place of a value: what stands there, what stands there on the other side, and what the plan's maps say of it. */
interface Spot {
  readonly value: Declared;
  /** The other side's, to tell whether what may not be shown differs. */
  readonly other: Declared;
  readonly unknowns: Declared;
  /** Both sides' maps: a value that became sensitive has mostly been there before, in plain text. */
  readonly sensitive: Declared;
  readonly otherSensitive: Declared;
  /** What stands for a sensitive value that differs from the other side's. */
  readonly changed: Unknown;
  /** Set within a list that differs: nobody knows which item of the other side is the same one. */
  readonly isAmongOthers: boolean;
}

/** The two sides of a change; undefined where there is nothing, a marker where nothing of it may be shown or is known. */
export interface Sides {
  readonly before: Declared;
  readonly after: Declared;
}

/**
 * Puts markers into the values of a change: for what is known only after apply and for what is sensitive. A sensitive value
 * that is `null` is absent, on which there is nothing to protect. One that is changed has another marker than one that is
 * not, so that the change still shows.
 */
export function sidesOf(change: PlanChange): Sides {
  const { before, after, before_sensitive: secretBefore, after_sensitive: secretAfter } = change;
  const isNew = before === null;
  const past = isNew ? undefined : mark(spotOf(before, after, false, secretBefore, secretAfter, secret));
  if (!isNew && isLeft(change)) return { before: past, after: past };
  const isGone = after === null && change.after_unknown !== true;
  const changed = isNew ? secret : newSecret;
  return {
    before: past,
    after: isGone ? undefined : mark(spotOf(after, before, change.after_unknown, secretAfter, secretBefore, changed)),
  };
}

/** Whether nothing changes, not even what may be shown: then both sides are one, which is marked once. */
function isLeft({ before, after, after_unknown, before_sensitive, after_sensitive }: PlanChange): boolean {
  return !hasTrue(after_unknown) && isAlike(before, after) && isAlike(before_sensitive, after_sensitive);
}

/** Whether two values are the same, with their keys in the same order: either can then stand for the other. */
function isAlike(a: Declared, b: Declared): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && (a as readonly Json[]).every((item, at) => isAlike(item, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(b);
  const isSameMember = (name: string, at: number) => name === names[at] && isAlike(a[name], b[name]);
  return Object.keys(a).length === names.length && Object.keys(a).every(isSameMember);
}

function spotOf(
  value: Json,
  other: Json,
  unknowns: Json,
  sensitive: Json,
  otherSensitive: Json,
  changed: Unknown,
): Spot {
  return { value, other, unknowns, sensitive, otherSensitive, changed, isAmongOthers: false };
}

function mark(spot: Spot): Declared {
  const { value, unknowns, sensitive, otherSensitive } = spot;
  if (unknowns === true) return later;
  if (!hasTrue(unknowns) && !hasTrue(sensitive) && !hasTrue(otherSensitive)) return plain(value);
  if (sensitive === true || otherSensitive === true) return hide(spot);
  const isOpen = hasTrue(unknowns);
  if (isOpen && !isVoid(value) && Array.isArray(value) !== Array.isArray(unknowns)) return later;
  // What is known later may be left out altogether.
  const shape = isVoid(value) && isOpen ? unknowns : value;
  if (Array.isArray(shape)) return markList(spot);
  if (isObject(shape)) return markObject(spot);
  return isOpen ? later : hide(spot);
}

/** A value to which no map has anything to say: itself, but for what only looks like a marker. */
function plain(value: Declared): Declared {
  if (typeof value !== 'object' || value === null) return value;
  return isInnocent(value) ? value : withoutMarkers(value);
}

function isInnocent(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).every(isInnocent);
  if (!isObject(value)) return true;
  if (isUnknown(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'object' && member !== null && !isInnocent(member)) return false;
  }
  return true;
}

function withoutMarkers(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutMarkers);
  if (!isObject(value)) return value;
  // A plan that spells a marker out does not get to choose what is unknown, and why.
  if (isUnknown(value)) return oddName;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMarkers(member ?? null)]));
}

function hide({ value, other, changed, isAmongOthers }: Spot): Declared {
  if (isVoid(value)) return value;
  return !isAmongOthers && isEqual(value, other) ? secret : changed;
}

function isEqual(value: Declared, other: Declared): boolean {
  return same(isVoid(value) ? undefined : value, isVoid(other) ? undefined : other);
}

function isVoid(value: Declared): boolean {
  return value === undefined || value === null;
}

function hasTrue(tree: Declared): boolean {
  if (typeof tree !== 'object' || tree === null) return tree === true;
  if (Array.isArray(tree)) return (tree as readonly Json[]).some(hasTrue);
  for (const name in tree as JsonObject) if (hasTrue((tree as JsonObject)[name])) return true;
  return false;
}

const itemsOf = (value: Declared): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** What is marked in either of two maps. */
function union(a: Declared, b: Declared): Declared {
  if (!hasTrue(b)) return a;
  if (!hasTrue(a)) return b;
  if (!isObject(a) || !isObject(b)) return true;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, union(own(a, name), own(b, name)) ?? false]));
}

function markList(list: Spot): Declared {
  const { value, other, unknowns, sensitive, otherSensitive, changed } = list;
  if ([sensitive, otherSensitive].some((map) => !Array.isArray(map) && hasTrue(map))) return hide(list);
  const [items, others, open] = [itemsOf(value), itemsOf(other), itemsOf(unknowns)];
  const secrets = itemsOf(sensitive);
  // Items move: what is sensitive in one of the other side may be any of this side.
  const otherSecrets = itemsOf(otherSensitive).reduce(union, undefined);
  const isAmongOthers = list.isAmongOthers || !isEqual(value, other);
  let isSame = items === value;
  const marked = Array.from({ length: Math.max(items.length, open.length) }, (_, at): Json => {
    const item = items[at];
    const spot = { value: item, other: others[at], unknowns: open[at], changed, isAmongOthers };
    const result = mark({ ...spot, sensitive: secrets[at], otherSensitive: otherSecrets }) ?? null;
    isSame &&= result === item;
    return result;
  });
  return isSame ? items : marked;
}

function markObject(spot: Spot): Declared {
  const { value, unknowns, sensitive, otherSensitive } = spot;
  if ([sensitive, otherSensitive].some((map) => Array.isArray(map) && hasTrue(map))) return hide(spot);
  const members: JsonObject = isObject(value) ? value : {};
  if (isUnknown(members)) return oddName;
  const result: Record<string, Json> = {};
  let isSame = members === value;
  const add = (name: string, member: Declared) => {
    const open = own(unknowns, name);
    const secrets = own(sensitive, name);
    const otherSecrets = own(otherSensitive, name);
    const marked = markMember(spot, member, name, open, secrets, otherSecrets);
    if (marked !== member) isSame = false;
    if (marked !== undefined) put(result, name, marked);
  };
  for (const name of Object.keys(members)) add(name, members[name]);
  for (const name of isObject(unknowns) ? Object.keys(unknowns) : [])
    if (!Object.hasOwn(members, name)) add(name, undefined);
  return isSame ? members : result;
}

/** Most members are known and no secret: no spot is made for them. */
function markMember(
  { other, changed, isAmongOthers }: Spot,
  value: Declared,
  name: string,
  unknowns: Declared,
  sensitive: Declared,
  otherSensitive: Declared,
): Declared {
  if (unknowns === true) return later;
  if (!hasTrue(unknowns) && !hasTrue(sensitive) && !hasTrue(otherSensitive)) return plain(value);
  return mark({ value, other: own(other, name), unknowns, sensitive, otherSensitive, changed, isAmongOthers });
}

/** A member of any name: an assignment to `__proto__` would make none. */
function put(object: Record<string, Json>, name: string, value: Json): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}
