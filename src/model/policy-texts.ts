import { isUnknown, type Json, type Unknown } from './value.ts';

/** What AWS would refuse of a policy, and where. Whoever reads a policy as a whole catches it. */
export class Malformed extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = 'Malformed';
    this.path = path;
  }
}

/** The largest pattern; ARNs have at most 2048 characters. */
const longest = 4096;

/**
 * One text of a policy, or a list of them.
 *
 * @throws Malformed when AWS would refuse it
 */
export function parseTexts(value: Json, path: string): { texts: readonly string[]; doubt: Unknown | undefined } {
  if (isUnknown(value)) return { texts: [], doubt: value };
  const list = (Array.isArray(value) ? value : [value]) as readonly Json[];
  if (list.length === 0) throw new Malformed(path, 'the list is empty');
  const texts: string[] = [];
  let doubt: Unknown | undefined;
  for (const text of list) {
    if (isUnknown(text)) doubt ??= text;
    else if (typeof text !== 'string' || text === '' || text.includes('\0'))
      throw new Malformed(path, 'expected text or a list of texts');
    else if (text.length > longest) throw new Malformed(path, `a text has ${text.length} characters`);
    else texts.push(text);
  }
  return { texts, doubt };
}
