import { isTold, keyPath } from './_template-places.ts';

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

/**
 * Looks at the keys of a JSON text in one pass and parses none of its values.
 *
 * @param json a text that has been parsed already
 */
export function findJsonKeys(json: string): JsonKeys {
  const offsets = new Map<string, number>();
  let twice: JsonKeys['twice'];
  const path: string[] = [];
  const isObject: boolean[] = [];
  let lists = 0;
  let mayBeKey = false;
  const note = (start: number, end: number) => {
    const key = JSON.parse(json.slice(start, end + 1)) as string;
    path[isObject.length - 1] = key;
    path.length = isObject.length;
    if (!isTold(path)) return;
    const name = keyPath(path);
    if (offsets.has(name)) twice ??= { key, offset: start };
    offsets.set(name, start);
  };
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') {
      const end = endOfText(json, at);
      if (mayBeKey && lists === 0 && isObject.length <= 4) note(at, end);
      mayBeKey = false;
      at = end;
    } else if (character === '{' || character === '[') {
      isObject.push(character === '{');
      if (character === '[') lists += 1;
      mayBeKey = character === '{';
    } else if (character === '}' || character === ']') {
      isObject.pop();
      if (character === ']') lists -= 1;
      mayBeKey = false;
    } else if (character === ',') mayBeKey = isObject.at(-1) === true;
  }
  return { offsets, twice };
}
