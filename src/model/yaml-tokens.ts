import { CST, Lexer } from 'yaml';
import { refuseCharacters, type TextProblem } from './yaml-characters.ts';

/** Limits on what is handed to the YAML parser, which recurses and would take the whole process down with it. */
const limits = { depth: 64, nodes: 20_000, tokens: 120_000 } as const;

/** What a text may have that is not one of our own files. */
export interface Leave {
  readonly nodes: number;
  readonly tokens: number;
  /** Whether values may have tags. */
  readonly tags: boolean;
}

const noLeave: Leave = { nodes: limits.nodes, tokens: limits.tokens, tags: false };

/** The lexer recurses along a run of indicators on one line (`- - - -`, `&a &b`), so runs are measured before it starts. */
function refuseRuns(text: string): TextProblem | undefined {
  let run = 0;
  const word = /[^ \t\n]+|\n/g;
  for (let match = word.exec(text); match !== null; match = word.exec(text)) {
    const first = match[0][0] ?? '';
    const indicator = match[0].length === 1 ? '-?:'.includes(first) : false;
    run = indicator || first === '!' || first === '&' ? run + 1 : 0;
    if (run > limits.depth) return tooDeep(match.index);
  }
  return undefined;
}

function tooDeep(offset: number): TextProblem {
  return { offset, length: 1, message: `nested more than ${limits.depth} levels deep` };
}

/** What the walk over the tokens has seen so far. */
interface Walk {
  offset: number;
  lineStart: number;
  /** Nothing but indentation and indicators so far on this line. */
  leading: boolean;
  /** The next token is the text of a scalar, whatever it looks like. */
  inScalar: boolean;
  readonly columns: number[];
  flow: number;
  nodes: number;
  tokens: number;
  documents: number;
  /** The document was ended by its marker. */
  ended: boolean;
  readonly problems: TextProblem[];
  readonly leave: Leave;
}

const refused: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  alias: { message: 'aliases are not allowed', hint: 'write the value out; quote a text that begins with *' },
  anchor: { message: 'anchors are not allowed', hint: 'write the value out; quote a text that begins with &' },
  tag: { message: 'tags are not allowed', hint: 'quote a text that begins with !' },
  'directive-line': { message: 'directives are not allowed', hint: 'quote a text that begins with %' },
};

function open(walk: Walk, column: number): void {
  while ((walk.columns.at(-1) ?? -1) >= column) walk.columns.pop();
  walk.columns.push(column);
}

/** Block collections are as deep as their columns are many; flow collections are counted by their brackets. */
function measure(walk: Walk, type: CST.TokenType | null): void {
  const column = walk.offset - walk.lineStart;
  const indicator = type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind';
  if (walk.flow === 0 && (walk.leading || (indicator && type !== 'map-value-ind'))) open(walk, column);
  if (!indicator) walk.leading = false;
  if (type === 'flow-map-start' || type === 'flow-seq-start') walk.flow += 1;
  else if (type === 'flow-map-end' || type === 'flow-seq-end') walk.flow = Math.max(0, walk.flow - 1);
  else if (type === 'flow-error-end') walk.flow = 0;
}

const nodeTypes: ReadonlySet<string> = new Set([
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'flow-map-start',
  'flow-seq-start',
  'seq-item-ind',
]);

/** Whether a token begins another document: its marker, after content or another marker, or content after an end marker. */
function beginsSecond(walk: Walk, type: CST.TokenType | null): boolean {
  if (type === 'doc-start') return walk.documents++ > 0 || walk.nodes > 0;
  if (type === 'doc-end') walk.ended = true;
  return walk.ended && type !== null && nodeTypes.has(type);
}

/** @returns the problem that ends the walk */
function visit(walk: Walk, type: CST.TokenType | null, source: string): TextProblem | undefined {
  if (type === 'doc-mode' || type === 'space' || type === 'newline' || type === 'comment') return undefined;
  if (beginsSecond(walk, type))
    return { offset: walk.offset, length: 3, message: 'a file holds one document; a second one begins here' };
  const refusal = type === null || (type === 'tag' && walk.leave.tags) ? undefined : refused[type];
  if (refusal !== undefined) walk.problems.push({ offset: walk.offset, length: source.length, ...refusal });
  if (type !== null && nodeTypes.has(type)) walk.nodes += 1;
  measure(walk, type);
  if (walk.nodes > walk.leave.nodes)
    return { offset: walk.offset, length: 1, message: `the file has more than ${walk.leave.nodes} values` };
  if (walk.columns.length + walk.flow > limits.depth) return tooDeep(walk.offset);
  return undefined;
}

function advance(walk: Walk, source: string): void {
  const newline = source.lastIndexOf('\n');
  if (newline !== -1) {
    walk.lineStart = walk.offset + newline + 1;
    walk.leading = true;
  }
  walk.offset += source.length;
}

/** Control characters that the lexer puts between tokens; they stand for no text. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

function walkTokens(text: string, leave: Leave): readonly TextProblem[] {
  const walk: Walk = {
    offset: 0,
    lineStart: 0,
    leading: true,
    inScalar: false,
    columns: [],
    flow: 0,
    nodes: 0,
    tokens: 0,
    documents: 0,
    ended: false,
    problems: [],
    leave,
  };
  for (const source of new Lexer().lex(text)) {
    walk.tokens += 1;
    if (walk.tokens > leave.tokens)
      return [{ offset: walk.offset, length: 1, message: `the file has more than ${leave.tokens} words and marks` }];
    const type = walk.inScalar ? null : CST.tokenType(source);
    walk.inScalar = type === 'scalar';
    const end = type === null ? undefined : visit(walk, type, source);
    if (end !== undefined) return [...walk.problems, end];
    if (!marks.has(source) || type === null) advance(walk, source);
    if (walk.problems.length >= 100) return walk.problems;
  }
  return walk.problems;
}

/** Everything that must not reach the YAML parser. Iterative and linear: safe on any text of a bounded size. */
export function refuseTokens(text: string, leave: Leave = noLeave): readonly TextProblem[] {
  const first = refuseCharacters(text) ?? refuseRuns(text);
  return first === undefined ? walkTokens(text, leave) : [first];
}
