import fc from 'fast-check';
import { isObject, type Json } from '../../src/model/value.ts';
import { denied } from './operator-table.ts';

/** A plain value out of few, so that two of them are often equal. */
export const scalar: fc.Arbitrary<string | number | boolean> = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'abc', '1', 'true', '10.0.0.0/8', '2026-01-01T00:00:00.000Z'),
  fc.constantFrom(0, 1, 2, 443),
  fc.boolean(),
);

/** Any JSON value, markers inside included. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.constant(null),
    fc.constant(denied),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** The value with one part, chosen by `pick`, replaced by a marker; possibly all of it. */
export function forget(value: Json, pick: () => number): Json {
  const keys = Array.isArray(value) ? [...value.keys()] : isObject(value) ? Object.keys(value) : [];
  const key = keys[pick() % (keys.length + 1)];
  if (key === undefined) return denied;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, at) => (at === key ? forget(item, pick) : item));
  return isObject(value) ? { ...value, [key]: forget(value[key] ?? null, pick) } : denied;
}
