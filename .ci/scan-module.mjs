// Reads one TypeScript module: what it imports, types included, and which of the host's powers it reaches for.
import { parseSync, visitorKeys } from 'oxc-parser';

/** Globals that are a power of the host, and which one. `globalThis` reaches them all; `global` is a word of AWS too. */
const globals = new Map([
  ...['process', 'console', 'globalThis'].map((name) => [name, 'process']),
  ...['performance'].map((name) => [name, 'clock']),
  ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => [name, 'network']),
  ...['Intl'].map((name) => [name, 'locale']),
]);

const members = new Map([
  ...['Date.now', 'process.hrtime'].map((name) => [name, 'clock']),
  ...['Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'].map((name) => [name, 'chance']),
]);

const randomImports = new Set(['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'webcrypto']);

const modules = new Map([
  ...['process', 'console', 'os', 'tty', 'readline', 'readline/promises', 'repl'].map((name) => [name, 'process']),
  ...['perf_hooks'].map((name) => [name, 'clock']),
  ...['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'].map((name) => [name, 'network']),
]);

const networkScopes = /^@(aws-sdk|smithy|aws|aws-crypto)\//;

function powerOfModule(specifier) {
  return networkScopes.test(specifier) ? 'network' : modules.get(specifier.replace(/^node:/, ''));
}

/** The node that holds the specifier, for each way to write an import. */
function sourceOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source ?? node.argument ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'require' ? node.arguments[0] : undefined;
    default:
      return undefined;
  }
}

function nameOf(member) {
  if (!member.computed) return member.property.name;
  return member.property.type === 'Literal' ? String(member.property.value) : undefined;
}

/** Whether an identifier under `parent` stands for a binding, rather than being the name of a member. */
function isBinding(parent, key) {
  if (parent.type === 'MemberExpression') return key === 'object' || parent.computed;
  if (key === 'key') return parent.computed || parent.shorthand === true;
  if (key === 'imported' || key === 'exported' || key === 'label') return false;
  return !(parent.type === 'TSQualifiedName' && key === 'right');
}

function powersOfMember(node) {
  const name = nameOf(node);
  if (name === undefined) return [];
  if (name === 'localeCompare' || name.startsWith('toLocale')) return [['locale', `.${name}`]];
  const object = node.object.type === 'Identifier' ? node.object.name : undefined;
  if (object === 'global' && globals.has(name)) return [[globals.get(name), `global.${name}`]];
  const power = members.get(`${object}.${name}`);
  return power === undefined ? [] : [[power, `${object}.${name}`]];
}

function powersOf(node, parent, key) {
  switch (node.type) {
    case 'Identifier':
      return globals.has(node.name) && isBinding(parent, key) ? [[globals.get(node.name), node.name]] : [];
    case 'MemberExpression':
      return powersOfMember(node);
    case 'NewExpression':
      return node.callee.name === 'Date' && node.arguments.length === 0 ? [['clock', 'new Date()']] : [];
    case 'CallExpression':
      return node.callee.name === 'Date' ? [['clock', 'Date()']] : [];
    case 'ImportSpecifier':
      return randomImports.has(node.imported.name) ? [['chance', node.imported.name]] : [];
    default:
      return [];
  }
}

function importsOf(node) {
  const source = sourceOf(node);
  if (source === undefined || source === null) return [];
  return [{ specifier: typeof source.value === 'string' ? source.value : undefined, offset: source.start }];
}

function walk(node, parent, key, visit) {
  visit(node, parent, key);
  for (const name of visitorKeys[node.type] ?? []) {
    const child = node[name];
    for (const item of Array.isArray(child) ? child : [child]) if (item) walk(item, node, name, visit);
  }
}

/**
 * @param {string} file its name tells the language
 * @param {string} text
 * @returns {{
 *   imports: { specifier: string | undefined, offset: number }[],
 *   powers: { power: string, name: string, offset: number }[],
 *   errors: { message: string, offset: number }[],
 * }} a computed import has no specifier; offsets are in UTF-16 code units
 */
export function scanModule(file, text) {
  const { program, errors } = parseSync(file, text);
  const imports = [];
  const powers = [];
  walk(program, { type: 'File' }, 'program', (node, parent, key) => {
    for (const found of importsOf(node)) {
      imports.push(found);
      const power = found.specifier === undefined ? undefined : powerOfModule(found.specifier);
      if (power !== undefined) powers.push({ power, name: found.specifier, offset: found.offset });
    }
    for (const [power, name] of powersOf(node, parent, key)) powers.push({ power, name, offset: node.start });
  });
  return {
    imports,
    powers,
    errors: errors.map(({ message, labels }) => ({ message, offset: labels[0]?.start ?? 0 })),
  };
}
