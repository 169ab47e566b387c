// Writes src/sources/_template-names.json: the names of all properties of the types that templates declare and rules judge,
// and the types that are called much like them. They are read off the schemas that AWS publishes, as cfn-lint (MIT-0)
// bundles them for every region; pip fetches it, nothing of it is run, and nothing else of it is kept. Run it to learn of
// properties that AWS has added, or after a type has got a form.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadResourceTypes } from './generate-shapes.mjs';
import { writeIfChanged } from './write-if-changed.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = 'cfn-lint==1.51.0';

/** How many letters may be wrong in the name of a type that is taken for another. */
const nearTypes = 4;

function fetchSchemas(folder) {
  const wanted = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check'];
  const { status } = spawnSync('python3', [...wanted, '--target', folder, source], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`write-template-names: pip cannot install ${source}`);
  return join(folder, 'cfnlint/data/schemas');
}

/** Type → the files of its schemas in all regions. */
async function schemaFiles(schemas) {
  const files = new Map();
  const folder = join(schemas, 'providers');
  for (const name of (await readdir(folder)).filter((file) => /^[a-z].*_\d\.py$/.test(file)).sort())
    for (const [, type, hash] of (await readFile(join(folder, name), 'utf8')).matchAll(/"([\w:]+)": "([0-9a-f]{16})"/g))
      files.set(type, (files.get(type) ?? new Set()).add(join(schemas, 'resources', `${hash}.json`)));
  return files;
}

/** Sorted in a way that no locale changes. */
const inOrder = (texts) => [...texts].sort((a, b) => (a < b ? -1 : 1));

/** The last name of a reference: `#/definitions/Ingress` → `Ingress`. */
const target = (reference) => reference.split('/').at(-1);

/** What a property leads to: the definition by which its members are called, or nothing where they may be called anything. */
function definitionOf(schema, definitions, path, tables) {
  const inner = schema.$ref === undefined ? schema : (definitions[target(schema.$ref)] ?? {});
  const name = schema.$ref === undefined ? path : target(schema.$ref);
  if (inner.items !== undefined) return definitionOf(inner.items, definitions, path, tables);
  if (inner.properties === undefined || inner.patternProperties !== undefined) return '';
  if (inner.additionalProperties !== false && inner.additionalProperties !== undefined) return '';
  addTable(name, inner, definitions, tables);
  return name;
}

/** The names of one definition, and where each leads. */
function addTable(name, schema, definitions, tables) {
  if (tables.has(name)) return;
  const table = {};
  tables.set(name, table);
  for (const member of inOrder(Object.keys(schema.properties)))
    table[member] = definitionOf(schema.properties[member], definitions, `${name}.${member}`, tables);
}

/** What may stand in one region may be written. */
function merge(into, tables) {
  for (const [name, table] of tables) {
    into[name] ??= {};
    const known = into[name];
    for (const [member, leads] of Object.entries(table))
      known[member] = member in known && known[member] !== leads ? '' : leads;
  }
}

async function tablesOf(files) {
  const all = {};
  for (const file of inOrder(files)) {
    const schema = JSON.parse(await readFile(file, 'utf8'));
    const tables = new Map();
    addTable('', schema, schema.definitions ?? {}, tables);
    merge(all, tables);
  }
  return all;
}

/** Names of types with a form, those that add to others among them. */
function declaredTypes(types) {
  const forms = types.flatMap(({ type, cloudformation }) => (cloudformation ? [[type, cloudformation]] : []));
  const names = forms.flatMap(([type, { main, satellites, refs }]) => [
    main ?? type,
    ...Object.keys(satellites ?? {}),
    ...Object.keys(refs ?? {}),
  ]);
  return inOrder(new Set(names));
}

function distance(a, b) {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1)
      row.push(Math.min(last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), last[j] + 1, row[j - 1] + 1));
    last = row;
  }
  return last[b.length];
}

async function main() {
  const scratch = await mkdtemp(join(tmpdir(), 'proviso-names-'));
  try {
    const files = await schemaFiles(fetchSchemas(scratch));
    const names = declaredTypes(await loadResourceTypes());
    const lines = [];
    for (const name of names) {
      // What is judged need not be anything that CloudFormation can make.
      if (files.has(name)) lines.push(`${JSON.stringify(name)}:${JSON.stringify(await tablesOf(files.get(name)))}`);
    }
    const alike = [...files.keys()].filter(
      (type) => !names.includes(type) && names.some((name) => distance(type, name) <= nearTypes),
    );
    const text = `{"alike":${JSON.stringify(inOrder(alike))},\n"types":{\n${lines.join(',\n')}\n}}\n`;
    await writeIfChanged(join(root, 'src/sources/_template-names.json'), text);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
