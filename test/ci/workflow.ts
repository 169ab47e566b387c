import { readFileSync } from 'node:fs';
import { access, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fencedBlocks } from '../docs/markdown.ts';
import { root } from '../docs/project-copy.ts';
import type { Context } from './expression.ts';
import { type Action, type JobRan, type Machine, runSteps, type Step, type Uses } from './runner.ts';

export const blocks = fencedBlocks(readFileSync(join(root, 'docs/continuous-integration.md'), 'utf8'));

export function exampleOf(title: string): string {
  const block = blocks.find((one) => one.title === title);
  if (block === undefined) throw new Error(`the page has no example ${title}`);
  return block.text;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly permissions: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

/** A workflow of the page, which has one job. */
export function workflowOf(title: string) {
  const { jobs, ...workflow }: Workflow = parse(exampleOf(title));
  const [job, ...others] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error(`${title} has not one job`);
  return { ...workflow, job };
}

export const action: Action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

/** What stands around a workflow: the cache of the repository, a package to run, and what it has uploaded. */
export interface Surroundings {
  readonly cache: string;
  readonly pack: { readonly file: string; readonly folder: string };
  readonly token?: string;
  /** Paths of artifacts, and categories of findings. */
  readonly uploads: string[];
}

/** The actions of others, as far as their effect matters, and our own. */
function actions(machine: Machine, around: Surroundings): Uses {
  const { cache, uploads } = around;
  return async (name, inputs) => {
    const path = join(machine.workspace, inputs.path ?? '');
    switch (name) {
      case 'actions/checkout':
        if (inputs['persist-credentials'] !== 'false') throw new Error('the credentials stay in the workspace');
        return {};
      case 'aws-actions/configure-aws-credentials':
        if (!inputs['role-to-assume']?.startsWith('arn:aws:iam::111122223333:role/')) throw new Error('what role?');
        Object.assign(machine.env, { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'example' });
        return {};
      case 'hashicorp/setup-terraform':
        if (inputs.terraform_wrapper !== 'false') throw new Error('the wrapper adds to what terraform prints');
        return {};
      case 'actions/cache/restore':
        await cp(join(cache, inputs.path ?? ''), path, { recursive: true }).catch(() => undefined);
        return {};
      case 'actions/cache/save':
        await cp(path, join(cache, inputs.path ?? ''), { recursive: true });
        return {};
      case 'actions/upload-artifact':
        await access(path);
        uploads.push(inputs.path ?? '');
        return {};
      case 'acme/proviso':
        return runOwn(inputs, machine, around);
      default:
        throw new Error(`nothing stands for ${name}`);
    }
  };
}

async function runOwn(
  given: Readonly<Record<string, string>>,
  machine: Machine,
  { pack, token = '', uploads }: Surroundings,
): Promise<Record<string, string>> {
  const wrong = Object.keys(given).filter((name) => action.inputs[name] === undefined);
  if (wrong.length > 0) throw new Error(`the action has no input ${wrong.join(', ')}`);
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
  const inputs = { ...Object.fromEntries(defaults), package: pack.file, ...given };
  const context = { inputs, github: { action_path: pack.folder, token } };
  const ran = await runSteps(action.runs.steps, context, machine, async (name, { category = '' }) => {
    if (name !== 'actions/setup-node') uploads.push(category);
    return {};
  });
  const outputs = ran.steps.find(({ name }) => name === 'Judge')?.outputs ?? {};
  return { ...outputs, failed: String(ran.code), log: ran.log };
}

export function runWorkflow(title: string, context: Context, machine: Machine, around: Surroundings): Promise<JobRan> {
  return runSteps(workflowOf(title).job.steps, context, machine, actions(machine, around));
}
