import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { root } from '../docs/project-copy.ts';
import { makePackage } from './package.ts';
import { type Action, type JobRan, type Machine, runSteps, type Uses } from './runner.ts';

const action: Action = parse(await readFile(join(root, 'action.yml'), 'utf8'));

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

const clause = (rule: string) =>
  `title: Acme\nclauses: { a: { claim: It holds., verified: [rules], rules: [${rule}] } }\n`;

/** A checked out repository with policies of all kinds. */
async function makeMachine(env: Record<string, string> = {}): Promise<Machine> {
  const workspace = await pack.room();
  await cp(join(root, 'policies.yaml'), join(workspace, 'policies.yaml'));
  await writeFile(join(workspace, 'kept.yaml'), clause('sg-no-public-ssh'));
  await writeFile(join(workspace, 'broken.yaml'), clause('sg-no-public-high-risk-ports'));
  await writeFile(join(workspace, 'unknown.yaml'), clause('bastion-ssh-password-login-disabled'));
  await writeFile(join(workspace, 'wrong.yaml'), clause('sg-no-public-shh'));
  const temp = await pack.room();
  const endpoint = { AWS_ENDPOINT_URL: simulator.url, AWS_EC2_METADATA_DISABLED: 'true', HOME: temp };
  return { workspace, temp, env: { ...endpoint, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example', ...env } };
}

async function runAction(given: Readonly<Record<string, string>>, machine?: Machine, uses?: Uses): Promise<JobRan> {
  const wrong = Object.keys(given).filter((name) => action.inputs[name] === undefined);
  if (wrong.length > 0) throw new Error(`the action has no input ${wrong.join(', ')}`);
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
  const inputs = { ...Object.fromEntries(defaults), package: pack.file, ...given };
  return runSteps(
    action.runs.steps,
    { inputs, github: { action_path: pack.folder } },
    machine ?? (await makeMachine()),
    uses,
  );
}

const exitCode = (ran: JobRan) => ran.steps.find(({ name }) => name === 'Judge')?.outputs['exit-code'];
const annotations = (ran: JobRan) => ran.log.split('\n').filter((line) => line.startsWith('::'));

describe('the job ends with the exit code of the audit', () => {
  it.each<[code: number, cause: string, inputs: Readonly<Record<string, string>>, annotation: string]>([
    [0, 'a promise that is kept', { policy: 'kept.yaml' }, '::notice title=proviso::1 holds, '],
    [1, 'a promise that is broken', { policy: 'broken.yaml' }, '::error'],
    [1, 'all the promises of the policy', {}, '::error'],
    [0, 'failures that need not gate', { policy: 'broken.yaml', 'fail-on': 'none' }, '::'],
    [3, 'what could not be judged', { policy: 'unknown.yaml' }, '::'],
    [3, 'what could not be judged, where no severity gates', { policy: 'unknown.yaml', 'fail-on': 'none' }, '::'],
    [
      0,
      'what could not be judged, where that only warns',
      { policy: 'unknown.yaml', 'on-unknown': 'warn' },
      '::warning',
    ],
  ])('%i for %s', { timeout: 60_000 }, async (code, _, inputs, annotation) => {
    const ran = await runAction(inputs);
    expect([ran.code, exitCode(ran)]).toEqual([code, String(code)]);
    expect(ran.summary).toMatch(/of \d+ promises?/);
    const found = annotations(ran);
    expect(found[0]?.startsWith(annotation)).toBe(true);
    for (const line of found) expect(line).toMatch(/^::(?:error|warning|notice) [^:]*(?:%3A[^:]*)*::./);
  });

  it.each<[code: number, cause: string, inputs: Readonly<Record<string, string>>, says: string]>([
    [2, 'a policy that is not there', { policy: 'gone.yaml' }, 'there is no such file'],
    [2, 'a policy with a mistake', { policy: 'wrong.yaml' }, "did you mean 'sg-no-public-ssh'?"],
    [2, 'a wrong severity', { 'fail-on': 'grave' }, "'grave' is invalid"],
    [2, 'a report of no format', { reports: 'report.foo' }, "'report.foo' names no report format"],
    [2, 'a baseline that is none', { baseline: '.' }, 'assessment.json cannot be read'],
  ])('%i for %s, and says that nothing was judged', { timeout: 60_000 }, async (code, _, inputs, says) => {
    const ran = await runAction(inputs);
    expect([ran.code, exitCode(ran)]).toEqual([code, String(code)]);
    expect(ran.log).toContain(says);
    expect(annotations(ran)).toEqual([
      `::error title=Proviso::nothing was judged (exit code ${code}): the log of this step says why`,
    ]);
    expect(ran.summary).toContain(`**Proviso judged nothing** (exit code ${code})`);
  });

  it('4 without credentials', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    delete machine.env.AWS_ACCESS_KEY_ID;
    delete machine.env.AWS_SECRET_ACCESS_KEY;
    const ran = await runAction({}, machine);
    expect([ran.code, exitCode(ran)]).toEqual([4, '4']);
    expect(ran.summary).toContain('**Proviso judged nothing** (exit code 4)');
  });
});

describe('a run', () => {
  it('keeps what it found, and writes the reports that are wanted', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    const reports = 'junit:out.xml\n\n  \ncsv:out.csv\r\nhtml:report.html\n';
    const ran = await runAction({ policy: 'broken.yaml', reports, regions: 'us-east-1\neu-west-1' }, machine);
    const folder = ran.steps.find(({ name }) => name === 'Judge')?.outputs.folder ?? '';
    expect((await readdir(folder)).sort()).toEqual(['assessment.json', 'results.ndjson', 'snapshot']);
    const made = (await readdir(machine.workspace)).filter((name) => name.startsWith('out.') || name === 'report.html');
    expect(made.sort()).toEqual(['out.csv', 'out.xml', 'report.html']);
    const { regions } = JSON.parse(await readFile(join(folder, 'assessment.json'), 'utf8'));
    const selected = regions.filter((one: { selected: boolean }) => one.selected);
    expect(selected.map((one: { region: string }) => one.region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('is compared with a baseline once there is one', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    const inputs = { policy: 'broken.yaml', baseline: 'baseline', only: 'new' };
    const first = await runAction(inputs, machine);
    expect(first.code).toBe(1);
    expect(first.log).toContain('::notice title=Proviso::there is no baseline yet: every failure counts');
    const folder = first.steps.find(({ name }) => name === 'Judge')?.outputs.folder ?? '';
    await cp(folder, join(machine.workspace, 'baseline'), { recursive: true });
    const second = await runAction(inputs, machine);
    expect(second.code).toBe(0);
    expect(second.log).not.toContain('no baseline yet');
  });

  it('uploads findings to code scanning if asked to, before it ends red', { timeout: 60_000 }, async () => {
    const used: [string, string][] = [];
    const uses: Uses = async (name, { sarif_file: file = '' }) => {
      if (name !== 'actions/setup-node')
        used.push([name, (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version]);
      return {};
    };
    expect((await runAction({ policy: 'broken.yaml', sarif: 'true' }, undefined, uses)).code).toBe(1);
    expect(used).toEqual([['github/codeql-action/upload-sarif', '2.1.0']]);
    await runAction({ policy: 'broken.yaml' }, undefined, uses);
    await runAction({ policy: 'gone.yaml', sarif: 'true' }, undefined, uses);
    expect(used).toHaveLength(1);
  });

  it('leaves out what everybody could read, if asked to', { timeout: 60_000 }, async () => {
    const ran = await runAction({ policy: 'broken.yaml', summary: 'false', annotations: 'false' });
    expect([ran.code, ran.summary, annotations(ran)]).toEqual([1, '', []]);
  });
});

describe('the program', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['of another version is refused', { version: '9.9.9' }, 'another version would run than the one that is wanted: '],
    ['that is not there is refused', { package: 'gone.tgz' }, 'the package is not there'],
    ['that is something else is refused', { package: 'kept.yaml' }, 'the package is no archive'],
    ['of another sum is refused', { sha256: '0'.repeat(64) }, 'the package does not have this sha256'],
    ['at an address needs its sum', { package: 'https://example.com/proviso.tgz' }, 'its sha256 is missing'],
  ])('%s', async (_, inputs, says) => {
    const ran = await runAction(inputs);
    expect(ran.code).toBe(2);
    expect(annotations(ran)).toEqual([expect.stringContaining(`::error title=Proviso::`)]);
    expect(annotations(ran)[0]).toContain(says);
    expect(ran.steps.map(({ outcome }) => outcome)).toEqual([
      ...['success', 'failure'],
      ...Array<string>(4).fill('skipped'),
    ]);
  });

  it('of the right version and sum runs', { timeout: 60_000 }, async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect((await runAction({ policy: 'kept.yaml', version, sha256: pack.sha256 })).code).toBe(0);
  });

  it("is built once from the action's own sources where no package is given", { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    const sources = await mkdtemp(join(machine.temp, 'sources-'));
    for (const part of ['rules', 'schemas', 'policies.yaml', 'package.json'])
      await cp(join(pack.folder, part), join(sources, part), { recursive: true });
    // Stands for npm, which would fetch packages: it builds, as the project's `prepare` does.
    await mkdir(join(machine.temp, 'bin'));
    const npm = `#!/bin/sh\n[ "$*" = ci ] || exit 9\necho built\ncp -r "${join(pack.folder, 'dist')}" .\n`;
    await writeFile(join(machine.temp, 'bin/npm'), npm, { mode: 0o755 });
    machine.env.PATH = `${join(machine.temp, 'bin')}:${process.env.PATH}`;
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']),
    );
    const context = { inputs: { ...inputs, policy: 'kept.yaml' }, github: { action_path: sources } };
    const first = await runSteps(action.runs.steps, context, machine);
    expect([first.code, first.log.includes('built')]).toEqual([0, true]);
    const second = await runSteps(action.runs.steps, context, machine);
    expect([second.code, second.log.includes('built')]).toEqual([0, false]);
  });
});

const hostile = [
  '$(touch owned)`touch owned`; touch owned',
  '"; touch owned; "\'; touch owned; \'',
  '-h',
  'a\n::error::b',
];

it.each(hostile)('no input is run or reaches the log as a command: %j', { timeout: 60_000 }, async (text) => {
  const machine = await makeMachine();
  const judging = ['policy', 'rules', 'regions', 'baseline', 'reports'];
  const all = Object.fromEntries(judging.map((name) => [name, text]));
  const given = [...judging, 'fail-on', 'on-unknown', 'version', 'package', 'sha256'].map((name) => ({ [name]: text }));
  for (const inputs of [all, ...given.slice(-5)]) {
    const ran = await runAction(inputs, machine);
    expect(annotations(ran).filter((line) => line.startsWith('::error::'))).toEqual([]);
    for (const folder of [machine.workspace, machine.temp]) expect(existsSync(join(folder, 'owned'))).toBe(false);
  }
});
