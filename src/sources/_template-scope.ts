import type { CloudFormationForm, Declared } from '../model/resource-type.ts';
import { withoutParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import type { Destination } from './_declared.ts';

/** What all templates of one document share. */
export interface TemplateWorld {
  readonly formOf: (type: string) => CloudFormationForm | undefined;
  /** Names of properties in which the id of another resource may stand. */
  readonly links: ReadonlySet<string>;
  /** Objects that stand for a resource until it is known whether an id is looked for, and what is written for it then. */
  readonly references: WeakMap<object, string>;
  /** What other stacks of the same document export, by account, region and name. */
  readonly exports: Map<string, () => Declared>;
  /** Steps that are left, for templates that grow while they are worked out. */
  readonly work: { left: number };
}

/** What a template's functions depend on. */
export interface TemplateContext {
  readonly world: TemplateWorld;
  readonly template: JsonObject;
  readonly destination: Destination;
  /** Name of the stack, where it is told. */
  readonly stack?: string;
  /** Stands before logical ids: nothing, or `Outer/`. */
  readonly prefix: string;
  /** Values given for parameters; the others have their defaults. */
  readonly parameters: ReadonlyMap<string, () => Declared>;
}

/** A template while its functions are worked out. */
export interface TemplateScope extends TemplateContext {
  /** A value with its functions worked out; references to resources are still objects of their own. */
  readonly evaluate: (node: Json | undefined) => Declared;
  /** What `Ref` gave for resources. */
  readonly refs: Map<string, Declared>;
  /** Resources and outputs whose value is being worked out. */
  readonly active: Set<string>;
  /** What conditions came to; undefined for those that are open. */
  readonly met: Map<string, boolean | undefined>;
  /** What parameters, outputs and entries of mappings came to. */
  readonly known: Map<string, Declared>;
  /** Templates of nested stacks, by logical id. */
  readonly nested: Map<string, TemplateScope>;
}

const longest = 100_000;
const mostItems = 10_000;
/** How far references and conditions are followed from one to the next. */
export const furthest = 20;

export function ownMember(object: Declared, name: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function textMember(object: Declared, name: string): string | undefined {
  return textOf(ownMember(object, name));
}

export function listOf(node: Json | undefined): readonly Json[] {
  return Array.isArray(node) ? node : [];
}

/** Stands around a number, or a yes or no, that is written otherwise than as JSON writes it: its value, and its source. */
export const otherwiseWritten = 'Fn::\u0000written';

const unsure = new WeakMap<object, Unknown | 'sure'>();

/** Why a text cannot be told, where what stands for it, or for a part of it, is no text and is written in a way of its own. */
export function unsureText(node: Json | undefined): Unknown | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const known = unsure.get(node);
  if (known !== undefined) return known === 'sure' ? undefined : known;
  const source = listOf(ownMember(node, otherwiseWritten))[1];
  const found = typeof source === 'string' ? unsureSource(source) : unsureMember(Object.values(node));
  unsure.set(node, found ?? 'sure');
  return found;
}

function unsureSource(source: string): Unknown {
  const shown = source.slice(0, 60);
  return unknown('type', `how CloudFormation turns ${shown} into a text is not certain; put it in quotation marks`);
}

function unsureMember(members: readonly (Json | undefined)[]): Unknown | undefined {
  for (const member of members) {
    const found = unsureText(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A scalar as CloudFormation writes it into text. */
export function textOf(value: Declared): string | undefined {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? String(value) : undefined;
}

export function later(what: string): Unknown {
  return unknown('known-after-apply', `${what.slice(0, 200)} is known only at deployment`);
}

/** Why a value cannot stand inside a text. */
export function noText(value: Declared): Unknown {
  return isUnknown(value) ? withoutParts(value) : later('an id inside a text');
}

/**
 * Text that functions have made, unless it is too long to be meant, or all texts together are.
 *
 * @param added how much of it is new
 */
export function bounded(text: string, { world }: TemplateScope, added = text.length): Declared {
  world.work.left -= added;
  if (world.work.left < 0) return tooMuch;
  return text.length > longest ? unknown('limit', `it has more than ${longest} characters`) : text;
}

/** A list that functions have made, unless it is too long to be meant. */
export function boundedList(items: readonly Json[], { world }: TemplateScope): Declared {
  world.work.left -= items.length;
  if (world.work.left < 0) return tooMuch;
  return items.length > mostItems ? unknown('limit', `it has more than ${mostItems} items`) : items;
}

export const tooMuch = unknown('limit', 'the template takes too much work to be worked out');

/** Whether a text has a part that is looked up at deployment. */
export function isLookedUp(text: string): boolean {
  return text.includes('{{resolve:');
}

const rewritten = new WeakMap<object, boolean>();

/** Whether a macro stands anywhere in a section of a template: it may fill in the rest of it too. */
export function isRewritten(section: Declared): boolean {
  if (!isObject(section)) return false;
  const known = rewritten.get(section);
  if (known !== undefined) return known;
  const found = JSON.stringify(section).includes('"Fn::Transform":');
  rewritten.set(section, found);
  return found;
}

/** Works something out once. A value that depends on itself stays open. */
export function once(key: string, { known, active }: TemplateScope, work: () => Declared): Declared {
  if (known.has(key)) return known.get(key);
  if (active.has(key)) return unknown('limit', `${key.slice(0, 200)} is referred to in a circle`);
  active.add(key);
  const value = work();
  active.delete(key);
  known.set(key, value);
  return value;
}
