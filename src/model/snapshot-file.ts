import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProvisoError } from '../errors.ts';

/** A regular file within a snapshot's folder, compressed or not. */
export interface SnapshotFile {
  /** For messages: the folder as the user gave it, and the file's name. */
  readonly path: string;
  readonly bytes: number;
}

export const restoreHint = 'it was cut off or changed after it was written: restore it, or collect it again';

const chunkSize = 256 * 1024;

/** A compressed file may hold this much at most, and beyond `freeInflated` bytes this many times its own size. */
const maxInflated = 16 * 1024 ** 3;
const maxRatio = 200;
const freeInflated = 16 * 1024 ** 2;

/**
 * Finds a file of a snapshot by its name in the manifest, or its compressed form with `.gz` after it.
 *
 * @throws ProvisoError 'snapshot' for a name or a link that leads out of the folder, a file that is not there, or one
 *   that is no regular file
 */
export async function findSnapshotFile(folder: string, name: string): Promise<SnapshotFile> {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new ProvisoError(
      'snapshot',
      `the manifest names the file ${JSON.stringify(name.slice(0, 200))}, ${problem}`,
      {
        hint: 'do not use this snapshot: Proviso writes no such names',
      },
    );
  }
  const root = await realpath(folder).catch((error: unknown) => {
    throw new ProvisoError('snapshot', `cannot read the folder ${folder}`, { hint: 'check its path', cause: error });
  });
  const plain = join(folder, name);
  const path = (await isThere(plain)) || name.endsWith('.gz') ? plain : `${plain}.gz`;
  const real = await realpath(path).catch((error: unknown) => {
    const message = isMissing(error) ? `${plain} is missing` : `cannot read ${plain}`;
    throw new ProvisoError('snapshot', message, {
      hint: `a part of the snapshot is gone: ${restoreHint}`,
      cause: error,
    });
  });
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new ProvisoError('snapshot', `${path} is a link that leads out of the snapshot`, {
      hint: 'put the file itself there, if you trust it',
    });
  }
  const stats = await stat(real);
  if (!stats.isFile()) {
    throw new ProvisoError('snapshot', `${path} is not a regular file`, { hint: 'put the file itself there' });
  }
  return { path, bytes: stats.size };
}

/** Reads a file's uncompressed bytes in chunks. */
export function readChunks(file: SnapshotFile): AsyncIterable<Buffer> {
  return file.path.endsWith('.gz')
    ? inflated(file)
    : guarded(file, createReadStream(file.path, { highWaterMark: chunkSize }));
}

/**
 * Reads a whole small file.
 *
 * @throws ProvisoError 'snapshot' when it is bigger than `limit` bytes
 */
export async function readSmallFile(file: SnapshotFile, limit: number): Promise<Buffer> {
  if (file.bytes > limit) {
    throw new ProvisoError('snapshot', `${file.path} is bigger than ${limit / 1024 / 1024} MB`, {
      hint: 'this is not a snapshot that Proviso wrote',
    });
  }
  const handle = await open(file.path, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function nameProblem(name: string): string | undefined {
  if (name === '' || name.length > 1000) return 'which cannot be a name';
  if (name.includes('\0')) return 'which has a NUL character in it';
  if (name.includes('\\')) return 'which has a backslash in it';
  if (isAbsolute(name) || /^[A-Za-z]:/.test(name)) return 'which is not relative to the snapshot';
  if (name.split('/').some((part) => part === '..')) return 'which leads out of the snapshot';
  if (name.split('/').some((part) => part === '.' || part === '')) return 'which has an empty part';
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function* inflated(file: SnapshotFile): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize });
  // Errors of either end reach the reader through `gunzip`.
  pipeline(createReadStream(file.path), gunzip, () => undefined);
  let total = 0;
  for await (const chunk of guarded(file, gunzip)) {
    total += chunk.length;
    if (total > maxInflated || (total > freeInflated && total > maxRatio * file.bytes)) {
      throw new ProvisoError('snapshot', `${file.path} unpacks to far more than its size`, {
        hint: 'do not use this snapshot: a file that Proviso wrote does not do that',
      });
    }
    yield chunk;
  }
}

async function* guarded(file: SnapshotFile, chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of chunks) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof ProvisoError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    const message = code.startsWith('Z_')
      ? `${file.path} is not a whole gzip file`
      : `cannot read ${file.path}: ${code}`;
    throw new ProvisoError('snapshot', message, { hint: restoreHint, cause: error });
  }
}
