import type { Leaf } from '../model/operator.ts';
import { valuesAt } from '../model/relate.ts';
import type { Resource } from '../model/resource.ts';
import type { TypeFacts } from '../model/resource-type.ts';
import { canonicalJson, isUnknown, type Json } from '../model/value.ts';

/** A piece of a message: text as it stands, or a field to fill in. `start` is the field's offset in the template. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly start: number };

/** Names that a message may use besides fields: where the resource is, and the values of parameters. */
export const messagePlaces = ['@account', '@region', '@id'] as const;
export const messageParameter = 'param.';

const shownValues = 5;
const valueLength = 200;

/** Splits a message at its braces; `{{` and `}}` stand for braces. @returns the offset of a brace without a partner otherwise */
export function parseMessage(template: string): readonly MessagePart[] | number {
  const parts: MessagePart[] = [];
  let text = '';
  for (let i = 0; i < template.length; i += 1) {
    const character = template[i];
    if (character !== '{' && character !== '}') {
      text += character;
    } else if (template[i + 1] === character) {
      text += character;
      i += 1;
    } else {
      const end = template.indexOf('}', i);
      if (character === '}' || end === -1) return i;
      parts.push({ kind: 'text', text }, { kind: 'field', name: template.slice(i + 1, end), start: i + 1 });
      text = '';
      i = end;
    }
  }
  parts.push({ kind: 'text', text });
  return parts;
}

/** What a message is filled from. */
export interface MessageFacts {
  readonly resource: Resource;
  /** Undefined for a rule about an account or region as a whole. */
  readonly type: TypeFacts | undefined;
  readonly leaves: readonly Leaf[];
  readonly parameter: (name: string) => Json | undefined;
}

/** The message with its fields filled in. Values come from a cloud account: they are stripped, cut and counted. */
export function fillMessage(parts: readonly MessagePart[], facts: MessageFacts): string {
  let text = '';
  for (const part of parts) text += part.kind === 'text' ? part.text : fillField(part.name, facts);
  return text;
}

function fillField(name: string, facts: MessageFacts): string {
  const { resource, type } = facts;
  if (name === '@account') return sayValue(resource.account);
  if (name === '@region') return sayValue(resource.region);
  if (name === '@id') return sayValue(resource.id);
  if (name.startsWith(messageParameter)) return sayValues(listed(facts.parameter(name.slice(messageParameter.length))));
  if (type === undefined) return '(none)';
  const decisive = decisiveAt(name, facts.leaves);
  if (decisive.length > 0) return sayValues(decisive);
  // Most fields are a name at the top; no path of several steps is one.
  const named = resource.properties[name];
  if (typeof named === 'string') return sayValue(named);
  const { values, unknown } = valuesAt(resource, type, name);
  const flat = values.length === 1 ? listed(values[0]) : values;
  if (flat.length > 0 || unknown === undefined) return sayValues(flat);
  // What has no name yet is called what its author calls it.
  const isName = name === type.name || name === type.id;
  return isName && resource.declared !== undefined ? sayValue(resource.declared.address) : '(not collected)';
}

/** The values that decided, where they were seen at this very path: not the harmless ones beside them. */
function decisiveAt(name: string, leaves: readonly Leaf[]): readonly Json[] {
  const values: Json[] = [];
  const inLists = name.includes('[]');
  for (const { path, observed } of leaves) {
    if (observed === undefined || isUnknown(observed)) continue;
    if (path === name || (inLists && path.replace(/\[\d+\]/g, '[]') === name)) values.push(...listed(observed));
  }
  return values;
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

function sayValues(values: readonly Json[]): string {
  const [only] = values;
  if (only === undefined) return '(none)';
  if (values.length === 1) return sayValue(only);
  const shown = [...new Set(values.map(sayValue))];
  const rest = shown.length - shownValues;
  return shown.slice(0, shownValues).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function sayValue(value: Json): string {
  const text = typeof value === 'string' ? value.slice(0, 4 * valueLength) : canonicalJson(value);
  const clean = text.replace(unprintable, '');
  if (clean.length <= valueLength) return clean;
  // Never half of a character that takes two code units.
  return `${clean.slice(0, valueLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
