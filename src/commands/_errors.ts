import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { ProvisoError } from '../errors.ts';
import { inert } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';
import { frame } from '../rule/frame.ts';

async function readSource(
  file: string,
  cwd: string,
  cache: Map<string, string | undefined>,
): Promise<string | undefined> {
  const path = resolve(cwd, file);
  if (!cache.has(path)) cache.set(path, await readFile(path, 'utf8').catch(() => undefined));
  return cache.get(path);
}

/** Text from a file or from AWS, made safe for a terminal: no control characters besides the line feed. */
function safe(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
}

/** The user's mistakes as text for standard error: where, what, the lines around it and what to do. */
export async function printErrors(errors: readonly ProvisoError[], cwd: string, colours: Colours): Promise<string> {
  const sources = new Map<string, string | undefined>();
  const blocks: string[] = [];
  for (const error of errors) {
    const lines: string[] = [];
    const where = error.where;
    if (where !== undefined)
      lines.push(`${safe(relative(cwd, resolve(cwd, where.file)))}:${where.line}:${where.column}`);
    lines.push(`${colours.red('error')}: ${safe(error.message)}`);
    const source =
      where === undefined || where.isSecret === true ? undefined : await readSource(where.file, cwd, sources);
    if (source !== undefined && where !== undefined) lines.push(safe(frame(source, where)));
    if (error.hint !== undefined) lines.push(`  ${safe(error.hint)}`);
    blocks.push(lines.join('\n'));
  }
  const count = errors.length > 1 ? `\n${errors.length} errors\n` : '';
  const lines = `${blocks.join('\n\n')}\n${count}`.split('\n');
  return lines.map(inert).join('\n');
}
