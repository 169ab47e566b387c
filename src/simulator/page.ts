import type { Json, JsonObject } from '../model/value.ts';
import type { Chosen } from './choose-answer.ts';
import type { ReadRequest } from './read-request.ts';
import { outputOf } from './write-answer.ts';

/** One page of an answer: its top-level lists, one after the other, are cut into pieces of `size` items. */
export function pageOf(request: ReadRequest, value: JsonObject, pageSize: number | undefined): Chosen {
  const { tokens } = request.operation;
  if (tokens === undefined) return { value };
  const lists = listsOf(request, value);
  const total = lists.reduce((sum, [, items]) => sum + items.length, 0);
  const asked = tokens.size === undefined ? undefined : Number(request.input[tokens.size]);
  const size = Math.max(1, Math.min(pageSize ?? total, Number.isFinite(asked) ? Number(asked) : total));
  const token = request.input[tokens.input];
  const start = token === undefined ? 0 : readToken(token);
  if (start === undefined || start > total) {
    return { error: { name: 'InvalidNextToken', message: 'the token is not one of this list' } };
  }
  return { value: slice(request, value, lists, start, Math.min(total, start + size)) };
}

/** The first half of a list, and a token for the rest of it; undefined where the operation has no pages. */
export function halfOf(request: ReadRequest, value: JsonObject, token: string): JsonObject | undefined {
  const { tokens } = request.operation;
  if (tokens === undefined) return undefined;
  const lists = listsOf(request, value);
  const total = lists.reduce((sum, [, items]) => sum + items.length, 0);
  return { ...slice(request, value, lists, 0, Math.floor(total / 2)), ...more(request, token) };
}

type Lists = readonly (readonly [string, readonly Json[]])[];

function listsOf({ operation }: ReadRequest, value: JsonObject): Lists {
  const output = outputOf(operation.schema);
  const lists: [string, readonly Json[]][] = [];
  for (const [name, schema] of output.isStructSchema() ? output.structIterator() : []) {
    const items = value[name];
    if (schema.isListSchema() && Array.isArray(items)) lists.push([name, items as readonly Json[]]);
  }
  return lists;
}

function slice(request: ReadRequest, value: JsonObject, lists: Lists, start: number, end: number): JsonObject {
  const page: Record<string, Json | undefined> = { ...value };
  let passed = 0;
  for (const [name, items] of lists) {
    page[name] = items.slice(Math.max(0, start - passed), Math.max(0, end - passed));
    passed += items.length;
  }
  return end < passed ? { ...page, ...more(request, writeToken(end)) } : page;
}

function more({ operation }: ReadRequest, token: string): JsonObject {
  const output = outputOf(operation.schema);
  const truncated = [...output.structIterator()].some(([name]) => name === 'IsTruncated');
  return { [operation.tokens?.output ?? '']: token, ...(truncated ? { IsTruncated: true } : {}) };
}

function writeToken(offset: number): string {
  return Buffer.from(`from ${offset}`).toString('base64');
}

function readToken(token: Json): number | undefined {
  const offset = /^from (\d{1,9})$/.exec(
    Buffer.from(typeof token === 'string' ? token : '', 'base64').toString('utf8'),
  )?.[1];
  return offset === undefined ? undefined : Number(offset);
}
