/** Bytes of JSON that mean something outside strings. */
export const quote = 0x22;
export const openList = 0x5b;
export const openObject = 0x7b;
const closeList = 0x5d;
const closeObject = 0x7d;
const backslash = 0x5c;
const comma = 0x2c;

/** A value whose bytes come in pieces: how far it has got. */
export interface ValueScan {
  readonly isScalar: boolean;
  /** The brackets that are open in it. */
  readonly open: number[];
  inString: boolean;
  /** Whether the next byte, the first of a piece, is escaped. */
  escaped: boolean;
}

export function valueScan(firstByte: number): ValueScan {
  const isScalar = !isOpening(firstByte) && firstByte !== quote;
  return { isScalar, open: [], inString: false, escaped: false };
}

/** Brackets of both kinds differ by one bit only. */
function isOpening(byte: number): boolean {
  return (byte | 0x20) === openObject;
}

export function isClosing(byte: number): boolean {
  return (byte | 0x20) === closeObject;
}

/** Whether a bracket closes what another one has opened. */
export function closes(byte: number, opening: number | undefined): boolean {
  return opening === byte - 2;
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether a value may begin so: a bracket, a quote, a minus, a digit, or the first letter of true, false and null. */
export function startsValue(byte: number): boolean {
  if (isOpening(byte) || byte === quote || byte === 0x2d) return true;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}

/** The value does not end in these bytes; is nested too deep; has a bracket that does not fit. */
export const unfinished = -1;
export const tooDeep = -2;
export const wrongBracket = -3;

/**
 * Goes on with a value from `at`, its first byte included.
 *
 * @returns where it ends, or one of the numbers above
 */
export function scanValue(scan: ValueScan, bytes: Buffer, at: number, deepest: number): number {
  if (scan.isScalar) return scalarEnd(bytes, at);
  const next = scan.inString ? stringEnd(scan, bytes, scan.escaped ? at + 1 : at) : at;
  if (next < 0 || (next > at && scan.open.length === 0)) return next;
  return scanMarks(scan, bytes, next, deepest);
}

/** Goes from quote to quote and from bracket to bracket: what every byte of a plan has to pass. */
function scanMarks(scan: ValueScan, bytes: Buffer, at: number, deepest: number): number {
  let next = at;
  for (;;) {
    next = nextMark(bytes, next);
    const byte = bytes[next];
    if (byte === undefined) return unfinished;
    if (byte === quote) {
      next = stringEnd(scan, bytes, next + 1);
      if (next < 0) return next;
    } else {
      const problem = turn(scan, byte, deepest);
      if (problem < 0) return problem;
      next += 1;
    }
    if (scan.open.length === 0) return next;
  }
}

/** The next quote or bracket, or the end of the bytes. */
function nextMark(bytes: Buffer, at: number): number {
  const end = bytes.length;
  let next = at;
  while (next < end && isMark[bytes[next] as number] === 0) next += 1;
  return next;
}

const isMark = new Uint8Array(256);
for (const mark of [quote, openList, openObject, closeList, closeObject]) isMark[mark] = 1;

/** Opens or closes a list or object. */
function turn({ open }: ValueScan, byte: number, deepest: number): number {
  if (!isOpening(byte)) return closes(byte, open.pop()) ? 0 : wrongBracket;
  return open.push(byte) > deepest ? tooDeep : 0;
}

/** @returns what comes after the quote that ends the string; or `unfinished`, with what to go on with */
function stringEnd(scan: ValueScan, bytes: Buffer, at: number): number {
  const end = bytes.length;
  let next = at;
  while (next < end) {
    const byte = bytes[next] as number;
    if (byte === quote) {
      scan.inString = false;
      return next + 1;
    }
    next += byte === backslash ? 2 : 1;
  }
  scan.inString = true;
  scan.escaped = next > end;
  return unfinished;
}

function scalarEnd(bytes: Buffer, at: number): number {
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next] as number;
    if (isBlank(byte) || byte === comma || byte === closeList || byte === closeObject) return next;
  }
  return unfinished;
}
