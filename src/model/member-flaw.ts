/**
 * Looks through the members of all objects in a text that is known to be JSON, for those that make its meaning doubtful:
 * a name that stands twice in one object, of which parsers keep the one or the other, and the name that marks values
 * which were not collected.
 *
 * @returns what is wrong, in one phrase
 */
export function memberFlaw(text: string): string | undefined {
  const place: Place = { around: [], isName: false };
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '"') {
      pass(place, text[at]);
      continue;
    }
    const end = endOfText(text, at);
    const flaw = place.isName ? nameFlaw(text.slice(at, end), place.around.at(-1)) : undefined;
    if (flaw !== undefined) return flaw;
    place.isName = false;
    at = end - 1;
  }
  return undefined;
}

/** Where in the text's objects and lists a walk is. */
interface Place {
  /** The names of each object around it; undefined for a list. */
  readonly around: (Set<string> | undefined)[];
  /** The next quoted text is the name of a member. */
  isName: boolean;
}

function pass(place: Place, character: string | undefined): void {
  if (character === '{' || character === '[') place.around.push(character === '{' ? new Set() : undefined);
  if (character === '}' || character === ']') place.around.pop();
  if (character === '{' || character === ',') place.isName = place.around.at(-1) !== undefined;
  if (character === '[') place.isName = false;
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
