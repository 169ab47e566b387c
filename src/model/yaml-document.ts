import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { type ErrorCode, type Place, ProvisoError, ProvisoErrors } from '../errors.ts';
import { type YamlEntry, type YamlFile, type YamlNode, type YamlScalar, yamlSizeLimit } from './yaml.ts';
import type { TextProblem } from './yaml-characters.ts';
import { refuseTokens } from './yaml-tokens.ts';

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
export function parseYaml(text: string, file: string, code: ErrorCode): YamlFile {
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
    report(reading, {
      offset: error.pos[0],
      length: error.pos[1] - error.pos[0],
      message: error.message,
      hint: `put text in quotes that begins with { or [, or that holds ': ' or ' #'`,
    }),
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
  if (isMap(node)) return { kind: 'map', entries: convertEntries(reading, node, range[0]), at, offset: range[0] };
  if (isSeq(node))
    return { kind: 'list', items: node.items.map((item) => convert(reading, item, range[0])), at, offset: range[0] };
  if (isScalar(node)) return convertScalar(reading, node, at, range);
  // An empty value: `key:` with nothing behind it.
  return { kind: 'scalar', value: null, lead: 0, at, offset: range[0] };
}

function convertEntries(reading: Reading, map: YAMLMap, fallback: number): readonly YamlEntry[] {
  const seen = new Set<string>();
  return map.items.map((pair) => {
    const range = rangeOf(pair.key, fallback);
    const at = placeOf(reading, range[0], range[1]);
    const keyNode: YamlScalar = isScalar(pair.key)
      ? { kind: 'scalar', value: keyText(pair.key.value), lead: leadOf(reading, pair.key, range), at, offset: range[0] }
      : { kind: 'scalar', value: '', lead: 0, at, offset: range[0] };
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
  return { kind: 'scalar', value: simple ? value : null, lead: leadOf(reading, node, range), at, offset: range[0] };
}

/** A number is one only when its text is how that number is always written: all else was meant as text. */
function numberProblem(source: string, value: number): string | undefined {
  const digits = source.replace(/\D/g, '').length;
  if (/^\d{12}$/.test(source)) return `${source} looks like an account id, but YAML reads a number`;
  if (!Number.isFinite(value)) return `${source} is not a number that can be used`;
  if (String(value) !== source || digits > 15) return `YAML reads ${source} as the number ${value}`;
  return undefined;
}
