import { JsonTextError } from '../model/json-text.ts';
import {
  closes,
  isBlank,
  isClosing,
  openList,
  openObject,
  quote,
  scanValue,
  startsValue,
  tooDeep,
  type ValueScan,
  valueScan,
  wrongBracket,
} from './_plan-scan.ts';

/** Names of members and indexes of items, from the root of a document. */
export type JsonPath = readonly (string | number)[];

/** What is to become of a value: handed over as bytes, passed over, or gone into, where it is one; else handed over. */
export type Choice = 'take' | 'skip' | 'list' | 'object';

export interface SplitLimits {
  /** How deep lists and objects may be nested. */
  readonly depth: number;
  /** The same within a value that is handed over: what walks it may recurse. */
  readonly valueDepth: number;
  /** How many bytes a value that is handed over may have. */
  readonly valueBytes: number;
  /** How many members or items a list or object may have that is gone into. */
  readonly members: number;
}

export interface Splitting {
  /** Asked once for each member and item of what is gone into. The path changes afterwards: copy what is kept. */
  readonly choose: (path: JsonPath) => Choice;
  /** Gets the UTF-8 of a value, without blanks around it, and its offset in the document in bytes. Both change afterwards. */
  readonly take: (path: JsonPath, bytes: Buffer, offset: number) => void;
  readonly limits: SplitLimits;
}

export interface Splitter {
  /** @throws JsonTextError */
  write(chunk: Buffer): void;
  /** @throws JsonTextError when the document is not whole */
  end(): void;
}

/** A list or object that is gone into. */
interface Frame {
  readonly bracket: number;
  /** The names that were seen; none for a list. */
  readonly names: Set<string>;
  count: number;
}

/** A value or name that is under way. */
interface Scan extends ValueScan {
  readonly use: 'take' | 'skip' | 'name';
  readonly offset: number;
}

interface State {
  readonly frames: Frame[];
  readonly path: (string | number)[];
  /** What may come next where no value is under way. */
  expected: 'value' | 'first' | 'name' | 'colon' | 'next' | 'nothing';
  scan: Scan | undefined;
  /** The beginning of what is under way, from chunks before this one. */
  held: Buffer[];
  heldBytes: number;
  /** Offset of the chunk at hand. */
  base: number;
}

/**
 * Cuts a JSON document that comes in pieces at its members, without keeping it. Brackets and the names of what is gone into
 * are checked everywhere; what is passed over is checked no further.
 *
 * The streaming parsers of the registry make a token of everything and read some 20 MB/s; a plan of a large account has
 * hundreds. This looks for quotes and brackets only, and leaves the values that are wanted to `JSON.parse`.
 */
export function splitJson(splitting: Splitting): Splitter {
  const state: State = { frames: [], path: [], expected: 'value', scan: undefined, held: [], heldBytes: 0, base: 0 };
  return {
    write(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (state.scan === undefined && !step(state, splitting, chunk[at] as number, at)) at += 1;
        else at = goOn(state, splitting, chunk, at);
      }
      state.base += chunk.length;
    },
    end() {
      if (state.base === 0) fail(state, 0, 'it is empty');
      if (state.expected !== 'nothing') fail(state, 0, 'it ends before it is whole');
    },
  };
}

function fail(state: State, at: number, message: string): never {
  throw new JsonTextError(message, state.base + at);
}

/** One byte where no value is under way. Returns whether a value begins with it. */
function step(state: State, splitting: Splitting, byte: number, at: number): boolean {
  if (isBlank(byte)) return false;
  const isList = state.frames.at(-1)?.bracket === openList;
  const { expected } = state;
  if (isClosing(byte)) close(state, byte, at);
  else if (byte === separators[expected]) state.expected = expected === 'next' && !isList ? 'name' : 'value';
  else if (byte === quote && (expected === 'name' || (expected === 'first' && !isList))) {
    state.scan = { ...valueScan(byte), use: 'name', offset: state.base + at };
    return true;
  } else if (startsValue(byte) && (expected === 'value' || (expected === 'first' && isList)))
    return begin(state, splitting, byte, at);
  else fail(state, at, 'it is not JSON');
  return false;
}

