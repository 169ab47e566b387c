import { isUtf8 } from 'node:buffer';
import type { Json } from './value.ts';

/** How deep the lists and objects of a document may be nested. */
export const maxJsonDepth = 100;

/** Thrown for bytes that are not JSON we read. `offset` counts characters from the start of the text. */
export class JsonTextError extends Error {
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.name = 'JsonTextError';
    this.offset = offset;
  }
}

/**
 * Parses `bytes`, after a linear look at its nesting: what walks the value later may recurse.
 *
 * @throws JsonTextError
 */
export function parseJsonBytes(bytes: Buffer): Json {
  return parseJsonText(decodeJson(bytes, 0, bytes.length));
}

/**
 * The text of `bytes[start, end)`, if it is worth parsing: UTF-8, not empty, not nested too deep.
 *
 * @param isClean whether the bytes are known to be UTF-8
 * @throws JsonTextError
 */
export function decodeJson(bytes: Buffer, start: number, end: number, isClean = false): string {
  if (!isClean || end - start < 2 || (bytes[start] as number) > 0x7e) refuseForeign(bytes.subarray(start, end));
  if (isTooDeep(bytes, start, end)) throw new JsonTextError(`it is nested deeper than ${maxJsonDepth} levels`);
  return bytes.toString('utf8', start, end);
}

/** @throws JsonTextError */
export function parseJsonText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new JsonTextError('it is not JSON', Number(position ?? 0));
  }
}

/** Whether the lists and objects of a JSON text are nested too deep. Brackets inside strings do not count. */
export function isTooDeep(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  return mayOpen(bytes, start, end) > maxJsonDepth && reachesDepth(bytes, start, end);
}

/**
 * At least the number of `{` and `[`, strings included. Nearly every text has too few to be deep, so this looks at four
 * bytes at a time: with the bit set that tells the two brackets apart, a bracket's byte becomes zero when 0x7b is taken
 * out, and the lowest zero byte of a word is always found.
 */
function mayOpen(bytes: Uint8Array, start: number, end: number): number {
  const firstWord = Math.ceil((bytes.byteOffset + start) / 4);
  const lastWord = Math.floor((bytes.byteOffset + end) / 4);
  if (firstWord >= lastWord) return end - start;
  const words = new Uint32Array(bytes.buffer, firstWord * 4, lastWord - firstWord);
  let found = firstWord * 4 - (bytes.byteOffset + start) + (bytes.byteOffset + end - lastWord * 4);
  for (let i = 0; i < words.length; i += 1) {
    const word = ((words[i] as number) | 0x20202020) ^ 0x7b7b7b7b;
    let zeros = (word - 0x01010101) & ~word & 0x80808080;
    while (zeros !== 0) {
      found += 1;
      zeros &= zeros - 1;
    }
  }
  return found;
}

function reachesDepth(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte === 0x22) inString = !inString;
    else if (byte === 0x5c && inString) i += 1;
    else if (inString) continue;
    else if ((byte | 0x20) === 0x7b) {
      depth += 1;
      if (depth > maxJsonDepth) return true;
    } else if ((byte | 0x20) === 0x7d) depth -= 1;
  }
  return false;
}

/** Names what is no JSON at first sight. */
function refuseForeign(bytes: Buffer): void {
  if (bytes.length === 0) throw new JsonTextError('it is empty');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new JsonTextError('it begins with a byte order mark: save it as UTF-8 without one');
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new JsonTextError('it is UTF-16: save it as UTF-8');
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new JsonTextError('it is compressed with gzip: its name must end in .gz');
  }
  if (!isUtf8(bytes)) throw new JsonTextError('it is not UTF-8');
}
