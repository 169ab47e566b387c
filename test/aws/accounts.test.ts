import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from './audit.ts';

const python = process.env.PROVISO_TEST_PYTHON ?? '';
const home = ['--region', 'eu-west-1'];
const other = '444455556666';
const role = `arn:aws:iam::${other}:role/ProvisoAuditor`;

/** The suite's own emulator has but one account, whoever asks; this one goes by the credentials. */
let server: ChildProcess;
let url = '';
let folder = '';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

async function answers(): Promise<boolean> {
  return await fetch(`${url}/moto-api/data.json`).then(
    (response) => response.ok,
    () => false,
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-accounts-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' };
  const given = ['-H', '127.0.0.1', '-p', String(port)];
  server = spawn(join(dirname(python), 'moto_server'), given, { env, stdio: 'ignore' });
  for (let tries = 0; tries < 300 && server.exitCode === null && !(await answers()); tries += 1) await pause(200);
}, 120_000);
afterAll(async () => {
  server.kill();
  await rm(folder, { recursive: true });
});

async function openGroup(): Promise<unknown> {
  const given = ['-B', join(import.meta.dirname, 'second_account.py'), url, role];
  const child = spawn(python, given, { env: { PATH: process.env.PATH } });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(errors);
  return JSON.parse(output);
}

test('two accounts are each judged by what is theirs, the second by the role that leads there', async () => {
  const group = await openGroup();
  const own = (await audit(url, [...home, '--rule', 'sg-no-public-ssh'])).report.accounts[0]?.id ?? '';
  const policy = [
    'title: Acme',
    `scope: { accounts: ["${own}", { id: "${other}", role: "${role}", external-id: acme-1 }] }`,
    'clauses: { ssh: { claim: SSH is closed., verified: [rules], rules: [sg-no-public-ssh] } }',
  ].join('\n');
  await writeFile(join(folder, 'policies.yaml'), policy);
  const { code, report } = await audit(url, ['--policy', join(folder, 'policies.yaml'), ...home]);
  const failures = report.results.filter(({ outcome }) => outcome === 'fail');
  expect(failures.map(({ account, resource }) => [account, resource?.id])).toEqual([[other, group]]);
  expect([code, report.totals.unknown]).toEqual([1, 0]);
  const population = report.rules[0]?.population.map(({ account, region, complete }) => [account, region, complete]);
  expect(population?.filter(([, region]) => region === 'eu-west-1')).toEqual([
    [own, 'eu-west-1', true],
    [other, 'eu-west-1', true],
  ]);
});
