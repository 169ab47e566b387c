/**
 * One piece of a configuration in Terraform's language. A quoted text with its templates, or a heredoc, is one token;
 * comments are none.
 */
export interface Token {
  readonly kind: 'name' | 'text' | 'sign' | 'newline' | 'end';
  /** Of a `text` the characters between the quotes, as they are written; empty for one with templates. */
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
}

/** What the scanner is inside of, the innermost last. */
type Inside = { readonly kind: 'quote' } | { readonly kind: 'heredoc'; readonly marker: string } | Template;

/** The code between `${` and its bracket. */
interface Template {
  readonly kind: 'template';
  /** Curly brackets that are open in it. */
  depth: number;
}

const nameForm = /[A-Za-z_][\w-]*(?![\w-]|[^\0-\x7F])|[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const heredocForm = /<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n/y;
const blankForm = /[ \t\r\uFEFF]+/y;
/** What means nothing to the scanner, inside of each. */
const plainForms = {
  quote: /[^"\\$%\n]+/y,
  heredoc: /[^$%\n]+/y,
  template: /[^"<#/{}]+/y,
} as const;

/** A place in a text that moves forward. */
interface Reader {
  readonly text: string;
  at: number;
}

function matchAt(form: RegExp, reader: Reader): RegExpExecArray | null {
  form.lastIndex = reader.at;
  return form.exec(reader.text);
}

function skip(form: RegExp, reader: Reader): void {
  form.lastIndex = reader.at;
  if (form.test(reader.text)) reader.at = form.lastIndex;
}

/** Goes to the end of the line, before its newline, or behind the end of a comment in `/*`; nowhere if there is none. */
function skipComment(reader: Reader): boolean {
  const { text, at } = reader;
  const second = text[at] === '/' ? text[at + 1] : undefined;
  if (text[at] !== '#' && second !== '/' && second !== '*') return false;
  const end = second === '*' ? text.indexOf('*/', at + 2) : text.indexOf('\n', at);
  reader.at = end === -1 ? text.length : end + (second === '*' ? 2 : 0);
  return true;
}

/** Goes behind `$`, `%` and what belongs to them. */
function stepAtTemplate(reader: Reader, stack: Inside[]): void {
  const { text, at } = reader;
  const sign = text[at] ?? '';
  if (text[at + 1] === '{') {
    reader.at += 2;
    stack.push({ kind: 'template', depth: 0 });
  } else reader.at += text.startsWith(`${sign}{`, at + 1) ? 3 : 1;
}

/** A line's end closes a quoted text, so that a quote too many spoils one line alone. */
function stepInQuote(reader: Reader, stack: Inside[]): void {
  const character = reader.text[reader.at];
  if (character === '"' || character === '\n') {
    stack.pop();
    reader.at += character === '"' ? 1 : 0;
  } else if (character === '\\') reader.at += reader.text[reader.at + 1] === '\n' ? 1 : 2;
  else stepAtTemplate(reader, stack);
}

/** A heredoc ends with a line that holds its marker alone. */
function stepInHeredoc(reader: Reader, stack: Inside[], marker: string): void {
  const { text, at } = reader;
  if (text[at] !== '\n') {
    stepAtTemplate(reader, stack);
    return;
  }
  reader.at += 1;
  if (endsHeredoc(reader, marker)) stack.pop();
}

/** Goes behind the marker, if it is what the line holds. */
function endsHeredoc(reader: Reader, marker: string): boolean {
  const { text, at } = reader;
  const end = text.indexOf('\n', at);
  const line = text.slice(at, end === -1 ? text.length : end);
  if (line.trim() !== marker) return false;
  reader.at += line.length;
  return true;
}

function stepInTemplate(reader: Reader, stack: Inside[], template: Template): void {
  const character = reader.text[reader.at];
  const heredoc = character === '<' ? matchAt(heredocForm, reader) : null;
  if (heredoc !== null) {
    openHeredoc(reader, stack, heredoc);
    return;
  }
  if (skipComment(reader)) return;
  reader.at += 1;
  if (character === '"') stack.push({ kind: 'quote' });
  else if (character === '{') template.depth += 1;
  else if (character === '}') {
    if (template.depth === 0) stack.pop();
    template.depth -= 1;
  }
}

function openHeredoc(reader: Reader, stack: Inside[], [head, marker = '']: RegExpExecArray): void {
  reader.at += head.length;
  if (!endsHeredoc(reader, marker)) stack.push({ kind: 'heredoc', marker });
}

/** Goes behind what has been opened. */
function close(reader: Reader, stack: Inside[]): void {
  for (let top = stack.at(-1); top !== undefined && reader.at < reader.text.length; top = stack.at(-1)) {
    const { at } = reader;
    skip(plainForms[top.kind], reader);
    if (reader.at > at) continue;
    if (top.kind === 'quote') stepInQuote(reader, stack);
    else if (top.kind === 'heredoc') stepInHeredoc(reader, stack, top.marker);
    else stepInTemplate(reader, stack, top);
  }
}

function quoted(reader: Reader): Token {
  const start = reader.at;
  reader.at += 1;
  close(reader, [{ kind: 'quote' }]);
  const written = reader.text.slice(start + 1, reader.at - 1);
  return { kind: 'text', text: /[$%]\{/.test(written) ? '' : written, at: start };
}

function heredocAt(reader: Reader): Token | undefined {
  const { text, at } = reader;
  const head = text[at] === '<' ? matchAt(heredocForm, reader) : null;
  if (head === null) return undefined;
  const stack: Inside[] = [];
  openHeredoc(reader, stack, head);
  close(reader, stack);
  return { kind: 'text', text: '', at };
}

function nameAt(reader: Reader): Token | undefined {
  const { at } = reader;
  const name = matchAt(nameForm, reader)?.[0];
  if (name === undefined) return undefined;
  reader.at += name.length;
  return { kind: 'name', text: name, at };
}

function signAt(reader: Reader): Token {
  const { text, at } = reader;
  const sign = text.startsWith('==', at) ? '==' : (text[at] ?? '');
  reader.at += sign.length;
  return { kind: sign === '\n' ? 'newline' : 'sign', text: sign, at };
}

/** Gives the next token with each call, and `end` again and again after the last one. Takes any text. */
export function readTokens(text: string): () => Token {
  const reader: Reader = { text, at: 0 };
  return () => {
    do skip(blankForm, reader);
    while (skipComment(reader));
    if (reader.at >= text.length) return { kind: 'end', text: '', at: text.length };
    if (text[reader.at] === '"') return quoted(reader);
    return nameAt(reader) ?? heredocAt(reader) ?? signAt(reader);
  };
}
