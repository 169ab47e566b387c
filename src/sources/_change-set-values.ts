import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { Declared } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { isLookedUp, later, ownMember, textMember } from './_template-scope.ts';

/** What CloudFormation writes for a value, or a part of one, that a resource gets only when it is made. */
const afterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';
/** What CloudFormation writes for the value of a parameter with `NoEcho`. */
const masked = /^\*{4,}$/;

/** A resource as a change set describes it before or after the change; undefined where it does not. */
export type Context = { readonly properties: JsonObject } | { readonly flaw: Unknown } | undefined;

/**
 * Reads `BeforeContext` or `AfterContext`, which are JSON inside a text.
 */
export function readContext(written: Json | undefined): Context {
  if (typeof written !== 'string') return undefined;
  try {
    const context = parseJsonBytes(Buffer.from(written, 'utf8'));
    const properties = valueIn(ownMember(context, 'Properties') ?? {});
    if (isUnknown(properties)) return { flaw: properties };
    return isObject(properties)
      ? { properties }
      : { flaw: unknown('type', 'the properties in the change set are not a map') };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return { flaw: unknown('failed', `its properties in the change set cannot be read: ${error.message}`) };
  }
}

function valueIn(node: Json | undefined): Declared {
  if (node === null || node === undefined) return undefined;
  if (typeof node === 'string') return textIn(node);
  if (typeof node !== 'object') return node;
  if (Array.isArray(node)) return (node as readonly Json[]).map(valueIn).filter((item) => item !== undefined);
  if (isUnknown(node)) return unknown('type', 'it has a member that is named $unknown');
  const members = Object.entries(node as JsonObject).map(([name, member]) => [name, valueIn(member)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function textIn(text: string): Declared {
  if (text.includes(afterApply)) return later('a value that another resource gives');
  if (isLookedUp(text)) return later('a value that is looked up');
  return masked.test(text) ? unknown('redacted', 'the change set does not show it') : text;
}

/** The tags of a change set's stack; undefined where it does not tell them. */
export function tagsIn(facts: Json): Readonly<Record<string, string>> | undefined {
  const tags = ownMember(facts, 'Tags');
  if (!Array.isArray(tags)) return undefined;
  const told = (tags as readonly Json[]).map((tag) => [textMember(tag, 'Key'), textMember(tag, 'Value')]);
  return told.every(([key, value]) => key !== undefined && value !== undefined) ? Object.fromEntries(told) : undefined;
}
