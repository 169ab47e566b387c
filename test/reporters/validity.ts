import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import DraftFour from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { parse as parseCsv } from 'csv-parse/sync';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parseFragment, parse as parseHtml } from 'parse5';
import { expect } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { width } from '../../src/finding/plain-text.ts';
import { schemaMistakes } from '../../src/model/schema-errors.ts';
import { validateAssessment } from '../../src/model/validate-assessment.generated.ts';
import { validateAssessmentResult } from '../../src/model/validate-assessment-result.generated.ts';
import type { reporters } from '../../src/reporters/index.ts';

export type Format = keyof typeof reporters;

const thirdParty = join(import.meta.dirname, '../fixtures/third-party');
const sarifSchema = JSON.parse(await readFile(join(thirdParty, 'sarif-2.1.0.schema.json'), 'utf8')) as object;
const junitSchema = await readFile(join(thirdParty, 'junit-10.xsd'), 'utf8');

// The schema's pattern for languages is none under Unicode's stricter grammar.
const ajv = new DraftFour.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validateSarif = ajv.compile(sarifSchema);

/** The least that any format owes: nothing that acts on a terminal, a build log, or the direction of what stands around it. */
export function expectInert(text: string): void {
  expect(text).not.toMatch(/[^\P{Cc}\n\r]|[\p{Cf}\p{Cs}\u2028\u2029]/u);
  expect(text).not.toMatch(/##\[/);
}

function expectNoCommand(text: string): void {
  for (const line of text.split(/\r\n|\r|\n/)) expect(line).not.toMatch(/^\s*::/);
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly baselineState?: string;
  readonly message: { readonly text: string };
  readonly suppressions: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
}

export interface SarifRun {
  readonly results: readonly SarifResult[];
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
      }[];
    };
  };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
  }[];
}

export function sarifRun(text: string): SarifRun {
  const [run, ...others] = (JSON.parse(text) as { readonly runs: readonly SarifRun[] }).runs;
  if (run === undefined || others.length > 0) throw new Error('one run was expected');
  return run;
}

/** What GitHub's code scanning demands beyond the standard. */
function expectGithubTakes(text: string): void {
  const { results, tool } = sarifRun(text);
  expect(Buffer.byteLength(text)).toBeLessThan(10_000_000);
  expect(results.length).toBeLessThanOrEqual(25_000);
  for (const { properties } of tool.driver.rules) expect(properties.tags.length).toBeLessThanOrEqual(20);
  const refused = results.filter(({ locations: [place, ...others], ruleId, ruleIndex, kind, level, message }) => {
    const uri = place?.physicalLocation.artifactLocation.uri ?? '';
    const located = others.length === 0 && /^[^/:][^:]*$/.test(uri);
    const levelled = (kind === 'fail' ? ['error', 'warning', 'note'] : ['none']).includes(level);
    const literal = !/\]\(|[{}]/.test(message.text.replaceAll(/\{\{|\}\}/g, ''));
    return !(located && levelled && literal && tool.driver.rules[ruleIndex]?.id === ruleId);
  });
  expect(refused).toEqual([]);
}

/** Whether Jenkins' schema takes reports, by libxml2. */
export async function expectJunit(texts: readonly string[]): Promise<void> {
  const xml = texts.map((contents, index) => ({ fileName: `report-${index}.xml`, contents }));
  expect((await validateXML({ xml, schema: [junitSchema] })).errors).toEqual([]);
}

type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;

export function* elementsOf(node: Node): Generator<Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsOf(child);
}

export function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Markdown as GitHub shows it, before GitHub's own sanitiser. */
export function renderedMarkdown(text: string): readonly Element[] {
  const html = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  return [...elementsOf(parseFragment(html))];
}

const markdownElements = [
  'b',
  'blockquote',
  'br',
  'code',
  'details',
  'h1',
  'h2',
  'li',
  'p',
  'strong',
  'summary',
  'ul',
].concat(['table', 'tbody', 'td', 'th', 'thead', 'tr']);

export interface CsvRow {
  readonly [column: string]: string;
}

export function csvRows(text: string): readonly CsvRow[] {
  return parseCsv(text, { bom: true, columns: true, record_delimiter: '\r\n' }) as CsvRow[];
}

