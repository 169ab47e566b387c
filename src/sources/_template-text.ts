import { ProvisoError, ProvisoErrors } from '../errors.ts';
import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { Json } from '../model/value.ts';
import { inputError } from './_input.ts';
import { findJsonKeys, tellNumbers } from './_template-json.ts';
import { keyPath, lineCounter, type ReadText } from './_template-places.ts';
import { ownMember } from './_template-scope.ts';

/** CloudFormation takes templates of up to a megabyte. */
export const maxTemplateBytes = 1_100_000;

const formatVersion = '2010-09-09';

/** A template as plain data, functions in their long form. */
export interface TemplateText {
  readonly root: Json;
  /** As it is shown: the name that the user gave, with slashes. */
  readonly file: string;
  /** Line of a section, of one of its entries, or of a resource's property: `Resources`, `Web`, `Properties`, `Tags`. */
  lineOf(...path: string[]): number | undefined;
}

/** A file as it is shown, in whatever system it lies. */
export function shownFile(file: string): string {
  return file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}

/**
 * Reads a template, JSON or YAML with the short forms of functions. The library that reads YAML is fetched only for YAML.
 *
 * @throws ProvisoError 'input', or ProvisoErrors with the places of the mistakes
 */
export async function readTemplateText(bytes: Buffer, file: string): Promise<TemplateText> {
  if (bytes.length > maxTemplateBytes) throw inputError(file, `the template is larger than ${maxTemplateBytes} bytes`);
  const first = /\S/.exec(bytes.subarray(0, 1000).toString('latin1'))?.[0];
  const { root, offsets, lineAt } = first === '{' ? readJson(bytes, file) : await readYaml(bytes, file);
  const lineOf = (...path: string[]) => {
    const offset = offsets.get(keyPath(path));
    return offset === undefined ? undefined : lineAt(offset);
  };
  const version = ownMember(root, 'AWSTemplateFormatVersion');
  if (version !== undefined && version !== formatVersion)
    throw new ProvisoError('input', `AWSTemplateFormatVersion is not ${formatVersion}, the only one that there is`, {
      where: { file, line: lineOf('AWSTemplateFormatVersion') ?? 1, column: 1 },
      hint: `write AWSTemplateFormatVersion: "${formatVersion}"`,
    });
  return { root, file: shownFile(file), lineOf };
}

async function readYaml(bytes: Buffer, file: string): Promise<ReadText> {
  const { readYamlTemplate } = await import('./_template-yaml.ts');
  return readYamlTemplate(bytes, file);
}

function readJson(bytes: Buffer, file: string): ReadText {
  const text = bytes.toString('utf8');
  const lineAt = lineCounter(text);
  const placeAt = (offset: number) => {
    const column = offset - text.lastIndexOf('\n', offset - 1);
    return { file, line: lineAt(offset), column: Math.max(1, column) };
  };
  try {
    const root = parseJsonBytes(bytes);
    const { offsets, twice } = findJsonKeys(text);
    if (twice !== undefined) {
      const message = `${JSON.stringify(twice.key.slice(0, 100))} is written twice`;
      throw new ProvisoErrors([new ProvisoError('input', message, { where: placeAt(twice.offset) })]);
    }
    return { root: tellNumbers(text) ?? root, offsets, lineAt };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const message = `the template cannot be read: ${error.message}`;
    throw new ProvisoError('input', message, { where: placeAt(error.offset), cause: error });
  }
}
