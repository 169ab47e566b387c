// The type declarations of the library entries: only the files that it really needs, for every module resolution.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';

// A comment may say "an import's id": what is imported stands behind a space or a bracket, on the same line.
const specifiers = /(?<=\b(?:from|import)(?:\s+|\s*\(\s*))(['"])([^'"\n]+)\1/g;

/**
 * Copies the declarations reachable from the entries, with `.js` in place of `.ts` in their imports, which every
 * TypeScript since 4.7 understands.
 *
 * @throws Error when a declaration needs a package, which nobody who installs this one would have
 */
async function copyReachable(from, to) {
  const entries = await readdir(from);
  const waiting = entries.filter((name) => name === 'index.d.ts' || name === 'terraform-plan.d.ts');
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const here = path;
    const text = (await readFile(join(from, here), 'utf8')).replace(specifiers, (_, quote, specifier) => {
      if (specifier.startsWith('node:')) return quote + specifier + quote;
      if (!specifier.startsWith('.'))
        throw new Error(`${here} needs the types of '${specifier}', which is bundled away`);
      const target = posix.join(posix.dirname(here), specifier.replace(/\.ts$/, '.d.ts'));
      if (!seen.has(target)) waiting.push(target);
      seen.add(target);
      return quote + specifier.replace(/\.ts$/, '.js') + quote;
    });
    await mkdir(dirname(join(to, here)), { recursive: true });
    await writeFile(join(to, here), text);
  }
}

/**
 * @param {string} root the folder of package.json
 * @param {string} outdir where `index.d.ts` and `terraform-plan.d.ts` go
 */
export async function writeDeclarations(root, outdir) {
  const emitted = await mkdtemp(join(tmpdir(), 'proviso-declarations-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const project = join(root, '.ci/tsconfig.declarations.json');
    await promisify(execFile)(process.execPath, [tsc, '-p', project, '--outDir', emitted]);
    await copyReachable(emitted, outdir);
  } catch (error) {
    throw new Error(`no declarations: ${error.stdout?.trim() || error.message}`, { cause: error });
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}
