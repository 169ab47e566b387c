import { referenceInText } from './_hcl-list.ts';
import { blockOf, firstOf, type HclAttribute, type HclBlock, type HclBody, lineCounter } from './_hcl-outline.ts';

/** A value of a JSON text: a text, an object, a list, or something else, which has none of these. */
interface Node {
  readonly text?: string;
  /** Of an object, in their order; equal names may come again. */
  readonly members?: readonly Member[];
  readonly items?: readonly Node[];
}

interface Member {
  readonly name: string;
  readonly line: number;
  readonly value: Node;
}

const deepest = 64;

/** How many levels of names stand between a type of block and its content. */
const labelsOf: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['locals', 0],
  ['removed', 0],
]);

/**
 * The outline of a configuration in JSON. There a nested block looks like an attribute, so that below the first level each
 * name is both. A text that is no JSON gives nothing.
 */
export function outlineHclJson(text: string): HclBody {
  const root = parse(text);
  const blocks = membersOf(root).flatMap((member) => {
    const levels = labelsOf.get(member.name);
    return levels === undefined ? [] : blocksOf(member.name, [], levels, member);
  });
  return { attributes: new Map(), blocks };
}

/** An object's members, or those of all objects in a list. */
function membersOf(node: Node | undefined): readonly Member[] {
  if (node?.items !== undefined) return node.items.flatMap(({ members }) => members ?? []);
  return node?.members ?? [];
}

function blocksOf(type: string, labels: readonly string[], levels: number, { line, value }: Member): HclBlock[] {
  if (levels > 0)
    return membersOf(value).flatMap((member) => blocksOf(type, [...labels, member.name], levels - 1, member));
  const contents = value.items ?? [value];
  return contents.flatMap((content) => {
    const { members } = content;
    return members === undefined ? [] : [blockOf(type, labels, line, bodyOf(members))];
  });
}

function bodyOf(members: readonly Member[]): HclBody {
  const attributes = new Map<string, HclAttribute>();
  const blocks: HclBlock[] = [];
  for (const member of members) {
    const { name, line, value } = member;
    if (name === 'dynamic') blocks.push(...blocksOf(name, [], 1, member));
    else {
      const isListOfReferences = isList(value);
      const reference = value.text === undefined ? undefined : referenceInText(value.text);
      const none = { references: [], keyedReference: undefined };
      const attribute = { line, value: value.text, ...none, isListOfReferences, reference };
      attributes.set(name, firstOf(attributes.get(name), attribute));
      blocks.push(...blocksOf(name, [], 0, member));
    }
  }
  return { attributes, blocks };
}

function isList({ items }: Node): boolean {
  return items !== undefined && items.length > 0 && items.every(({ text = '' }) => referenceInText(text) !== undefined);
}

const blankForm = /[ \t\r\n\uFEFF]*/y;
const scalarForm = /[\w.+-]+/y;

interface Reader {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  at: number;
}

/** @returns undefined for what is no JSON, or is nested too deep */
function parse(text: string): Node | undefined {
  return readValue({ text, lineOf: lineCounter(text), at: 0 }, 0);
}

function readValue(reader: Reader, depth: number): Node | undefined {
  if (depth > deepest) return undefined;
  if (takes(reader, '{')) {
    const members = readListed(reader, '}', () => readMember(reader, depth + 1));
    return members && { members };
  }
  if (takes(reader, '[')) {
    const items = readListed(reader, ']', () => readValue(reader, depth + 1));
    return items && { items };
  }
  const text = readText(reader);
  if (text !== undefined) return { text };
  return match(reader, scalarForm) === '' ? undefined : {};
}

function readMember(reader: Reader, depth: number): Member | undefined {
  match(reader, blankForm);
  const line = reader.lineOf(reader.at);
  const name = readText(reader);
  if (name === undefined || !takes(reader, ':')) return undefined;
  const value = readValue(reader, depth);
  return value && { name, line, value };
}

/** What stands between brackets, with commas; undefined when it does not end as it should. */
function readListed<Item>(reader: Reader, end: string, readItem: () => Item | undefined): readonly Item[] | undefined {
  const items: Item[] = [];
  if (takes(reader, end)) return items;
  do {
    const item = readItem();
    if (item === undefined) return undefined;
    items.push(item);
  } while (takes(reader, ','));
  return takes(reader, end) ? items : undefined;
}

function match(reader: Reader, form: RegExp): string {
  form.lastIndex = reader.at;
  const found = form.exec(reader.text)?.[0] ?? '';
  reader.at += found.length;
  return found;
}

/** Passes over blanks, and over a sign if it comes next. */
function takes(reader: Reader, sign: string): boolean {
  match(reader, blankForm);
  const isNext = reader.text[reader.at] === sign;
  if (isNext) reader.at += 1;
  return isNext;
}

function readText(reader: Reader): string | undefined {
  const { text, at } = reader;
  if (text[at] !== '"') return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  reader.at = end + 1;
  return unescape(text.slice(at, end + 1));
}

/** @returns undefined for what has no end, and for escapes that JSON does not have */
function unescape(written: string): string | undefined {
  try {
    return JSON.parse(written) as string;
  } catch {
    return undefined;
  }
}
