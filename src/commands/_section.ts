import { wrap } from '../finding/plain-text.ts';

/** Columns of what is to be read and not copied. */
const columns = 78;

/** A titled part of an explanation; nothing where there is nothing to say. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** Sentences as lines that a terminal need not break within words. */
export function sentenceLines(text: string, room = columns - 2): readonly string[] {
  return text.split('\n').flatMap((line) => wrap(line, room, true));
}
