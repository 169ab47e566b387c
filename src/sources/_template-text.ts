import { basename } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from 'yaml';
import { ProvisoError, ProvisoErrors } from '../errors.ts';
import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { DeclaredAt } from '../model/resource.ts';
import type { Json } from '../model/value.ts';
import { refuseTokens } from '../model/yaml-tokens.ts';
import { inputError } from './_input.ts';

/** CloudFormation takes templates of up to a megabyte. */
export const maxTemplateBytes = 1_100_000;

/** A template as plain data, functions in their long form. */
export interface TemplateText {
  readonly root: Json;
  placeOf(logicalId: string): DeclaredAt;
}

/** Short form → long form. */
const functions: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length'],
    ...['Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
  ].map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

const ownTags = [...functions.keys()].flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'seq' as const, resolve: (list: unknown) => list },
  { tag, collection: 'map' as const, resolve: (map: unknown) => map },
]);

const foreign = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set', 'merge']);

/** YAML 1.1 without what CloudFormation leaves out: dates stay text, and so do times of the day. */
function tagsOf(tags: Tags): Tags {
  const kept = tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      (!foreign.has(tag.tag.replace('tag:yaml.org,2002:', '')) && !('format' in tag && tag.format === 'TIME')),
  );
  return [...kept, ...(ownTags as Tags)];
}

/**
 * Reads a template, JSON or YAML with the short forms of functions.
 *
 * @throws ProvisoError 'input', or ProvisoErrors with the places of the mistakes
 */
export function readTemplateText(bytes: Buffer, file: string): TemplateText {
  if (bytes.length > maxTemplateBytes) throw inputError(file, `the template is larger than ${maxTemplateBytes} bytes`);
  const first = /\S/.exec(bytes.subarray(0, 1000).toString('latin1'))?.[0];
  return first === '{' ? readJson(bytes, file) : readYamlTemplate(bytes, file);
}

function readJson(bytes: Buffer, file: string): TemplateText {
  try {
    return { root: parseJsonBytes(bytes), placeOf: (id) => ({ address: id, file: basename(file) }) };
  } catch (error) {
    if (error instanceof JsonTextError)
      throw inputError(file, `the template cannot be read: ${error.message}`, undefined, error);
    throw error;
  }
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw inputError(file, 'the template is not UTF-8 text', 'save it as UTF-8', cause);
  }
}

function readYamlTemplate(bytes: Buffer, file: string): TemplateText {
  const text = decode(bytes, file);
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) lines.addNewLine(next + 1);
  const errorAt = (offset: number, message: string, hint?: string) => {
    const { line, col } = lines.linePos(offset);
    const where = { file, line: Math.max(1, line), column: Math.max(1, col) };
    return new ProvisoError('input', message, { where, ...(hint === undefined ? {} : { hint }) });
  };
  const refused = refuseTokens(text, { tags: true, nodes: 100_000, tokens: 600_000 });
  if (refused.length > 0)
    throw new ProvisoErrors(refused.map(({ offset, message, hint }) => errorAt(offset, message, hint)));
  const document = parseDocument(text, {
    version: '1.1',
    customTags: tagsOf,
    uniqueKeys: false,
    stringKeys: true,
    strict: true,
    merge: false,
    prettyErrors: false,
    // The parser is silent about a second document where it is told to be.
    logLevel: 'error',
  });
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) throw new ProvisoErrors(mistakes.map(({ pos, message }) => errorAt(pos[0], message)));
  const places = new Map<string, number>();
  const twice = (offset: number, key: string) =>
    errorAt(offset, `${JSON.stringify(key.slice(0, 100))} is written twice`);
  const root = convert(document.contents, [], places, twice);
  return {
    root,
    placeOf: (id) => ({
      address: id,
      file: basename(file),
      line: Math.max(1, lines.linePos(places.get(id) ?? 0).line),
    }),
  };
}

/** @param path the keys above, as far as they matter to find the resources */
function convert(
  node: Node | null,
  path: readonly string[],
  places: Map<string, number>,
  twice: (offset: number, key: string) => ProvisoError,
): Json {
  if (node === null) return null;
  const name = typeof node.tag === 'string' ? functions.get(node.tag) : undefined;
  const value = convertBare(node, path, places, twice);
  if (name === undefined) return value;
  if (name !== 'Fn::GetAtt' || typeof value !== 'string') return { [name]: value };
  const dot = value.indexOf('.');
  return { [name]: dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
}

function convertBare(node: Node, ...[path, places, twice]: Rest): Json {
  if (isSeq(node)) return node.items.map((item) => convert(item as Node | null, ['', ...path], places, twice));
  if (isScalar(node)) {
    const value = node.value;
    return isPlain(value) ? value : null;
  }
  if (!isMap(node)) return null;
  const seen = new Set<string>();
  const entries = node.items.map((pair): [string, Json] => {
    const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : '';
    const offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
    if (seen.has(key)) throw new ProvisoErrors([twice(offset, key)]);
    seen.add(key);
    if (path.length === 1 && path[0] === 'Resources') places.set(key, offset);
    return [key, convert(pair.value as Node | null, [...path.slice(0, 1), key], places, twice)];
  });
  return Object.fromEntries(entries);
}

type Rest = [
  path: readonly string[],
  places: Map<string, number>,
  twice: (offset: number, key: string) => ProvisoError,
];

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
