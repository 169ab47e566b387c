import { type Place, ProvisoError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { suggestion } from '../model/suggest.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../model/yaml.ts';
import type { Parameter, Vocabulary } from './rule.ts';

/** What the checks of one rule file share. */
export interface Checking {
  readonly catalogue: Vocabulary;
  readonly problems: ProvisoError[];
  /** Undefined while the declarations cannot be trusted: then no use of a parameter is judged. */
  parameters: Readonly<Record<string, Parameter>> | undefined;
  readonly used: Set<string>;
  /** Parameters that are used and not declared: told once each. */
  readonly undeclared: Set<string>;
  /** Type → paths that the rule reads. */
  readonly reads: Map<string, Set<string>>;
  /** Where `of` looks for instances unless it says so: a rule about a region is about that region. */
  ofScope: 'account' | 'region';
  /** Places that have their mistake already: one a node. */
  readonly faulted: Set<string>;
}

/** Records a mistake, unless the same place has one. */
export function fault(checking: Checking, where: Place, message: string, hint?: string): undefined {
  const key = `${where.line}:${where.column}`;
  if (checking.faulted.has(key)) return undefined;
  checking.faulted.add(key);
  checking.problems.push(new ProvisoError('rule', message, { where, ...(hint === undefined ? {} : { hint }) }));
  return undefined;
}

/** How a message calls a value. */
export function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text '${cut(node.value)}'` : String(node.value);
}

export function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** The node as a mapping; anything else is a mistake. */
export function mapping(checking: Checking, node: YamlNode, what: string): YamlMap | undefined {
  if (node.kind === 'map') return node;
  return fault(checking, node.at, `${what} is a mapping, not ${describe(node)}`);
}

/** Text that says something. */
export function text(checking: Checking, node: YamlNode, what: string): string | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
  const quote = node.kind === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'boolean');
  return fault(checking, node.at, `${what} is text, not ${describe(node)}`, quote ? 'quote it' : undefined);
}

/** One of a few words. */
export function word<Word extends string>(
  checking: Checking,
  node: YamlNode,
  what: string,
  words: readonly Word[],
): Word | undefined {
  const found = node.kind === 'scalar' ? words.find((candidate) => candidate === String(node.value)) : undefined;
  if (found !== undefined) return found;
  const written = node.kind === 'scalar' ? String(node.value) : '';
  return fault(checking, node.at, `${what} cannot be ${describe(node)}`, suggestion(written, words));
}

/** The entries of a mapping whose keys are fixed words. */
export interface Fixed {
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** Keys that are none of the words. */
  readonly wrong: readonly string[];
}

/** Checks the keys of a mapping against the words that may stand there. */
export function fixedKeys(checking: Checking, map: YamlMap, what: string, words: readonly string[]): Fixed {
  const entries = new Map<string, YamlEntry>();
  for (const entry of map.entries) if (words.includes(entry.key)) entries.set(entry.key, entry);
  const wrong = map.entries.filter((entry) => !words.includes(entry.key));
  const open = words.filter((one) => !entries.has(one));
  for (const entry of wrong)
    fault(checking, entry.keyNode.at, `${what} has no '${cut(entry.key)}'`, suggestion(entry.key, open));
  return { entries, wrong: wrong.map((entry) => entry.key) };
}

/** Whether a key is missing only because it was misspelt: nobody is told twice. */
export function isMisspelt(fixed: Fixed, key: string): boolean {
  return fixed.wrong.some((one) => nearest(one, [key]) !== undefined);
}

/** The entry of a required key; missing, it is one mistake, unless it was misspelt. */
export function required(
  checking: Checking,
  fixed: Fixed,
  key: string,
  at: Place,
  what: string,
): YamlEntry | undefined {
  const entry = fixed.entries.get(key);
  if (entry !== undefined || isMisspelt(fixed, key)) return entry;
  checking.problems.push(new ProvisoError('rule', `${what} needs '${key}'`, { where: { ...at, length: 1 } }));
  return undefined;
}
