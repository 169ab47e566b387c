import { shown } from './_result-text.ts';

const special = /[\\`*_{}[\]<>()#+!|~@:&"'$^=]|(?<=www)\./gi;

/**
 * Text from outside in Markdown: it makes no table cell, no emphasis, no HTML and no link, calls on nobody and refers to
 * nothing. A comment after `@` and `#` keeps GitHub from reading them together with what follows.
 */
export function markdownText(text: string, limit: number): string {
  return shown(text, limit).replace(special, (character) => {
    const entity = `&#${character.charCodeAt(0)};`;
    return character === '@' || character === '#' ? `${entity}<!-- -->` : entity;
  });
}

/** The same as code, which may also be inside HTML. */
export function markdownCode(text: string, limit: number): string {
  return `<code>${markdownText(text, limit)}</code>`;
}

/** Cells are Markdown. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function markdownHead(titles: readonly string[]): readonly string[] {
  return [markdownRow(titles), markdownRow(titles.map(() => '---'))];
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text) + 1;
}

/** As many of the items as fit into so many bytes, and how many are left. */
export function fitting(
  items: readonly string[],
  bytes: number,
): { readonly fit: readonly string[]; readonly left: number } {
  let taken = 0;
  const end = items.findIndex((item) => {
    taken += sizeOf(item);
    return taken > bytes;
  });
  const fit = end === -1 ? items : items.slice(0, end);
  return { fit, left: items.length - fit.length };
}
