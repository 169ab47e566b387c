import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applies, type Context, interpolate } from './expression.ts';

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly if?: string;
}

export interface Input {
  readonly description: string;
  readonly default?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The machine on which a job runs. */
export interface Machine {
  readonly workspace: string;
  readonly temp: string;
  /** Beside the runner's own variables. Steps that use other actions may add to it. */
  readonly env: Record<string, string>;
}

export interface StepRan {
  readonly name: string;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The inputs of a step that uses another action. */
  readonly with?: Readonly<Record<string, string>>;
}

export interface JobRan {
  /** Of the first step that failed, else 0. */
  readonly code: number;
  readonly steps: readonly StepRan[];
  /** Everything that the steps printed, as the log has it. */
  readonly log: string;
  readonly summary: string;
}

/** Stands for an action that a step uses: gives its outputs, or throws if it fails. */
export type Uses = (name: string, inputs: Readonly<Record<string, string>>) => Promise<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, stdout, stderr }));
  });
}

async function readOutputs(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`no output: ${line}`);
      return [name, value];
    }),
  );
}

/** Runs the script of one step as the runner does: a file, its shell, and files for outputs and the summary. */
async function runScript(step: Step, context: Context, machine: Machine, summary: string): Promise<StepRan> {
  const folder = await mkdtemp(join(machine.temp, '_runner-'));
  const [script, output] = [join(folder, 'step.sh'), join(folder, 'output')];
  await writeFile(script, interpolate(step.run ?? '', context));
  await writeFile(output, '');
  const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolate(value, context)]);
  const env = {
    PATH: process.env.PATH,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: machine.workspace,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: machine.temp,
    ...machine.env,
    ...Object.fromEntries(own),
  };
  const flags = step.shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  const ended = await runProcess('bash', [...flags, script], machine.workspace, env);
  const outcome = ended.code === 0 ? 'success' : 'failure';
  return { name: step.name ?? step.id ?? '', outcome, ...ended, outputs: await readOutputs(output) };
}

async function useAction(step: Step, context: Context, uses: Uses): Promise<StepRan> {
  const entries = Object.entries(step.with ?? {}).map(([key, value]) => [key, interpolate(String(value), context)]);
  const given: Record<string, string> = Object.fromEntries(entries);
  const name = step.uses ?? '';
  const ran = { name: step.name ?? name, with: given, stdout: '', stderr: '' };
  try {
    const outputs = await uses(name.replace(/@.*/, ''), given);
    const code = Number(outputs.failed ?? 0);
    return { ...ran, outcome: code === 0 ? 'success' : 'failure', code, stdout: outputs.log ?? '', outputs };
  } catch (error) {
    return { ...ran, outcome: 'failure', code: 1, stderr: String(error), outputs: {} };
  }
}

/** Runs the steps of a job, or of an action, one after the other. */
export async function runSteps(
  steps: readonly Step[],
  given: Context,
  machine: Machine,
  uses: Uses = async () => ({}),
): Promise<JobRan> {
  const summary = join(await mkdtemp(join(machine.temp, '_summary-')), 'summary.md');
  await writeFile(summary, '');
  const done: StepRan[] = [];
  const known: Record<string, Context> = {};
  for (const step of steps) {
    const context = { runner: { temp: machine.temp }, ...given, steps: known };
    const hasFailed = done.some(({ outcome }) => outcome === 'failure');
    const name = step.name ?? step.uses ?? '';
    const ran: StepRan = !applies(step.if, hasFailed, context)
      ? { name, outcome: 'skipped', code: 0, stdout: '', stderr: '', outputs: {} }
      : step.uses === undefined
        ? await runScript(step, context, machine, summary)
        : await useAction(step, context, uses);
    done.push(ran);
    if (step.id !== undefined) known[step.id] = { outcome: ran.outcome, outputs: ran.outputs };
  }
  return {
    code: done.find(({ outcome }) => outcome === 'failure')?.code ?? 0,
    steps: done,
    log: done.map(({ stdout, stderr }) => stdout + stderr).join(''),
    summary: await readFile(summary, 'utf8'),
  };
}
