import { readFileSync } from 'node:fs';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { root } from '../docs/project-copy.ts';
import { anywhere, office, planOf, writeRepository } from './change.ts';
import { readTemplate } from './gitlab.ts';
import { makePackage } from './package.ts';
import { openPlatform, type Platform } from './platform.ts';
import type { Machine } from './runner.ts';
import { action, blocks, exampleOf, runWorkflow, workflowOf } from './workflow.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the workflows', () => {
  let simulator: Simulator;
  let platform: Platform;
  let pack: Awaited<ReturnType<typeof makePackage>>;
  beforeAll(async () => {
    pack = await makePackage();
    simulator = await startSimulator(demoAccount);
    platform = await openPlatform();
  }, 120_000);
  afterAll(async () => {
    await platform.close();
    await simulator.close();
    await pack.remove();
  });

  const exists = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  /** One night, on a new machine. */
  async function night(cache: string, policy: string, inputs: Readonly<Record<string, boolean>> = {}) {
    const [workspace, temp] = [await pack.room(), await pack.room()];
    await writeFile(join(workspace, 'policies.yaml'), policy);
    const env = { AWS_ENDPOINT_URL: simulator.url, AWS_EC2_METADATA_DISABLED: 'true', HOME: temp };
    const uploads: string[] = [];
    const context = { github: { run_id: '4711', run_attempt: '1' }, inputs };
    const around = { cache, pack, uploads };
    const ran = await runWorkflow('.github/workflows/audit.yml', context, { workspace, temp, env }, around);
    return { code: ran.code, kept: await exists(join(cache, 'baseline/results.ndjson')), uploads };
  }

  const promise = (...rules: readonly string[]) =>
    `title: Acme\nclauses: { a: { claim: It holds., verified: [rules], rules: [${rules.join(', ')}] } }\n`;

  it('of the night is red until what it finds is accepted, and then for what is new', {
    timeout: 120_000,
  }, async () => {
    const cache = join(await pack.room(), 'cache');
    const uploads = ['proviso', 'report.html'];
    const ports = promise('sg-no-public-high-risk-ports');
    expect(await night(cache, ports)).toEqual({ code: 1, kept: false, uploads });
    expect(await night(cache, ports, { accept: true })).toEqual({ code: 1, kept: true, uploads });
    expect(await night(cache, ports)).toEqual({ code: 0, kept: true, uploads });
    const more = promise('sg-no-public-high-risk-ports', 'iam-console-user-mfa');
    expect((await night(cache, more)).code).toBe(1);
    expect((await night(cache, more)).code).toBe(1);
    await rm(join(cache, 'account'), { recursive: true });
    expect((await night(cache, 'title: Acme\nclauses: nothing\n')).code).toBe(2);
    expect(await exists(join(cache, 'account'))).toBe(false);
    expect((await night(cache, ports)).code).toBe(0);
  });

  /** A machine with a terraform that has made a plan. */
  async function makePlanner(plan: string): Promise<Machine> {
    const [workspace, temp] = [await pack.room(), await pack.room()];
    await writeRepository(workspace);
    await mkdir(join(temp, 'bin'));
    const text = [
      '#!/bin/sh',
      '[ "$1" = -chdir=infra ] || exit 9',
      'case $2 in',
      '  init) ;;',
      '  plan) for word; do case $word in -out=*) : >"${word#-out=}" ;; esac; done ;;',
      `  show) [ -f "$4" ] && cat "$HOME/planned.json" ;;`,
      'esac',
    ];
    await writeFile(join(temp, 'bin/terraform'), `${text.join('\n')}\n`);
    await chmod(join(temp, 'bin/terraform'), 0o755);
    await writeFile(join(temp, 'planned.json'), plan);
    await writeFile(join(temp, 'event.json'), JSON.stringify({ pull_request: { number: 7 } }));
    const gitHub = {
      GITHUB_API_URL: platform.url,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_EVENT_PATH: join(temp, 'event.json'),
    };
    return { workspace, temp, env: { ...gitHub, HOME: temp, PATH: `${join(temp, 'bin')}:${process.env.PATH}` } };
  }

  it('of a pull request judges its plan over what the night has seen', { timeout: 120_000 }, async () => {
    const cache = join(await pack.room(), 'cache');
    const pull = async (plan: string) => {
      const uploads: string[] = [];
      const around = { cache, pack, uploads, token: platform.token };
      const context = { github: { run_id: '4712', ref: 'refs/pull/7/merge' } };
      const ran = await runWorkflow('.github/workflows/plan.yml', context, await makePlanner(plan), around);
      return { code: ran.code, log: ran.log, uploads };
    };
    expect((await pull(planOf(office))).code).toBe(2);
    await night(cache, promise('sg-no-public-ssh'));
    expect(await pull(planOf(office))).toMatchObject({ code: 0, uploads: ['proviso-gate'] });
    const broken = await pull(planOf(anywhere));
    expect(broken.code).toBe(1);
    expect(broken.log).toMatch(/^::error file=infra\/main\.tf,line=\d/m);
    expect(broken.log).toMatch(/over\s+the\s+snapshot\s+of/);
    expect(broken.log).not.toContain('example-secret');
    expect(platform.comments.map(({ body }) => body)).toEqual([expect.stringContaining('sg-no-public-ssh')]);
  });

  it.each([
    ['audit', { contents: 'read', 'id-token': 'write', 'security-events': 'write' }],
    ['plan', { contents: 'read', 'id-token': 'write', 'pull-requests': 'write', 'security-events': 'write' }],
  ])('have no more rights than they need: %s', (name, rights) => {
    const { permissions, job } = workflowOf(`.github/workflows/${name}.yml`);
    expect([permissions, job.permissions]).toEqual([{}, rights]);
  });

  it('never run the code of a stranger with rights', () => {
    expect(workflowOf('.github/workflows/plan.yml').on).toBe('pull_request');
  });

  it('keep no plan', () => {
    const { steps } = workflowOf('.github/workflows/plan.yml').job;
    expect(steps.map(({ uses }) => uses ?? '').filter((uses) => /upload|cache\/save/.test(uses))).toEqual([]);
    const jobs = template.jobs({ package: 'p' });
    expect(Object.values(jobs).map(({ artifacts }) => artifacts.paths)).toEqual([['proviso']]);
  });
});

