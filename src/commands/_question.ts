import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { selectRules } from '../assess.ts';
import type { Baseline } from '../finding/compare.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Policy } from '../policy/policy.ts';
import type { Rule } from '../rule/rule.ts';
import { loadCatalogue } from './_catalogue.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { shipped } from './_package.ts';
import { readPolicy } from './_policy.ts';
import { chooseRules, loadRules } from './_rules.ts';

/** The rules and the policy that a run judges by, and the earlier run with which it is compared. */
export async function loadQuestion(options: Options, io: Io) {
  const catalogue = await loadCatalogue();
  const own = texts(options.rules);
  const all = await loadRules(own.length === 0 ? [] : [shipped('rules'), ...own], io.cwd);
  const policy = await readPolicy(text(options.policy), all, io.cwd);
  const named = texts(options.rule);
  const rules = chooseRules(all, named);
  for (const id of unjudged(policy, rules, named, io.cwd))
    io.note(`${id} is not judged: no clause of ${policy.file} names it, and neither does --rule`);
  const earlier = text(options.baseline);
  const baseline = earlier === undefined ? {} : { baseline: await baselineIn(earlier, io.cwd) };
  return { catalogue, policy, rules, named, ...baseline };
}

/** Fetched when it is asked for: what checks a run that was kept is larger than what judges one. */
async function baselineIn(folder: string, cwd: string): Promise<Baseline> {
  const { readBaseline } = await import('./_baseline.ts');
  return readBaseline(folder, cwd);
}

/** Rules of the user's own that nobody binds: they would be left out without a word. */
function unjudged(policy: Policy, rules: readonly Rule[], named: readonly string[], cwd: string): readonly string[] {
  const judged = new Set(selectRules(policy, rules, named));
  const own = rules.filter(({ file }) => !resolve(cwd, file).startsWith(shipped('rules') + sep));
  return own.filter((rule) => !judged.has(rule)).map(({ id }) => id);
}

/** The snapshot in a folder: the folder itself, or the `snapshot` that a run keeps in its folder. */
export async function openFrom(folder: string, cwd: string): Promise<Snapshot> {
  const inner = join(folder, 'snapshot');
  const found = !existsSync(resolve(cwd, folder, 'manifest.json')) && existsSync(resolve(cwd, inner)) ? inner : folder;
  const { openRecorded } = await import('../sources/recorded.ts');
  // Errors name the folder as the user did, where that leads there.
  return openRecorded(cwd === process.cwd() ? found : resolve(cwd, found));
}
