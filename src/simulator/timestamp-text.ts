import type { NormalizedSchema } from '@smithy/core/schema';
import type { Json } from '../model/value.ts';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** The numbers by which the SDK's schemas tell how a timestamp is written; 4 leaves it to the protocol. */
const formats: Readonly<Record<number, TimestampFormat>> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

export function timestampFormat(schema: NormalizedSchema, usual: TimestampFormat): TimestampFormat {
  const kind = schema.getSchema();
  return (typeof kind === 'number' ? formats[kind] : undefined) ?? usual;
}

/** A declared time in the form in which it travels. */
export function timestampText(schema: NormalizedSchema, value: Json, usual: TimestampFormat): string {
  const time = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(time.getTime())) throw new Error(`${JSON.stringify(value)} is not a time`);
  const format = timestampFormat(schema, usual);
  if (format === 'http-date') return time.toUTCString();
  return format === 'date-time' ? time.toISOString() : String(time.getTime() / 1000);
}
