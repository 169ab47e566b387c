import { isUtf8 } from 'node:buffer';
import { JsonTextError } from '../model/json-text.ts';
import type { Json } from '../model/value.ts';
import {
  changeOf,
  configResourceOf,
  type PlanChange,
  type PlanConfigResource,
  PlanPartError,
  type PlanResourceChange,
  type PlanStateResource,
  resourceChangeOf,
  stateResourceOf,
} from './_plan-format.ts';
import { type Choice, type JsonPath, splitJson } from './_plan-split.ts';
import { own, ownText } from './_terraform-values.ts';

/** One type for each of several members that have the same. */
type Each<Member extends string, Rest> = Member extends string ? { readonly member: Member } & Rest : never;

/** A part of a plan, in the order in which it stands in the document. */
export type PlanPart =
  | Each<'format_version' | 'terraform_version' | 'timestamp', { readonly value: string }>
  | Each<'complete' | 'errored' | 'applyable', { readonly value: boolean }>
  | { readonly member: 'variables'; readonly name: string; readonly value: Json }
  /** The value is undefined where nobody wanted it. */
  | Each<
      'resource_changes' | 'resource_drift',
      { readonly head: PlanHead; readonly value: PlanResourceChange | undefined }
    >
  | { readonly member: 'deferred_changes'; readonly reason: string; readonly value: PlanResourceChange }
  | { readonly member: 'output_changes'; readonly name: string; readonly value: PlanChange }
  | Each<'checks' | 'relevant_attributes', { readonly value: Json }>
  | { readonly member: 'prior_state'; readonly head: PlanHead; readonly value: PlanStateResource | undefined }
  | { readonly member: 'provider_config'; readonly key: string; readonly value: Json }
  | PlanConfigPart;

/** A part of `configuration.root_module` or of a module that is called from there. */
export type PlanConfigPart = {
  readonly member: 'configuration';
  /** Names of the calls that lead to the module; none for the root. */
  readonly calls: readonly string[];
} & (
  | { readonly kind: 'resource'; readonly value: PlanConfigResource }
  | { readonly kind: 'output' | 'variable'; readonly name: string; readonly value: Json }
  /** Of the call itself: `source`, `expressions`, `count_expression`, `for_each_expression`. */
  | { readonly kind: 'call'; readonly name: string; readonly value: Json }
);

/** What is known of a resource before it is parsed. */
export interface PlanHead {
  /** `resource_changes[17]` */
  readonly part: string;
  /** Undefined where it does not stand before the first list or object. */
  readonly mode: string | undefined;
  readonly type: string | undefined;
  readonly isDeposed: boolean;
}

export interface PlanReaderOptions {
  /**
   * Whether a resource of `resource_changes`, `resource_drift` or `prior_state` is worth parsing. Asked only where mode and
   * type are known without; all are parsed unless told.
   */
  readonly wants?: (
    member: 'resource_changes' | 'resource_drift' | 'prior_state',
    mode: string,
    type: string,
  ) => boolean;
}

export interface PlanReader {
  /**
   * @returns the parts that ended in this chunk
   * @throws JsonTextError for what is not JSON, PlanPartError for parts that the format does not have
   */
  write(chunk: Uint8Array): readonly PlanPart[];
  /** @throws JsonTextError when the document ends before it is whole */
  end(): void;
  /** The names of the document's members that were seen so far, a hundred at most. */
  readonly names: readonly string[];
  /** How many bytes of the document were parsed so far: what was passed over is not among them. */
  readonly parsedBytes: number;
}

/** Bounds on what is read: far above any real plan, far below what ends a process. */
const limits = { depth: 200, valueDepth: 100, valueBytes: 64_000_000, members: 2_000_000 } as const;

const plain = new Set(['format_version', 'terraform_version', 'timestamp', 'complete', 'errored', 'applyable']);
const lists = new Set(['resource_changes', 'resource_drift', 'deferred_changes', 'checks', 'relevant_attributes']);
const maps = new Set(['output_changes', 'variables']);

