import type { Json } from '../model/value.ts';

const deepest = 100;

/** An answer that is not what the operation's shapes promise. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

/**
 * Turns what the SDK returned into plain JSON: timestamps as ISO 8601 text in UTC with milliseconds, bytes as base64,
 * without members that are undefined.
 *
 * @throws WrongAnswer for a number, date or object that JSON cannot hold
 */
export function toJson(value: unknown, depth = 0): Json {
  if (depth > deepest) throw new WrongAnswer(`the answer is nested deeper than ${deepest} levels`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new WrongAnswer(`the answer holds ${value} where a number belongs`);
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      return value === null ? null : objectToJson(value, depth);
    default:
      throw new WrongAnswer(`the answer holds a ${typeof value}`);
  }
}

function objectToJson(value: object, depth: number): Json {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : toJson(item, depth + 1)));
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new WrongAnswer('the answer holds a time that is none');
    return value.toISOString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof String) return value.toString();
  return membersToJson(value, depth);
}

function membersToJson(value: object, depth: number): Json {
  const members: (readonly [string, Json])[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || (depth === 0 && name === '$metadata')) continue;
    if (name === '$unknown') throw new WrongAnswer("the answer has a member '$unknown', which marks what has none");
    members.push([name, toJson(member, depth + 1)]);
  }
  // Defines each member, so that one called `__proto__` is a member like any other.
  return Object.fromEntries(members);
}
