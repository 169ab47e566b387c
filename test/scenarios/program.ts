import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../.ci/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sees the process once it has started. */
  readonly started?: (child: ChildProcess) => void;
}

/** The program as it is shipped, in a folder of its own, with room for files beside it. */
export interface Program {
  /** Where the program lies. */
  readonly folder: string;
  /** An empty place for the files of one test. */
  room(): Promise<string>;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Runs a line of the shell, in which `proviso` is the program. */
  shell(line: string, options?: RunOptions): Promise<Ended>;
  remove(): Promise<void>;
}

/** Bundles the program into a folder, as a package has it. */
export async function installProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'proviso-program-'));
  for (const part of ['rules', 'schemas', 'policies.yaml', 'package.json'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await bundle(root, ['src/cli.ts'], join(folder, 'dist'));
  const cli = join(folder, 'dist/cli.js');
  const room = () => mkdtemp(join(folder, 'room-'));
  const environment = (env: RunOptions['env']) => ({ PATH: process.env.PATH ?? '', HOME: folder, ...env });
  return {
    folder,
    room,
    run: (args, { cwd = folder, env, started } = {}) =>
      ending(spawn(process.execPath, [cli, ...args], { cwd, env: environment(env) }), started),
    shell: (line, { cwd = folder, env, started } = {}) => {
      const text = `proviso() { "${process.execPath}" "${cli}" "$@"; }\n${line}`;
      return ending(spawn('bash', ['-c', text], { cwd, env: environment(env) }), started);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function ending(child: ChildProcess, started: RunOptions['started']): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin?.end();
  started?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // A signal that meets a program on its way out ends it as a shell would say.
    child.once('close', (code, signal) => resolve({ code: signal === 'SIGINT' ? 130 : code, stdout, stderr }));
  });
}