/** The cells that a spreadsheet sees, whether it separates by commas or, as in half of Europe, by semicolons. */
function spreadsheetCells(text: string): readonly string[] {
  const rows = [',', ';'].flatMap(
    (delimiter) => parseCsv(text, { bom: true, delimiter, relax_quotes: true, relax_column_count: true }) as string[][],
  );
  return rows.flat();
}

/** What each format owes to those who read it, whatever an account holds. */
export const checks: Readonly<Record<string, (text: string) => void>> = {
  terminal(text) {
    expectInert(text);
    expectNoCommand(text);
    const [, ...lines] = text.split('\n');
    // Only a word that is to be copied, as one of a command, may be longer.
    for (const line of lines)
      expect(line.replace(/^ +(fix +)?/, '').includes(' ') ? width(line) : 0).toBeLessThanOrEqual(78);
    expect(lines.filter((line) => /^✔ HOLDS +everything/.test(line))).toEqual([]);
  },
  json(text) {
    expectInert(text);
    const { results, ...assessment } = JSON.parse(text) as { readonly results: readonly unknown[] };
    expect(schemaMistakes(validateAssessment, assessment)).toEqual([]);
    expect(results.flatMap((result) => schemaMistakes(validateAssessmentResult, result))).toEqual([]);
  },
  ndjson(text) {
    expectInert(text);
    const values = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(schemaMistakes(validateAssessment, values.at(-1))).toEqual([]);
    expect(values.slice(0, -1).flatMap((value) => schemaMistakes(validateAssessmentResult, value))).toEqual([]);
  },
  csv(text) {
    expect(text.startsWith('\ufeff')).toBe(true);
    expectInert(text.slice(1));
    expectNoCommand(text);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(csvRows(text).every((row) => /^f_[0-9a-f]{16}$/.test(row.fingerprint ?? ''))).toBe(true);
    for (const value of spreadsheetCells(text)) expect(value).not.toMatch(/^[\s"]*[=+\-@＝＋－＠|%]/);
  },
  github(text) {
    expectInert(text);
    const lines = text.trimEnd().split('\n');
    for (const line of lines) {
      expect(line).toMatch(/^::(error|warning|notice) [a-z]+=[^:,]+(,[a-z]+=[^:,]+)*::[^\r\n]+$/);
      expect(line.replaceAll(/%(25|0A|0D|3A|2C)/g, '')).not.toContain('%');
    }
    for (const kind of ['error', 'warning', 'notice'])
      expect(lines.filter((line) => line.startsWith(`::${kind} `)).length).toBeLessThanOrEqual(10);
  },
  junit(text) {
    expectInert(text);
    expectNoCommand(text);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000_000);
    const cases = [...text.matchAll(/<testcase (classname="[^"]*" name="[^"]*")/g)].map(([, key]) => key);
    expect(new Set(cases).size).toBe(cases.length);
  },
  sarif(text) {
    expectInert(text);
    expectNoCommand(text);
    validateSarif(JSON.parse(text));
    expect(validateSarif.errors).toBeNull();
    expectGithubTakes(text);
  },
  markdown(text) {
    expectInert(text);
    expectNoCommand(text);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    const elements = renderedMarkdown(text);
    for (const { tagName, attrs } of elements) {
      expect(markdownElements).toContain(tagName);
      expect(attrs).toEqual([]);
    }
    // GitHub looks for those whom a text calls on, and for what it refers to, in each piece of text by itself.
    const pieces = elements.flatMap(({ childNodes }) =>
      childNodes.flatMap((node) => ('value' in node ? [node.value] : [])),
    );
    expect(pieces.filter((piece) => /@\w|#\d/.test(piece))).toEqual([]);
  },
  html(text) {
    expect(text).not.toMatch(/[^\P{Cc}\n\r\t]|[\p{Cs}\u2028\u2029]|[\u202a-\u202e\u2066-\u2069]/u);
    const elements = [...elementsOf(parseHtml(text))];
    for (const { attrs } of elements) expect(attrs.filter(({ name }) => name.startsWith('on'))).toEqual([]);
    expect(elements.filter(({ tagName }) => tagName === 'img' || tagName === 'iframe')).toEqual([]);
    for (const { childNodes } of elements.filter(({ tagName }) => tagName === 'script'))
      expect(childNodes.map(textOf).join('')).not.toMatch(/<\/?script/i);
  },
};
