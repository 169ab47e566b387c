import { createHash } from 'node:crypto';
import { readYaml } from '../model/read-yaml.ts';
import { decodeText, type YamlNode } from '../model/yaml.ts';
import { checkRule, keysIn } from './check.ts';
import type { Catalogue, Rule } from './rule.ts';

/**
 * Reads and checks a rule file. A stranger's file is safe to load: size, nesting and work are limited before anything is
 * built.
 *
 * @throws ProvisoErrors with every mistake, each with file, line and column
 */
export async function loadRule(file: string, bytes: Uint8Array, catalogue: Catalogue): Promise<Rule> {
  const source = await readYaml(decodeText(bytes, file, 'rule'), file, 'rule');
  await fetchOperators(source.root, catalogue);
  return checkRule(source, createHash('sha256').update(bytes).digest('hex'), catalogue);
}

/** Some operators bring a large library, which is fetched only when a rule names them. */
async function fetchOperators(root: YamlNode, catalogue: Catalogue): Promise<void> {
  for (const key of keysIn(root)) await catalogue.operators.get(key)?.load?.();
}
