import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Keys } from './audit.ts';

/** What an audit must say of one resource that was seeded, and what is special about it. */
export interface Expectation {
  readonly rule: string;
  readonly region: string;
  readonly id: string;
  readonly outcome: string;
  readonly trap: string;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: start the suite by \`npm run test:aws\``);
  return value;
}

/** Where the emulator of AWS listens. */
export const emulator = setting('PROVISO_TEST_ENDPOINT');

const python = setting('PROVISO_TEST_PYTHON');

async function post(path: string, body: string): Promise<void> {
  const response = await fetch(new URL(path, emulator), { method: 'POST', body });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
}

/** Empties the account, and lets everybody in again. */
export async function resetEmulator(): Promise<void> {
  await checkCredentials(false);
  await post('/moto-api/reset', '');
}

/** From now on every request is checked: the signature, and the permissions of the user whose keys made it. */
export async function checkCredentials(on = true): Promise<void> {
  await post('/moto-api/reset-auth', on ? '0' : 'inf');
}

/** Turns on the account's block of public access to S3, all of it. */
export async function blockPublicAccess(): Promise<void> {
  await runScript('block_public_access.py');
}

/** Makes snapshots of volumes and databases. @returns what an audit must say of them today, and in a year */
export async function makeSnapshots(): Promise<Readonly<Record<'today' | 'in a year', readonly Expectation[]>>> {
  return JSON.parse(await runScript('ages.py', 'make'));
}

/** Deletes all snapshots, and the images that they boot. */
export async function deleteSnapshots(): Promise<void> {
  await runScript('ages.py', 'delete');
}

let auditors = 0;

/** Adds a user who may do everything but one action. */
export async function addAuditor(denied: string): Promise<Keys> {
  auditors += 1;
  return JSON.parse(await runScript('auditor.py', `auditor-${auditors}`, denied)) as Keys;
}

async function runScript(script: string, ...args: readonly string[]): Promise<string> {
  const child = startScript(script, ...args);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${script} failed:\n${errors}`);
  return output;
}

/** No byte code is kept beside the scripts. */
function startScript(script: string, ...args: readonly string[]): ChildProcessWithoutNullStreams {
  const path = join(import.meta.dirname, script);
  return spawn(python, ['-B', path, emulator, ...args], { env: { PATH: process.env.PATH } });
}

/** An emulated account in its broken state. */
export interface Seeded {
  readonly broken: readonly Expectation[];
  /** Mends it, which can be done once. */
  mend(): Promise<readonly Expectation[]>;
  stop(): void;
}

async function readLine(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, errors: () => string) {
  const { value, done } = await lines.next();
  if (done !== true) return JSON.parse(value) as readonly Expectation[];
  if (child.exitCode === null) await once(child, 'exit');
  throw new Error(`the account was not seeded:\n${errors()}`);
}

/** Empties the account and brings it into the broken state. */
export async function seed(): Promise<Seeded> {
  await resetEmulator();
  const child = startScript('seed.py');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = () => readLine(child, lines, () => said);
  const broken = await read();
  return {
    broken,
    mend: () => {
      child.stdin.write('mend\n');
      return read();
    },
    stop: () => {
      child.kill();
    },
  };
}
