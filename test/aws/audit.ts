import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Assessment, ResultLine } from '../../src/finding/finding.ts';

/** How a run of the built program ended, and what it said. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const anybody: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' };

const program = join(import.meta.dirname, '../../dist/cli.js');

/** Runs the built program as a user would, with credentials in the environment and nothing else of this one's. */
export async function runProgram(args: readonly string[], keys: Keys = anybody): Promise<Run> {
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** A run and the report that it printed. */
export type Audited = Run & { readonly report: Assessment & { readonly results: readonly ResultLine[] } };

/** Audits what listens at an address. Nothing is kept unless the arguments say where. */
export async function audit(endpoint: string, args: readonly string[] = [], keys: Keys = anybody): Promise<Audited> {
  const keeping = args.includes('--out') ? [] : ['--no-save'];
  const run = await runProgram(['audit', '--endpoint-url', endpoint, '--format', 'json', ...keeping, ...args], keys);
  if (run.stdout === '') throw new Error(`the audit printed nothing and ended with ${run.code}:\n${run.stderr}`);
  return { ...run, report: JSON.parse(run.stdout) as Audited['report'] };
}

/** The outcomes of a report, by `rule region id`. */
export function outcomesOf({ report }: Audited): ReadonlyMap<string, string> {
  return new Map(
    report.results.map(({ rule, region, resource, outcome }) => [`${rule} ${region} ${resource?.id ?? '*'}`, outcome]),
  );
}

export function firstWord(key: string): string {
  return /^[^ ]*/.exec(key)?.[0] ?? '';
}
