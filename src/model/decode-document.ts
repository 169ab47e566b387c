import { isTooDeep } from './json-text.ts';
import { memberFlaw } from './member-flaw.ts';
import { isObject, type Json, unknown } from './value.ts';

/** IAM's largest documents have 20 kB; whatever is much longer is not one. */
const longest = 1_000_000;

/**
 * Decodes the text of an IAM policy document, percent-encoded as IAM answers it or plain as S3 does.
 *
 * @returns the document; an unknown marker where the text is not one; an absent text stays absent
 */
export function decodeDocument(text: Json | undefined): Json | undefined {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string') return unknown('type', 'the policy document is not a text');
  if (text.length > longest) return unknown('limit', `the policy document has ${text.length} characters`);
  try {
    const plain = text.trimStart().startsWith('{') ? text : decodeURIComponent(text);
    if (isTooDeep(Buffer.from(plain))) return unknown('limit', 'the policy document is nested too deep');
    const document = JSON.parse(plain) as Json;
    if (!isObject(document)) return unknown('failed', 'the policy document is not a JSON object');
    const flaw = memberFlaw(plain);
    return flaw === undefined ? document : unknown('failed', `the policy document cannot be relied on: ${flaw}`);
  } catch {
    return unknown('failed', 'the policy document is not JSON');
  }
}

/** Copies an object with one member, the text of a policy document, decoded in place. */
export function withDocument(item: Json, member: string): Json {
  if (!isObject(item)) return item;
  const document = decodeDocument(item[member]);
  return document === undefined ? item : { ...item, [member]: document };
}
