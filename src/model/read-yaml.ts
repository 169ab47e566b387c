import type { ErrorCode } from '../errors.ts';
import type { YamlFile } from './yaml.ts';
import { readPlainYaml } from './yaml-plain.ts';

/**
 * Reads one YAML 1.2 document (core schema) safely. The library that reads all of YAML is large and slow to start, and is
 * fetched only for a file that is not plain or not right.
 *
 * @throws ProvisoErrors with every mistake that makes the file unreadable, each with its place
 */
export async function readYaml(text: string, file: string, code: ErrorCode): Promise<YamlFile> {
  const root = readPlainYaml(text, file);
  if (root !== undefined) return { file, text, root, problems: [] };
  const { parseYaml } = await import('./yaml-document.ts');
  return parseYaml(text, file, code);
}
