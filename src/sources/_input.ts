import { open } from 'node:fs/promises';
import { ProvisoError } from '../errors.ts';

/** An error about the whole of the file that was read. */
export function inputError(file: string, message: string, hint?: string, cause?: unknown): ProvisoError {
  const where = { file, line: 1, column: 1 };
  const details = { where, ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) };
  return new ProvisoError('input', message, details);
}

const reasons: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'check the name; relative paths start at the folder of this command'],
  EACCES: ['the file may not be read', 'check its permissions'],
  ENOTDIR: ['a part of this path is a file', 'check the path'],
};

/** A file that cannot be opened, by what the file system says. */
export function unreadable(file: string, cause: unknown): ProvisoError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [message, hint] = reasons[code] ?? [`the file cannot be read${code === '' ? '' : `: ${code}`}`, undefined];
  return inputError(file, message, hint, cause);
}

/**
 * Reads one file, and never more than a limit of it.
 *
 * @throws ProvisoError 'input'
 */
export async function readInput(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw inputError(file, 'it is not a file');
    if (stat.size > limit) throw inputError(file, `the file is larger than ${limit} bytes`);
    const bytes = Buffer.alloc(stat.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
    if (length > stat.size) throw inputError(file, 'the file grows while it is read');
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
