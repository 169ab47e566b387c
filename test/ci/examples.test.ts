import { readFileSync } from 'node:fs';
import { access, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { fencedBlocks } from '../docs/markdown.ts';
import { root } from '../docs/project-copy.ts';
import { readTemplate } from './gitlab.ts';
import { makePackage } from './package.ts';
import { type Action, type Machine, runSteps, type Step, type Uses } from './runner.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const blocks = fencedBlocks(read('docs/continuous-integration.md'));

function exampleOf(title: string): string {
  const block = blocks.find((one) => one.title === title);
  if (block === undefined) throw new Error(`the page has no example ${title}`);
  return block.text;
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: {
    readonly audit: { readonly permissions: Readonly<Record<string, string>>; readonly steps: readonly Step[] };
  };
}

const action: Action = parse(read('action.yml'));
const workflow: Workflow = parse(exampleOf('.github/workflows/audit.yml'));

describe('the nightly workflow', () => {
  let simulator: Simulator;
  let pack: Awaited<ReturnType<typeof makePackage>>;
  beforeAll(async () => {
    pack = await makePackage();
    simulator = await startSimulator(demoAccount);
  }, 120_000);
  afterAll(async () => {
    await simulator.close();
    await pack.remove();
  });

  /** The actions of others, as far as their effect matters, and our own. */
  function actions(machine: Machine, cache: string, artifacts: string[]): Uses {
    return async (name, inputs) => {
      const path = join(machine.workspace, inputs.path ?? '');
      switch (name) {
        case 'actions/checkout':
          expect(inputs['persist-credentials']).toBe('false');
          return {};
        case 'aws-actions/configure-aws-credentials':
          expect(inputs['role-to-assume']).toMatch(/^arn:aws:iam::111122223333:role\//);
          Object.assign(machine.env, { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'example' });
          return {};
        case 'actions/cache/restore':
          await cp(cache, path, { recursive: true }).catch(() => undefined);
          return {};
        case 'actions/cache/save':
          await cp(path, cache, { recursive: true });
          return {};
        case 'actions/upload-artifact':
          await access(path);
          artifacts.push(inputs.path ?? '');
          return {};
        case 'acme/proviso':
          return runOwn(inputs, machine);
        default:
          throw new Error(`nothing stands for ${name}`);
      }
    };
  }

  async function runOwn(given: Readonly<Record<string, string>>, machine: Machine): Promise<Record<string, string>> {
    for (const name of Object.keys(given)) expect(action.inputs).toHaveProperty(name);
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    const inputs = { ...Object.fromEntries(defaults), package: pack.file, ...given };
    const ran = await runSteps(action.runs.steps, { inputs, github: { action_path: pack.folder } }, machine);
    const outputs = ran.steps.find(({ name }) => name === 'Judge')?.outputs ?? {};
    return { ...outputs, failed: String(ran.code), log: ran.log };
  }

  /** One night, on a new machine. */
  async function night(cache: string, policy: string, inputs: Readonly<Record<string, boolean>> = {}) {
    const [workspace, temp] = [await pack.room(), await pack.room()];
    await writeFile(join(workspace, 'policies.yaml'), policy);
    const env = { AWS_ENDPOINT_URL: simulator.url, AWS_EC2_METADATA_DISABLED: 'true', HOME: temp };
    const machine = { workspace, temp, env };
    const artifacts: string[] = [];
    const context = { github: { run_id: '4711', run_attempt: '1' }, inputs };
    const ran = await runSteps(workflow.jobs.audit.steps, context, machine, actions(machine, cache, artifacts));
    const kept = await access(join(cache, 'results.ndjson')).then(
      () => true,
      () => false,
    );
    return { code: ran.code, kept, artifacts };
  }

  const promise = (...rules: readonly string[]) =>
    `title: Acme\nclauses: { a: { claim: It holds., verified: [rules], rules: [${rules.join(', ')}] } }\n`;

  it('is red until what it finds is accepted, and then for what is new alone', { timeout: 120_000 }, async () => {
    const cache = join(await pack.room(), 'cache');
    const report = ['report.html'];
    const ports = promise('sg-no-public-high-risk-ports');
    expect(await night(cache, ports)).toEqual({ code: 1, kept: false, artifacts: report });
    expect(await night(cache, ports, { accept: true })).toEqual({ code: 1, kept: true, artifacts: report });
    expect(await night(cache, ports)).toEqual({ code: 0, kept: true, artifacts: report });
    const more = promise('sg-no-public-high-risk-ports', 'iam-console-user-mfa');
    expect((await night(cache, more)).code).toBe(1);
    expect((await night(cache, more)).code).toBe(1);
    expect((await night(cache, 'title: Acme\nclauses: nothing\n')).code).toBe(2);
    expect((await night(cache, ports)).code).toBe(0);
  });

  it('has no more rights than it needs', () => {
    expect(workflow.permissions).toEqual({});
    const rights = { contents: 'read', 'id-token': 'write', 'security-events': 'write' };
    expect(workflow.jobs.audit.permissions).toEqual(rights);
  });
});

it('the GitLab example includes the template with inputs that it has', () => {
  const { include, ...jobs } = parse(exampleOf('.gitlab-ci.yml')) as {
    readonly include: readonly { readonly file: string; readonly inputs: Readonly<Record<string, string>> }[];
  };
  const made = include.flatMap(({ inputs }) => Object.keys(template.jobs(inputs)));
  expect(include.map(({ file }) => file)).toEqual(['templates/proviso.yml']);
  expect(Object.keys(jobs)).toEqual(made);
});

const template = readTemplate(read('templates/proviso.yml'));

describe('what runs on machines of others', () => {
  const files: readonly (readonly [name: string, text: string])[] = [
    ['action.yml', read('action.yml')],
    ['templates/proviso.yml', read('templates/proviso.yml')],
    ...blocks.filter(({ language }) => language === 'yaml').map(({ title, text }) => [title, text] as const),
  ];

  it.each(files)('%s uses other actions by the full hash of a commit alone', (_, text) => {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
    for (const [, name, comment] of used) {
      expect(name).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # ./);
    }
  });

  it('no script has inputs written into it', () => {
    const scripts = [...action.runs.steps, ...workflow.jobs.audit.steps].flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(3);
    const jobs = Object.values(template.jobs({ package: '<<package>>', policy: '<<policy>>' }));
    const all = [...scripts, ...jobs.flatMap((job) => job.script)];
    expect(all.filter((script) => /\$\{\{|\$\[\[|<</.test(script.replaceAll('<<<"$2"', '')))).toEqual([]);
    for (const job of jobs) for (const { expand } of Object.values(job.variables)) expect(expand).toBe(false);
  });

  it('every input is explained, and reaches a step', () => {
    const text = read('action.yml');
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description).toMatch(/^.{15,}\.$/s);
      expect(text).toContain(`\${{ inputs.${name} }}`);
    }
    const body = read('templates/proviso.yml').split('\n---\n')[1];
    for (const [name, { description }] of Object.entries(template.inputs)) {
      expect(description).toMatch(/^.{10,}\.$/s);
      expect(body).toContain(`$[[ inputs.${name} ]]`);
    }
  });
});
