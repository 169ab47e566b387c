import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ProvisoError } from '../errors.ts';
import type { Result, ResultLine } from '../finding/finding.ts';
import { resultLine } from '../finding/result-line.ts';
import { lineBlocks } from '../model/lines.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'a folder on the way does not exist',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it exists already, and nothing is overwritten',
  EFBIG: 'the file is larger than this disk or shell allows',
  EIO: 'the disk reports an error',
};

/** Why something cannot be written, in words and with what to do. */
export function unwritable(path: string, error: unknown): ProvisoError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
  return new ProvisoError('output', `${path} cannot be written: ${reasons[code] ?? code}`, {
    hint: 'Choose another place.',
    cause: error,
  });
}

/**
 * Makes a folder and those on the way to it. Node's own way of doing so never ends where a file system takes no folders
 * and says that the path does not exist (`/proc`).
 */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path);
  }
}

/** Makes a folder for a run's files; one that exists must be empty. */
export async function makeRunFolder(path: string): Promise<void> {
  let entries: readonly string[];
  try {
    await makeFolders(path);
    entries = await readdir(path);
  } catch (error) {
    throw unwritable(path, error);
  }
  if (entries.length > 0) {
    throw new ProvisoError('output', `${path} is not empty, and nothing is overwritten`, {
      hint: 'Choose another folder with --out.',
    });
  }
}

/** Makes a folder of a name that nobody has chosen; where it exists (two runs in one second), `-2` and so on is added. */
export async function makeNewFolder(path: string): Promise<string> {
  try {
    await makeFolders(dirname(path));
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? path : `${path}-${number}`;
      try {
        await mkdir(name);
        return name;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number === 1000) throw error;
      }
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** A folder that goes when the run ends, for runs that keep nothing. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'proviso-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes portions of text to a new file. */
export async function writeNewFile(path: string, portions: AsyncIterable<string>): Promise<void> {
  const stream = createWriteStream(path, { flags: 'wx' });
  const done = finished(stream);
  // Handled below; without this an early failure would count as unhandled while portions are still being made.
  done.catch(() => undefined);
  try {
    for await (const portion of portions) if (!stream.write(portion)) await Promise.race([once(stream, 'drain'), done]);
    stream.end();
    await done;
  } catch (error) {
    stream.destroy();
    throw isFileError(error) ? unwritable(path, error) : error;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Writes results as they come, a line each, and gives back what the stream returned at its end. */
export async function spoolResults<T>(path: string, results: AsyncGenerator<readonly Result[], T>): Promise<T> {
  let returned: { readonly value: T } | undefined;
  async function* lines() {
    for (;;) {
      const next = await results.next();
      if (next.done === true) {
        returned = { value: next.value };
        return;
      }
      if (next.value.length > 0) yield `${next.value.map(resultLine).join('\n')}\n`;
    }
  }
  await writeNewFile(path, lines());
  if (returned === undefined) throw new Error('the results ended early');
  return returned.value;
}

/** Reads results back, in portions: as many lines as a block holds are one JSON text away from being a list. */
export async function* readResults(path: string): AsyncGenerator<readonly ResultLine[]> {
  for await (const block of lineBlocks(createReadStream(path, { highWaterMark: 256 * 1024 }))) {
    yield JSON.parse(`[${block.toString('utf8', 0, block.length - 1).replaceAll('\n', ',')}]`) as readonly ResultLine[];
  }
}
