import { canonicalJson, isObject, type Json } from '../model/value.ts';
import { ownMember } from './_template-scope.ts';
import type { TemplateStack } from './_template-stack.ts';

/** An entry of a template, and all entries that its text may name. */
interface Entry {
  readonly text: string;
  readonly names: readonly string[];
}

const sections = ['Parameters', 'Mappings', 'Conditions', 'Resources'] as const;
/** A name that is worked out may be any. */
const isWorkedOut = /"(?:Ref|Fn::GetAtt|Fn::FindInMap)":\[?\{/;
const key = /"(?:[^"\\]|\\.)*":/g;
const unread = new Set(['DependsOn', 'Metadata']);

const known = new WeakMap<TemplateStack, Map<string, Entry>>();

function partOf({ evaluator }: TemplateStack, section: string, name: string): Json | undefined {
  const entry = ownMember(ownMember(evaluator.scope.template, section), name);
  if (section !== 'Resources' || !isObject(entry)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([member]) => !unread.has(member)));
}

function wholeOf({ evaluator, nested }: TemplateStack): Json {
  const inner = [...nested].map(([id, stack]): Json => [id, wholeOf(stack)]);
  return [evaluator.scope.template, inner];
}

function allNames({ evaluator }: TemplateStack): readonly string[] {
  return sections.flatMap((section) => {
    const entries = ownMember(evaluator.scope.template, section);
    return isObject(entries) ? Object.keys(entries) : [];
  });
}

/** All entries of that name, whatever section they stand in. */
function entryOf(stack: TemplateStack, name: string): Entry {
  const entries = known.get(stack) ?? new Map<string, Entry>();
  known.set(stack, entries);
  const found = entries.get(name);
  if (found !== undefined) return found;
  const inner = stack.nested.get(name);
  const parts = sections.map((section) => partOf(stack, section, name) ?? null);
  const given = stack.evaluator.scope.parameters.get(name)?.() ?? null;
  const text = canonicalJson([...parts, given, inner === undefined ? null : wholeOf(inner)]);
  const words = text.replaceAll(key, ' ').replaceAll(/\\[a-z]/g, ' ');
  const named = new Set(words.match(/[A-Za-z0-9]+/g) ?? []);
  const isOpen = isWorkedOut.test(text);
  const names = allNames(stack).filter((one) => isOpen || named.has(one) || !/^[A-Za-z0-9]+$/.test(one));
  const entry = { text, names };
  entries.set(name, entry);
  return entry;
}

/**
 * Everything in a template that a resource's values may hang on, as one text: its own definition, those of all that it
 * names, and what is given for parameters. Where two of these are the same, what is not known is the same too.
 */
export function closureOf(stack: TemplateStack, id: string): string {
  if (stack.touched !== undefined) return canonicalJson(wholeOf(stack));
  const seen = new Set([id]);
  const texts: Json[] = [];
  for (const name of seen) {
    const { text, names } = entryOf(stack, name);
    texts.push([name, text]);
    for (const one of names) seen.add(one);
  }
  return canonicalJson(texts);
}
