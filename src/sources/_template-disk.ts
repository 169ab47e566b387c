import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { inputError, readInput } from './_input.ts';
import { maxTemplateBytes, readTemplateText, type TemplateText } from './_template-text.ts';

const mostFiles = 500;
const mostBytes = 100_000_000;

/** A template's file on the disk, as the user would name it. */
export interface TemplateFile {
  readonly text: TemplateText;
  readonly path: string;
}

/** Files that lie below one folder. */
export interface TemplateFolder {
  /**
   * Reads what another file names.
   *
   * @param from the file that names it
   * @returns undefined when there is no such file
   * @throws ProvisoError 'input' for one that lies elsewhere, is too large, or when there are too many
   */
  bytes(
    from: string,
    name: string,
    limit: number,
  ): Promise<{ readonly bytes: Buffer; readonly path: string } | undefined>;
  read(from: string, name: string): Promise<TemplateFile | undefined>;
  /** The templates that have been read so far: their real path → as the user would name it. */
  readonly templates: ReadonlyMap<string, string>;
}

/** Reads files below a folder, and nothing that only a link or `..` leads to. */
export function templateFolder(folder: string): TemplateFolder {
  const left = { files: mostFiles, bytes: mostBytes };
  const templates = new Map<string, string>();
  async function read(from: string, name: string, limit: number) {
    const path = join(dirname(from), name);
    const real = await realpath(path).catch(() => undefined);
    const top = await realpath(folder);
    const isOutside = /^\.\.(?:[/\\]|$)/.test(relative(folder, path));
    if (isOutside || (real !== undefined && !`${real}${sep}`.startsWith(top.endsWith(sep) ? top : `${top}${sep}`)))
      throw inputError(
        from,
        `the file ${JSON.stringify(name.slice(0, 200))} that it names lies outside the folder of the outermost template`,
        'put it below that folder',
      );
    if (real === undefined) return undefined;
    left.files -= 1;
    if (left.files < 0) throw inputError(from, `more than ${mostFiles} files are nested in it`);
    const bytes = await readInput(path, limit);
    left.bytes -= bytes.length;
    if (left.bytes < 0) throw inputError(from, `the files that are nested in it have more than ${mostBytes} bytes`);
    return { bytes, path, real };
  }
  return {
    bytes: read,
    async read(from, name) {
      const found = await read(from, name, maxTemplateBytes);
      if (found === undefined) return undefined;
      const text = await readTemplateText(found.bytes, found.path);
      templates.set(found.real, text.file);
      return { text, path: found.path };
    },
    templates,
  };
}
