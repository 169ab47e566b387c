import { isMap, isScalar, isSeq, type Node, parseDocument, type Tags } from 'yaml';
import { ProvisoError, ProvisoErrors } from '../errors.ts';
import type { Json } from '../model/value.ts';
import { refuseTokens } from '../model/yaml-tokens.ts';
import { inputError } from './_input.ts';
import { isTold, keyPath, lineCounter, type ReadText } from './_template-places.ts';
import { otherwiseWritten } from './_template-scope.ts';

/** Short form → long form. */
const functions: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAtt'],
    ...['GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub'],
    ...['ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
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

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw inputError(file, 'the template is not UTF-8 text', 'save it as UTF-8', cause);
  }
}

/** @throws ProvisoError 'input', or ProvisoErrors with the places of the mistakes */
export function readYamlTemplate(bytes: Buffer, file: string): ReadText {
  const text = decode(bytes, file);
  const lineAt = lineCounter(text);
  const errorAt = (offset: number, message: string, hint?: string) => {
    const where = { file, line: lineAt(offset), column: Math.max(1, offset - text.lastIndexOf('\n', offset - 1)) };
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
  const reading: Reading = {
    offsets: new Map(),
    twice: (offset, key) => errorAt(offset, `${JSON.stringify(key.slice(0, 100))} is written twice`),
  };
  return { root: convert(document.contents, [], reading), offsets: reading.offsets, lineAt };
}

interface Reading {
  readonly offsets: Map<string, number>;
  readonly twice: (offset: number, key: string) => ProvisoError;
}

/** @param path the keys above; undefined inside lists and where it no longer matters */
function convert(node: Node | null, path: readonly string[] | undefined, reading: Reading): Json {
  if (node === null) return null;
  const name = typeof node.tag === 'string' ? functions.get(node.tag) : undefined;
  const value = convertBare(node, name === undefined ? path : undefined, reading);
  if (name === undefined) return value;
  if (name !== 'Fn::GetAtt' || typeof value !== 'string') return { [name]: value };
  const dot = value.indexOf('.');
  return { [name]: dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
}

function convertBare(node: Node, path: readonly string[] | undefined, reading: Reading): Json {
  if (isSeq(node)) return node.items.map((item) => convert(item as Node | null, undefined, reading));
  if (isScalar(node)) return isPlain(node.value) ? plainValue(node.value, node.source) : null;
  if (!isMap(node)) return null;
  const seen = new Set<string>();
  const entries = node.items.map((pair): [string, Json] => {
    const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : '';
    const offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
    if (seen.has(key)) throw new ProvisoErrors([reading.twice(offset, key)]);
    seen.add(key);
    const inner = path === undefined ? undefined : [...path, key];
    const isNoted = inner !== undefined && isTold(inner);
    if (isNoted) reading.offsets.set(keyPath(inner), offset);
    return [key, convert(pair.value as Node | null, isNoted ? inner : undefined, reading)];
  });
  return Object.fromEntries(entries);
}

/** What is no text says how it is written where that is not how JSON writes it: `1.0`, `022`, `yes`. */
function plainValue(value: string | number | boolean, source: string | undefined): Json {
  const isSure = typeof value === 'string' || source === undefined || source === String(value);
  return isSure ? value : { [otherwiseWritten]: [value, source] };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
