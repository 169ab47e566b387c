import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { ProvisoError } from '../errors.ts';
import { decodeJson, JsonTextError, parseJsonText } from './json-text.ts';
import { LineError, lineBlocks } from './lines.ts';
import { readChunks, restoreHint, type SnapshotFile } from './snapshot-file.ts';
import type { Json } from './value.ts';

/** Takes a mistake. A reader throws it; a checker keeps it and goes on. */
export type Report = (error: ProvisoError) => void;

/** What the manifest says a file holds. */
export interface Promised {
  readonly lines: number;
  /** Of the uncompressed bytes, hexadecimal. */
  readonly sha256: string;
}

/**
 * Judges one parsed line and returns what to keep of it, or `undefined` after it has reported a mistake. The text of the
 * line is for quick looks.
 */
export type TakeLine<T> = (value: Json, line: number, text: string) => T | undefined;

const newline = 10;

/**
 * Reads a file of one JSON value a line, in batches as they come from the disk. The checksum and the number of lines
 * are compared at the end of the file.
 */
export async function* readJsonLines<T>(
  file: SnapshotFile,
  promised: Promised | undefined,
  take: TakeLine<T>,
  report: Report,
): AsyncGenerator<readonly T[]> {
  const hash = promised === undefined ? undefined : createHash('sha256');
  const most = promised?.lines ?? Number.POSITIVE_INFINITY;
  let line = 0;
  try {
    for await (const block of lineBlocks(readChunks(file))) {
      hash?.update(block);
      const batch: T[] = [];
      line = readBlock(block, line, batch, take, (at, message, column) => report(mistakeAt(file, at, message, column)));
      if (batch.length > 0) yield batch;
      if (line > most) break;
    }
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    report(mistakeAt(file, line + 1, error.message));
    return;
  }
  if (promised === undefined) return;
  if (line !== most) report(countMistake(file, most, line));
  else if (hash?.digest('hex') !== promised.sha256) report(checksumMistake(file));
}

export function mistakeAt(
  file: SnapshotFile,
  line: number,
  message: string,
  column = 1,
  hint = restoreHint,
): ProvisoError {
  return new ProvisoError('snapshot', message, { where: { file: file.path, line, column }, hint });
}

type Complain = (line: number, message: string, column?: number) => void;

function readBlock<T>(block: Buffer, before: number, batch: T[], take: TakeLine<T>, complain: Complain): number {
  const isClean = isUtf8(block);
  let line = before;
  let start = 0;
  for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
    line += 1;
    const taken = readLine(block, start, end, isClean, line, take, complain);
    if (taken !== undefined) batch.push(taken);
    start = end + 1;
  }
  return line;
}

function readLine<T>(
  block: Buffer,
  start: number,
  end: number,
  isClean: boolean,
  line: number,
  take: TakeLine<T>,
  complain: Complain,
): T | undefined {
  try {
    const text = decodeJson(block, start, end, isClean);
    return take(parseJsonText(text), line, text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    complain(line, `this line cannot be read: ${error.message}`, error.offset + 1);
    return undefined;
  }
}

function countMistake(file: SnapshotFile, promised: number, found: number): ProvisoError {
  const held = found > promised ? `more than ${promised}` : String(found);
  return new ProvisoError('snapshot', `${file.path} holds ${held} lines, but the manifest promises ${promised}`, {
    hint: restoreHint,
  });
}

function checksumMistake(file: SnapshotFile): ProvisoError {
  return new ProvisoError('snapshot', `${file.path} does not have the SHA-256 that the manifest gives`, {
    hint: restoreHint,
  });
}
