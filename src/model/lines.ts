/** The longest line that is read or written, in bytes. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Thrown for the line after the last block, if it cannot be read. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

const newline = 10;

/**
 * Regroups the chunks of a text file into blocks of whole lines, each ending with a newline. Lines are not copied one
 * by one: the reader of a block finds them with `indexOf`.
 *
 * @throws LineError for a line that is too long, and for a last line without its newline
 */
export async function* lineBlocks(chunks: AsyncIterable<Buffer>, limit = maxLineBytes): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (restBytes + (end === 0 ? chunk.length : chunk.indexOf(newline)) > limit) {
      throw new LineError(`the line is longer than ${limit / 1024 / 1024} MB`);
    }
    if (end > 0) {
      rest.push(chunk.subarray(0, end));
      const [first] = rest;
      const block = rest.length === 1 && first !== undefined ? first : Buffer.concat(rest);
      yield block;
      rest = [];
      restBytes = 0;
    }
    if (end < chunk.length) {
      rest.push(chunk.subarray(end));
      restBytes += chunk.length - end;
    }
  }
  if (restBytes > 0) throw new LineError('the line has no end: the file was cut off');
}
