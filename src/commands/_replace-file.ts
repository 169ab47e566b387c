import { chmod, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { ProvisoError } from '../errors.ts';
import { unwritable, writeNewFile } from './_output.ts';

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/**
 * Replaces a file's text in one step: whoever reads it meanwhile, or after a crash, finds the old text or the new one.
 * Links and permissions stay.
 *
 * @param before the text from which the new one was made: what somebody else has written since is not lost
 * @throws ProvisoError 'output'
 */
export async function replaceFile(path: string, before: string, after: string): Promise<void> {
  let file = path;
  const beside = () => `${file}.partial`;
  try {
    file = await realpath(path);
    const { mode } = await stat(file);
    await writeNewFile(beside(), once(after));
    await chmod(beside(), mode & 0o7777);
    if ((await readFile(file, 'utf8')) !== before) {
      throw new ProvisoError('output', `${path} was changed by somebody else meanwhile, and stays as it is`, {
        hint: 'Run the command again.',
      });
    }
    await rename(beside(), file);
  } catch (error) {
    // A file of that name that was there before is somebody's own.
    if (!(error instanceof ProvisoError && error.message.includes('exists already')))
      await unlink(beside()).catch(() => undefined);
    throw error instanceof ProvisoError ? error : unwritable(path, error);
  }
}
