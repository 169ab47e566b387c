// Bundles the command line and the library into dist/, with declarations, notices and a bill of materials. What is in
// dist/ needs Node and nothing else.
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { judgePackages, listPackages, writeBillOfMaterials, writeNotices } from './bundled-packages.mjs';
import { writeDeclarations } from './declarations.mjs';
import { proveRules } from './prove-rules.mjs';

const hashbang = '#!/usr/bin/env node\n';
const createRequire = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n";

/** CommonJS libraries ask for Node's modules by `require`, which an ES module does not have by itself. */
function complete(path, text) {
  const body = text.replace(/^#!.*\n/, '');
  const needsRequire = body.includes('Dynamic require of');
  return (basename(path) === 'cli.js' ? hashbang : '') + (needsRequire ? createRequire : '') + body;
}

/**
 * Commander can run subcommands that are programs of their own. Ours are not, and what starts programs takes longer to
 * load than all of commander.
 */
const withoutSubprograms = {
  name: 'without-subprograms',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Data as text that is parsed: an engine reads that faster than a program. */
const dataAsText = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/][a-z]+[\\/][^\\/]+\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};

/** Puts the rules that were proven, as text that is parsed, in the place of the list that proves none. */
function withProvenRules(root) {
  return {
    name: 'proven-rules',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/]commands[\\/]_proven-rules\.ts$/ }, async () => {
        const text = JSON.stringify(await proveRules(root, [dataAsText]));
        return { contents: `export const provenRules = JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
      });
    },
  };
}

/** What is needed from the start, or by nearly every part of the program, and imports nothing large. */
const core = [
  ...['errors', 'commands/_command', 'commands/_connection', 'reporters/index', 'finding/finding'],
  ...['finding/plain-text', 'model/tool', 'model/value', 'model/instant', 'model/yaml', 'model/yaml-characters'],
  ...['model/read-yaml', 'model/json-text', 'model/arn', 'model/nearest', 'model/suggest'],
];

/**
 * Files go into one chunk where the same parts of the program need them, so that small ones which many parts need in
 * different combinations would come in as many chunks; to open one costs a millisecond. Here every file needs them all.
 */
function withCoreTogether(root) {
  const needsCore = core.map((name) => `import ${JSON.stringify(join(root, `src/${name}.ts`))};\n`).join('');
  return {
    name: 'core-together',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^core-together$/ }, ({ path }) => ({ path, namespace: path, sideEffects: true }));
      onLoad({ filter: /.*/, namespace: 'core-together' }, () => ({ contents: needsCore, resolveDir: root }));
      onLoad({ filter: /[\\/]src[\\/][a-z-]+[\\/][^\\/]+\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(join(root, 'src'))) return undefined;
        return { contents: `${await readFile(path, 'utf8')}\nimport 'core-together';\n`, loader: 'ts' };
      });
    },
  };
}

/**
 * Bundles entry points of `root` into `outdir`, all files side by side, so that `../` from any of them is the package.
 *
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundle(root, entryPoints, outdir) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [
      ...[withoutSubprograms, dataAsText, withProvenRules(root)],
      ...(entryPoints.includes('src/cli.ts') ? [withCoreTogether(root)] : []),
    ],
    // Names and line breaks stay, so that the stack of a bug report can be read.
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  await mkdir(outdir, { recursive: true });
  for (const { path, text } of outputFiles) await writeFile(path, complete(path, text));
  return metafile;
}

async function buildAll(root, outdir) {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  // Apart from each other, as nobody uses both at once: what they share would come in many small files.
  const [program, library] = await Promise.all([
    bundle(root, ['src/cli.ts'], outdir),
    bundle(root, ['src/index.ts', 'src/terraform-plan.ts'], outdir),
    writeDeclarations(root, outdir),
  ]);
  const metafile = { outputs: { ...program.outputs, ...library.outputs } };
  await chmod(join(outdir, 'cli.js'), 0o755);
  const packages = await listPackages(root, metafile);
  const problems = judgePackages(packages, own['we-have-these-dependencies-because']);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await writeFile(join(outdir, 'THIRD-PARTY-NOTICES.txt'), writeNotices(packages));
  await writeFile(join(outdir, 'sbom.cdx.json'), writeBillOfMaterials(own, packages));
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return `${Object.keys(metafile.outputs).length} files, ${Math.ceil(bytes / 1024)} kB, ${packages.length} packages`;
}

/** Builds beside dist/ and swaps at the end, so that a failed build leaves the last good one. */
async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
  const fresh = join(root, `dist.${process.pid}.tmp`);
  try {
    const summary = await buildAll(root, fresh);
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(fresh, join(root, 'dist'));
    process.stdout.write(`dist: ${summary}\n`);
  } catch (error) {
    // esbuild has printed its own messages already.
    if (error.errors === undefined) process.stderr.write(`build: ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
