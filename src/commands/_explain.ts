import { permissionsOfRules } from '../access/needed-permissions.ts';
import type { RuleFacts } from '../finding/tally.ts';
import { byCodeUnit } from '../model/value.ts';
import { waiverRules } from '../policy/waiver-results.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';
import { sentence } from '../rule/sentence.ts';
import { loadCatalogue } from './_catalogue.ts';
import { type Io, type Options, texts } from './_command.ts';
import { explainFinding } from './_explain-finding.ts';
import { shipped } from './_package.ts';
import { loadRules, noSuchRule } from './_rules.ts';
import { section, sentenceLines } from './_section.ts';

function ruleText(rule: Rule, catalogue: Catalogue, { colours }: Io): string {
  const reads = [...rule.reads].sort(([a], [b]) => byCodeUnit(a, b));
  const parameters = Object.entries(rule.parameters).map(([name, { description, default: value }]) => {
    const shown = value === undefined ? 'must be set in the policy' : `default ${JSON.stringify(value)}`;
    return `${name}: ${description} (${shown})`;
  });
  return [
    `${colours.bold(rule.id)} · ${rule.severity} · ${rule.resource?.type ?? rule.scope}\n${rule.title}\n\n${sentenceLines(rule.why, 78).join('\n')}\n`,
    section('What must hold', sentenceLines(sentence(rule))),
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
      permissionsOfRules([rule], catalogue.types).map(({ action, calls }) => `${action} (${calls.join(', ')})`),
    ),
    section(
      'Cases',
      rule.cases.map(({ name, expected }) => `${expected}: ${name}`),
    ),
  ].join('');
}

/** A rule that no file holds, since it is about the policy's own waivers. */
async function explainWaiverRule({ id, severity, type, title, why, fix }: RuleFacts, io: Io): Promise<number> {
  const fixes = Object.entries(fix).map(([means, how]) => `${means}: ${how}`);
  const head = `${io.colours.bold(id)} · ${severity} · ${type}\n${title}\n\n${why}\n`;
  await io.write(head + section('How to mend it', fixes));
  return 0;
}

/** Explains a rule by its id, or a finding by its fingerprint. */
export async function explain(id: string, options: Options, io: Io): Promise<number> {
  if (id.startsWith('f_')) return explainFinding(id, options, io);
  const own = waiverRules.find((facts) => facts.id === id);
  if (own !== undefined) return explainWaiverRule(own, io);
  const rules = await loadRules([shipped('rules'), ...texts(options.rules)], io.cwd);
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    const known = rules.map((one) => one.id);
    throw noSuchRule(id, known);
  }
  await io.write(ruleText(rule, await loadCatalogue(), io));
  return 0;
}
