import { type Place, ProvisoError } from '../errors.ts';
import { suggestion } from '../model/suggest.ts';
import type { YamlEntry, YamlNode } from '../model/yaml.ts';

/** A text and where it stands. */
export interface Placed {
  readonly text: string;
  readonly at: Place;
}

/** Mistakes, in the order in which they are found. */
export type Problems = ProvisoError[];

const longestText = 2000;

/** Notes a mistake at a place. */
export function complain(problems: Problems, where: Place, message: string, hint?: string): void {
  problems.push(new ProvisoError('policy', message, { where, ...(hint === undefined ? {} : { hint }) }));
}

/** The entries of a mapping; anything else is a mistake. */
export function mapOf(node: YamlNode, what: string, problems: Problems): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  complain(problems, node.at, `${what} must be a mapping of names to values`);
  return [];
}

/** The entries of a mapping by key; unknown keys are mistakes. */
export function known(
  node: YamlNode,
  what: string,
  keys: readonly string[],
  problems: Problems,
): Map<string, YamlEntry> {
  const entries = new Map<string, YamlEntry>();
  for (const entry of mapOf(node, what, problems)) {
    if (keys.includes(entry.key)) entries.set(entry.key, entry);
    else complain(problems, entry.keyNode.at, `${what} has no '${entry.key}'`, suggestion(entry.key, keys));
  }
  return entries;
}

/** A text that is not blank, of a bearable length. */
export function textOf(node: YamlNode, what: string, problems: Problems): string | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '') {
    if (node.value.length <= longestText) return node.value;
    complain(problems, node.at, `${what} is longer than ${longestText} characters`);
    return undefined;
  }
  // The reader has already said of a number what it should have been.
  const number = node.kind === 'scalar' && typeof node.value === 'number';
  const said = problems.some(({ where }) => where?.line === node.at.line && where.column === node.at.column);
  if (!said) complain(problems, node.at, `${what} must be a text`, number ? `quote it: "${node.value}"` : undefined);
  return undefined;
}

/** A list of texts without repetition. */
export function textsOf(node: YamlNode | undefined, what: string, problems: Problems): readonly Placed[] {
  if (node === undefined) return [];
  if (node.kind !== 'list' || node.items.length === 0) {
    complain(problems, node.at, `${what} must be a list with at least one item`, 'leave it out if there is none');
    return [];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => {
    const text = textOf(item, `each item of ${what}`, problems);
    if (text === undefined) return [];
    if (seen.has(text)) complain(problems, item.at, `'${text}' is written twice`);
    seen.add(text);
    return [{ text, at: item.at }];
  });
}
