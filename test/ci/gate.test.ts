import { existsSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCommands } from '../../src/commands/index.ts';
import { root } from '../docs/project-copy.ts';
import { anywhere, office, writeRepository } from './change.ts';
import { readTemplate, runJob } from './gitlab.ts';
import { makePackage } from './package.ts';
import { openPlatform, type Platform } from './platform.ts';
import { type Action, type Machine, runProcess, runSteps, type Uses } from './runner.ts';

const action: Action = parse(await readFile(join(root, 'action.yml'), 'utf8'));
const template = readTemplate(await readFile(join(root, 'templates/proviso.yml'), 'utf8'));

let pack: Awaited<ReturnType<typeof makePackage>>;
let platform: Platform;
/** A recorded account. */
let recorded: string;
beforeAll(async () => {
  pack = await makePackage();
  platform = await openPlatform();
  recorded = join(await pack.room(), 'recorded');
  const args = [join(pack.folder, 'dist/cli.js'), 'demo', '--quiet', '--out', recorded];
  const ran = await runProcess(process.execPath, args, pack.folder, { PATH: process.env.PATH });
  if (ran.code !== 0) throw new Error(ran.stderr);
}, 120_000);
afterAll(async () => {
  await platform.close();
  await pack.remove();
});

async function makeMachine(): Promise<Machine> {
  const [workspace, temp] = [await pack.room(), await pack.room()];
  await writeRepository(workspace);
  await cp(recorded, join(workspace, 'recorded'), { recursive: true });
  await cp(pack.file, join(workspace, 'proviso.tgz'));
  const event = join(temp, 'event.json');
  await writeFile(event, JSON.stringify({ pull_request: { number: 7 } }));
  const gitHub = { GITHUB_API_URL: platform.url, GITHUB_REPOSITORY: 'acme/web', GITHUB_EVENT_PATH: event };
  const gitLab = { CI_API_V4_URL: platform.url, CI_PROJECT_ID: 'acme/web', CI_MERGE_REQUEST_IID: '7' };
  return { workspace, temp, env: { HOME: temp, AWS_EC2_METADATA_DISABLED: 'true', ...gitHub, ...gitLab } };
}

type Inputs = Readonly<Record<string, string>>;

interface Judged {
  readonly code: number;
  readonly log: string;
  /** What people see. */
  readonly summary: string;
}

async function runAction(given: Inputs, machine: Machine, uses?: Uses) {
  for (const name of Object.keys(given)) expect(action.inputs).toHaveProperty(name);
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
  const inputs = { ...Object.fromEntries(defaults), package: pack.file, ...given };
  const gitHub = { action_path: pack.folder, token: platform.token };
  return runSteps(action.runs.steps, { inputs, github: gitHub }, machine, uses);
}

async function runTemplate(given: Inputs, machine: Machine): Promise<Judged> {
  const { proviso: job } = template.jobs({ package: 'proviso.tgz', ...given });
  if (job === undefined) throw new Error('the template has no job of this name');
  const { code, stdout, stderr } = await runJob(job, machine);
  const summary = await readFile(join(machine.workspace, 'proviso/summary.md'), 'utf8').catch(() => '');
  return { code, log: stdout + stderr, summary };
}

const ways: readonly (readonly [string, (given: Inputs, machine: Machine) => Promise<Judged>])[] = [
  ['the action', runAction],
  ['the GitLab template', runTemplate],
];

const officeIs = (source: string) => `Office=${source}`;
const deployed = { previous: 'broken.template.yaml', stack: 'web' };
/** Inputs from which nothing comes without a gate. */
const gateAlone = [
  ...[
    'live',
    'previous',
    'stack',
    'stack-tag',
    'parameters',
    'parameter',
    'source',
    'account',
    'region',
    'max-age',
  ].map((name) => [name, 'x'] as const),
  ['all', 'true'] as const,
  ['allow-empty', 'true'] as const,
];

