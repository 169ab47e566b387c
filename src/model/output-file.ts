import { createHash } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';

/** What was written: SHA-256 in hexadecimal of the bytes, and their number. */
export interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

const batchSize = 256 * 1024;

/**
 * Writes a text file so that it is either there whole or not at all: to a temporary name, flushed to the disk, renamed.
 * The text is pulled no faster than the disk takes it.
 *
 * @throws ProvisoError 'output'
 */
export async function writeFileWhole(path: string, text: AsyncIterable<string> | Iterable<string>): Promise<Written> {
  const temporary = `${path}.partial`;
  try {
    const written = await writeThrough(temporary, text);
    await rename(temporary, path);
    return written;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw outputError(error, path);
  }
}

/** Makes the folders of `path` inside `root`, but not `root` itself: once gone it must not come back empty. */
export async function makeFolders(root: string, path: string): Promise<void> {
  let folder = root;
  for (const name of path.split('/')) {
    folder = join(folder, name);
    try {
      await mkdir(folder);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw outputError(error, folder);
    }
  }
}

/** Turns what the file system threw into an error that says what to do; anything else is returned as it is. */
export function outputError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (error instanceof ProvisoError) return error;
  const known = messages[error.code];
  if (known === undefined) {
    if (!('syscall' in error)) return error;
    return new ProvisoError('output', `cannot write ${path}: ${error.code}`, { hint: refused.hint, cause: error });
  }
  return new ProvisoError('output', `cannot write ${path}: ${known.message}`, { hint: known.hint, cause: error });
}

const full = { message: 'the disk is full', hint: 'free some space, or write to another disk, and run again' };
const refused = {
  message: 'this folder cannot be written to',
  hint: 'choose another output folder, or mend its permissions',
};
const broken = { message: 'the disk reports an error', hint: 'check the disk, or write to another one, and run again' };

const messages: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  ENOSPC: full,
  EDQUOT: { message: 'the disk quota is used up', hint: full.hint },
  EFBIG: { message: 'the file is too big for this disk', hint: 'write to another disk, and run again' },
  EIO: broken,
  EACCES: refused,
  EPERM: refused,
  EROFS: { message: 'this disk is read-only', hint: 'choose an output folder on a disk that can be written to' },
  ENOENT: { message: 'the folder is not there', hint: 'something removed it while Proviso was writing: run again' },
  ENOTDIR: { message: 'a part of this path is a file', hint: 'choose another output folder' },
  EEXIST: { message: 'it is there already', hint: 'choose a folder that does not exist yet' },
  EMFILE: { message: 'too many files are open', hint: "raise this shell's limit with ulimit -n, and run again" },
  ENAMETOOLONG: { message: 'the path is too long', hint: 'choose a folder with a shorter path' },
};

async function writeThrough(path: string, text: AsyncIterable<string> | Iterable<string>): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  // `wx`: what is there already is somebody's, never ours to replace.
  const file = await open(path, 'wx');
  try {
    for await (const batch of inBatches(text)) {
      const data = Buffer.from(batch);
      hash.update(data);
      bytes += data.length;
      await file.writeFile(data);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function* inBatches(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let batch = '';
  for await (const piece of text) {
    batch += piece;
    if (batch.length < batchSize) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

/** Makes the new name survive a crash; file systems that cannot flush a folder keep names safe in their own way. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(resolve(path), 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
