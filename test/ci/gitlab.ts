import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Ended, type Machine, runProcess } from './runner.ts';

export interface TemplateInput {
  readonly description: string;
  readonly default?: string;
  readonly options?: readonly string[];
}

export interface Job {
  /** Left to whoever includes the template. */
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, { readonly value: string; readonly expand: boolean }>>;
  readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
  readonly cache: { readonly paths: readonly string[]; readonly when: string };
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
}

export interface Template {
  readonly inputs: Readonly<Record<string, TemplateInput>>;
  /** The jobs with inputs filled in. */
  jobs(given: Readonly<Record<string, string>>): Readonly<Record<string, Job>>;
}

function fill(value: unknown, inputs: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
      const given = inputs[name];
      if (given === undefined) throw new Error(`the template has no input ${name}`);
      return given;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, inputs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(key, inputs), fill(item, inputs)]));
}

/** Reads a template as GitLab does: a header with its inputs, and below it jobs in which they are filled in. */
export function readTemplate(text: string): Template {
  const [header, body] = parseAllDocuments(text).map((document): unknown => document.toJS());
  const { inputs } = (header as { readonly spec: Pick<Template, 'inputs'> }).spec;
  return {
    inputs,
    jobs(given) {
      const filled: Record<string, string> = {};
      for (const [name, { default: otherwise, options }] of Object.entries(inputs)) {
        const value = given[name] ?? otherwise;
        if (value === undefined) throw new Error(`the input ${name} is missing`);
        if (options !== undefined && !options.includes(value)) throw new Error(`${name} cannot be ${value}`);
        filled[name] = value;
      }
      const wrong = Object.keys(given).filter((name) => inputs[name] === undefined);
      if (wrong.length > 0) throw new Error(`the template has no input ${wrong.join(', ')}`);
      return fill(body, filled) as Readonly<Record<string, Job>>;
    },
  };
}

/** Runs a job as the runner does: its scripts in one bash that stops at the first error, with nothing to read. */
export async function runJob(job: Job, machine: Machine): Promise<Ended> {
  const folder = await mkdtemp(join(machine.temp, '_job-'));
  const script = join(folder, 'job.sh');
  const lines = [...(job.before_script ?? []), ...job.script];
  await writeFile(script, `set -eo pipefail\nset +o noclobber\n${lines.join('\n')}\n`);
  const variables = Object.entries(job.variables).map(([name, { value }]) => [name, value]);
  const env = {
    PATH: process.env.PATH,
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PIPELINE_ID: '4711',
    CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
    CI_JOB_TOKEN: 'example-job-token',
    CI_PROJECT_DIR: machine.workspace,
    TMPDIR: machine.temp,
    ...Object.fromEntries(Object.keys(job.id_tokens).map((name) => [name, 'example.id.token'])),
    ...Object.fromEntries(variables),
    ...machine.env,
  };
  return runProcess('bash', [script], machine.workspace, env);
}
