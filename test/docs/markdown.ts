/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** What follows the language on its line: the file that the block is. */
  readonly title: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in their order. */
export function fencedBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly head: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { head: fence[1] ?? '', line: index + 1, lines: [] };
    else {
      const [language = '', ...title] = open.head.trim().split(/\s+/);
      const text = open.lines.map((each) => `${each}\n`).join('');
      blocks.push({ language, title: title.join(' '), text, line: open.line });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`the block in line ${open.line} has no end`);
  return blocks;
}

/** A Markdown text with its fenced blocks taken out. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** What stands between single backticks in the prose. */
export function codeSpans(markdown: string): readonly string[] {
  return [...proseOf(markdown).matchAll(/`([^`]+)`/g)].map(([, text]) => (text ?? '').replaceAll(/\s+/g, ' '));
}

/** The rows of all tables, each a list of its cells; heads and rulers are left out. */
export function tableRows(markdown: string): readonly (readonly string[])[] {
  const lines = proseOf(markdown).split('\n');
  const isRow = (line: string | undefined) => line?.startsWith('|') ?? false;
  const isRuler = (line: string | undefined) => /^\|[-:| ]+\|$/.test(line ?? '');
  return lines
    .filter((line, index) => isRow(line) && !isRuler(line) && !isRuler(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
