const longest = 10_000;
const spaces = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const invisible = /[\p{Cc}\p{Cf}\p{Co}]/gu;
const halves = /\p{Cs}/gu;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Drops terminal escape sequences; a title-setting one goes up to its end. */
function withoutEscapes(text: string): string {
  const [start = '', ...parts] = text.split('\u001b');
  return parts.reduce((kept, part) => {
    if (!part.startsWith(']')) return kept + part.replace(/^(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\^_])/, '');
    const bell = part.indexOf('\u0007');
    return bell === -1 ? kept : kept + part.slice(bell + 1);
  }, start);
}

/**
 * Text from the cloud as it may be shown: on one line, without terminal escapes, control characters, and characters that
 * are invisible or turn the direction of what stands around them.
 */
export function plain(text: string): string {
  const cleaned = withoutEscapes(text.slice(0, longest))
    .replace(spaces, ' ')
    .replace(invisible, '')
    .replace(halves, '\ufffd');
  return text.length > longest ? `${cleaned}…` : cleaned;
}

/** Columns of one character in a terminal. */
function columnsOf(character: string): number {
  return /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Columns that a plain text takes in a terminal. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** The start of a text that fits into so many columns, with `…` where something was cut. */
export function cut(text: string, columns: number): string {
  if (text.length <= columns && !wide.test(text)) return text;
  if (width(text) <= columns) return text;
  let kept = '';
  let taken = 1;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Breaks a plain text at its spaces into lines of at most so many columns; longer words are cut. */
export function wrap(text: string, columns: number, whole = false): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = whole ? word : cut(word, columns);
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/**
 * A line that no build log takes for a command of its own: `::error` at the start, `##[error]` anywhere. Its width stays.
 */
export function inert(line: string): string {
  return line.replace(/^(\s*)::/, '$1: ').replaceAll('##[', '# [');
}

/** Fills a text up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}
