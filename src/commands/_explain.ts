import { permissionOf } from '../aws/permission.ts';
import { groupOf } from '../model/resource.ts';
import type { Call, ResourceType } from '../model/resource-type.ts';
import { byCodeUnit } from '../model/value.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';
import { sentence } from '../rule/sentence.ts';
import { loadCatalogue } from './_catalogue.ts';
import { type Io, type Options, texts } from './_command.ts';
import { explainFinding } from './_explain-finding.ts';
import { shipped } from './_package.ts';
import { loadRules, noSuchRule } from './_rules.ts';
import { section } from './_section.ts';

/** The calls that give what a rule reads of a type: its listing, that of its parents, and its groups. */
function callsFor(type: ResourceType, paths: Iterable<string>, catalogue: Catalogue): readonly Call[] {
  const calls: Call[] = [];
  for (let at: ResourceType | undefined = type; at !== undefined; at = parentOf(at, catalogue)) {
    calls.push(at.listing.call);
    if (at.listing.region?.otherwise !== undefined) calls.push(at.listing.region.otherwise.call);
  }
  const groups = new Set([...paths].map((path) => groupOf(type, path)));
  for (const name of groups) {
    const group = type.groups?.[name];
    if (group === undefined) continue;
    if (group.shared?.before !== undefined) calls.push(group.shared.before.call);
    calls.push(group.call);
  }
  return calls;
}

function parentOf(type: ResourceType, catalogue: Catalogue): ResourceType | undefined {
  return type.listing.parent === undefined ? undefined : catalogue.types.get(type.listing.parent);
}

/** The IAM actions that a rule needs, each with the call that it allows. */
export function permissionsFor(rule: Rule, catalogue: Catalogue): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, paths] of rule.reads) {
    const type = catalogue.types.get(name);
    if (type === undefined) continue;
    for (const call of callsFor(type, paths, catalogue))
      found.set(permissionOf(call), `${call.service}:${call.operation}`);
  }
  return new Map([...found].sort(([a], [b]) => byCodeUnit(a, b)));
}

function ruleText(rule: Rule, catalogue: Catalogue, { colours }: Io): string {
  const reads = [...rule.reads].sort(([a], [b]) => byCodeUnit(a, b));
  const parameters = Object.entries(rule.parameters).map(([name, { description, default: value }]) => {
    const shown = value === undefined ? 'must be set in the policy' : `default ${JSON.stringify(value)}`;
    return `${name}: ${description} (${shown})`;
  });
  return [
    `${colours.bold(rule.id)} · ${rule.severity} · ${rule.resource?.type ?? rule.scope}\n${rule.title}\n\n${rule.why}\n`,
    section('What must hold', [sentence(rule)]),
    section('Parameters', parameters),
    section(
      'How to mend it',
      Object.entries(rule.fix).map(([means, how]) => `${means}: ${how}`),
    ),
    section(
      'Controls',
      Object.entries(rule.controls).map(([framework, ids]) => `${framework}: ${ids.join(', ')}`),
    ),
    section(
      'What it reads',
      reads.flatMap(([type, paths]) => [...paths].sort(byCodeUnit).map((path) => `${type} ${path}`)),
    ),
    section(
      'Permissions that it needs',
      [...permissionsFor(rule, catalogue)].map(([permission, call]) => `${permission} (${call})`),
    ),
    section(
      'Cases',
      rule.cases.map(({ name, expected }) => `${expected}: ${name}`),
    ),
  ].join('');
}

/** Explains a rule by its id, or a finding by its fingerprint. */
export async function explain(id: string, run: string | undefined, options: Options, io: Io): Promise<number> {
  if (id.startsWith('f_')) return explainFinding(id, run, options, io);
  const rules = await loadRules([shipped('rules'), ...texts(options.rules)], io.cwd);
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    const known = rules.map((one) => one.id);
    throw noSuchRule(id, known);
  }
  await io.write(ruleText(rule, await loadCatalogue(), io));
  return 0;
}
