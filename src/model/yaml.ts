import { type ErrorCode, type Place, ProvisoError, ProvisoErrors } from '../errors.ts';
import type { Json } from './value.ts';

/** The largest file that is read, in bytes. */
export const yamlSizeLimit = 1_000_000;

/** A value of a YAML file with its place. Keys are always text; there are no tags, anchors or aliases. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

interface Placed {
  readonly at: Place;
  /** Where it begins in the text, in UTF-16 code units. */
  readonly offset: number;
}

export interface YamlScalar extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** How many characters stand before the text: the quotation mark. Undefined where the text is not written as it reads. */
  readonly lead: number | undefined;
}

export interface YamlList extends Placed {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyNode: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMap extends Placed {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

/** A file that could be read; `problems` are mistakes in single values, which do not hinder further checks. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
  readonly root: YamlNode;
  readonly problems: readonly ProvisoError[];
}

/** Reads bytes as UTF-8. @throws ProvisoErrors when they are too many or are not UTF-8 */
export function decodeText(bytes: Uint8Array, file: string, code: ErrorCode): string {
  const where = { file, line: 1, column: 1 };
  if (bytes.byteLength > yamlSizeLimit)
    throw new ProvisoErrors([new ProvisoError(code, `the file is larger than ${yamlSizeLimit} bytes`, { where })]);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProvisoErrors([
      new ProvisoError(code, 'the file is not UTF-8 text', { where, hint: 'save it as UTF-8', cause }),
    ]);
  }
}

/** The entry of a map, if there is one. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value as plain JSON data. Of keys written twice the last counts; both were reported. */
export function toJson(node: YamlNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  const object: Record<string, Json> = {};
  for (const entry of node.entries) if (entry.key !== '__proto__') object[entry.key] = toJson(entry.value);
  return object;
}

/** The node at a path of keys and indexes, or the deepest one on the way there. */
export function nodeAt(node: YamlNode, path: readonly (string | number)[]): YamlNode {
  let current = node;
  for (const step of path) {
    const next = current.kind === 'map' ? entryOf(current, String(step))?.value : undefined;
    const item = current.kind === 'list' && typeof step === 'number' ? current.items[step] : undefined;
    const found = next ?? item;
    if (found === undefined) return current;
    current = found;
  }
  return current;
}

/** The place of a part of a scalar's text: a word within a dotted path, a field within a message. */
export function placeWithin(node: YamlScalar, start: number, length: number): Place {
  if (node.lead === undefined) return node.at;
  return { ...node.at, column: node.at.column + node.lead + start, length };
}
