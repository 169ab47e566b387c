import { plain } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';

const around = 3;

function lengthOfSame(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return same;
}

/** `start,count` of a hunk's head; an empty side begins at the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

/** What was changed in a file, in one hunk, as `diff -u` writes it; text from elsewhere is made safe to look at. */
export function diffLines(file: string, before: string, after: string, colours: Colours): readonly string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const head = lengthOfSame(old, fresh);
  const rest = lengthOfSame(old.slice(head).reverse(), fresh.slice(head).reverse());
  const start = Math.max(0, head - around);
  const end = Math.min(around, rest);
  // What follows the last line feed is no line.
  const lines = (text: readonly string[], to: number) =>
    text.slice(start, to).filter((line, index) => line !== '' || start + index < text.length - 1);
  const [was, is] = [lines(old, old.length - rest + end), lines(fresh, fresh.length - rest + end)];
  const kept = lengthOfSame(was, is);
  const after3 = lengthOfSame(was.slice(kept).reverse(), is.slice(kept).reverse());
  const marked = (mark: string, text: readonly string[]) => text.map((line) => `${mark}${plain(line)}`);
  return [
    colours.bold(`--- ${plain(file)}`),
    colours.bold(`+++ ${plain(file)}`),
    colours.cyan(`@@ -${range(start, was.length)} +${range(start, is.length)} @@`),
    ...marked(' ', was.slice(0, kept)),
    ...marked('-', was.slice(kept, was.length - after3)).map(colours.red),
    ...marked('+', is.slice(kept, is.length - after3)).map(colours.green),
    ...marked(' ', is.slice(is.length - after3)),
  ];
}
