// Writes docs/resource-types.md: the resource types, the calls behind them, and the fields of those that CloudFormation
// does not have. Run it after a change in src/resources/; a test compares the page with the types.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadResourceTypes, shapesOf } from './generate-shapes.mjs';
import { writeIfChanged } from './write-if-changed.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A table as the formatter wants it: columns as wide as their widest cell. */
function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const nameOf = ({ service, operation }) => `\`${service}:${operation}\``;

function callsOf({ listing, groups = {} }) {
  const further = Object.entries(groups).map(([name, { call }]) => `\`${name}\` from ${nameOf(call)}`);
  const region =
    listing.region?.otherwise === undefined ? [] : [`region from ${nameOf(listing.region.otherwise.call)}`];
  return [nameOf(listing.call), ...region, ...further].join(', ');
}

/** Path and kind of every value in a shape, lists as `[]` and maps as `.*`. */
function* fieldsOf(shape, path = '') {
  if (typeof shape === 'string') yield [path, shape];
  else if (shape.list !== undefined) yield* fieldsOf(shape.list, `${path}[]`);
  else if (shape.map !== undefined) yield* fieldsOf(shape.map, `${path}.*`);
  else {
    for (const name of Object.keys(shape.fields).sort()) {
      yield* fieldsOf(shape.fields[name], path === '' ? name : `${path}.${name}`);
    }
  }
}

function relationsOf({ relations = {} }) {
  return Object.entries(relations).map(([name, { to, from, match }]) =>
    match === '@region'
      ? `\`${name}\` leads to every \`${to}\` in the region of that \`${from}\`.`
      : `\`${name}\` leads to the \`${to}\` whose \`${match}\` is its \`${from}\`.`,
  );
}

function sectionOf(type, shape) {
  const rows = [...fieldsOf(shape)].map(([path, kind]) => [
    `\`${path}\``,
    kind,
    type.always.includes(path.replace(/\[\]$/, '')) ? 'always' : '',
  ]);
  const relations = relationsOf(type);
  return [
    `### ${type.type}`,
    type.invented,
    `Its id is \`${type.id}\`. It comes from ${callsOf(type)}.`,
    ...(relations.length === 0 ? [] : [`Relations: ${relations.join(' ')}`]),
    table(['field', 'kind', 'in the answer'], rows),
  ].join('\n\n');
}

const code = (names) => names.map((name) => `\`${name}\``).join(', ');

/** What declares an instance, and what adds to it. */
function declaredBy(main, { satellites = {} }) {
  const additions = Object.keys(satellites);
  return additions.length === 0 ? code(main) : `${code(main)}, with ${code(additions)}`;
}

function formsOf({ type, terraform, cloudformation }) {
  return [
    `\`${type}\``,
    terraform === undefined ? 'none' : declaredBy(terraform.main, terraform),
    cloudformation === undefined ? 'none' : declaredBy([cloudformation.main ?? type], cloudformation),
  ];
}

/** The whole page. */
export async function resourceTypesPage() {
  const types = (await loadResourceTypes()).sort((a, b) => (a.type < b.type ? -1 : 1));
  const shapes = await shapesOf(types);
  const rows = types.map((type) => [`\`${type.type}\``, type.reach, callsOf(type)]);
  return `${[
    '# Resource types',
    '<!-- Written by `node .ci/write-resource-types.mjs`. Do not edit. -->',
    "Rules name resource types as CloudFormation does, and their fields as AWS's own API does. What a further call adds to a\nresource lies under one name of its own: `Policy` of a bucket is what `s3:GetBucketPolicy` answered.",
    table(['type', 'reach', 'calls'], rows),
    '## Where they are declared',
    'What a plan or a template has to say about a resource may be spread over several blocks. Of a type without any, such a\ndocument says nothing.',
    table(['type', 'Terraform', 'CloudFormation'], types.map(formsOf)),
    '## Types that CloudFormation does not have',
    'These have names of our own. A field that is always in the answer makes the answer broken when it is missing; any other\none is then known to be absent.',
    ...types.filter(({ invented }) => invented !== undefined).map((type) => sectionOf(type, shapes[type.type])),
  ].join('\n\n')}\n`;
}

async function main() {
  const file = join(root, 'docs/resource-types.md');
  const changed = await writeIfChanged(file, await resourceTypesPage());
  process.stdout.write(`docs/resource-types.md ${changed ? 'written' : 'is up to date'}\n`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
