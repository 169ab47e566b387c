/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. A member that is `undefined` is the same as a member that is missing. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Why a value, or a verdict, is unknown. The words appear in rule files, snapshots and assessments. */
export const unknownReasons = [
  'denied',
  'throttled',
  'failed',
  'not-collected',
  'stale',
  'known-after-apply',
  'redacted',
  'type',
  'limit',
] as const;

export type UnknownReason = (typeof unknownReasons)[number];

/**
 * The marker that stands in a resource's properties for a value that was not collected. In a rule's cases it is written
 * `{ $unknown: denied }`. `detail` says in one phrase what happened; `call` is the ledger key of the API call; `not` has
 * texts that the value is known not to be. `parts` says what one text, not empty, is made of, where some of it is not
 * known: texts, and the names of other resources that the same document declares.
 */
export type Unknown = {
  readonly $unknown: UnknownReason;
  readonly detail?: string;
  readonly call?: string;
  readonly not?: readonly string[];
  readonly parts?: readonly TextPart[];
};

/** A part of a text: its characters, or the name of the resource at an address, whatever it will be. */
export type TextPart = string | { readonly nameOf: string };

/** What a look-up yields: a present value, `undefined` for known absent, or an {@link Unknown}. */
export type Found = Json | undefined;

export function isUnknown(value: unknown): value is Unknown {
  // Asked of nearly every value: to read a member is faster than to ask whether it is there.
  return typeof value === 'object' && value !== null && (value as JsonObject).$unknown !== undefined;
}

export function unknown(reason: UnknownReason, detail?: string, call?: string): Unknown {
  if (call !== undefined) return detail === undefined ? { $unknown: reason, call } : { $unknown: reason, detail, call };
  return detail === undefined ? { $unknown: reason } : { $unknown: reason, detail };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Orders two strings by UTF-16 code unit: the same in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * JSON with the keys of every object sorted and members that are `undefined` left out: one value, one text. What has its
 * keys in order already, as everything that was read from a snapshot, is left to the engine's own writer.
 */
export function canonicalJson(value: unknown): string {
  return (isInOrder(value) ? JSON.stringify(value) : textOf(value)) ?? 'null';
}

/** Whether the keys of every object in a JSON value stand in order. A stack of its own: values may be nested deeply. */
function isInOrder(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object') open.push(item);
    } else if (!pushMembers(next as Readonly<Record<string, unknown>>, open)) return false;
  }
  return true;
}

/** @returns false when the object's keys are out of order */
function pushMembers(object: Readonly<Record<string, unknown>>, open: unknown[]): boolean {
  let last = '';
  for (const key in object) {
    if (key < last) return false;
    const member = object[key];
    if (typeof member === 'object') open.push(member);
    last = key;
  }
  return true;
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? listText(value) : objectText(value as Readonly<Record<string, unknown>>);
}

function listText(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += `${text === '' ? '' : ','}${textOf(item ?? null)}`;
  return `[${text}]`;
}

function objectText(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  // One marker mostly stands for many members: what is the same has the same text.
  let last: unknown;
  let lastText = '';
  for (const key of sortedKeys(object)) {
    const member = object[key];
    if (member === undefined) continue;
    if (member !== last) lastText = textOf(member);
    last = member;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${lastText}`;
  }
  return `{${text}}`;
}

function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  return keys.every((key, i) => i === 0 || (keys[i - 1] ?? '') < key) ? keys : keys.sort(byCodeUnit);
}
