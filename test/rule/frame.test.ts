import { expect, it } from 'vitest';
import { frame } from '../../src/rule/frame.ts';

const at = (line: number, column: number, length?: number) => ({
  file: 'f.yaml',
  line,
  column,
  ...(length === undefined ? {} : { length }),
});

it.each<[string, string, ReturnType<typeof at>, string[]]>([
  ['three lines', 'a: 1\nbad: 2\nc: 3\nd: 4', at(2, 1, 3), ['1 | a: 1', '2 | bad: 2', '  | ^^^', '3 | c: 3']],
  ['the first line', 'bad: 2\nc: 3', at(1, 6), ['1 | bad: 2', '  |      ^', '2 | c: 3']],
  ['the last line', 'a: 1\nbad: 2\n', at(2, 1, 3), ['1 | a: 1', '2 | bad: 2', '  | ^^^']],
  ['numbers of two digits', `${'\n'.repeat(8)}a\nb\nc`, at(9, 1), [' 8 |', ' 9 | a', '   | ^', '10 | b']],
  ['tabs', '\ta:\tbad', at(1, 5, 3), ['1 |     a:  bad', '  |         ^^^']],
  ['wide characters', '日本: bad', at(1, 5, 3), ['1 | 日本: bad', '  |       ^^^']],
  ['emoji', '😀: bad', at(1, 5, 3), ['1 | 😀: bad', '  |     ^^^']],
  ['combining characters', 'e\u0301: bad', at(1, 5, 3), ['1 | e\u0301: bad', '  |    ^^^']],
  ['what cannot be shown', 'a\u001b[31m: bad', at(1, 9, 3), ['1 | a·[31m: bad', '  |         ^^^']],
  ['Windows line ends', 'a\r\nbad\r\n', at(2, 1, 3), ['1 | a', '2 | bad', '  | ^^^']],
  ['a mistake without length', 'abc', at(1, 2), ['1 | abc', '  |  ^']],
  ['a mistake beyond the end', 'abc', at(1, 4), ['1 | abc', '  |    ^']],
])('a code frame shows %s', (_, text, place, lines) => {
  expect(frame(text, place)).toBe(lines.join('\n'));
});

it('a long line is cut to the part that matters', () => {
  const text = `${'x'.repeat(500)}BAD${'y'.repeat(500)}`;
  const [line = '', marks = ''] = frame(text, at(1, 501, 3)).split('\n');
  expect(line.length).toBeLessThan(115);
  const from = marks.indexOf('^');
  expect(line.slice(from, from + 3)).toBe('BAD');
  expect(marks.trim()).toBe('| ^^^'.trim().replace('| ', `|${' '.repeat(from - 3)}`));
});

it('a line beyond the file gives nothing, and a huge one costs little', () => {
  expect(frame('a', at(9, 1))).toBe('');
  expect(frame('x'.repeat(1_000_000), at(1, 500_000, 3)).length).toBeLessThan(500);
});