interface Pipeline {
  readonly include: readonly { readonly file: string; readonly inputs: Readonly<Record<string, string>> }[];
  readonly [job: string]: unknown;
}

const template = readTemplate(read('templates/proviso.yml'));

it.each(['.gitlab-ci.yml', '.gitlab/plan.yml'])('%s includes the template with inputs that it has', (title) => {
  const { include, ...jobs }: Pipeline = parse(exampleOf(title));
  const made = include.flatMap(({ inputs }) => Object.keys(template.jobs(inputs)));
  expect(include.map(({ file }) => file)).toEqual(['templates/proviso.yml']);
  expect(Object.keys(jobs)).toEqual(made);
});

it('the example for pre-commit names a hook that there is', () => {
  const { repos } = parse(exampleOf('.pre-commit-config.yaml')) as {
    readonly repos: readonly { readonly hooks: readonly { readonly id: string }[] }[];
  };
  const ids = (parse(read('.pre-commit-hooks.yaml')) as readonly { readonly id: string }[]).map(({ id }) => id);
  for (const { id } of repos.flatMap(({ hooks }) => hooks)) expect(ids).toContain(id);
});

it('the pieces of workflows have inputs that the action has', () => {
  const pieces = blocks.filter(({ language, text }) => language === 'yaml' && text.startsWith('- '));
  const steps = pieces.flatMap(
    ({ text }) => parse(text) as readonly { readonly uses?: string; readonly with?: object }[],
  );
  const own = steps.filter(({ uses }) => uses?.startsWith('acme/proviso@'));
  expect(own.length).toBeGreaterThan(1);
  for (const { with: inputs = {} } of own)
    for (const name of Object.keys(inputs)) expect(action.inputs).toHaveProperty(name);
});

describe('what runs on machines of others', () => {
  const files: readonly (readonly [name: string, text: string])[] = [
    ['action.yml', read('action.yml')],
    ['templates/proviso.yml', read('templates/proviso.yml')],
    ...blocks
      .filter(({ language }) => language === 'yaml')
      .map(({ title, text, line }) => [title === '' ? `line ${line}` : title, text] as const),
  ];

  it.each(files)('%s uses other actions by the full hash of a commit alone', (_, text) => {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
    for (const [, name, comment] of used) {
      expect(name).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # ./);
    }
  });

  it('no script has inputs written into it', () => {
    const workflows = ['audit', 'plan'].flatMap((name) => workflowOf(`.github/workflows/${name}.yml`).job.steps);
    const scripts = [...action.runs.steps, ...workflows].flatMap(({ run }) => run ?? []);
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
      expect(text).toMatch(new RegExp(`\\$\\{\\{[^}]*\\binputs\\.${name}\\b(?!-)`));
    }
    const body = read('templates/proviso.yml').split('\n---\n')[1];
    for (const [name, { description }] of Object.entries(template.inputs)) {
      expect(description).toMatch(/^.{10,}\.$/s);
      expect(body).toContain(`$[[ inputs.${name} ]]`);
    }
  });
});
