import { plain } from '../finding/plain-text.ts';
import { visibleJson } from '../finding/result-line.ts';
import type { Markup } from '../page/markup.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of the account's or the policy's as it may stand between tags and in quotes: it is read as text and as nothing else. */
function escapeText(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Elements that nothing closes. */
const open = new Set(['input', 'meta']);

/** Elements within a line, after which a line break would show as a space. */
const inline = new Set(['a', 'span', 'code', 'strong', 'option', 'label', 'abbr', 'time', 'button', 'select', 'text']);

export function html({ tag, attributes, children }: Markup): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeText(value)}"`);
  const start = `<${tag}${given.join('')}>`;
  const end = inline.has(tag) ? '' : '\n';
  if (open.has(tag)) return `${start}${end}`;
  const content = children.map((child) => (typeof child === 'string' ? escapeText(child) : html(child)));
  return `${start}${content.join('')}</${tag}>${end}`;
}

/**
 * A block of data, which browsers neither run nor show. No `<` is left in it, so that it can neither end its element nor
 * begin a comment.
 */
export function dataBlock(attributes: Readonly<Record<string, string>>, value: unknown): string {
  const given = Object.entries(attributes).map(([name, text]) => ` ${name}="${escapeText(text)}"`);
  return `<script type="application/json"${given.join('')}>${visibleJson(value).replaceAll('<', '\\u003c')}</script>\n`;
}
