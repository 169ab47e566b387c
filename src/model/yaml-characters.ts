/** A mistake at an offset of the text, in UTF-16 code units. */
export interface TextProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint?: string;
}

const unreadable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\r(?!\n)/u;
const bidirectional = /[\u202a-\u202e\u2066-\u2069]/u;

/** Finds characters that make a text mean something else than what an editor shows. */
export function refuseCharacters(text: string): TextProblem | undefined {
  const hidden = unreadable.exec(text);
  if (hidden !== null) {
    const code = (hidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const hint = code === 'FEFF' ? 'save the file as UTF-8 without a byte-order mark' : 'delete the character';
    return { offset: hidden.index, length: 1, message: `the character U+${code} is not allowed here`, hint };
  }
  const turning = bidirectional.exec(text);
  if (turning === null) return undefined;
  return {
    offset: turning.index,
    length: 1,
    message: 'a character that turns the direction of writing is not allowed: the text would not read as it is shown',
  };
}
