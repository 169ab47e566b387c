import { shown } from './_result-text.ts';

// What XML 1.0 cannot hold, not even escaped: most control characters, halves of characters, and two that are none.
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escape(text: string, special: RegExp): string {
  return text.replace(illegal, '\ufffd').replace(special, (character) => entities[character] ?? character);
}

/** Lines of our own, as the content of an element. */
export function xmlText(text: string): string {
  return escape(text, /[&<>\r]/g);
}

/** Attributes with their values, each with a blank before it; those that are `undefined` are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>, limit = 500): string {
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [` ${name}="${escape(shown(String(value), limit), /[&<>"'\t\n\r]/g)}"`],
    )
    .join('');
}