/**
 * Reads a plan as `terraform show -json` writes it, chunk by chunk. Memory holds one part at a time. `planned_values` is
 * passed over: all that it says stands in `resource_changes` too, and better.
 */
export function planReader({ wants }: PlanReaderOptions = {}): PlanReader {
  const names: string[] = [];
  let parts: PlanPart[] = [];
  let parsedBytes = 0;
  const splitter = splitJson({
    choose(path) {
      if (path.length === 1 && names.length < 100) names.push(String(path[0]));
      return choiceOf(path);
    },
    take(path, bytes, offset) {
      const part = partOf(path, bytes, offset, wants);
      if (part === undefined) return;
      parts.push(part);
      if (part.value !== undefined) parsedBytes += bytes.length;
    },
    limits,
  });
  return {
    write(chunk) {
      splitter.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      const found = parts;
      parts = [];
      return found;
    },
    end: () => splitter.end(),
    names,
    get parsedBytes() {
      return parsedBytes;
    },
  };
}

function choiceOf(path: JsonPath): Choice {
  const [first = ''] = path;
  const name = String(first);
  if (plain.has(name)) return 'take';
  if (lists.has(name) || maps.has(name)) return path.length > 1 ? 'take' : lists.has(name) ? 'list' : 'object';
  if (name === 'prior_state') return stateChoice(path);
  return name === 'configuration' ? configChoice(path) : 'skip';
}

/** `prior_state.values.root_module.child_modules[0].resources[1]` */
function stateChoice(path: JsonPath): Choice {
  const last = path.at(-1);
  if (path.length === 1) return 'object';
  if (path.length === 2) return last === 'values' ? 'object' : 'skip';
  if (path.length === 3) return last === 'root_module' ? 'object' : 'skip';
  if (path.length % 2 === 0) return last === 'resources' || last === 'child_modules' ? 'list' : 'skip';
  return path.at(-2) === 'resources' ? 'take' : 'object';
}

/** Where the innermost module of a path into `configuration` begins, `root_module` or `module`. */
function moduleStart(path: JsonPath): number {
  let start = 1;
  while (path[start + 1] === 'module_calls' && path[start + 3] === 'module') start += 3;
  return start;
}

/** `configuration.root_module.module_calls.web.module.resources[1]` */
function configChoice(path: JsonPath): Choice {
  if (path.length === 1) return 'object';
  if (path[1] === 'provider_config') return path.length === 2 ? 'object' : 'take';
  if (path[1] !== 'root_module') return 'skip';
  const [kind, , member] = path.slice(moduleStart(path) + 1);
  const depth = path.length - moduleStart(path) - 1;
  if (depth === 0) return 'object';
  if (depth === 1) return kind === 'resources' ? 'list' : moduleMaps.has(String(kind)) ? 'object' : 'skip';
  if (kind !== 'module_calls') return 'take';
  if (depth === 2) return 'object';
  return callMembers.has(String(member)) ? 'take' : 'skip';
}

const moduleMaps = new Set(['outputs', 'variables', 'module_calls']);
const callMembers = new Set(['source', 'expressions', 'count_expression', 'for_each_expression']);

function partOf(
  path: JsonPath,
  bytes: Buffer,
  offset: number,
  wants: PlanReaderOptions['wants'],
): PlanPart | undefined {
  const member = String(path[0]);
  const key = path.at(-1) ?? '';
  if (lists.has(member) && typeof key !== 'number') throw new PlanPartError(member, 'is not a list');
  const parse = () => parseValue(bytes, offset);
  if (member === 'resource_changes' || member === 'resource_drift') {
    const head = headOf(bytes, `${member}[${key}]`);
    return { member, head, value: isWanted(member, head, wants) ? resourceChangeOf(parse(), head.part) : undefined };
  }
  if (member === 'prior_state') {
    if (path.at(-2) !== 'resources') return undefined;
    const head = headOf(bytes, textOf(path));
    return { member, head, value: isWanted(member, head, wants) ? stateResourceOf(parse(), head.part) : undefined };
  }
  return plain.has(member) ? plainPart(member, parse()) : valuePart(path, member, key, parse());
}

