// Which packages are really in the bundle, and what follows from that: licences, notices, bill of materials.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

const awsScopes = /^(@aws-sdk|@smithy|@aws|@aws-crypto)\//;
const mostLibraries = 12;

/** Folder of the package that a bundled file belongs to: `node_modules/yaml`; undefined for files of our own. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

/** Whether an SPDX expression leaves a choice that is permissive. Parentheses and WITH are more than we accept. */
export function isPermissive(expression) {
  const terms = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return terms.some((term) => term.split(' AND ').every((id) => permissive.has(id)));
}

async function readTexts(folder) {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim());
}

async function describePackage(root, folder) {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const texts = await readTexts(join(root, folder));
  // This licence has one text for everyone, which is also ours.
  if (texts.length === 0 && license === 'Apache-2.0')
    texts.push((await readFile(join(root, 'LICENSE'), 'utf8')).trim());
  return { name, version, license: license ?? 'none', texts };
}

function byName(a, b) {
  const [x, y] = [`${a.name}@${a.version}`, `${b.name}@${b.version}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

/**
 * The packages of which at least one byte is in an output, sorted, each once.
 *
 * @param {string} root the folder that the metafile's paths start from
 * @param {import('esbuild').Metafile} metafile
 */
export async function listPackages(root, metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => packageFolder(path));
  const folders = [...new Set(used)].filter((folder) => folder !== undefined);
  const packages = await Promise.all(folders.map((folder) => describePackage(root, folder)));
  const unique = new Map(packages.map((it) => [`${it.name}@${it.version}`, it]));
  return [...unique.values()].sort(byName);
}

function* problemsOf({ name, license, texts }, reasons) {
  if (!isPermissive(license))
    yield `${name} is bundled under '${license}', which is not on the list of permissive licences`;
  if (texts.length === 0) yield `${name} is bundled without the text of its licence`;
  if (!awsScopes.test(name) && !Object.hasOwn(reasons, name)) {
    yield `${name} is bundled for no stated reason: add one to 'we-have-these-dependencies-because'`;
  }
}

/**
 * @param {{ name: string, license: string, texts: string[] }[]} packages
 * @param {Record<string, string>} reasons why each library other than AWS's own is there
 * @returns {string[]} what stands against shipping them
 */
export function judgePackages(packages, reasons) {
  const libraries = packages.filter(({ name }) => !awsScopes.test(name));
  const tooMany = `${libraries.length} libraries are bundled besides the AWS SDK; ${mostLibraries} are the most`;
  const problems = packages.flatMap((it) => [...problemsOf(it, reasons)]);
  return libraries.length > mostLibraries ? [...problems, tooMany] : problems;
}

/** The text of every licence once, after the packages it covers. */
export function writeNotices(packages) {
  const covered = new Map();
  for (const { name, version, license, texts } of packages) {
    const text = texts.join('\n\n');
    covered.set(text, [...(covered.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const rule = '-'.repeat(80);
  const parts = [...covered].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return ['Proviso contains the following software.\n', ...parts].join(`\n${rule}\n\n`);
}

function packageUrl(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** A CycloneDX bill of materials. It holds no time and no serial number: the same bundle gives the same bytes. */
export function writeBillOfMaterials(own, packages) {
  const describe = ({ name, version, license }, type) => ({
    type,
    'bom-ref': packageUrl(name, version),
    name,
    version,
    licenses: [/ (OR|AND) /.test(license) ? { expression: license } : { license: { id: license } }],
    purl: packageUrl(name, version),
  });
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: describe(own, 'application') },
    components: packages.map((it) => describe(it, 'library')),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}
