// Turns schemas/*.schema.json into the TypeScript types and the validators of src/model/*.generated.ts, so that the
// published program needs no schema compiler at run time.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(here), '..');
const suffix = '.schema.json';

/** Writes the generated files. This runs before every script: what is up to date costs no more than a look. */
export async function generate({ schemas = path.join(root, 'schemas'), out = path.join(root, 'src/model') } = {}) {
  await mkdir(out, { recursive: true });
  const files = (await readdir(schemas)).filter((file) => file.endsWith(suffix)).sort();
  const generator = await readFile(here);
  for (const file of files) {
    const text = await readFile(path.join(schemas, file));
    const digest = createHash('sha256').update(generator).update(text).digest('hex').slice(0, 16);
    const head = `// Generated from schemas/${file}, ${digest}.\n`;
    const name = file.slice(0, -suffix.length);
    const schema = JSON.parse(text);
    await bringUpToDate(path.join(out, `${name}.generated.ts`), head, () => typesOf(schema));
    await bringUpToDate(path.join(out, `validate-${name}.generated.ts`), head, () => validatorOf(schema));
  }
}

async function bringUpToDate(file, head, make) {
  const old = await readFile(file, 'utf8').catch(() => '');
  if (old.startsWith(head)) return;
  // Renamed into place: another process may be reading.
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, head + (await make()));
  await rename(temporary, file);
}

async function typesOf(schema) {
  const { compile } = await import('json-schema-to-typescript');
  return await compile(structuredClone(schema), schema.title, { bannerComment: '', unreachableDefinitions: false });
}

async function validatorOf(schema) {
  const { default: Ajv2020 } = await import('ajv/dist/2020.js');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    strict: true,
    strictRequired: false,
    verbose: true,
    code: { source: true, esm: true, lines: false },
  });
  const code = await bundle(standaloneCode(ajv, ajv.compile(schema)));
  const entry = /(\w+) as default\b/.exec(code)?.[1];
  if (entry === undefined) throw new Error(`no validator came out of the schema of ${schema.title}`);
  return [
    '// @ts-nocheck',
    "import type { Validate } from './schema-errors.ts';",
    '',
    code.replace(/export\{[^}]*\};?\s*$/, '').trim(),
    '',
    `export const validate${schema.title}: Validate = ${entry};`,
    '',
  ].join('\n');
}

/** Takes in the few functions that a validator requires of its compiler. */
async function bundle(code) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    write: false,
    target: 'node20',
  });
  return outputFiles[0].text;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === here) await generate();