function isWanted(
  member: Parameters<NonNullable<PlanReaderOptions['wants']>>[0],
  { mode, type }: PlanHead,
  wants: PlanReaderOptions['wants'],
): boolean {
  return wants === undefined || mode === undefined || type === undefined || wants(member, mode, type);
}

function valuePart(path: JsonPath, member: string, key: string | number, value: Json): PlanPart | undefined {
  switch (member) {
    case 'deferred_changes':
      return deferredPart(value, `${member}[${key}]`);
    case 'variables':
      return path.length === 1 ? undefined : { member, name: String(key), value: own(value, 'value') ?? null };
    case 'output_changes':
      return path.length === 1 ? undefined : { member, name: String(key), value: changeOf(value, textOf(path)) };
    case 'checks':
    case 'relevant_attributes':
      return { member, value };
    default:
      return configPart(path, key, value);
  }
}

function plainPart(member: string, value: Json): PlanPart {
  if (member === 'complete' || member === 'errored' || member === 'applyable') {
    if (typeof value !== 'boolean') throw new PlanPartError(member, 'is neither true nor false');
    return { member, value };
  }
  if (typeof value !== 'string') throw new PlanPartError(member, 'is not text');
  if (member === 'format_version' && !/^1\.[0-9]{1,4}$/.test(value))
    throw new PlanPartError(member, `is ${JSON.stringify(value.slice(0, 20))}, and only format 1 is read`);
  return { member: member as 'timestamp', value };
}

function deferredPart(entry: Json, part: string): PlanPart {
  const change = own(entry, 'resource_change');
  if (change === undefined) throw new PlanPartError(part, 'has no resource_change');
  const reason = ownText(entry, 'reason') ?? 'unknown';
  return { member: 'deferred_changes', reason, value: resourceChangeOf(change, part) };
}

function configPart(path: JsonPath, key: string | number, value: Json): PlanPart | undefined {
  if (path[1] === 'provider_config')
    return path.length === 3 ? { member: 'provider_config', key: String(key), value } : undefined;
  const start = moduleStart(path);
  const calls = path.slice(2, start).filter((_, index) => index % 3 === 1);
  const [kind, name] = path.slice(start + 1);
  const base = { member: 'configuration', calls: calls.map(String) } as const;
  if (kind === 'resources' && path.length === start + 3)
    return { ...base, kind: 'resource', value: configResourceOf(value, textOf(path)) };
  if (kind === 'outputs' && name !== undefined) return { ...base, kind: 'output', name: String(name), value };
  if (kind === 'variables' && name !== undefined) return { ...base, kind: 'variable', name: String(name), value };
  if (kind !== 'module_calls' || path.length !== start + 4) return undefined;
  return { ...base, calls: [...base.calls, String(name)], kind: 'call', name: String(key), value };
}

/** `prior_state.values.root_module.resources[3]`, short enough for a message. */
function textOf(path: JsonPath): string {
  const text = path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** One member with a plain value, at the beginning of an object or after another one. */
const plainMember = /[{,\s]*"((?:[^"\\]|\\.)*)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|-?[0-9.eE+-]+|true|false|null)\s*/y;

/** What stands before the first list or object of a resource, which is all but its values as Terraform writes it. */
function headOf(bytes: Buffer, part: string): PlanHead {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, 4096));
  const found: Record<string, string | undefined> = Object.create(null);
  plainMember.lastIndex = 0;
  for (let match = plainMember.exec(text); match !== null; match = plainMember.exec(text)) {
    const [, name = '', value] = match;
    found[name] = value ?? '';
  }
  // Written with escapes, they are not what they seem.
  const [mode, type] = [found.mode, found.type].map((text) => (text?.includes('\\') ? undefined : text));
  return { part, mode, type, isDeposed: found.deposed !== undefined };
}

function parseValue(bytes: Buffer, offset: number): Json {
  if (!isUtf8(bytes)) throw new JsonTextError('it is not UTF-8', offset);
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch {
    throw new JsonTextError('it is not JSON', offset);
  }
}
