import { ProvisoError } from '../errors.ts';
import { readYaml } from '../model/read-yaml.ts';
import { suggestion } from '../model/suggest.ts';
import { canonicalJson, type Json } from '../model/value.ts';
import { toJson, type YamlNode } from '../model/yaml.ts';
import type { Policy } from '../policy/policy.ts';
import { checkParameters } from '../rule/parameters.ts';
import type { Rule } from '../rule/rule.ts';

/** A word of the policy whose meaning the organisation decides: a parameter to which the shipped policy gives a value. */
export interface VagueWord {
  readonly name: string;
  /** The rules for which it means the same. */
  readonly rules: readonly Rule[];
  readonly description: string;
  readonly value: Json;
  /** Where the shipped policy writes each rule's value. */
  readonly nodes: readonly YamlNode[];
}

/** The words in the order of the policy; one that means the same for several rules is one word. */
export function vagueWords(policy: Policy, rules: readonly Rule[]): readonly VagueWord[] {
  const words = new Map<string, VagueWord>();
  for (const [id, { entries }] of policy.parameters) {
    const rule = rules.find((candidate) => candidate.id === id);
    for (const { key: name, value: node } of entries) {
      const parameter = rule === undefined || !Object.hasOwn(rule.parameters, name) ? undefined : rule.parameters[name];
      if (rule === undefined || parameter === undefined) continue;
      const value = toJson(node);
      const key = canonicalJson([name, value, parameter.schema]);
      const same = words.get(key) ?? { name, rules: [], description: parameter.description, value, nodes: [] };
      words.set(key, { ...same, rules: [...same.rules, rule], nodes: [...same.nodes, node] });
    }
  }
  return [...words.values()];
}

/** A value as a policy writes it on one line. */
export function written(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(written).join(', ')}]`;
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^(?:[a-z][\w./:-]*|\d+(?:mo|[smhdwy]))$/i.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

/**
 * An answer as a value: a number, a text, or a list, whose brackets may be left out.
 *
 * @throws ProvisoError 'usage' when some rule cannot take it
 */
export async function readAnswer({ name, rules }: Pick<VagueWord, 'name' | 'rules'>, answer: string): Promise<Json> {
  const [first] = rules;
  const isList = first?.parameters[name]?.schema.type === 'array';
  const text = isList && !answer.trimStart().startsWith('[') ? `[${answer}]` : answer;
  const refuse = (why: string, hint?: string, cause?: unknown) =>
    new ProvisoError('usage', `${name}: ${why}`, { ...(hint === undefined ? {} : { hint }), cause });
  let value: Json | undefined;
  try {
    const { root, problems } = await readYaml(`answer: ${text}\n`, 'answer', 'usage');
    if (problems[0] !== undefined) throw problems[0];
    value =
      root.kind === 'map' && root.entries.length === 1 && root.entries[0] ? toJson(root.entries[0].value) : undefined;
  } catch (error) {
    throw refuse(
      `'${answer}' cannot be read as a value`,
      'Write it as in YAML: 14, 6mo, [eu-west-1, us-east-1].',
      error,
    );
  }
  for (const rule of rules) {
    const [misfit] = checkParameters(rule, { [name]: value ?? null });
    if (misfit !== undefined) throw refuse(misfit.message, misfit.hint);
  }
  return value ?? null;
}

/** The word that a flag such as `rule.parameter=value` is about, and the value. */
export function readFlag(
  words: readonly VagueWord[],
  flag: string,
): { readonly word: VagueWord; readonly answer: string } {
  const [, id = '', name = '', answer = ''] = /^([^.=]*)\.([^=]*)=(.*)$/s.exec(flag) ?? [];
  const word = words.find((one) => one.name === name && one.rules.some((rule) => rule.id === id));
  if (word !== undefined) return { word, answer };
  const names = words.flatMap((one) => one.rules.map((rule) => `${rule.id}.${one.name}`));
  const hint = suggestion(`${id}.${name}`, names) ?? `Write it like ${names[0]}=VALUE.`;
  throw new ProvisoError('usage', `the policy has no vague word '${id}.${name}'`, { hint });
}
