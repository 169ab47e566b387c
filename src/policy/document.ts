import { type Verification, verifications } from '../finding/finding.ts';
import { suggestion } from '../model/suggest.ts';
import { toJson, type YamlEntry, type YamlFile, type YamlMap, type YamlNode } from '../model/yaml.ts';
import type { Clause, RuleParameters, Scope, Waiver } from './policy.ts';
import { readScope } from './read-scope.ts';
import { readWaivers } from './read-waivers.ts';
import { complain, known, mapOf, type Placed, type Problems, textOf, textsOf } from './reading.ts';

/** One policy file as written; what it includes is not read yet. */
export interface PolicyDocument {
  readonly title: string;
  readonly include: readonly Placed[];
  readonly scope: Scope;
  readonly parameters: ReadonlyMap<string, RuleParameters>;
  readonly clauses: readonly Clause[];
  readonly waivers: readonly Waiver[];
}

/** What belongs to the organisation's own file and not to a framework that it includes. */
const ownKeys = ['scope', 'parameters', 'waivers'];
const sharedKeys = ['title', 'include', 'clauses'];
const clauseKeys = ['section', 'claim', 'owner', 'verified', 'rules'];

function parametersOf(node: YamlNode | undefined, problems: Problems): ReadonlyMap<string, RuleParameters> {
  const parameters = new Map<string, RuleParameters>();
  if (node === undefined) return parameters;
  for (const { key, keyNode, value } of mapOf(node, 'parameters', problems)) {
    const entries = mapOf(value, `parameters of ${key}`, problems);
    const values = Object.fromEntries(entries.map((entry) => [entry.key, toJson(entry.value)]));
    parameters.set(key, { at: keyNode.at, values, entries });
  }
  return parameters;
}

function verificationOf(node: YamlNode | undefined, problems: Problems): readonly Verification[] {
  return textsOf(node, 'verified', problems).flatMap(({ text, at }) => {
    const way = verifications.find((candidate) => candidate === text);
    if (way === undefined)
      complain(problems, at, `'${text}' is not a way to verify a clause`, suggestion(text, verifications));
    return way === undefined ? [] : [way];
  });
}

function clauseOf({ key, keyNode, value }: YamlEntry, problems: Problems): Clause {
  const at = keyNode.at;
  if (key.trim() === '') complain(problems, at, 'a clause needs an id');
  const entries = known(value, `clause ${key}`, clauseKeys, problems);
  const text = (name: string) => {
    const node = entries.get(name)?.value;
    return node === undefined ? undefined : textOf(node, `${name} of clause ${key}`, problems);
  };
  const claim = text('claim');
  const owner = text('owner');
  const section = text('section');
  const verification = verificationOf(entries.get('verified')?.value, problems);
  const rules = textsOf(entries.get('rules')?.value, 'rules', problems);
  for (const name of ['claim', 'verified'])
    if (value.kind === 'map' && !entries.has(name)) complain(problems, at, `clause ${key} lacks '${name}'`);
  if (entries.has('rules') && verification.length > 0 && !verification.includes('rules'))
    complain(problems, at, `clause ${key} names rules and is not verified by them`, "add 'rules' to 'verified'");
  return {
    id: key,
    claim: claim ?? '',
    ...(owner === undefined ? {} : { owner }),
    ...(section === undefined ? {} : { section }),
    verification,
    rules: rules.map((rule) => rule.text),
    at,
    rulesAt: rules.map((rule) => rule.at),
  };
}

function refuseOwnKeys(root: YamlMap, problems: Problems): void {
  for (const { key, keyNode } of root.entries) {
    const hint = 'move it to the file that includes this one';
    if (ownKeys.includes(key)) complain(problems, keyNode.at, `'${key}' cannot stand in an included file`, hint);
  }
}

/**
 * Checks one file and reads what is right in it; what is wrong goes to `problems`.
 *
 * @param included whether another policy includes it: it may then hold clauses only
 */
export function readDocument(
  { root, problems: given }: YamlFile,
  included: boolean,
  problems: Problems,
): PolicyDocument {
  problems.push(...given);
  const entries = known(root, 'a policy', [...sharedKeys, ...ownKeys], problems);
  const title = entries.get('title')?.value;
  if (included && root.kind === 'map') refuseOwnKeys(root, problems);
  if (title === undefined && root.kind === 'map') complain(problems, root.at, "the policy lacks 'title'");
  const clauses = entries.get('clauses')?.value;
  return {
    title: (title && textOf(title, 'title', problems)) ?? '',
    include: textsOf(entries.get('include')?.value, 'include', problems),
    scope: readScope(entries.get('scope')?.value, problems),
    parameters: parametersOf(entries.get('parameters')?.value, problems),
    clauses: clauses === undefined ? [] : mapOf(clauses, 'clauses', problems).map((entry) => clauseOf(entry, problems)),
    waivers: readWaivers(entries.get('waivers')?.value, problems),
  };
}