it.each([
  ['the action', action.inputs],
  ['the GitLab template', template.inputs],
])('%s has an input for every option of the gate that is not its own business', async (_, inputs) => {
  const own = ['format', 'report', 'out', 'now', 'verify-prediction'];
  const flags = (await loadCommands())
    .get('gate')
    ?.options?.map(({ flags: one }) => /--([a-z-]+)/.exec(one)?.[1] ?? '');
  const wanted = flags?.filter((flag) => !own.includes(flag)) ?? [];
  expect(wanted).toContain('live');
  expect(wanted.filter((flag) => !Object.hasOwn(inputs, flag))).toEqual([]);
});

describe.each(ways)('a gate by %s', (_, run) => {
  it.each<[code: number, cause: string, inputs: Inputs, says: string]>([
    [1, 'a plan that breaks a promise', { gate: 'infra/broken.json' }, 'sg-no-public-ssh'],
    [0, 'a plan that breaks none', { gate: 'infra/kept.json' }, 'Rules judged 1 of 1 resource'],
    [0, 'failures that need not gate', { gate: 'infra/broken.json', 'fail-on': 'none' }, 'sg-no-public-ssh'],
    [3, 'what is known after apply', { gate: 'infra/unknown.json' }, 'known-after-apply'],
    [0, 'the same, where it only warns', { gate: 'infra/unknown.json', 'on-unknown': 'warn' }, 'known-after-apply'],
    [1, 'one of two templates', { gate: 'kept.template.yaml\n\n  \nbroken.template.yaml\r\n' }, 'broken.template.yaml'],
    [3, 'a parameter without a value', { gate: 'open.template.yaml' }, 'Office'],
    [0, 'a parameter with one', { gate: 'open.template.yaml', parameters: 'office.json' }, 'Rules judged 1 of 1'],
    [2, 'what is none of these', { gate: 'notes.txt' }, 'notes.txt'],
    [2, 'what is not there', { gate: 'infra/gone.json' }, 'gone.json'],
    [2, 'a snapshot that is not there', { gate: 'infra/kept.json', live: 'gone' }, 'gone'],
    [3, 'a snapshot that is too old', { gate: 'infra/kept.json', live: 'recorded', 'max-age': '1m' }, 'STALE'],
    [0, 'a parameter with a value of its own', { gate: 'open.template.yaml', parameter: officeIs(office) }, '1 of 1'],
    [
      1,
      'a value of its own, which wins over the file',
      { gate: 'open.template.yaml', parameters: 'office.json', parameter: `\n${officeIs(anywhere)}\r\n \n` },
      'sg-no-public-ssh',
    ],
    [0, 'what was wrong before', { ...deployed, gate: 'broken.template.yaml' }, '0 fixed, 1 was there'],
    [1, 'what was wrong before, where all counts', { ...deployed, gate: 'broken.template.yaml', all: 'true' }, '--all'],
    [
      3,
      'other rules than the policy names',
      { gate: 'infra/kept.json', rule: 'iam-root-mfa-enabled' },
      'iam-root-mfa-enabled',
    ],
    [2, 'one of two rules that there is not', { gate: 'infra/kept.json', rule: 'sg-no-public-ssh\nx' }, "'x'"],
    [3, 'what holds nothing that is judged', { gate: 'topic.template.yaml' }, 'NOTHING JUDGED'],
    [0, 'the same, where that is accepted', { gate: 'topic.template.yaml', 'allow-empty': 'true' }, 'SNS::Topic'],
    [0, 'tags of a stack', { gate: 'kept.template.yaml', 'stack-tag': 'Team=web\nEnv=test\n' }, '1 of 1'],
    [2, 'a tag that is none', { gate: 'kept.template.yaml', 'stack-tag': 'Team=web\nEnv' }, "'Env' gives no tag"],
    [2, 'a template that is not deployed', { gate: 'kept.template.yaml', previous: 'gone.yaml' }, 'gone.yaml'],
    [2, 'a parameter of no template', { gate: 'infra/kept.json', parameter: officeIs(office) }, '--parameter has no'],
    [2, 'an option of an audit', { gate: 'infra/kept.json', regions: 'eu-west-1' }, 'regions is for an audit, and not'],
    ...gateAlone.map(([name, value]): [number, string, Inputs, string] => [
      2,
      `${name} without a gate`,
      { gate: ' \n', [name]: value },
      `${name} is for a gate, and there is nothing to judge in gate`,
    ]),
  ])('ends with %i for %s', { timeout: 60_000 }, async (code, _cause, inputs, says) => {
    const ran = await run(inputs, await makeMachine());
    expect(ran.log).toContain(says);
    expect(ran.code).toBe(code);
  });

  it('is laid over a recorded account', { timeout: 60_000 }, async () => {
    const place = { account: '111122223333', region: 'eu-west-1', 'max-age': '1000w' };
    const ran = await run({ gate: 'infra/broken.json', live: 'recorded', ...place }, await makeMachine());
    expect(ran.log).toMatch(/over\s+the\s+snapshot\s+of/);
    expect(ran.code).toBe(1);
  });

  it('finds lines in a folder that is named', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    await cp(join(machine.workspace, 'infra/broken.json'), join(machine.temp, 'plan.json'));
    const plan = join(machine.temp, 'plan.json');
    expect((await run({ gate: plan }, machine)).log).not.toContain('infra/main.tf');
    expect((await run({ gate: plan, source: 'infra' }, machine)).log).toMatch(/infra\/main\.tf:[13]\b/);
  });

  it('keeps one comment, which follows what is found', { timeout: 60_000 }, async () => {
    platform.comments.length = 0;
    const machine = await makeMachine();
    machine.env.PROVISO_COMMENT_TOKEN = platform.token;
    const last = () => platform.comments.map(({ body }) => body);
    expect((await run({ gate: 'infra/kept.json', comment: 'plan' }, machine)).code).toBe(0);
    expect(last()[0]).toMatch(/^<!-- proviso plan -->\n/);
    expect(last()[0]).not.toContain('sg-no-public-ssh');
    const broken = await run({ gate: 'infra/broken.json', comment: 'plan' }, machine);
    expect(broken.code).toBe(1);
    expect(last()).toEqual([expect.stringContaining('sg-no-public-ssh')]);
    expect(last()[0]?.split('\n').length).toBeLessThan(70);
    expect((await run({ gate: 'infra/gone.json', comment: 'plan' }, machine)).code).toBe(2);
    expect(last()).toEqual([expect.stringContaining('**Proviso judged nothing** (exit code 2)')]);
    for (const text of [...last(), broken.log, broken.summary]) {
      expect(text).not.toContain('example-secret');
      expect(text).not.toContain(platform.token);
    }
  });

  it('keeps its exit code when it may not comment', { timeout: 60_000 }, async () => {
    platform.comments.length = 0;
    const machine = await makeMachine();
    machine.env.PROVISO_COMMENT_TOKEN = 'example-of-a-stranger';
    platform.broken = { status: 403 };
    const ran = await run({ gate: 'infra/broken.json', comment: 'plan' }, machine);
    platform.broken = undefined;
    expect([ran.code, platform.comments]).toEqual([1, []]);
    expect(ran.log).toContain('the comment cannot be written: HTTP 403');
  });

  it.each(['$(touch owned)`touch owned`; touch owned', '--help', '-h', 'a"; touch owned; "', 'a\n::error::b'])(
    'neither runs an input nor says it as a command: %j',
    { timeout: 60_000 },
    async (text) => {
      const machine = await makeMachine();
      const lists = ['rule', 'stack-tag', 'parameter'].map((name) => [name, `${text}\n${text}`]);
      const all = Object.fromEntries([...gateAlone.slice(0, -2).map(([name]) => [name, text]), ...lists]);
      const given = [{ gate: text }, { gate: 'infra/kept.json', ...all }, { gate: 'kept.template.yaml', ...all }];
      for (const inputs of given) {
        const { code, log } = await run({ ...inputs, comment: text }, machine);
        expect([code, log.split('\n').filter((line) => line.startsWith('::error::'))]).toEqual([2, []]);
      }
      for (const folder of [machine.workspace, machine.temp]) expect(existsSync(join(folder, 'owned'))).toBe(false);
    },
  );

  it.each([...gateAlone.slice(0, -2).map(([name]) => name), 'rule'])(
    'hands %s on as it is, whatever it holds',
    { timeout: 60_000 },
    async (name) => {
      const machine = await makeMachine();
      const text = `$(touch owned)\`touch owned\`; 'a' "b" | \${HOME} * \\ é=<c>`;
      const { log } = await run({ gate: 'kept.template.yaml', [name]: text }, machine);
      // What is printed of a value is never what a shell would make of it.
      expect(log).not.toContain(machine.temp);
      for (const folder of [machine.workspace, machine.temp]) expect(existsSync(join(folder, 'owned'))).toBe(false);
    },
  );
});

