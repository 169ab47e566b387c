// Writes src/resources/shapes.json: what kind of value stands at every path of every resource type. It is read off the
// SDK's runtime schemas, so that a rule which names a field that AWS does not have is refused when it is loaded.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeIfChanged } from './write-if-changed.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The SDK's schema codes; a list or map of simple values adds a bit to the code of the value. */
const simple = new Map([
  [0, 'string'],
  [1, 'number'],
  [2, 'boolean'],
  [4, 'timestamp'],
  [5, 'timestamp'],
  [6, 'timestamp'],
  [7, 'timestamp'],
  [15, 'any'],
  [17, 'number'],
  [19, 'number'],
  [21, 'string'],
  [42, 'string'],
]);
const listBit = 64;
const mapBit = 128;
const kinds = { simple: 0, list: 1, map: 2, structure: 3, union: 4 };

/** Deeper values than this are of no use to a rule; the limit also ends types that contain themselves. */
const deepest = 12;

/** The shape of a schema. A type inside itself, and what lies deeper than anyone looks, is `any`. */
function shapeOf(schema, above = []) {
  const resolved = typeof schema === 'function' ? schema() : schema;
  if (typeof resolved === 'number') return simpleShape(resolved);
  if (!Array.isArray(resolved)) return 'any';
  // A member with traits of its own is the pair of its schema and them; a schema has its namespace in that place.
  if (typeof resolved[1] !== 'string') return shapeOf(resolved[0], above);
  const [kind, , name] = resolved;
  if (above.includes(name) || above.length > deepest) return 'any';
  const under = [...above, name];
  if (kind === kinds.simple) return shapeOf(resolved[4], above);
  if (kind === kinds.list) return { list: shapeOf(resolved[4], under) };
  if (kind === kinds.map) return { map: shapeOf(resolved[5], under) };
  if (kind !== kinds.structure && kind !== kinds.union) return 'any';
  const members = resolved[4].map((member, index) => [member, shapeOf(resolved[5][index], under)]);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return { fields: Object.fromEntries(members) };
}

function simpleShape(code) {
  if (code >= mapBit) return { map: simpleShape(code - mapBit) };
  if (code >= listBit) return { list: simpleShape(code - listBit) };
  const shape = simple.get(code);
  if (shape === undefined) throw new Error(`generate-shapes: the SDK has a schema of the unknown kind ${code}`);
  return shape;
}

/** `a[].b` → `['a[]', 'b']`; `''` is the value itself. */
const segmentsOf = (path) => (path === '' ? [] : path.split('.'));

/** Walks a shape down a path. */
function at(shape, path, where) {
  let here = shape;
  for (const segment of segmentsOf(path)) {
    const name = segment.replace(/\[\]$/, '');
    here = here.fields?.[name];
    if (here !== undefined && segment.endsWith('[]')) here = here.list;
    if (here === undefined) throw new Error(`generate-shapes: ${where}: AWS has no '${segment}' in '${path}'`);
  }
  return here;
}

/** Puts a shape at a path, which may be new in its last name only. */
function put(shape, path, value, where) {
  const segments = segmentsOf(path);
  const name = segments.pop();
  const parent = at(shape, segments.join('.'), where);
  if (parent.fields === undefined) throw new Error(`generate-shapes: ${where}: '${path}' does not lie in an object`);
  parent.fields[name] = value;
}

async function outputShape(call, where) {
  const client = await import(`@aws-sdk/client-${call.service}`);
  const operation = client[`${call.operation}$`];
  if (!Array.isArray(operation)) {
    throw new Error(`generate-shapes: ${where}: @aws-sdk/client-${call.service} has no operation ${call.operation}`);
  }
  return shapeOf(operation[5]);
}

async function groupShape(name, group, where) {
  if (group.shape !== undefined && group.forEach === undefined) return group.shape;
  const value = group.shape ?? at(await outputShape(group.call, where), group.value, where);
  const whole = group.shape === undefined && group.value.endsWith('[]') ? { list: value } : value;
  if (group.forEach === undefined) return whole;
  const [first] = group.forEach;
  const key = segmentsOf(first).at(-1);
  const member = segmentsOf(group.value)[0]?.replace(/\[\]$/, '') ?? name;
  return { list: { fields: { [key]: 'string', [member]: whole } } };
}

/** The shape of one type, or an error that names what the SDK does not have. */
async function typeShape(type, shapes) {
  const { listing } = type;
  const where = type.type;
  const listed = at(await outputShape(listing.call, where), listing.items, where);
  // What is listed by name alone becomes an object when it is kept.
  const shape = listed.fields === undefined ? { fields: {} } : structuredClone(listed);
  for (const [member, from] of Object.entries(listing.inherit ?? {})) {
    const parent = listing.parent === undefined ? undefined : await shapes(listing.parent);
    put(shape, member, from.startsWith('@') ? 'string' : at(parent, from, where), where);
  }
  for (const [path, derived] of Object.entries(type.derived ?? {})) put(shape, path, derived, where);
  for (const [name, group] of Object.entries(type.groups ?? {})) {
    put(shape, name, await groupShape(name, group, `${where} ${name}`), where);
  }
  return shape;
}

/** Loads the declarations; esbuild reads TypeScript where Node does not. */
export async function loadResourceTypes(folder = join(root, 'src/resources')) {
  const files = (await readdir(folder)).filter((file) => /^[^_].*\.ts$/.test(file) && file !== 'index.ts').sort();
  const scratch = await mkdtemp(join(tmpdir(), 'proviso-shapes-'));
  try {
    const outfile = join(scratch, 'types.mjs');
    const contents = files.map((file, index) => `export { resourceType as t${index} } from './${file}';`).join('\n');
    const stdin = { contents, resolveDir: folder, loader: 'ts' };
    await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
    const types = await import(pathToFileURL(outfile).href);
    return files.map((_file, index) => types[`t${index}`]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * The shapes of some types, by name in the order of the names.
 *
 * @returns {Promise<Record<string, import('../src/model/resource-type.ts').Shape>>}
 */
export async function shapesOf(types) {
  const known = new Map();
  const find = async (name) => {
    const type = types.find((candidate) => candidate.type === name);
    if (type === undefined) throw new Error(`generate-shapes: no resource type is called ${name}`);
    if (!known.has(name)) known.set(name, await typeShape(type, find));
    return known.get(name);
  };
  const shapes = {};
  for (const name of types.map((type) => type.type).sort()) shapes[name] = await find(name);
  return shapes;
}

/** What rules are checked by: all that a type says of itself but how it is collected and declared. */
function factsOf({ type, noun, reach, id, name, arn, tags, always, relations, groups }) {
  const names =
    groups === undefined ? undefined : Object.fromEntries(Object.keys(groups).map((group) => [group, true]));
  return { type, noun, reach, id, name, arn, tags, always, relations, groups: names };
}

/** One type a line. */
async function writeByType(name, values) {
  const lines = Object.entries(values).map(([type, value]) => `${JSON.stringify(type)}:${JSON.stringify(value)}`);
  await writeIfChanged(join(root, 'src/resources', name), `{\n${lines.join(',\n')}\n}\n`);
}

export async function generate() {
  const types = await loadResourceTypes();
  await writeByType('shapes.json', await shapesOf(types));
  await writeByType('facts.json', Object.fromEntries(types.map((type) => [type.type, factsOf(type)])));
}
