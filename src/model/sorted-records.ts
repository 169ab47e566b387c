import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { lineBlocks, maxLineBytes } from './lines.ts';
import { outputError } from './output-file.ts';
import { byCodeUnit } from './value.ts';

/** The records of one collection as lines, given in any order and taken out in one, within bounded memory. */
export interface SortedRecords {
  /** How many lines and characters are held in memory. */
  readonly held: { readonly lines: number; readonly characters: number };
  /** How many sorted files there are. */
  readonly runs: number;
  add(id: string, line: string): void;
  /** Moves what is held to a sorted file. Blocks, so that whoever adds cannot run ahead of the disk. */
  spill(path: string): void;
  /** The lines by id. A record that was added twice comes once; `onConflict` hears of two that differ under one id. */
  lines(onConflict: (id: string) => void): AsyncGenerator<string>;
  /** Removes the sorted files. */
  dispose(): Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly line: string;
}

const batchSize = 1024 * 1024;

export function sortRecords(): SortedRecords {
  let entries: Entry[] = [];
  let characters = 0;
  const runs: string[] = [];
  return {
    get held() {
      return { lines: entries.length, characters };
    },
    get runs() {
      return runs.length;
    },
    add(id, line) {
      entries.push({ id, line });
      characters += line.length;
    },
    spill(path) {
      if (entries.length === 0) return;
      runs.push(path);
      writeRun(path, entries.sort(byIdThenLine));
      entries = [];
      characters = 0;
    },
    lines(onConflict) {
      entries.sort(byIdThenLine);
      return unique(runs.length === 0 ? entries : merge([...runs.map(readRun), fromMemory(entries)]), onConflict);
    },
    async dispose() {
      entries = [];
      characters = 0;
      await Promise.all(runs.map((path) => unlink(path).catch(() => undefined)));
    },
  };
}

function byIdThenLine(a: Entry, b: Entry): number {
  return byCodeUnit(a.id, b.id) || byCodeUnit(a.line, b.line);
}

/** One entry a line: the id as JSON text, which has no raw tab, a tab, and the record. */
function writeRun(path: string, entries: readonly Entry[]): void {
  try {
    const file = openSync(path, 'wx');
    try {
      let batch = '';
      for (const { id, line } of entries) {
        batch += `${JSON.stringify(id)}\t${line}\n`;
        if (batch.length < batchSize) continue;
        writeWhole(file, batch);
        batch = '';
      }
      writeWhole(file, batch);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw outputError(error, path);
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

async function* readRun(path: string): AsyncGenerator<Entry> {
  for await (const block of lineBlocks(createReadStream(path), 2 * maxLineBytes)) {
    for (const text of block.toString('utf8').split('\n')) {
      if (text === '') continue;
      const tab = text.indexOf('\t');
      yield { id: JSON.parse(text.slice(0, tab)) as string, line: text.slice(tab + 1) };
    }
  }
}

async function* fromMemory(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries;
}

/** Merges sorted streams; there are at most a few dozen, so that looking at all their heads is cheap. */
async function* merge(streams: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const heads: { entry: Entry; stream: AsyncGenerator<Entry> }[] = [];
  try {
    for (const stream of streams) {
      const { value, done } = await stream.next();
      if (done !== true) heads.push({ entry: value, stream });
    }
    for (;;) {
      const least = heads.reduce(
        (best, head, i) => (best < 0 || byIdThenLine(head.entry, heads[best]?.entry ?? head.entry) < 0 ? i : best),
        -1,
      );
      const head = heads[least];
      if (head === undefined) return;
      yield head.entry;
      const { value, done } = await head.stream.next();
      if (done === true) heads.splice(least, 1);
      else head.entry = value;
    }
  } finally {
    for (const stream of streams) await stream.return(undefined);
  }
}

async function* unique(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  onConflict: (id: string) => void,
): AsyncGenerator<string> {
  let last: Entry | undefined;
  for await (const entry of entries) {
    if (last !== undefined && entry.id === last.id) {
      if (entry.line !== last.line) onConflict(entry.id);
      continue;
    }
    last = entry;
    yield `${entry.line}\n`;
  }
}