describe('the action', () => {
  it('says in its summary, once, what it may not comment', { timeout: 60_000 }, async () => {
    platform.broken = { status: 403 };
    const inputs = { gate: 'infra/broken.json', comment: 'plan' };
    const shown = await runAction(inputs, await makeMachine());
    const hidden = await runAction({ ...inputs, summary: 'false' }, await makeMachine());
    platform.broken = undefined;
    for (const { code, summary } of [shown, hidden])
      expect([code, summary.match(/^## /gm)?.length, summary.includes('sg-no-public-ssh')]).toEqual([1, 1, true]);
  });

  it('shows what it finds at its line, and uploads it', { timeout: 60_000 }, async () => {
    const uploads: [string, string][] = [];
    const uses: Uses = async (name, { sarif_file: file = '', category = '' }) => {
      if (name !== 'actions/setup-node') uploads.push([await readFile(file, 'utf8'), category]);
      return {};
    };
    const ran = await runAction({ gate: 'infra/broken.json', sarif: 'true' }, await makeMachine(), uses);
    expect(ran.code).toBe(1);
    expect(ran.log).toMatch(/^::error file=infra\/main\.tf,line=[13],/m);
    expect(uploads.map(([, category]) => category)).toEqual(['proviso-gate']);
    const text = uploads[0]?.[0] ?? '';
    const place = { artifactLocation: { uri: 'infra/main.tf' }, region: { startLine: expect.any(Number) } };
    const [{ automationDetails, results }] = JSON.parse(text).runs;
    expect(automationDetails.id).toMatch(/^proviso-gate\//);
    expect(results[0].locations[0].physicalLocation).toEqual(place);
    expect(ran.summary).toContain('sg-no-public-ssh');
  });

  it('keeps what it found', { timeout: 60_000 }, async () => {
    const ran = await runAction({ gate: 'infra/broken.json', reports: 'junit:out.xml' }, await makeMachine());
    const folder = ran.steps.find(({ name }) => name === 'Judge')?.outputs.folder ?? '';
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['assessment.json', 'results.ndjson']));
  });
});

describe('the GitLab template', () => {
  it('leaves the baseline of audits alone', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    machine.env.PROVISO_ACCEPT = 'true';
    await runTemplate({ gate: 'infra/broken.json' }, machine);
    expect(existsSync(join(machine.workspace, 'proviso-baseline'))).toBe(false);
    expect(await readdir(join(machine.workspace, 'proviso'))).toEqual(
      expect.arrayContaining(['junit.xml', 'report.html', 'run', 'summary.md']),
    );
  });

  it('says when it has no token to comment with', { timeout: 60_000 }, async () => {
    const ran = await runTemplate({ gate: 'infra/kept.json', comment: 'plan' }, await makeMachine());
    expect([ran.code, ran.log.includes('PROVISO_COMMENT_TOKEN is empty')]).toEqual([0, true]);
  });

  it('leaves before_script to whoever includes it', () => {
    expect(template.jobs({ package: 'p' }).proviso).not.toHaveProperty('before_script');
  });
});
