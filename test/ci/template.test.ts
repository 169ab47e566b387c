import { existsSync } from 'node:fs';
import { access, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { root } from '../docs/project-copy.ts';
import { readTemplate, runJob } from './gitlab.ts';
import { makePackage } from './package.ts';
import type { Machine } from './runner.ts';

const template = readTemplate(await readFile(join(root, 'templates/proviso.yml'), 'utf8'));
const role = 'arn:aws:iam::111122223333:role/ProvisoAuditor';

let simulator: Simulator;
let door: Door;
let pack: Awaited<ReturnType<typeof makePackage>>;
beforeAll(async () => {
  pack = await makePackage();
  simulator = await startSimulator(demoAccount);
  door = await openDoor(simulator.url);
}, 120_000);
afterAll(async () => {
  await door.close();
  await simulator.close();
  await pack.remove();
});

interface Door {
  readonly url: string;
  readonly asked: string[];
  close(): Promise<void>;
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Gives a role to whoever brings an identity, and hands everything else on to the simulator, if its caller has the role. */
async function openDoor(behind: string): Promise<Door> {
  const asked: string[] = [];
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await bodyOf(request);
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('Action') === 'AssumeRoleWithWebIdentity') {
      asked.push(['RoleArn', 'RoleSessionName', 'WebIdentityToken'].map((name) => form.get(name)).join(' '));
      response.setHeader('content-type', 'text/xml');
      response.end(`<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>example</SecretAccessKey>
        <SessionToken>example</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        <AssumedRoleUser><AssumedRoleId>AROA:proviso</AssumedRoleId><Arn>${role}</Arn></AssumedRoleUser>
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`);
      return;
    }
    if (!String(request.headers.authorization).includes('Credential=ASIAROLE/')) {
      response.writeHead(403).end();
      return;
    }
    const { method, headers } = request;
    const onward = http.request(new URL(request.url ?? '/', behind), { method, headers }, (given) => {
      response.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(response);
    });
    onward.end(body);
  };
  const server = http.createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const clause = (rule: string) =>
  `title: Acme\nclauses: { a: { claim: It holds., verified: [rules], rules: [${rule}] } }\n`;

async function makeMachine(env: Record<string, string> = {}): Promise<Machine> {
  const workspace = await pack.room();
  await mkdir(join(workspace, 'vendor'));
  await cp(pack.file, join(workspace, 'vendor/proviso.tgz'));
  await writeFile(join(workspace, 'kept.yaml'), clause('sg-no-public-ssh'));
  await writeFile(join(workspace, 'broken.yaml'), clause('sg-no-public-high-risk-ports'));
  await writeFile(join(workspace, 'unknown.yaml'), clause('bastion-ssh-password-login-disabled'));
  const temp = await pack.room();
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example', AWS_EC2_METADATA_DISABLED: 'true' };
  return { workspace, temp, env: { HOME: temp, AWS_ENDPOINT_URL: simulator.url, ...keys, ...env } };
}

async function run(given: Readonly<Record<string, string>>, machine?: Machine) {
  const { proviso } = template.jobs({ package: 'vendor/proviso.tgz', ...given });
  if (proviso === undefined) throw new Error('the template has no job of this name');
  return runJob(proviso, machine ?? (await makeMachine()));
}

describe('the job ends with the exit code of the audit', () => {
  it.each<[code: number, cause: string, inputs: Readonly<Record<string, string>>, says: string]>([
    [0, 'a promise that is kept', { policy: 'kept.yaml' }, '1 holds, 0 are broken'],
    [1, 'a promise that is broken', { policy: 'broken.yaml' }, '0 hold, 1 is broken'],
    [0, 'failures that need not gate', { policy: 'broken.yaml', 'fail-on': 'none' }, '0 hold, 1 is broken'],
    [3, 'what could not be judged', { policy: 'unknown.yaml' }, '1 unproven'],
    [0, 'unknowns that only warn', { policy: 'unknown.yaml', 'on-unknown': 'warn' }, '1 unproven'],
    [2, 'a policy that is not there', {}, 'there is no such file'],
    [2, 'a package that is not there', { package: 'gone.tgz' }, 'error: the package is not there'],
    [2, 'a package that is none', { package: 'kept.yaml' }, 'error: the package is no archive'],
    [2, 'a package of another sum', { sha256: '0'.repeat(64) }, 'error: the package does not have this sha256'],
    [2, 'an address without a sum', { package: 'https://example.com/p.tgz' }, 'its sha256 is missing'],
    [2, 'another version', { version: '9.9.9' }, 'another version would run than the one that is wanted'],
  ])('%i for %s', { timeout: 60_000 }, async (code, _, inputs, says) => {
    const ran = await run(inputs);
    expect(ran.stdout + ran.stderr).toContain(says);
    expect(ran.code).toBe(code);
  });

  it('4 without credentials', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    delete machine.env.AWS_ACCESS_KEY_ID;
    delete machine.env.AWS_SECRET_ACCESS_KEY;
    expect((await run({ policy: 'kept.yaml' }, machine)).code).toBe(4);
  });
});

