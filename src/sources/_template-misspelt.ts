import { nearest } from '../model/nearest.ts';
import type { Doubt } from '../model/proposal.ts';
import { byCodeUnit, isObject, type Json, type JsonObject } from '../model/value.ts';
import type { Types } from './_declared.ts';
import names from './_template-names.json' with { type: 'json' };
import { listOf, ownMember, textMember } from './_template-scope.ts';
import { isLeftOut, type TemplateStack } from './_template-stack.ts';
import { danglingIn } from './_template-targets.ts';

/** By the name of a definition, its members, and the definition that each leads to; none where anything may follow. */
type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

const tables = new Map<string, Tables>(Object.entries(names.types));
const known = new Set([...tables.keys(), ...names.alike]);

/** What a resource may have beside its type and properties; what AWS SAM takes is for AWS SAM to refuse. */
const keys = new Set([
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'Metadata', 'Connectors'],
  ...['CreationPolicy', 'UpdatePolicy', 'DeletionPolicy', 'UpdateReplacePolicy'],
]);

/** Letters that may be wrong. What is further away may be new at AWS, and must not stop anybody. */
const inProperty = 3;
const inType = 2;

const mostLookups = 2000;
const mostTold = 10;

/** A mistake in a template, for a sentence: where it is, and what it is. */
interface Mistake {
  readonly line: number | undefined;
  readonly address: string;
  readonly what: string;
  readonly about?: readonly string[];
}

interface Checking {
  readonly stack: TemplateStack;
  readonly types: Types;
  readonly found: Mistake[];
  /** Words that may still be compared with others, for templates that are made of nothing else. */
  readonly left: { lookups: number };
}

const quoted = (text: string) => JSON.stringify(text.slice(0, 100));

function meant(word: string, words: Iterable<string>, most: number, { left }: Checking): string | undefined {
  left.lookups -= 1;
  return left.lookups < 0 ? undefined : nearest(word, words, most);
}

/** What AWS's own answers call the members of a type: what is written so is meant for something. */
function namesOfApi(type: string, { types: { shapes } }: Checking): ReadonlySet<string> {
  const shape = shapes.get(type);
  return new Set(typeof shape === 'object' && 'fields' in shape ? Object.keys(shape.fields) : []);
}

/** A resource whose names are held against those that its type has. */
interface Named {
  readonly id: string;
  readonly type: string;
  readonly tables: Tables;
}

function tell({ stack, found, types }: Checking, id: string, path: readonly string[], what: string, type?: string) {
  const { text, origins, evaluator } = stack;
  const key = origins.get(id) ?? id;
  const line = text.lineOf('Resources', key, ...path.slice(0, 2)) ?? text.lineOf('Resources', key);
  const judged = [...types.types.values()].flatMap(({ type: name, cloudformation: form }) =>
    type !== undefined && form && [form.main ?? name, ...Object.keys(form.satellites ?? {})].includes(type)
      ? [name]
      : [],
  );
  const about = judged.length === 0 ? {} : { about: judged };
  found.push({ line, address: evaluator.scope.prefix + id, what, ...about });
}

/** Holds the names of a map, and of all inside it, against those of one definition. */
function checkNames(node: Json | undefined, table: string, path: readonly string[], named: Named, checking: Checking) {
  const members = Object.hasOwn(named.tables, table) ? named.tables[table] : undefined;
  if (members === undefined || checking.left.lookups < 0) return;
  if (Array.isArray(node)) for (const item of node as readonly Json[]) checkNames(item, table, path, named, checking);
  if (!isObject(node)) return;
  for (const name of Object.keys(node)) {
    if (name === 'Fn::If') checkNames(listOf(node[name]).slice(1), table, path, named, checking);
    if (!isFunction(name)) checkMember(name, node, members, path, named, checking);
  }
}

const isFunction = (name: string) => name === 'Ref' || name.startsWith('Fn::');

