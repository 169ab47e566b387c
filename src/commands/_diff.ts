import { plain } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';

const around = 3;

function lengthOfSame(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return same;
}

/** Lines with their ends, so that a last line without one differs from one that has it. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** `start,count` of a hunk's head; an empty side begins at the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => [
    `${mark}${plain(line.replace(/\r?\n$/, ''))}`,
    ...(line.endsWith('\n') ? [] : ['\\ No newline at end of file']),
  ]);
}

/** What was changed in a file, in one hunk, as `diff -u` writes it; text from elsewhere is made safe to look at. */
export function diffLines(file: string, before: string, after: string, colours: Colours): readonly string[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const head = lengthOfSame(old, fresh);
  const rest = lengthOfSame(old.slice(head).reverse(), fresh.slice(head).reverse());
  const start = Math.max(0, head - around);
  const [was, is] = [old.length - rest, fresh.length - rest];
  const end = Math.min(around, rest);
  return [
    colours.bold(`--- ${plain(file)}`),
    colours.bold(`+++ ${plain(file)}`),
    colours.cyan(`@@ -${range(start, was + end - start)} +${range(start, is + end - start)} @@`),
    ...marked(' ', old.slice(start, head)),
    ...marked('-', old.slice(head, was)).map(colours.red),
    ...marked('+', fresh.slice(head, is)).map(colours.green),
    ...marked(' ', fresh.slice(is, is + end)),
  ];
}
