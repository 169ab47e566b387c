import type { NormalizedSchema } from '@smithy/core/schema';
import { isObject, type Json } from '../model/value.ts';
import { timestampFormat, timestampText } from './timestamp-text.ts';

/** A declared value as it stands in a JSON answer. `named`: members go by the names that REST services give them. */
export function writeJson(schema: NormalizedSchema, value: Json, named: boolean): Json {
  if (value === null) return null;
  if (schema.isStructSchema()) return writeStruct(schema, value, named);
  if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema();
    return (value as readonly Json[]).map((each) => writeJson(item, each, named));
  }
  if (schema.isMapSchema() && isObject(value)) {
    const item = schema.getValueSchema();
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [key, writeJson(item, each ?? null, named)]));
  }
  if (schema.isTimestampSchema()) {
    const text = timestampText(schema, value, 'epoch-seconds');
    return timestampFormat(schema, 'epoch-seconds') === 'epoch-seconds' ? Number(text) : text;
  }
  return value;
}

function writeStruct(schema: NormalizedSchema, value: Json, named: boolean): Json {
  const members: Record<string, Json> = {};
  for (const [name, member] of schema.structIterator()) {
    const given = isObject(value) ? value[name] : undefined;
    const traits = member.getMergedTraits();
    if (given === undefined || (named && traits.httpHeader !== undefined)) continue;
    members[(named ? traits.jsonName : undefined) ?? name] = writeJson(member, given, named);
  }
  return members;
}
