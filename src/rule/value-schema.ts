import { suggestion } from '../model/suggest.ts';
import { canonicalJson, isObject, type Json, type JsonObject } from '../model/value.ts';

/** What is wrong with a value, and where in it. `key` is set when a member's name is what is wrong. */
export interface Misfit {
  readonly at: readonly (string | number)[];
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
}

/** The keywords of JSON Schema that a parameter's declaration may use. */
export const parameterKeywords = [
  'type',
  'enum',
  'items',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'format',
] as const;

/** What text may have to look like: kinds of our own, since an expression of a stranger's could hang. */
export const valueFormats = ['region'] as const;

const formats: Readonly<Record<(typeof valueFormats)[number], { readonly fits: RegExp; readonly words: string }>> = {
  region: { fits: /^[a-z]{2,5}(?:-[a-z]{2,20}){1,3}-\d{1,2}$/, words: 'the name of an AWS region, such as eu-west-1' },
};

export const valueTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;

/** `{ param: name }` stands for a value that is not known yet. */
export function parameterIn(value: Json | undefined): string | undefined {
  if (!isObject(value) || typeof value.param !== 'string') return undefined;
  return Object.keys(value).length === 1 ? value.param : undefined;
}

type At = readonly (string | number)[];

/** The first misfit between a value and a JSON Schema (draft 2020-12, the keywords that operators and parameters use). */
export function misfit(value: Json, schema: JsonObject, at: At = []): Misfit | undefined {
  if (parameterIn(value) !== undefined) return undefined;
  return (
    typeMisfit(value, schema, at) ??
    choiceMisfit(value, schema, at) ??
    sizeMisfit(value, schema, at) ??
    formatMisfit(value, schema, at) ??
    itemsMisfit(value, schema, at) ??
    membersMisfit(value, schema, at) ??
    branchMisfit(value, schema, at)
  );
}

export function typeOf(value: Json): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

function typeMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  const wanted = (Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]) as Json[];
  if (wanted.length === 0) return undefined;
  const actual = typeOf(value);
  const fits = wanted.some((type) => type === actual || (type === 'integer' && Number.isSafeInteger(value)));
  if (fits) return undefined;
  const words = wanted.map((type) => names[wordOf(type)] ?? wordOf(type)).join(' or ');
  const quote = wanted.includes('string') && (actual === 'number' || actual === 'boolean');
  return {
    at,
    message: `expected ${words}, found ${actual === 'nothing' ? 'nothing' : (names[actual] ?? actual)}`,
    ...(quote ? { hint: `quote it: "${wordOf(value)}"` } : {}),
  };
}

function choiceMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  const choices = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? undefined : [schema.const];
  if (choices === undefined || choices.some((choice) => canonicalJson(choice) === canonicalJson(value)))
    return undefined;
  const words = (choices as Json[]).map(wordOf);
  const hint = suggestion(wordOf(value), words);
  return {
    at,
    message: `${canonicalJson(value).slice(0, 60)} is not one of the possible values`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** Keyword, how the value is measured, and whether the limit is kept. */
const limits: readonly [
  string,
  (value: Json) => number | undefined,
  (size: number, limit: number) => boolean,
  string,
][] = [
  ['minimum', asNumber, (size, limit) => size >= limit, 'must be at least'],
  ['maximum', asNumber, (size, limit) => size <= limit, 'must be at most'],
  ['exclusiveMinimum', asNumber, (size, limit) => size > limit, 'must be more than'],
  ['exclusiveMaximum', asNumber, (size, limit) => size < limit, 'must be less than'],
  ['minLength', lengthOf, (size, limit) => size >= limit, 'must have characters, at least'],
  ['maxLength', lengthOf, (size, limit) => size <= limit, 'must have characters, at most'],
  ['minItems', countOf, (size, limit) => size >= limit, 'must have items, at least'],
  ['maxItems', countOf, (size, limit) => size <= limit, 'must have items, at most'],
  ['minProperties', membersOf, (size, limit) => size >= limit, 'must have members, at least'],
  ['maxProperties', membersOf, (size, limit) => size <= limit, 'must have members, at most'],
];

function asNumber(value: Json): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function lengthOf(value: Json): number | undefined {
  return typeof value === 'string' ? value.length : undefined;
}

function countOf(value: Json): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function membersOf(value: Json): number | undefined {
  return isObject(value) ? Object.keys(value).length : undefined;
}

function sizeMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  for (const [keyword, measure, kept, words] of limits) {
    const limit = schema[keyword];
    const size = measure(value);
    if (typeof limit === 'number' && size !== undefined && !kept(size, limit))
      return { at, message: `${words} ${limit}` };
  }
  return undefined;
}

function formatMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  const name = valueFormats.find((format) => format === schema.format);
  if (name === undefined || typeof value !== 'string' || formats[name].fits.test(value)) return undefined;
  return { at, message: `${describeJson(value)} is not ${formats[name].words}` };
}

function itemsMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  if (!Array.isArray(value) || !isObject(schema.items)) return undefined;
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const found = misfit(item, schema.items, [...at, index]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function membersMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  if (!isObject(value)) return undefined;
  const properties = isObject(schema.properties) ? schema.properties : {};
  for (const [key, member] of Object.entries(value)) {
    const found = memberMisfit(key, member ?? null, properties, schema.additionalProperties, at);
    if (found !== undefined) return found;
  }
  const needed = Array.isArray(schema.required) ? (schema.required as Json[]) : [];
  const missing = needed.find((key) => !Object.hasOwn(value, wordOf(key)));
  return missing === undefined ? undefined : { at, message: `'${wordOf(missing)}' is missing` };
}

function memberMisfit(
  key: string,
  value: Json,
  properties: JsonObject,
  others: Json | undefined,
  at: At,
): Misfit | undefined {
  const known = Object.hasOwn(properties, key) ? properties[key] : others;
  if (isObject(known)) return misfit(value, known, [...at, key]);
  if (known !== false) return undefined;
  const hint = suggestion(key, Object.keys(properties));
  return { at, key, message: `there is no '${key.slice(0, 60)}' here`, ...(hint === undefined ? {} : { hint }) };
}

/** Of several forms, the mistake in the one that fits best is the one to tell. */
function branchMisfit(value: Json, schema: JsonObject, at: At): Misfit | undefined {
  for (const branch of Array.isArray(schema.allOf) ? (schema.allOf as Json[]) : []) {
    const found = isObject(branch) ? misfit(value, branch, at) : undefined;
    if (found !== undefined) return found;
  }
  const forms = [schema.anyOf, schema.oneOf].find(Array.isArray) as readonly Json[] | undefined;
  if (forms === undefined) return undefined;
  const found: Misfit[] = [];
  for (const form of forms.filter(isObject)) {
    const here = misfit(value, form, at);
    if (here === undefined) return undefined;
    if (typeMisfit(value, form, at) === undefined) found.push(here);
  }
  const named = found.find((one) => one.key !== undefined) ?? found[0];
  return named ?? { at, message: `${describeJson(value)} does not fit any of the possible forms` };
}

function describeJson(value: Json): string {
  const text = canonicalJson(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
