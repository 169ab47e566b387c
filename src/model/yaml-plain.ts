import type { Place } from '../errors.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml.ts';
import { refuseCharacters } from './yaml-characters.ts';

/** What is larger, deeper or longer is left to the library, which says what is wrong. */
const limits = { size: 100_000, depth: 30, nodes: 20_000 } as const;

/** The position in the text, on lines that are counted as they are passed. */
interface Scan {
  readonly text: string;
  readonly file: string;
  at: number;
  line: number;
  lineStart: number;
  nodes: number;
  /** Where the last line that held something ended. */
  ended: number;
}

const start = '(?:[^\\s\\-?:,[\\]{}#&*!|>\'"%@`]|-(?=[^\\s,[\\]{}]))';
/** Text without quotation marks, up to what ends it; never over the end of a line. */
const blockText = new RegExp(`${start}(?:[^\\s:]|:(?=\\S)| +(?=[^\\s#]))*`, 'y');
const flowText = new RegExp(`${start}(?:[^\\s:,[\\]{}]|:(?=[^\\s,[\\]{}])| +(?=[^\\s#:,[\\]{}]))*`, 'y');
const quoted = /"(?:[^"\\\n]|\\["\\])*"|'(?:[^'\n]|'')*'/y;
const restOfLine = /(?: +#[^\n]*| *)(?:\n|$)/y;
const emptyLine = /(?: *#[^\n]*| *)\n| *#[^\n]*$| +$/y;
const spaces = / */y;

/** What YAML reads as something else than text, but for whole numbers as they are always written. */
const special =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/;
const whole = /^(?:0|-?[1-9]\d{0,10})$/;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Matches at the position without moving it; the match's length, or -1. */
function measure(scan: Scan, pattern: RegExp): number {
  pattern.lastIndex = scan.at;
  return pattern.test(scan.text) ? pattern.lastIndex - scan.at : -1;
}

/** Where something began. */
interface Beginning {
  readonly at: number;
  readonly line: number;
  readonly lineStart: number;
}

/** The place of what began there and ends at the position, or at `end`. */
function placed(scan: Scan, from: Beginning, end = scan.at): { readonly at: Place; readonly offset: number } {
  const newline = scan.line === from.line ? -1 : scan.text.indexOf('\n', from.at);
  const last = newline === -1 ? end : Math.min(end, newline);
  const column = from.at - from.lineStart + 1;
  const at = { file: scan.file, line: from.line, column, length: Math.max(1, last - from.at) };
  return { at, offset: from.at };
}

function newLine(scan: Scan): void {
  scan.line += 1;
  scan.lineStart = scan.at;
}

/** Moves to the first word of the next line that has one. @returns its indentation, -1 at the end of the text */
function nextLine(scan: Scan): number {
  for (let length = measure(scan, emptyLine); length > 0; length = measure(scan, emptyLine)) {
    scan.at += length;
    newLine(scan);
  }
  scan.at += measure(scan, spaces);
  return scan.at === scan.text.length ? -1 : scan.at - scan.lineStart;
}

/** Ends the line, over spaces and a comment. @returns whether nothing else stood there */
function endLine(scan: Scan): boolean {
  const length = measure(scan, restOfLine);
  if (length === -1) return false;
  scan.at += length;
  scan.ended = scan.at;
  newLine(scan);
  return true;
}

/** Moves over spaces and the ends of lines within brackets, where lines must be deeper than what is around. */
function skipWithin(scan: Scan, outer: number): boolean {
  scan.at += measure(scan, spaces);
  while (scan.text[scan.at] === '\n') {
    scan.at += 1;
    newLine(scan);
    scan.at += measure(scan, spaces);
    if (scan.text[scan.at] !== '\n' && scan.at - scan.lineStart <= outer) return false;
  }
  return true;
}

/** Offsets within the value are places in the file only where it stands there as it reads. */
function unescape(scan: Scan, at: number, source: string, isDouble: boolean) {
  const value = isDouble ? source.replace(/\\(.)/g, '$1') : source.replaceAll("''", "'");
  return { value, lead: scan.text.startsWith(value, at) ? 1 : undefined };
}

function readScalar(scan: Scan, pattern: RegExp, isKey: boolean): YamlScalar | undefined {
  const from = { at: scan.at, line: scan.line, lineStart: scan.lineStart };
  const first = scan.text[from.at];
  const lead = first === '"' || first === "'" ? 1 : 0;
  const length = measure(scan, lead === 1 ? quoted : pattern);
  if (length === -1 || ++scan.nodes > limits.nodes) return undefined;
  scan.at += length;
  const value = scan.text.slice(from.at + lead, scan.at - lead);
  const place = placed(scan, from);
  if (lead === 1) return { kind: 'scalar', ...unescape(scan, from.at + 1, value, first === '"'), ...place };
  if (value.endsWith(' ')) return undefined;
  if (!special.test(value)) return { kind: 'scalar', value, lead, ...place };
  if (isKey) return undefined;
  const word = words.get(value);
  if (word !== undefined) return { kind: 'scalar', value: word, lead, ...place };
  return whole.test(value) ? { kind: 'scalar', value: Number(value), lead, ...place } : undefined;
}

/** Adds an entry. A name written twice, or one that objects have already, is for the library to report. */
function addEntry(entries: YamlEntry[], seen: Set<string>, keyNode: YamlScalar, value: YamlNode): boolean {
  const key = String(keyNode.value);
  if (seen.has(key) || key === '__proto__') return false;
  seen.add(key);
  entries.push({ key, keyNode, value });
  return true;
}

function readFlowEntries(scan: Scan, outer: number, depth: number): readonly YamlEntry[] | undefined {
  const entries: YamlEntry[] = [];
  const seen = new Set<string>();
  do {
    scan.at += 1;
    if (!skipWithin(scan, outer)) return undefined;
    if (entries.length === 0 && scan.text[scan.at] === '}') break;
    const key = readScalar(scan, flowText, true);
    if (key === undefined || !scan.text.startsWith(': ', scan.at)) return undefined;
    scan.at += 1;
    scan.at += measure(scan, spaces);
    const value = readFlowValue(scan, outer, depth);
    if (value === undefined || !addEntry(entries, seen, key, value) || !skipWithin(scan, outer)) return undefined;
  } while (scan.text[scan.at] === ',');
  return entries;
}

function readFlowItems(scan: Scan, outer: number, depth: number): readonly YamlNode[] | undefined {
  const items: YamlNode[] = [];
  do {
    scan.at += 1;
    if (!skipWithin(scan, outer)) return undefined;
    if (items.length === 0 && scan.text[scan.at] === ']') break;
    const item = readFlowValue(scan, outer, depth);
    if (item === undefined || !skipWithin(scan, outer)) return undefined;
    items.push(item);
  } while (scan.text[scan.at] === ',');
  return items;
}

function readFlowValue(scan: Scan, outer: number, depth: number): YamlNode | undefined {
  const from = { at: scan.at, line: scan.line, lineStart: scan.lineStart };
  const first = scan.text[from.at];
  if (first !== '{' && first !== '[') return readScalar(scan, flowText, false);
  if (depth > limits.depth || ++scan.nodes > limits.nodes) return undefined;
  const entries = first === '{' ? readFlowEntries(scan, outer, depth + 1) : undefined;
  const items = first === '[' ? readFlowItems(scan, outer, depth + 1) : undefined;
  if (scan.text[scan.at] !== (first === '{' ? '}' : ']')) return undefined;
  scan.at += 1;
  const place = placed(scan, from);
  if (entries !== undefined) return { kind: 'map', entries, ...place };
  return items && { kind: 'list', items, ...place };
}

/** A key with its colon, when what follows is one. */
function readKey(scan: Scan): YamlScalar | undefined {
  const key = readScalar(scan, blockText, true);
  const after = scan.text[scan.at + 1];
  if (key === undefined || scan.text[scan.at] !== ':' || (after !== ' ' && after !== '\n')) return undefined;
  scan.at += 1;
  return key;
}

/** What stands behind a key: on the same line, or below it and deeper. */
function readBlockValue(scan: Scan, indent: number, depth: number): YamlNode | undefined {
  if (endLine(scan)) {
    const inner = nextLine(scan);
    if (inner <= indent) return undefined;
    return isItem(scan) ? readList(scan, inner, depth + 1) : readMap(scan, inner, depth + 1);
  }
  scan.at += measure(scan, spaces);
  return readInline(scan, indent, depth);
}

/** A value that ends with its line, or is in brackets. */
function readInline(scan: Scan, indent: number, depth: number): YamlNode | undefined {
  const first = scan.text[scan.at];
  const isFlow = first === '{' || first === '[';
  const value = isFlow ? readFlowValue(scan, indent, depth) : readScalar(scan, blockText, false);
  return value !== undefined && endLine(scan) ? value : undefined;
}

function isItem(scan: Scan): boolean {
  return scan.text.startsWith('- ', scan.at);
}

/** From the first key, which stands at the position and at that column, to the last entry. */
function readMap(scan: Scan, indent: number, depth: number): YamlMap | undefined {
  if (depth > limits.depth || ++scan.nodes > limits.nodes) return undefined;
  const from = { at: scan.at, line: scan.line, lineStart: scan.lineStart };
  const entries: YamlEntry[] = [];
  const seen = new Set<string>();
  let next = indent;
  while (next === indent) {
    const key = readKey(scan);
    const value = key && readBlockValue(scan, indent, depth);
    if (value === undefined || key === undefined || !addEntry(entries, seen, key, value)) return undefined;
    next = nextLine(scan);
  }
  return next > indent ? undefined : { kind: 'map', entries, ...placed(scan, from, scan.ended) };
}

function readItem(scan: Scan, indent: number, depth: number): YamlNode | undefined {
  if (++scan.nodes > limits.nodes) return undefined;
  scan.at += 1;
  scan.at += measure(scan, spaces);
  const before = { ...scan };
  if (readKey(scan) === undefined) return readInline(Object.assign(scan, before), indent, depth);
  return readMap(Object.assign(scan, before), scan.at - scan.lineStart, depth + 1);
}

function readList(scan: Scan, indent: number, depth: number): YamlList | undefined {
  if (depth > limits.depth || ++scan.nodes > limits.nodes) return undefined;
  const from = { at: scan.at, line: scan.line, lineStart: scan.lineStart };
  const items: YamlNode[] = [];
  let next = indent;
  while (next === indent) {
    const item = isItem(scan) ? readItem(scan, indent, depth) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
    next = nextLine(scan);
  }
  return next > indent ? undefined : { kind: 'list', items, ...placed(scan, from, scan.ended) };
}

/**
 * Reads YAML as it is nearly always written, without the library and many times faster: maps and lists by indentation or
 * in brackets, and texts that end on their line. Of such a file it makes exactly what the library makes.
 *
 * @returns undefined for anything else, mistakes included: then the library decides
 */
export function readPlainYaml(text: string, file: string): YamlNode | undefined {
  if (text.length > limits.size || /[\t\r]/.test(text) || refuseCharacters(text) !== undefined) return undefined;
  const scan: Scan = { text, file, at: 0, line: 1, lineStart: 0, nodes: 0, ended: 0 };
  if (nextLine(scan) !== 0) return undefined;
  const root = readMap(scan, 0, 0);
  return scan.at === text.length ? root : undefined;
}
