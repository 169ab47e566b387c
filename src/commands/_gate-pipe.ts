import { open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import type { Io } from './_command.ts';
import { unreadable } from './_rules.ts';

/** What is read at once is held in memory. */
const maxBytes = 1_000_000_000;

/** What a user gives to a gate: a file or folder, or what came through a pipe, which can be read only once. */
export interface Given {
  /** As the user wrote it; `stdin` for `-`. */
  readonly name: string;
  /** All that a pipe gave. */
  readonly bytes?: Buffer;
}

async function readAll(name: string, chunks: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > maxBytes)
      throw new ProvisoError('input', `${name} gives more than ${maxBytes} bytes`, {
        hint: 'Write it to a file, and give the file: that is read piece by piece.',
      });
    read.push(bytes);
  }
  return Buffer.concat(read, length);
}

async function readStdin(): Promise<Given> {
  if (process.stdin.isTTY)
    throw new ProvisoError('usage', 'nothing is piped into the program, so that - names nothing', {
      hint: 'Pipe it in: terraform show -json PLANFILE | proviso gate -',
    });
  return { name: 'stdin', bytes: await readAll('stdin', process.stdin as AsyncIterable<Buffer>) };
}

async function readOne(name: string, { cwd }: Io): Promise<Given> {
  if (name === '-') return readStdin();
  const path = resolve(cwd, name);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (found.isFile() || found.isDirectory()) return { name };
  if (found.isSocket() && process.stdin.readable && /^\/dev\/(?:stdin|fd\/0)$/.test(path)) return readStdin();
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(name, error);
  });
  return { name, bytes: await readAll(name, handle.createReadStream()) };
}

/**
 * Reads pipes, each once, and names a file once that is given under several names.
 *
 * @throws ProvisoError when something cannot be read
 */
export async function readGiven(names: readonly string[], io: Io): Promise<readonly Given[]> {
  const given: Given[] = [];
  const seen = new Set<string>();
  for (const name of new Set(names)) {
    const path = name === '-' ? name : resolve(io.cwd, name);
    const real = await realpath(path).catch(() => path);
    if (seen.has(real)) continue;
    seen.add(real);
    given.push(await readOne(name, io));
  }
  return given;
}
