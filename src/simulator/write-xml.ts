import type { NormalizedSchema } from '@smithy/core/schema';
import { isObject, type Json } from '../model/value.ts';
import { timestampText } from './timestamp-text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
};

function escape(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (character) => entities[character] ?? character);
}

/** One element; an empty text closes it at once. */
export function element(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** A text, number or truth value as it is written outside JSON. */
export function scalarText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** The elements of a structure's members. */
export function writeMembers(schema: NormalizedSchema, value: Json): string {
  let text = '';
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    const given = isObject(value) ? value[name] : undefined;
    if (given === undefined || given === null || traits.xmlAttribute || traits.httpHeader !== undefined) continue;
    text += writeElement(member.getMemberTraits().xmlName ?? name, member, given);
  }
  return text;
}

function attributesOf(schema: NormalizedSchema, value: Json): string {
  const [prefix, uri] = schema.getMergedTraits().xmlNamespace ?? [];
  let text = uri === undefined ? '' : ` xmlns${prefix === undefined ? '' : `:${prefix}`}="${escape(uri)}"`;
  for (const [name, member] of schema.structIterator()) {
    const given = isObject(value) ? value[name] : undefined;
    const traits = member.getMergedTraits();
    if (traits.xmlAttribute && typeof given === 'string') text += ` ${traits.xmlName ?? name}="${escape(given)}"`;
  }
  return text;
}

/** A value as the element of that name: several elements for a flattened list or map. */
export function writeElement(name: string, schema: NormalizedSchema, value: Json): string {
  if (schema.isStructSchema()) return element(name, writeMembers(schema, value), attributesOf(schema, value));
  if (schema.isListSchema()) return writeList(name, schema, value);
  if (schema.isMapSchema()) return writeMap(name, schema, value);
  if (schema.isTimestampSchema()) return element(name, timestampText(schema, value, 'date-time'));
  return element(name, escape(scalarText(value)));
}

function writeList(name: string, schema: NormalizedSchema, value: Json): string {
  const item = schema.getValueSchema();
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (schema.getMergedTraits().xmlFlattened) return items.map((each) => writeElement(name, item, each)).join('');
  const itemName = item.getMergedTraits().xmlName ?? 'member';
  return element(name, items.map((each) => writeElement(itemName, item, each)).join(''));
}

function writeMap(name: string, schema: NormalizedSchema, value: Json): string {
  const [key, item] = [schema.getKeySchema(), schema.getValueSchema()];
  const keyName = key.getMergedTraits().xmlName ?? 'key';
  const itemName = item.getMergedTraits().xmlName ?? 'value';
  const flat = schema.getMergedTraits().xmlFlattened;
  const entries = Object.entries(isObject(value) ? value : {}).filter(([, each]) => each !== undefined);
  const written = entries.map(([each, member]) =>
    element(flat ? name : 'entry', writeElement(keyName, key, each) + writeElement(itemName, item, member ?? null)),
  );
  return flat ? written.join('') : element(name, written.join(''));
}
