/**
 * Looks through the members of all objects in a text that is known to be JSON, for those that make its meaning doubtful:
 * a name that stands twice in one object, of which parsers keep the one or the other, and the name that marks values
 * which were not collected.
 *
 * @returns what is wrong, in one phrase
 */
export function memberFlaw(text: string): string | undefined {
  /** The names of each object around the current place; undefined for a list. */
  const around: (Set<string> | undefined)[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = endOfText(text, at);
      const flaw = isName ? nameFlaw(text.slice(at, end), around.at(-1)) : undefined;
      if (flaw !== undefined) return flaw;
      isName = false;
      at = end - 1;
    } else {
      if (character === '{' || character === '[') around.push(character === '{' ? new Set() : undefined);
      if (character === '}' || character === ']') around.pop();
      if (character === '{' || character === ',') isName = around.at(-1) !== undefined;
      if (character === '[') isName = false;
    }
  }
  return undefined;
}

/** Notes the name of a member. */
function nameFlaw(quoted: string, names: Set<string> | undefined): string | undefined {
  const name = JSON.parse(quoted) as string;
  if (name === '$unknown') return "it has a member '$unknown', which no answer has";
  if (names?.has(name)) return `it has the member '${name.slice(0, 40)}' twice in one object`;
  names?.add(name);
  return undefined;
}

/** Where a quoted text that begins at a place ends, the quotation mark included. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
