import type { Place } from '../errors.ts';

const widest = 100;
const tab = 4;

/** One character of a line as it is shown: how many columns it takes, and where it stands in the source. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly start: number;
}

const unprintable = /^[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const combining = /^\p{Mark}$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let start = 0;
  for (const character of line) {
    const width =
      character === '\t' ? tab - (column % tab) : combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
    const shown = character === '\t' ? ' '.repeat(width) : unprintable.test(character) ? '·' : character;
    cells.push({ shown, width, start });
    column += width;
    start += character.length;
  }
  return cells;
}

/** The cells between two offsets, a window of a line that is too long to show. */
function windowOf(cells: readonly Cell[], from: number, width: number): readonly Cell[] {
  const kept: Cell[] = [];
  let used = 0;
  for (const cell of cells.slice(from)) {
    if (used + cell.width > width) break;
    kept.push(cell);
    used += cell.width;
  }
  return kept;
}

function show(line: string, from: number): string {
  const cells = cellsOf(line);
  const kept = windowOf(cells, from, widest);
  const before = from > 0 ? '…' : '';
  const after = from + kept.length < cells.length ? '…' : '';
  return before + kept.map((cell) => cell.shown).join('') + after;
}

/** Where to begin showing a line, so that the mistake is in sight. */
function viewFrom(cells: readonly Cell[], index: number): number {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  return total <= widest || index < widest - 20 ? 0 : Math.max(0, index - 30);
}

function underline(line: string, from: number, column: number, length: number): string {
  const cells = windowOf(cellsOf(line), from, widest);
  const widthUpTo = (offset: number) =>
    cells.filter((cell) => cell.start < offset).reduce((sum, cell) => sum + cell.width, 0);
  const before = widthUpTo(column - 1) + (from > 0 ? 1 : 0);
  const marked = widthUpTo(column - 1 + length) - widthUpTo(column - 1);
  return ' '.repeat(before) + '^'.repeat(Math.max(1, marked));
}

/**
 * The lines around a mistake with the mistake underlined:
 *
 *     3 | assert:
 *     4 |   IpPermision: { exists: true }
 *       |   ^^^^^^^^^^^
 *     5 | message: ...
 *
 * Tabs and wide characters keep the underline in place; long lines are cut to the part that matters.
 */
export function frame(text: string, place: Place): string {
  const lines = text.split(/\r?\n/);
  const wrong = lines[place.line - 1];
  if (wrong === undefined) return '';
  const cells = cellsOf(wrong.slice(0, 100_000));
  const index = cells.findIndex((cell) => cell.start >= place.column - 1);
  const from = viewFrom(cells, index === -1 ? cells.length : index);
  const gutter = String(Math.min(lines.length, place.line + 1)).length;
  const row = (number: number, shown: string) => `${String(number).padStart(gutter)} | ${shown}`.trimEnd();
  const before = lines[place.line - 2];
  const after = lines[place.line];
  return [
    ...(before === undefined ? [] : [row(place.line - 1, show(before.slice(0, 100_000), 0))]),
    row(place.line, show(wrong.slice(0, 100_000), from)),
    `${' '.repeat(gutter)} | ${underline(wrong.slice(0, 100_000), from, place.column, place.length ?? 1)}`,
    ...(after === undefined || (after === '' && place.line === lines.length - 1)
      ? []
      : [row(place.line + 1, show(after.slice(0, 100_000), 0))]),
  ].join('\n');
}
