// Enforces the shape of src/: who may import whom, who may reach the host's powers, and how things are named.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scanModule } from './scan-module.mjs';

const everythingBelow = [
  'commands',
  'fleet',
  'access',
  'evidence',
  'assess',
  'rule',
  'policy',
  'finding',
  'operators',
  'resources',
].concat(['sources', 'delivery', 'reporters', 'page', 'simulator', 'aws', 'model']);

/** Left may import right. Everyone may import `errors`. */
export const mayImport = {
  cli: everythingBelow,
  index: everythingBelow.filter((layer) => layer !== 'commands'),
  'terraform-plan': ['sources', 'model'],
  commands: everythingBelow.filter((layer) => layer !== 'commands'),
  fleet: ['sources', 'aws', 'assess', 'finding', 'model'],
  access: ['aws', 'model'],
  evidence: ['assess', 'finding', 'aws', 'model'],
  assess: ['policy', 'rule', 'finding', 'model'],
  rule: ['operators', 'model'],
  policy: ['finding', 'model'],
  finding: ['model'],
  operators: ['model'],
  resources: ['model'],
  sources: ['resources', 'aws', 'model'],
  delivery: ['finding', 'aws', 'model'],
  reporters: ['page', 'finding', 'model'],
  page: ['finding', 'model'],
  simulator: ['resources', 'model'],
  aws: ['model'],
  model: [],
  errors: [],
};

const files = new Set(['cli', 'index', 'terraform-plan', 'assess', 'errors']);

/** A file is added to these; one file in it never imports another, its private parts (`_name.ts`) apart. */
const plural = new Set(['commands', 'operators', 'reporters', 'resources', 'sources']);

const powers = {
  process: { users: ['cli', 'commands'], why: 'process and console belong to cli.ts and commands/' },
  clock: { users: ['cli', 'commands', 'aws'], why: 'the time is an argument outside cli.ts, commands/ and aws/' },
  chance: { users: ['cli', 'commands', 'aws'], why: 'the same input must give the same bytes' },
  network: {
    users: ['aws', 'delivery', 'fleet', 'simulator'],
    why: 'the network belongs to aws/, simulator/, delivery/ and fleet/',
  },
  locale: { users: [], why: 'the same input must give the same bytes in every locale' },
};

const emptyNames = /(^|[-_.])(utils?|helpers?|common|shared|misc|types|constants)$/;

/** All files under a folder, as paths from `root` with slashes, sorted. */
function listFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** `src/aws/retry.ts` is in `aws`, `src/errors.ts` in `errors`. */
function layerOf(path) {
  const [, first, second] = path.split('/');
  return second === undefined ? first.replace(/\.ts$/, '') : first;
}

/** A test is named after what it tests, so `types.test.ts` may be. */
function checkName(path) {
  const found = path.split('/').find((segment) => emptyNames.test(segment.replace(/\.\w+$/, '')));
  return found === undefined ? [] : [`${path}: '${found}' says nothing: name it after what it holds`];
}

function checkPlace(path) {
  const parts = path.split('/');
  if (parts.length > 3) return [`${path}: too deep: src/<folder>/<file>`];
  const layer = layerOf(path);
  const known = Object.hasOwn(mayImport, layer) && files.has(layer) === (parts.length === 2);
  return known ? [] : [`${path}: no layer of this name is declared in .ci/check-layers.mjs`];
}

/** What is wrong with importing `target` from `path`, if anything. Both are paths from the root. */
function judgeImport(path, target) {
  const data = target.endsWith('.json');
  if (!target.startsWith('src/')) return data ? undefined : `'${target}' lies outside src/`;
  if (!data && !target.endsWith('.ts')) return `'${target}' must be named with its .ts extension`;
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from !== to) return to === 'errors' || mayImport[from].includes(to) ? undefined : `${from} may not import ${to}`;
  const free =
    !plural.has(from) || data || posix.basename(path) === 'index.ts' || posix.basename(target).startsWith('_');
  return free ? undefined : `files of ${from}/ never import each other`;
}

function* problemsOf(path, module) {
  const layer = layerOf(path);
  yield* module.errors;
  for (const { specifier, offset } of module.imports) {
    if (specifier === undefined) yield { offset, message: 'an import whose path is computed cannot be checked' };
    else if (specifier.startsWith('.')) {
      const message = judgeImport(path, posix.join(posix.dirname(path), specifier));
      if (message !== undefined) yield { offset, message };
    } else if (specifier.startsWith('/') || specifier.includes(':/')) {
      yield { offset, message: `'${specifier}' lies outside src/` };
    }
  }
  for (const { power, name, offset } of module.powers) {
    if (!powers[power].users.includes(layer)) yield { offset, message: `${name}: ${powers[power].why}` };
  }
}

function checkModule(root, path) {
  const text = readFileSync(join(root, path), 'utf8');
  const found = [...problemsOf(path, scanModule(path, text))].sort((a, b) => a.offset - b.offset);
  return found.map(({ offset, message }) => {
    const before = text.slice(0, offset).split('\n');
    return `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${message}`;
  });
}

/**
 * @param {string} root the folder that holds src/
 * @returns {string[]} one line for each violation, in the order of the files
 */
export function checkLayers(root) {
  const sources = listFiles(root, 'src');
  const misplaced = sources.flatMap(checkPlace);
  const named = ['src', 'test'].flatMap((folder) => listFiles(root, folder)).flatMap(checkName);
  const modules = sources.filter((path) => path.endsWith('.ts') && checkPlace(path).length === 0);
  return [...misplaced, ...named, ...modules.flatMap((path) => checkModule(root, path))];
}

function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
  const problems = checkLayers(root);
  for (const line of problems) process.stderr.write(`${line}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
