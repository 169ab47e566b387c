import type { CloudFormationForm, Declared } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import type { Destination } from './_declared.ts';

/** What a template's functions depend on. */
export interface TemplateContext {
  readonly template: JsonObject;
  readonly destination: Destination;
  /** Values given for parameters; the others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly formOf: (type: string) => CloudFormationForm | undefined;
  /** Names of properties in which the id of another resource may stand. */
  readonly links: ReadonlySet<string>;
}

/** A template while its functions are worked out. */
export interface TemplateScope extends TemplateContext {
  /** A value with its functions worked out; references to resources are still objects of their own. */
  readonly evaluate: (node: Json | undefined) => Declared;
  /** Those objects and the logical ids that they stand for, until it is known whether an id is looked for. */
  readonly references: WeakMap<object, string>;
  /** What `Ref` gave for resources. */
  readonly refs: Map<string, Declared>;
  /** Resources whose reference is being worked out. */
  readonly active: Set<string>;
  /** What conditions came to; undefined for those that are open. */
  readonly met: Map<string, boolean | undefined>;
}

const longest = 100_000;
/** How far references and conditions are followed from one to the next. */
export const furthest = 20;

export function ownMember(object: Declared, name: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function textMember(object: Declared, name: string): string | undefined {
  return textOf(ownMember(object, name));
}

/** A scalar as CloudFormation writes it into text. */
export function textOf(value: Declared): string | undefined {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? String(value) : undefined;
}

export function later(what: string): Unknown {
  return unknown('known-after-apply', `${what} is known only at deployment`);
}

/** Why a value cannot stand inside a text. */
export function noText(value: Declared): Unknown {
  return isUnknown(value) ? value : later('an id inside a text');
}

/** Text that functions have made, unless it is too long to be meant. */
export function bounded(text: string): Declared {
  return text.length > longest ? unknown('limit', `it has more than ${longest} characters`) : text;
}

/** Whether a text has a part that is looked up at deployment. */
export function isLookedUp(text: string): boolean {
  return text.includes('{{resolve:');
}
