import { open } from 'node:fs/promises';
import { ProvisoError } from '../errors.ts';

/** An error about the whole of the file that was read. */
export function inputError(file: string, message: string, hint?: string, cause?: unknown): ProvisoError {
  const where = { file, line: 1, column: 1 };
  const details = { where, ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) };
  return new ProvisoError('input', message, details);
}

/**
 * Reads one file, and never more than a limit of it.
 *
 * @throws ProvisoError 'input'
 */
export async function readInput(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw inputError(file, 'the file cannot be read', undefined, cause);
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