it("takes the role by the job's identity, and leaves nothing of it", { timeout: 60_000 }, async () => {
  const machine = await makeMachine({ AWS_ENDPOINT_URL: door.url });
  expect((await run({ policy: 'kept.yaml' }, machine)).code).toBe(4);
  delete machine.env.AWS_ACCESS_KEY_ID;
  delete machine.env.AWS_SECRET_ACCESS_KEY;
  const ran = await run({ policy: 'kept.yaml', role, sha256: pack.sha256 }, machine);
  expect([ran.stderr, ran.code]).toEqual([expect.anything(), 0]);
  expect(new Set(door.asked)).toEqual(new Set([`${role} proviso-4711 example.id.token`]));
  expect(ran.stdout + ran.stderr).not.toContain('example.id.token');
  const left = (await readdir(machine.temp, { withFileTypes: true })).filter((entry) => entry.isFile());
  expect(left).toEqual([]);
});

describe('what a job leaves', () => {
  it('is what the template hands on', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    await run({ policy: 'broken.yaml' }, machine);
    expect((await readdir(join(machine.workspace, 'proviso'))).sort()).toEqual([
      'junit.xml',
      'report.html',
      'run',
      'summary.md',
    ]);
    const { proviso } = template.jobs({ package: 'p' });
    expect(proviso?.artifacts.paths).toEqual(['proviso']);
    await access(join(machine.workspace, proviso?.artifacts.reports.junit ?? ''));
    // A second job on the same machine starts over.
    expect((await run({ policy: 'kept.yaml' }, machine)).code).toBe(0);
  });

  it('is the baseline of the next one when it is green, or accepted', { timeout: 60_000 }, async () => {
    const machine = await makeMachine();
    const inputs = { policy: 'broken.yaml', only: 'new' };
    const kept = () => readdir(join(machine.workspace, 'proviso-baseline')).catch(() => []);
    const first = await run(inputs, machine);
    expect([first.code, await kept()]).toEqual([1, []]);
    expect(first.stdout).toContain('there is no baseline yet: every failure counts');
    machine.env.PROVISO_ACCEPT = 'true';
    expect((await run(inputs, machine)).code).toBe(1);
    expect(new Set(await kept())).toEqual(new Set(['assessment.json', 'results.ndjson']));
    delete machine.env.PROVISO_ACCEPT;
    expect((await run(inputs, machine)).code).toBe(0);
    const { proviso } = template.jobs({ package: 'p' });
    expect(proviso?.cache).toMatchObject({ paths: ['proviso-baseline'], when: 'always' });
    // A run that judged nothing leaves the baseline as it is.
    machine.env.PROVISO_ACCEPT = 'true';
    await rm(join(machine.workspace, 'broken.yaml'));
    expect((await run(inputs, machine)).code).toBe(2);
    expect(await kept()).toHaveLength(2);
  });
});

it.each(['$(touch owned)`touch owned`; touch owned', '"; touch owned; "\'; touch owned; \''])(
  'no input is run: %j',
  { timeout: 60_000 },
  async (text) => {
    const machine = await makeMachine();
    const all = Object.fromEntries(['policy', 'rules', 'regions', 'baseline', 'role'].map((name) => [name, text]));
    for (const inputs of [all, { package: text }, { sha256: text }, { version: text }])
      expect((await run(inputs, machine)).code).toBe(2);
    for (const folder of [machine.workspace, machine.temp]) expect(existsSync(join(folder, 'owned'))).toBe(false);
  },
);

it.each([{ 'fail-on': 'grave' }, { 'on-unknown': 'pass' }, { only: 'old' }, { polcy: 'x' }])(
  'GitLab refuses %j',
  (given) => {
    expect(() => template.jobs({ package: 'p', ...given })).toThrow(/cannot be|no input/);
  },
);
