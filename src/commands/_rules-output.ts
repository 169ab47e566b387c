import { readFile } from 'node:fs/promises';
import { type CaseResult, runCases } from '../rule/cases.ts';
import type { Rule } from '../rule/rule.ts';
import { loadCatalogue } from './_catalogue.ts';
import type { Io } from './_command.ts';
import { loadRules, loadRulesAnew, noSuchRule, unreadable } from './_rules.ts';

function judged(rule: Rule): string {
  return rule.resource?.type ?? rule.scope;
}

/** One line a rule, columns as wide as they must be. */
export async function listRules(paths: readonly string[], asJson: boolean, io: Io): Promise<number> {
  const rules = await loadRules(paths, io.cwd);
  if (asJson) {
    const listed = rules.map(({ id, title, severity, controls, digest, ...rule }) => ({
      id,
      title,
      severity,
      resource: judged(rule as Rule),
      controls,
      digest,
    }));
    await io.write(`${JSON.stringify(listed, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  const typeWidth = Math.max(...rules.map((rule) => judged(rule).length));
  for (const rule of rules) {
    const columns = [rule.id.padEnd(width), rule.severity.padEnd(8), judged(rule).padEnd(typeWidth), rule.title];
    await io.write(`${columns.join('  ')}\n`);
  }
  io.note(rules.length === 1 ? '1 rule' : `${rules.length} rules`);
  return 0;
}

export async function showRule(id: string, io: Io): Promise<number> {
  const rules = await loadRules([], io.cwd);
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    throw noSuchRule(
      id,
      rules.map((one) => one.id),
    );
  }
  await io.write(
    await readFile(rule.file, 'utf8').catch((error: unknown) => {
      throw unreadable(rule.file, error);
    }),
  );
  return 0;
}

function caseLines(rule: Rule, { case: one, expected, actual, verdict }: CaseResult, { colours }: Io): string {
  if (expected === actual) return `${colours.green('✔')} ${rule.id}: ${one.name}: ${expected}\n`;
  const observed = (verdict?.leaves ?? []).map(
    (leaf) => `    ${leaf.path} is ${JSON.stringify(leaf.observed) ?? 'absent'}, expected ${leaf.expected}\n`,
  );
  const head = `${colours.red('✖')} ${rule.id}: ${one.name}: ${expected}, but it is ${actual}\n`;
  return `${head}    ${one.at.file}:${one.at.line}:${one.at.column}\n${observed.join('')}`;
}

/** Prints each case that came out wrong with what decided it. Exit code 1 when there is one. */
export async function testRules(paths: readonly string[], verbose: boolean, io: Io): Promise<number> {
  const catalogue = await loadCatalogue();
  const rules = await loadRulesAnew(paths, io.cwd);
  let wrong = 0;
  let right = 0;
  for (const rule of rules) {
    for (const result of runCases(rule, catalogue)) {
      const isRight = result.expected === result.actual;
      if (isRight) right += 1;
      else wrong += 1;
      if (!isRight || verbose) await io.write(caseLines(rule, result, io));
    }
  }
  io.note(`${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, ${right} cases right, ${wrong} wrong`);
  return wrong > 0 ? 1 : 0;
}
