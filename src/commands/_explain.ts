import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { permissionOf } from '../aws/permission.ts';
import { ProvisoError } from '../errors.ts';
import type { Evidence, ResultLine } from '../finding/finding.ts';
import { plain } from '../finding/plain-text.ts';
import { findCall } from '../model/ledger.ts';
import { groupOf } from '../model/resource.ts';
import type { Call, ResourceType } from '../model/resource-type.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { byCodeUnit } from '../model/value.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';
import { sentence } from '../rule/sentence.ts';
import { openRecorded } from '../sources/recorded.ts';
import { loadCatalogue } from './_catalogue.ts';
import { type Io, type Options, texts } from './_command.ts';
import { readResults } from './_output.ts';
import { shipped } from './_package.ts';
import { loadRules, noSuchRule } from './_rules.ts';

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

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
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

async function newestRun(cwd: string): Promise<string> {
  const names = await readdir(resolve(cwd, 'reports')).catch(() => []);
  const newest = names
    .flatMap((name) => {
      const [, when, number = '1'] = /(\d{8}T\d{6}Z)(?:-(\d+))?$/.exec(name) ?? [];
      return when === undefined ? [] : [{ name, order: `${when} ${number.padStart(4, '0')}` }];
    })
    .sort((a, b) => byCodeUnit(a.order, b.order))
    .at(-1)?.name;
  if (newest === undefined) {
    throw new ProvisoError('usage', 'there is no run in reports/', { hint: 'Name the folder of a run with --run.' });
  }
  return join('reports', newest);
}

async function findResult(fingerprint: string, folder: string, cwd: string): Promise<ResultLine> {
  try {
    for await (const batch of readResults(resolve(cwd, folder, 'results.ndjson'))) {
      const found = batch.find((result) => result.fingerprint === fingerprint);
      if (found !== undefined) return found;
    }
  } catch (error) {
    throw new ProvisoError('input', `${folder} has no results that can be read`, {
      hint: 'Name the folder of a run with --run.',
      cause: error,
    });
  }
  throw new ProvisoError('usage', `there is no finding ${fingerprint} in ${folder}`, {
    hint: 'Findings and their ids are in its results.ndjson.',
  });
}

function evidenceLines(evidence: Evidence, result: ResultLine, snapshot: Snapshot): readonly string[] {
  const observed = evidence.unknown
    ? `not known: ${evidence.unknown.reason}${evidence.unknown.detail === undefined ? '' : `, ${evidence.unknown.detail}`}`
    : evidence.observed === undefined
      ? 'absent'
      : JSON.stringify(evidence.observed);
  const lines = [plain(evidence.path), `  observed  ${plain(observed)}`, `  expected  ${plain(evidence.expected)}`];
  if (evidence.call === undefined) return lines;
  const entry = findCall(snapshot.ledger, result.account, result.region, evidence.call);
  const when =
    entry === undefined ? '' : `, answered ${entry.answeredAt}, request ${entry.requestIds.at(-1) ?? 'without id'}`;
  return [...lines, `  call      ${plain(evidence.call)}${when}`];
}

async function explainFinding(id: string, run: string | undefined, options: Options, io: Io): Promise<number> {
  const folder = run ?? (await newestRun(io.cwd));
  const result = await findResult(id, folder, io.cwd);
  const snapshot = await openRecorded(resolve(io.cwd, folder, 'snapshot'));
  const rules = await loadRules([shipped('rules'), ...texts(options.rules)], io.cwd);
  const rule = rules.find((one) => one.id === result.rule);
  const where = `${result.account} · ${result.region} · ${result.type}`;
  const head = `${io.colours.bold(id)} · ${result.outcome.toUpperCase()} · ${result.rule}\n`;
  const subject = result.resource;
  await io.write(`${head}${rule?.title ?? ''}\n\n${where}\n`);
  if (subject !== undefined) await io.write(`${plain(subject.arn ?? subject.id)}\n`);
  if (result.message !== undefined) await io.write(`${plain(result.message)}\n`);
  await io.write(
    section(
      'Evidence',
      result.evidence.flatMap((one) => evidenceLines(one, result, snapshot)),
    ),
  );
  if (rule !== undefined) {
    await io.write(section('What must hold', [sentence(rule)]));
    await io.write(
      section(
        'How to mend it',
        Object.entries(rule.fix).map(([means, how]) => `${means}: ${how}`),
      ),
    );
  }
  return 0;
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
