import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const root = resolve(import.meta.dirname, '../..');

/** All that the project's scripts, its program and its generic tests read, but the installed packages. */
const parts = [
  '.ci',
  'biome.json',
  'rules',
  'schemas',
  'src',
  'package.json',
  'policies.yaml',
  'tsconfig.json',
  'vitest.config.ts',
];
const tests = ['fixtures', 'operators', 'rule', 'tooling', 'operators.test.ts', 'resources.test.ts', 'rules.test.ts'];

const run = promisify(execFile);

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project that may be changed. */
export interface ProjectCopy {
  readonly path: string;
  /** Adds a file. One that exists already is an error: nothing of the project's own is changed. */
  add(file: string, text: string): Promise<void>;
  /** Runs a script with Node. Its exit code is part of what it gives back. */
  node(...args: readonly string[]): Promise<Ran>;
  /** As `node`, but an exit code other than 0 is an error. */
  succeed(...args: readonly string[]): Promise<Ran>;
  remove(): Promise<void>;
}

/** The environment without what this test run, or the user's shell, adds to it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VITEST|NODE_OPTIONS|NODE_ENV|TEST$|MODE$|DEV$|PROD$|SSR$|AWS_|FORCE_COLOR|NO_COLOR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function node(cwd: string, args: readonly string[]): Promise<Ran> {
  try {
    const ran = await run(process.execPath, args, { cwd, env: plainEnvironment(), maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, ...ran };
  } catch (error) {
    const { code, stdout, stderr } = error as Partial<Ran>;
    if (typeof code !== 'number') throw error;
    return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

export async function copyProject(): Promise<ProjectCopy> {
  const path = await mkdtemp(join(tmpdir(), 'proviso-copy-'));
  for (const part of [...parts, ...tests.map((each) => `test/${each}`), 'test/docs/collect-type.ts'])
    await cp(join(root, part), join(path, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  return {
    path,
    async add(file, text) {
      const full = join(path, file);
      const taken = await stat(full).catch(() => undefined);
      if (taken !== undefined) throw new Error(`${file} exists already: the document needs another example`);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, text);
    },
    node: (...args) => node(path, args),
    async succeed(...args) {
      const ran = await node(path, args);
      if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`);
      return ran;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
