import { canonicalJson } from '../model/value.ts';
import type { Result, ResultLine } from './finding.ts';
import { fingerprint } from './fingerprint.ts';

const hidden = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * JSON with sorted keys that is safe to look at: what JSON itself leaves raw although a terminal, a text direction or a
 * build log would act on it is escaped. It parses to the same value.
 */
export function visibleJson(value: unknown): string {
  return canonicalJson(value).replace(hidden, escapeCharacter).replaceAll('##[', '#\\u0023[');
}

/** A result as one line of a document. Its members are put in their order here, which spares sorting them. */
export function resultLine(result: Result | ResultLine): string {
  const { account, causes, change, evidence, ...rest } = result;
  const name = 'fingerprint' in result ? result.fingerprint : fingerprint(result);
  if (change === undefined) return visibleJson({ account, evidence, fingerprint: name, ...rest });
  return visibleJson({ account, ...(causes && { causes }), change, evidence, fingerprint: name, ...rest });
}
