// Checks the rules that are shipped, and tries each by its own cases, while the program is built. The program then need
// not check again what has not changed since.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The parts of the program that check rules, as they are in its sources now. */
const checker = `
export { loadCatalogue } from './src/commands/_catalogue.ts';
export { runCases } from './src/rule/cases.ts';
export { freezeRule } from './src/rule/frozen-rule.ts';
export { loadRule } from './src/rule/load.ts';
`;

async function loadChecker(root, folder, plugins) {
  const outfile = join(folder, 'checker.mjs');
  const stdin = { contents: checker, resolveDir: root, loader: 'ts' };
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const output = { outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', banner };
  await build({ ...output, stdin, plugins, mainFields: ['module', 'main'], logLevel: 'warning' });
  return import(pathToFileURL(outfile).href);
}

function wrongCases(rule, results) {
  const wrong = results.filter(({ expected, actual }) => expected !== actual);
  return wrong.map(({ case: one, expected, actual }) => `${rule.file}: ${one.name}: ${expected}, but it is ${actual}`);
}

function sayMistake({ message, where }) {
  return where === undefined ? message : `${where.file}:${where.line}:${where.column}: ${message}`;
}

/** @returns the rule as data, or the text of what is wrong with it */
async function prove(root, path, catalogue, { loadRule, runCases, freezeRule }) {
  try {
    const rule = await loadRule(join('rules', path), await readFile(join(root, 'rules', path)), catalogue);
    const wrong = wrongCases(rule, runCases(rule, catalogue));
    return wrong.length > 0 ? wrong.join('\n') : freezeRule(rule, catalogue);
  } catch (error) {
    if (error.errors === undefined) throw error;
    return error.errors.map(sayMistake).join('\n');
  }
}

/**
 * Proves all rules of `root`, as its sources have them checked.
 *
 * @param plugins those with which esbuild reads the sources
 * @returns {Promise<Record<string, import('../src/rule/frozen-rule.ts').FrozenRule>>} by their path below `rules`, with `/`
 * @throws Error which says for each rule that is not right where and why
 */
export async function proveRules(root, plugins) {
  if (!existsSync(join(root, 'rules'))) return {};
  const entries = await readdir(join(root, 'rules'), { recursive: true });
  const paths = entries.map((path) => path.replaceAll('\\', '/')).filter((path) => /\.ya?ml$/.test(path));
  const folder = await mkdtemp(join(tmpdir(), 'proviso-rules-'));
  try {
    const parts = await loadChecker(root, folder, plugins);
    const catalogue = await parts.loadCatalogue();
    const proven = {};
    const mistakes = [];
    for (const path of paths.sort()) {
      const found = await prove(root, path, catalogue, parts);
      if (typeof found === 'string') mistakes.push(found);
      else proven[path] = found;
    }
    if (mistakes.length > 0) throw new Error(`rules that are not right cannot be shipped\n${mistakes.join('\n')}`);
    return proven;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
