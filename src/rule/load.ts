import { readYaml } from '../model/read-yaml.ts';
import { decodeText, type YamlNode } from '../model/yaml.ts';
import { checkRule, keysIn } from './check.ts';
import type { CheckedRule, Rule, Vocabulary } from './rule.ts';

/**
 * Reads and checks a rule file. A stranger's file is safe to load: size, nesting and work are limited before anything is
 * built.
 *
 * @throws ProvisoErrors with every mistake, each with file, line and column
 */
export async function loadRule(file: string, bytes: Uint8Array, catalogue: Vocabulary): Promise<Rule> {
  const checked = await checkRuleFile(file, bytes, catalogue);
  // To load Node's cryptography takes a tenth of the time in which a file is checked.
  const { hash } = await import('node:crypto');
  return { ...checked, digest: hash('sha256', bytes, 'hex') };
}

/** The same for those to whom the rule's digest does not matter. @throws ProvisoErrors */
export async function checkRuleFile(file: string, bytes: Uint8Array, catalogue: Vocabulary): Promise<CheckedRule> {
  const source = await readYaml(decodeText(bytes, file, 'rule'), file, 'rule');
  await fetchOperators(source.root, catalogue);
  return checkRule(source, catalogue);
}

/** Some operators bring a large library, which is fetched only when a rule names them. */
async function fetchOperators(root: YamlNode, catalogue: Vocabulary): Promise<void> {
  for (const key of keysIn(root)) await catalogue.operators.get(key)?.load?.();
}
