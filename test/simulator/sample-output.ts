import { NormalizedSchema } from '@smithy/core/schema';
import type { Json, JsonObject } from '../../src/model/value.ts';

/** Texts that a careless writer or reader of XML, JSON or forms would lose. */
export const texts = [
  'plain',
  '',
  '<a href="x">&amp; \'quoted\'</a>',
  ' leading and trailing ',
  'tab\tline\nreturn\r',
  'ключ 鍵 🔑',
  ']]>',
  '{"Version":"2012-10-17"}',
  '007',
  'true',
];

/** A full value of a shape: every member, lists of none and of two, all of the texts by turns. */
export function sampleOutput(schema: unknown): JsonObject {
  const output = NormalizedSchema.of((schema as readonly unknown[])[5] as never);
  return sample(output, { count: 0 }, 0) as JsonObject;
}

interface Turn {
  count: number;
}

function sample(schema: NormalizedSchema, turn: Turn, depth: number): Json {
  turn.count += 1;
  if (schema.isStructSchema()) {
    const members = depth > 12 ? [] : [...schema.structIterator()];
    const chosen = schema.isUnionSchema() ? members.slice(0, 1) : members;
    return Object.fromEntries(chosen.map(([name, member]) => [name, sample(member, turn, depth + 1)]));
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const count = depth > 8 || (depth > 1 && turn.count % 7 === 0) ? 0 : 2;
    return Array.from({ length: count }, () => sample(item, turn, depth + 1));
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    return { plain: sample(item, turn, depth + 1), 'a<b>&"c': sample(item, turn, depth + 1) };
  }
  return scalar(schema, turn);
}

function scalar(schema: NormalizedSchema, turn: Turn): Json {
  if (schema.isBooleanSchema()) return turn.count % 2 === 0;
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return turn.count;
  if (schema.isBlobSchema()) return Buffer.from([0, 255, 60, 38, turn.count % 256]).toString('base64');
  if (schema.isTimestampSchema()) {
    const whole = schema.getSchema() === 6;
    return `2026-07-0${(turn.count % 9) + 1}T23:59:59.${whole || turn.count % 2 === 0 ? '000' : '125'}Z`;
  }
  return texts[turn.count % texts.length] ?? '';
}
