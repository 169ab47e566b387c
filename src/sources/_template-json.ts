import type { Json } from '../model/value.ts';
import { deepestTold, isTold, keyPath } from './_template-places.ts';
import { otherwiseWritten } from './_template-scope.ts';

/** Where the keys of a JSON text stand, for those that lie in nothing but objects, and not too deep. */
export interface JsonKeys {
  /** Offset of the key's opening quotation mark, by {@link keyPath}. */
  readonly offsets: ReadonlyMap<string, number>;
  /** The first key that stands twice in one of these objects. */
  readonly twice: { readonly key: string; readonly offset: number } | undefined;
}

function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** Where the pass over the text is: the kinds of what is open around it, and the keys that lead there. */
interface Pass {
  readonly offsets: Map<string, number>;
  twice: JsonKeys['twice'];
  readonly path: string[];
  readonly isObject: boolean[];
  lists: number;
  mayBeKey: boolean;
}

/**
 * Looks at the keys of a JSON text in one pass and parses none of its values.
 *
 * @param json a text that has been parsed already
 */
export function findJsonKeys(json: string): JsonKeys {
  const pass: Pass = { offsets: new Map(), twice: undefined, path: [], isObject: [], lists: 0, mayBeKey: false };
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') {
      const end = endOfText(json, at);
      if (pass.mayBeKey && pass.lists === 0) noteKey(json, at, end, pass);
      pass.mayBeKey = false;
      at = end;
    } else if (character !== undefined) passMark(character, pass);
  }
  return pass;
}

function passMark(character: string, pass: Pass): void {
  const { isObject } = pass;
  if (character === '{' || character === '[') {
    isObject.push(character === '{');
    if (character === '[') pass.lists += 1;
    pass.mayBeKey = character === '{';
  } else if (character === '}' || character === ']') {
    isObject.pop();
    if (character === ']') pass.lists -= 1;
    pass.mayBeKey = false;
  } else if (character === ',') pass.mayBeKey = isObject.at(-1) === true;
}

function noteKey(json: string, start: number, end: number, pass: Pass): void {
  const { path, isObject, offsets } = pass;
  if (isObject.length > deepestTold) return;
  const key = JSON.parse(json.slice(start, end + 1)) as string;
  path[isObject.length - 1] = key;
  path.length = isObject.length;
  if (!isTold(path)) return;
  const name = keyPath(path);
  if (offsets.has(name)) pass.twice ??= { key, offset: start };
  offsets.set(name, start);
}

const number = /-?\d[\d.eE+-]*/y;

/**
 * A JSON text in which each number that is written otherwise than JavaScript writes it, such as `1.0`, says how.
 *
 * @param json a text that has been parsed already
 * @returns undefined where there is none
 */
export function tellNumbers(json: string): Json | undefined {
  const pieces: string[] = [];
  let told = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) at = endOfText(json, at);
    if (code !== 0x2d && (code < 0x30 || code > 0x39)) continue;
    number.lastIndex = at;
    const source = number.exec(json)?.[0] ?? '';
    const end = at + Math.max(1, source.length);
    if (source !== String(Number(source))) {
      pieces.push(json.slice(told, at), JSON.stringify({ [otherwiseWritten]: [Number(source), source] }));
      told = end;
    }
    at = end - 1;
  }
  return told === 0 ? undefined : (JSON.parse(`${pieces.join('')}${json.slice(told)}`) as Json);
}
