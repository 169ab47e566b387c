import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { inputError, readInput } from './_input.ts';
import { maxTemplateBytes, readTemplateText, type TemplateText } from './_template-text.ts';

const mostTemplates = 200;
const mostBytes = 50_000_000;

/** A template's file on the disk, as the user would name it. */
export interface TemplateFile {
  readonly text: TemplateText;
  readonly path: string;
}

/** Templates that lie below one folder. */
export interface TemplateFolder {
  /**
   * @param from the file that names the other one
   * @returns undefined when there is no such file
   * @throws ProvisoError 'input' for one that lies elsewhere, or when there are too many
   */
  read(from: string, name: string): Promise<TemplateFile | undefined>;
}

/** Reads templates below a folder, and nothing that only a link or `..` leads to. */
export function templateFolder(folder: string): TemplateFolder {
  const left = { templates: mostTemplates, bytes: mostBytes };
  return {
    async read(from, name) {
      const path = join(dirname(from), name);
      const real = await realpath(path).catch(() => undefined);
      const isBelow = (target: string, top: string) => !/^\.\.(?:[/\\]|$)/.test(relative(top, target));
      const top = await realpath(folder);
      if (!isBelow(path, folder) || (real !== undefined && !`${real}${sep}`.startsWith(`${top}${sep}`)))
        throw inputError(
          from,
          `the nested template ${JSON.stringify(name.slice(0, 200))} lies outside the folder of the outermost one`,
          'put it below that folder',
        );
      if (real === undefined) return undefined;
      left.templates -= 1;
      if (left.templates < 0) throw inputError(from, `more than ${mostTemplates} templates are nested in it`);
      const bytes = await readInput(path, maxTemplateBytes);
      left.bytes -= bytes.length;
      if (left.bytes < 0)
        throw inputError(from, `the templates that are nested in it have more than ${mostBytes} bytes`);
      return { text: await readTemplateText(bytes, path), path };
    },
  };
}
