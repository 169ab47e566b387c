import { readTokens, type Token } from './_hcl-tokens.ts';

/** Looks at an expression's tokens one by one, in their order. */
export interface ListCollector {
  add(token: Token): void;
  /** Whether the tokens so far are a list of plain references and nothing else: `[aws_vpc.a.id, aws_vpc.b["x"].id]`. */
  isListOfReferences(): boolean;
  /** The reference where the tokens so far are one with a name as its key, or a list of that: `aws_vpc.a[each.key].id`. */
  keyedReference(): string | undefined;
  /** The tokens so far where they are one plain reference and nothing else: `aws_vpc.b["x"].id`, whose keys are left out. */
  reference(): string | undefined;
}

const keyedForm = /^\[?([\w-]+\.[\w-]+\[[\w-]+\.[\w-]+\]\.[\w-]+)(?:,?\])?$/;
const longestKeyed = 500;

const mostSigns = 20_000;
const reference = 'n(?:\\.n|\\[(?:d+|t|n(?:\\.n)+)\\])+';
const referenceForm = new RegExp(`^${reference}$`);
const listForm = new RegExp(`^\\[\\n?${reference}(?:\\n?,\\n?${reference})*\\n?,?\\n?\\]$`);

/** One letter for each kind of token, so that a pattern tells what stands there whatever things are called. */
function signOf({ kind, text }: Token): string {
  if (kind === 'name') return 'n';
  // A text with templates, or none.
  if (kind === 'text') return text === '' ? '!' : 't';
  if (kind === 'newline') return '\n';
  return /^[0-9]$/.test(text) ? 'd' : text;
}

export function listCollector(): ListCollector {
  let signs = '';
  let written = '';
  return {
    add(token) {
      // A text is no name, whatever stands in it.
      if (token.kind !== 'newline' && written.length < longestKeyed)
        written += token.kind === 'text' ? '"' : token.text;
      const sign = signOf(token);
      const isMore = signs === '' ? sign === '[' || sign === 'n' : signs.length < mostSigns && signs !== '!';
      if (!isMore) signs = '!';
      else if (sign !== '\n' || !signs.endsWith('\n')) signs += sign;
    },
    isListOfReferences: () => listForm.test(signs),
    reference: () => (written.length < longestKeyed && referenceForm.test(signs) ? written : undefined),
    keyedReference: () =>
      written.startsWith('[') === written.endsWith(']') ? keyedForm.exec(written)?.[1] : undefined,
  };
}

/** The reference that a text of a configuration in JSON is, and nothing else: `${aws_vpc.a.id}`. */
export function referenceInText(text: string): string | undefined {
  if (!text.startsWith('${') || !text.endsWith('}') || text.length > mostSigns) return undefined;
  const next = readTokens(text.slice(2, -1));
  const list = listCollector();
  for (let token = next(); token.kind !== 'end'; token = next()) list.add(token);
  return list.reference();
}