/** What has to stand between two things: a colon after a name, a comma after a value. */
const separators: Readonly<Partial<Record<State['expected'], number>>> = { colon: 0x3a, next: 0x2c };

function close(state: State, byte: number, at: number): void {
  const { frames, path, expected } = state;
  if (expected !== 'first' && expected !== 'next') fail(state, at, 'it is not JSON');
  if (!closes(byte, frames.pop()?.bracket)) fail(state, at, 'a bracket does not fit');
  path.length = frames.length;
  state.expected = frames.length === 0 ? 'nothing' : 'next';
}

/** Begins a value. Returns false for one that is gone into, which is only opened. */
function begin(state: State, { choose, limits }: Splitting, byte: number, at: number): boolean {
  const { frames, path } = state;
  const frame = frames.at(-1);
  if (frame?.bracket === openList) {
    path[frames.length - 1] = frame.count;
    count(state, frame, limits, at);
  }
  const choice = frame === undefined ? 'object' : choose(path);
  const isOpened = (choice === 'object' && byte === openObject) || (choice === 'list' && byte === openList);
  if (!isOpened) {
    if (frame === undefined) fail(state, at, 'it is not a JSON object');
    state.scan = { ...valueScan(byte), use: choice === 'skip' ? 'skip' : 'take', offset: state.base + at };
    return true;
  }
  if (frames.length >= limits.depth) fail(state, at, `it is nested deeper than ${limits.depth} levels`);
  frames.push({ bracket: byte, names: new Set(), count: 0 });
  state.expected = 'first';
  return false;
}

function count(state: State, frame: Frame, { members }: SplitLimits, at: number): void {
  frame.count += 1;
  if (frame.count > members) fail(state, at, `it has a list or object of more than ${members} parts`);
}

/** Goes on with what is under way. Returns where to go on, which is the end of the chunk when it does not end there. */
function goOn(state: State, splitting: Splitting, chunk: Buffer, at: number): number {
  const { scan, frames } = state;
  const { limits } = splitting;
  if (scan === undefined) return at;
  const deepest = Math.min(limits.depth - frames.length, scan.use === 'take' ? limits.valueDepth : limits.depth);
  const end = scanValue(scan, chunk, at, deepest);
  if (end === tooDeep) fail(state, at, `it is nested deeper than ${deepest} levels`);
  if (end === wrongBracket) fail(state, at, 'a bracket does not fit');
  const piece = chunk.subarray(at, end < 0 ? chunk.length : end);
  if (scan.use !== 'skip') weigh(state, limits, piece.length, at);
  if (end < 0) {
    // The chunk is its owner's, who may fill it anew.
    if (scan.use !== 'skip') state.held.push(Buffer.from(piece));
    return chunk.length;
  }
  state.scan = undefined;
  state.expected = scan.use === 'name' ? 'colon' : 'next';
  if (scan.use !== 'skip') finish(state, splitting, scan, piece);
  return end;
}

function weigh(state: State, { valueBytes }: SplitLimits, more: number, at: number): void {
  state.heldBytes += more;
  if (state.heldBytes > valueBytes) fail(state, at, `a part of it has more than ${valueBytes} bytes`);
}

function finish(state: State, { take, limits }: Splitting, { use, offset }: Scan, piece: Buffer): void {
  const { path, frames, held } = state;
  const bytes = held.length === 0 ? piece : Buffer.concat([...held, piece]);
  state.held = [];
  state.heldBytes = 0;
  if (use === 'take') return take(path, bytes, offset);
  const frame = frames.at(-1);
  const name = nameOf(bytes, offset);
  if (frame === undefined || frame.names.has(name))
    throw new JsonTextError(`it has ${bytes.toString().slice(0, 80)} twice`, offset);
  frame.names.add(name);
  count(state, frame, limits, 0);
  path[frames.length - 1] = name;
}

function nameOf(bytes: Buffer, offset: number): string {
  try {
    return JSON.parse(bytes.toString('utf8')) as string;
  } catch {
    throw new JsonTextError('it is not JSON', offset);
  }
}
