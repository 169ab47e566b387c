import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { type ErrorCode, type Place, ProvisoError, ProvisoErrors } from '../errors.ts';
import type { Json } from './value.ts';
import { refuseTokens, type TextProblem } from './yaml-tokens.ts';

/** The largest file that is read, in bytes. */
export const yamlSizeLimit = 1_000_000;

/** A value of a YAML file with its place. Keys are always text; there are no tags, anchors or aliases. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

interface Ranged {
  readonly at: Place;
  /** Offsets in the text, in UTF-16 code units. */
  readonly range: readonly [number, number];
}

export interface YamlScalar extends Ranged {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** How many characters stand before the text: the quotation mark. Undefined where the text is not written as it reads. */
  readonly lead: number | undefined;
}

export interface YamlList extends Ranged {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyNode: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMap extends Ranged {
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

/** Builds places and collects mistakes while a document is turned into nodes. */
interface Reading {
  readonly file: string;
  readonly code: ErrorCode;
  readonly text: string;
  readonly lines: LineCounter;
  readonly problems: ProvisoError[];
}

function placeOf(reading: Reading, start: number, end: number): Place {
  const { line, col } = reading.lines.linePos(start);
  const newline = reading.text.indexOf('\n', start);
  const last = Math.min(end, newline === -1 ? end : newline);
  return { file: reading.file, line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, last - start) };
}

function report(reading: Reading, problem: TextProblem): ProvisoError {
  const where = placeOf(reading, problem.offset, problem.offset + problem.length);
  return new ProvisoError(reading.code, problem.message, {
    where,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}

/**
 * Reads one YAML 1.2 document (core schema) safely: what could hurt the parser is refused before the parser runs.
 *
 * @throws ProvisoErrors with every mistake that makes the file unreadable, each with its place
 */
export function readYaml(text: string, file: string, code: ErrorCode): YamlFile {
  const lines = new LineCounter();
  const reading: Reading = { file, code, text, lines, problems: [] };
  lines.addNewLine(0);
  if (text.length > yamlSizeLimit)
    throw new ProvisoErrors([
      report(reading, { offset: 0, length: 1, message: `the file is larger than ${yamlSizeLimit} bytes` }),
    ]);
  const refused = refuseTokens(text);
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) lines.addNewLine(next + 1);
  if (refused.length > 0) throw new ProvisoErrors(refused.map((problem) => report(reading, problem)));
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    // Checked below in linear time; the parser's own check compares every pair of keys.
    uniqueKeys: false,
    stringKeys: true,
    strict: true,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const errors = [...document.errors, ...document.warnings].map((error) =>
    report(reading, { offset: error.pos[0], length: error.pos[1] - error.pos[0], message: error.message }),
  );
  if (errors.length > 0) throw new ProvisoErrors(firstAtEachPlace(errors));
  if (document.contents === null)
    throw new ProvisoErrors([report(reading, { offset: 0, length: 1, message: 'the file is empty' })]);
  return { file, text, root: convert(reading, document.contents, 0), problems: reading.problems };
}

function firstAtEachPlace(errors: readonly ProvisoError[]): readonly ProvisoError[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    const key = `${error.where?.line}:${error.where?.column}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function rangeOf(node: unknown, fallback: number): readonly [number, number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null)?.range;
  return range === undefined || range === null ? [fallback, fallback] : [range[0], range[1]];
}

function convert(reading: Reading, node: unknown, fallback: number): YamlNode {
  const range = rangeOf(node, fallback);
  const at = placeOf(reading, range[0], range[1]);
  if (isMap(node)) return { kind: 'map', entries: convertEntries(reading, node, range[0]), at, range };
  if (isSeq(node))
    return { kind: 'list', items: node.items.map((item) => convert(reading, item, range[0])), at, range };
  if (isScalar(node)) return convertScalar(reading, node, at, range);
  // An empty value: `key:` with nothing behind it.
  return { kind: 'scalar', value: null, lead: 0, at, range };
}

function convertEntries(reading: Reading, map: YAMLMap, fallback: number): readonly YamlEntry[] {
  const seen = new Set<string>();
  return map.items.map((pair) => {
    const range = rangeOf(pair.key, fallback);
    const at = placeOf(reading, range[0], range[1]);
    const keyNode: YamlScalar = isScalar(pair.key)
      ? { kind: 'scalar', value: keyText(pair.key.value), lead: leadOf(reading, pair.key, range), at, range }
      : { kind: 'scalar', value: '', lead: 0, at, range };
    const key = String(keyNode.value);
    if (seen.has(key))
      reading.problems.push(new ProvisoError(reading.code, `'${key}' is written twice`, { where: at }));
    if (key === '__proto__')
      reading.problems.push(new ProvisoError(reading.code, `'${key}' cannot be used as a name`, { where: at }));
    seen.add(key);
    return { key, keyNode, value: convert(reading, pair.value, range[1]) };
  });
}

/** The parser reads every key as text; an empty one is null. */
function keyText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Offsets inside a scalar's text are places in the file only when the text stands there as it reads. */
function leadOf(reading: Reading, node: Scalar, range: readonly [number, number]): number | undefined {
  if (typeof node.value !== 'string') return 0;
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  const lead = quoted ? 1 : 0;
  return reading.text.startsWith(node.value, range[0] + lead) ? lead : undefined;
}

function convertScalar(reading: Reading, node: Scalar, at: Place, range: readonly [number, number]): YamlScalar {
  const value = node.value;
  if (typeof value === 'number') {
    const source = reading.text.slice(range[0], range[1]);
    const problem = numberProblem(source, value);
    if (problem !== undefined)
      reading.problems.push(new ProvisoError(reading.code, problem, { where: at, hint: `quote it: "${source}"` }));
  }
  const simple = value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
  return { kind: 'scalar', value: simple ? value : null, lead: leadOf(reading, node, range), at, range };
}

/** A number is one only when its text is how that number is always written: all else was meant as text. */
function numberProblem(source: string, value: number): string | undefined {
  const digits = source.replace(/\D/g, '').length;
  if (/^\d{12}$/.test(source)) return `${source} looks like an account id, but YAML reads a number`;
  if (!Number.isFinite(value)) return `${source} is not a number that can be used`;
  if (String(value) !== source || digits > 15) return `YAML reads ${source} as the number ${value}`;
  return undefined;
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