function checkMember(
  name: string,
  beside: JsonObject,
  members: Readonly<Record<string, string>>,
  path: readonly string[],
  named: Named,
  checking: Checking,
) {
  const next = Object.hasOwn(members, name) ? members[name] : undefined;
  if (next === undefined) checkName(name, beside, members, [...path, name], named, checking);
  else if (next !== '') checkNames(beside[name], next, [...path, name], named, checking);
}

function checkName(
  name: string,
  beside: JsonObject,
  members: Readonly<Record<string, string>>,
  path: readonly string[],
  { id, type }: Named,
  checking: Checking,
) {
  const near = meant(name, Object.keys(members), inProperty, checking);
  const place = path.length > 1 ? ` in ${path.slice(0, -1).join('.').slice(0, 200)}` : '';
  const unknown = `${type} has no property ${quoted(name)}${place}`;
  // What stands beside the right name is another one, and may be new.
  if (near !== undefined && !Object.hasOwn(beside, near))
    tell(checking, id, ['Properties', ...path], `${unknown}; did you mean '${near}'?`, type);
  else if (path.length === 1 && namesOfApi(type, checking).has(name))
    tell(checking, id, ['Properties', ...path], `${unknown} that is known here, while AWS's answers have one`, type);
}

function checkKeys(id: string, resource: JsonObject, type: string, checking: Checking) {
  for (const key of Object.keys(resource)) {
    if (keys.has(key) || key.startsWith('Fn::')) continue;
    const near = meant(key, keys, inProperty, checking);
    const hint = near === undefined ? '' : `; did you mean '${near}'?`;
    tell(checking, id, [key], `a resource takes no ${quoted(key)}${hint}`, type);
  }
}

function checkResource(id: string, resource: Json | undefined, checking: Checking) {
  const type = textMember(resource, 'Type');
  if (type === undefined || !isObject(resource) || Object.hasOwn(resource, 'Fn::Transform')) return;
  const own = tables.get(type);
  if (own !== undefined) {
    checkKeys(id, resource, type, checking);
    checkNames(ownMember(resource, 'Properties'), '', [], { id, type, tables: own }, checking);
  } else if (!known.has(type) && !type.startsWith('Custom::')) {
    const near = meant(type, tables.keys(), inType, checking);
    if (near !== undefined)
      tell(checking, id, ['Type'], `there is no type ${quoted(type)}; did you mean '${near}'?`, near);
  }
}

function check(stack: TemplateStack, types: Types, left: Checking['left']): readonly Doubt[] {
  const checking: Checking = { stack, types, found: [], left };
  // What a macro may rewrite need not stay as it is.
  if (stack.touched === undefined) {
    for (const [id, resource] of Object.entries(stack.resources))
      if (!isLeftOut(resource, stack.evaluator)) checkResource(id, resource, checking);
    for (const { id, path, what } of danglingIn(stack, (word, words) => meant(word, words, inProperty, checking)))
      tell(checking, id, path, what);
  }
  const { file } = stack.text;
  const told = checking.found.slice(0, mostTold).map(
    ({ line, address, what, about }): Doubt => ({
      code: 'unreadable',
      detail: `${file}${line === undefined ? '' : `:${line}`} ${address.slice(0, 200)}: ${what}`,
      ...(about === undefined ? {} : { about: [...about].sort(byCodeUnit) }),
    }),
  );
  const more = checking.found.length - told.length;
  if (more > 0) told.push({ code: 'unreadable', detail: `${file} has ${more} more names that CloudFormation refuses` });
  return [...told, ...[...stack.nested.values()].flatMap((inner) => check(inner, types, left))];
}

/**
 * Names that CloudFormation would refuse, or that stand for something that nobody reads: they would be passed over, and
 * what they were meant to say with them.
 */
export function misspeltIn(stacks: readonly TemplateStack[], types: Types): readonly Doubt[] {
  const left = { lookups: mostLookups };
  const doubts = stacks.flatMap((stack) => check(stack, types, left));
  if (left.lookups >= 0) return doubts;
  const detail = `more than ${mostLookups} names are not known, and were not all compared with those that are`;
  return [...doubts, { code: 'unreadable', detail }];
}
