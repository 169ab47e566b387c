import { listCollector } from './_hcl-list.ts';
import { readTokens, type Token } from './_hcl-tokens.ts';

/** `type "label" "label" { … }` */
export interface HclBlock {
  /** `resource`, `ingress`; the label of a `dynamic` block, which stands for blocks of that name. */
  readonly type: string;
  readonly labels: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, HclAttribute>;
  readonly blocks: readonly HclBlock[];
}

export interface HclAttribute {
  readonly line: number;
  /** The value where it is one text without templates, or one name with its members: `./web`, `aws_s3_bucket.logs`. */
  readonly value: string | undefined;
  /** What the expression names outside of templates: `var.cidrs`, `local.ports`, `module.web.id`, in their order. */
  readonly references: readonly string[];
  /** Whether the value is a list of plain references and nothing else; false when it is written twice. */
  readonly isListOfReferences: boolean;
  /** The reference that the value is, or the only one in its list, where it has a name as its key. */
  readonly keyedReference: string | undefined;
  /** The plain reference that the value is, and nothing else, without its keys; undefined when it is written twice. */
  readonly reference: string | undefined;
}

/** What stands in a file, or between the brackets of a block. */
export type HclBody = Pick<HclBlock, 'attributes' | 'blocks'>;

const deepest = 32;
const mostLabels = 8;
const longestValue = 1000;

/**
 * The blocks and attributes of a file in Terraform's language, with their lines; expressions are passed over. Written for
 * this: `@cdktf/hcl2json` (MPL) and `hcl2-parser` (megabytes of compiled Go) give values without lines, and
 * `@tree-sitter-grammars/tree-sitter-hcl` is a native module, which a bundle cannot carry. What is no configuration gives
 * less, and never an error.
 */
export function outlineHcl(text: string): HclBody {
  return readBody(cursorOf(text), 0);
}

/** The line of an offset, from 1. */
export function lineCounter(text: string): (offset: number) => number {
  const newlines: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) newlines.push(at);
  return (offset) => {
    let [low, high] = [0, newlines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((newlines[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The tokens that are still to come. */
interface Cursor {
  take(): Token;
  /** Gives a token back, to be taken again. */
  back(token: Token): void;
  lineOf(token: Token): number;
}

function cursorOf(text: string): Cursor {
  const next = readTokens(text);
  const lineOf = lineCounter(text);
  let kept: Token | undefined;
  return {
    take() {
      const token = kept ?? next();
      kept = undefined;
      return token;
    },
    back(token) {
      kept = token;
    },
    lineOf: ({ at }) => lineOf(at),
  };
}

const isSign = ({ kind, text }: Token, sign: string) => kind === 'sign' && text === sign;

/** Up to the bracket that closes a block, or to the end of the file. */
function readBody(cursor: Cursor, depth: number): HclBody {
  const attributes = new Map<string, HclAttribute>();
  const blocks: HclBlock[] = [];
  for (let token = cursor.take(); token.kind !== 'end'; token = cursor.take()) {
    if (token.kind === 'name') readStatement(token, { attributes, blocks }, cursor, depth);
    else if (isSign(token, '}')) {
      if (depth > 0) break;
    } else if (token.kind === 'sign') skipExpression(cursor, token);
  }
  return { attributes, blocks };
}

interface OpenBody {
  readonly attributes: Map<string, HclAttribute>;
  readonly blocks: HclBlock[];
}

function readStatement(name: Token, body: OpenBody, cursor: Cursor, depth: number): void {
  const line = cursor.lineOf(name);
  let token = cursor.take();
  if (isSign(token, '=')) {
    const attribute = { line, ...skipExpression(cursor) };
    body.attributes.set(name.text, firstOf(body.attributes.get(name.text), attribute));
    return;
  }
  const labels: string[] = [];
  for (; token.kind === 'name' || token.kind === 'text'; token = cursor.take())
    if (labels.length < mostLabels) labels.push(token.text);
  if (!isSign(token, '{') || depth >= deepest) {
    skipExpression(cursor, token);
    return;
  }
  const inner = readBody(cursor, depth + 1);
  body.blocks.push(blockOf(name.text, labels, line, inner));
}

/** Of an attribute that is written twice, which nobody can take at its word, the first one. */
export function firstOf(known: HclAttribute | undefined, attribute: HclAttribute): HclAttribute {
  return known === undefined
    ? attribute
    : { ...known, isListOfReferences: false, keyedReference: undefined, reference: undefined };
}

/** A `dynamic` block stands for blocks of its label's name, whose attributes are in its `content`. */
export function blockOf(type: string, labels: readonly string[], line: number, body: HclBody): HclBlock {
  const [name] = labels;
  if (type !== 'dynamic' || name === undefined) return { type, labels, line, ...body };
  const content = body.blocks.find((block) => block.type === 'content');
  return { type: name, labels: [], line, attributes: content?.attributes ?? new Map(), blocks: content?.blocks ?? [] };
}

const opening = '([{';
const closing = ')]}';

/** Passes over an expression: to the end of its line, or to where the block ends that it stands in. */
function skipExpression(cursor: Cursor, first: Token = cursor.take()): Omit<HclAttribute, 'line'> {
  let depth = 0;
  let value: string | undefined = '';
  const names = nameCollector();
  const list = listCollector();
  for (let token = first; token.kind !== 'end'; token = cursor.take()) {
    const isEnd = token.kind === 'newline' || isSign(token, '}');
    if (depth === 0 && isEnd) {
      cursor.back(token);
      break;
    }
    value = value === undefined ? undefined : extended(value, token);
    names.add(token);
    list.add(token);
    if (token.kind !== 'sign') continue;
    if (opening.includes(token.text)) depth += 1;
    else if (closing.includes(token.text) && depth > 0) depth -= 1;
  }
  return {
    value: value === '' ? undefined : value,
    references: names.references(),
    isListOfReferences: list.isListOfReferences(),
    keyedReference: list.keyedReference(),
    reference: list.reference(),
  };
}

const mostReferences = 20;
const referenceForm = /^(?:(?:var|local)\.[^.]+|module\.[^.]+\.[^.]+|data\.aws_[^.]+\.[^.]+|aws_[^.]+\.[^.]+)/;

/** Joins names with the members behind them. What a function, a key or a loop's variable is called is no reference. */
function nameCollector() {
  const found = new Set<string>();
  let name = '';
  let isMember = false;
  const end = () => {
    const reference = referenceForm.exec(name)?.[0];
    if (reference !== undefined && found.size < mostReferences) found.add(reference);
    name = '';
  };
  return {
    add(token: Token) {
      if (token.kind === 'name' && !isMember) {
        end();
        name = token.text;
      } else if (token.kind === 'name' && name !== '' && name.length < longestValue) name += `.${token.text}`;
      else if (!isSign(token, '.')) end();
      isMember = isSign(token, '.');
    },
    references(): readonly string[] {
      end();
      return [...found];
    },
  };
}

/** @returns undefined when the value is something else than a text or a name with its members */
function extended(value: string, token: Token): string | undefined {
  const isPart = token.kind === 'name' || isSign(token, '.') || (token.kind === 'text' && value === '');
  return isPart && value.length + token.text.length < longestValue ? value + token.text : undefined;
}
