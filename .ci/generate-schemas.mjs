// Turns schemas/*.schema.json into the TypeScript types and the validators of src/model/*.generated.ts, so that the
// published program needs no schema compiler at run time.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';

const root = path.resolve(import.meta.dirname ?? path.dirname(fileURLToPath(import.meta.url)), '..');
const suffix = '.schema.json';

/** Writes the generated files; those that are up to date keep their time stamps. */
export async function generate({ schemas = path.join(root, 'schemas'), out = path.join(root, 'src/model') } = {}) {
  await mkdir(out, { recursive: true });
  const files = (await readdir(schemas)).filter((file) => file.endsWith(suffix)).sort();
  await Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -suffix.length);
      const schema = JSON.parse(await readFile(path.join(schemas, file), 'utf8'));
      await writeIfChanged(path.join(out, `${name}.generated.ts`), await typesOf(schema, file));
      await writeIfChanged(path.join(out, `validate-${name}.generated.ts`), await validatorOf(schema, file));
    }),
  );
}

async function typesOf(schema, file) {
  // Ours, not the name of the file or of a definition, decides what the main type is called.
  const types = await compile(structuredClone(schema), schema.title, {
    bannerComment: '',
    format: true,
    unreachableDefinitions: false,
  });
  return `// Generated from schemas/${file}.\n${types}`;
}

async function validatorOf(schema, file) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    verbose: true,
    code: { source: true, esm: true, lines: false },
  });
  const source = standaloneCode(ajv, ajv.compile(schema));
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    write: false,
    target: 'node20',
  });
  const code = outputFiles[0].text.replace(/export\{[^}]*\};?\s*$/, '');
  const entry = /(\w+) as default\b/.exec(outputFiles[0].text)?.[1];
  if (!entry) throw new Error(`no validator came out of ${file}`);
  return [
    `// Generated from schemas/${file}.`,
    '// @ts-nocheck',
    "import type { Validate } from './schema-errors.ts';",
    '',
    code.trim(),
    '',
    `export const validate${schema.title}: Validate = ${entry};`,
    '',
  ].join('\n');
}

async function writeIfChanged(file, text) {
  const old = await readFile(file, 'utf8').catch(() => undefined);
  if (old !== text) await writeFile(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
