import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Options } from '../../src/commands/_command.ts';
import { runInit } from '../../src/commands/_init.ts';
import { readPolicy } from '../../src/commands/_policy.ts';
import { loadRules } from '../../src/commands/_rules.ts';
import { quietIo } from '../scenarios/audited.ts';

const shippedPolicy = fileURLToPath(new URL('../../policies.yaml', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const io = () => ({ ...quietIo(), cwd: folder });
const made = (file = 'policies.yaml') => readFile(join(folder, file), 'utf8');
const load = async () => readPolicy('policies.yaml', await loadRules([], folder), folder);

/** Answers questions by what they contain; the rest is left as it is. */
function answering(answers: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const notes: string[] = [];
  const left = new Map(Object.entries(answers).map(([key, list]) => [key, [...list]]));
  const ask = async (question: string) => {
    asked.push(question);
    for (const [key, list] of left) if (question.includes(key)) return list.shift() ?? '';
    return '';
  };
  return { asked, notes, io: { ...io(), ask, note: (text: string) => notes.push(text) } };
}

it('with --yes writes the shipped policy with nothing changed but the line for editors', async () => {
  expect(await runInit({ yes: true }, io())).toBe(0);
  const [ours, theirs] = [await made(), await readFile(shippedPolicy, 'utf8')];
  const differing = theirs.split('\n').filter((line, index) => line !== ours.split('\n')[index]);
  expect(differing).toEqual([expect.stringContaining('yaml-language-server')]);
  const shipped = await readPolicy(shippedPolicy, await loadRules([], folder), folder);
  const policy = await load();
  expect(policy.clauses.map(({ id, rules }) => [id, rules])).toEqual(
    shipped.clauses.map(({ id, rules }) => [id, rules]),
  );
});

it('puts what flags say into the policy, and asks nothing', async () => {
  const options: Options = {
    yes: true,
    title: 'Acme: our "policy" # 1',
    account: ['111122223333', '222233334444'],
    role: 'audit/proviso',
    externalId: 'acme-7',
    region: ['eu-west-1'],
    set: ['bastion-ingress-restricted.allowedCidrs=203.0.113.0/24,198.51.100.7/32', 'ec2-snapshot-max-age.maxAge=3mo'],
  };
  expect(await runInit(options, io())).toBe(0);
  const { title, scope, parameters } = await load();
  expect(title).toBe('Acme: our "policy" # 1');
  expect(scope).toMatchObject({
    accounts: [
      { id: '111122223333', role: 'arn:aws:iam::111122223333:role/audit/proviso', externalId: 'acme-7' },
      { id: '222233334444', role: 'arn:aws:iam::222233334444:role/audit/proviso', externalId: 'acme-7' },
    ],
    regions: ['eu-west-1'],
  });
  expect(parameters.get('bastion-ingress-restricted')?.values.allowedCidrs).toEqual([
    '203.0.113.0/24',
    '198.51.100.7/32',
  ]);
  // One word of the policy, whichever of its rules the flag names.
  for (const rule of ['ec2-snapshot-max-age', 'rds-snapshot-max-age', 'backup-recovery-point-max-age'])
    expect(parameters.get(rule)?.values.maxAge).toBe('3mo');
});

it('asks for the meaning of every vague word once, and again where an answer cannot be', async () => {
  const {
    asked,
    notes,
    io: asking,
  } = answering({ minLength: ['long', '20'], 'Title of': ['Acme'], 'git ignore': ['no'] });
  expect(await runInit({}, asking)).toBe(0);
  const { title, parameters } = await load();
  expect(title).toBe('Acme');
  expect(parameters.get('iam-password-policy-min-length')?.values.minLength).toBe(20);
  expect(notes.join('\n')).toContain('minLength: expected a whole number');
  expect(asked.filter((question) => question.startsWith('maxAge'))).toHaveLength(1);
  const words = [...parameters.values()].flatMap(({ values }) => Object.keys(values));
  for (const word of words) expect(asked.some((question) => question.startsWith(`${word} [`))).toBe(true);
  await expect(made('.gitignore')).rejects.toThrow('ENOENT');
});

it('asks again for an account, a role, an external id or a region that cannot be, and loses no other answer', async () => {
  const {
    asked,
    notes,
    io: asking,
  } = answering({
    'Title of': ['Acme'],
    'Accounts to': ['11112222333', '111122223333'],
    'Role to': ['arn:aws:iam::111122223333:role/audit', 'audit'],
    'External id': ['x', 'acme-7'],
    'Regions to': ['ireland', 'eu-west-1'],
  });
  expect(await runInit({}, asking)).toBe(0);
  const { title, scope } = await load();
  expect(title).toBe('Acme');
  expect(scope).toMatchObject({
    accounts: [{ id: '111122223333', role: 'arn:aws:iam::111122223333:role/audit', externalId: 'acme-7' }],
    regions: ['eu-west-1'],
  });
  for (const question of ['Accounts to', 'Role to', 'External id', 'Regions to'])
    expect(asked.filter((text) => text.startsWith(question))).toHaveLength(2);
  expect(notes).toEqual(
    expect.arrayContaining([
      expect.stringContaining("'11112222333' is not one of AWS's accounts"),
      expect.stringContaining('is not the name of a role'),
      expect.stringContaining('this is no external id'),
      expect.stringContaining("'ireland' is not one of AWS's regions"),
    ]),
  );
});

it.each<[string, readonly string[], number]>([
  ['says that the addresses are an example still', [], 1],
  ['says nothing of addresses that are ours', ['bastion-ingress-restricted.allowedCidrs=192.168.7.0/24'], 0],
])('%s', async (_, set, times) => {
  const { notes, io: asking } = answering({});
  await runInit({ yes: true, set }, asking);
  const said = notes.filter((note) => note.includes('bastion-ingress-restricted.allowedCidrs is an example'));
  expect(said).toHaveLength(times);
});

it('adds the line to .gitignore once and keeps what stands there', async () => {
  await writeFile(join(folder, '.gitignore'), 'node_modules');
  await runInit({ yes: true, gitignore: true }, io());
  await runInit({ yes: true, gitignore: true, policy: 'second.yaml' }, io());
  expect(await made('.gitignore')).toBe('node_modules\nreports/\n');
});

it('overwrites nothing', async () => {
  await writeFile(join(folder, 'policies.yaml'), 'mine');
  await expect(runInit({ yes: true }, io())).rejects.toMatchObject({
    code: 'output',
    message: expect.stringContaining('exists'),
  });
  expect(await made()).toBe('mine');
});

it.each<[string, Options, string]>([
  ['nobody to ask', {}, 'nobody is there to answer'],
  [
    'an account of eleven digits',
    { yes: true, account: ['11112222333'] },
    "'11112222333' is not one of AWS's accounts",
  ],

  [
    'a role by its ARN',
    { yes: true, account: ['111122223333'], role: 'arn:aws:iam::111122223333:role/audit' },
    'name of a role',
  ],
  ['a region that is none', { yes: true, region: ['ireland'] }, "'ireland' is not one of AWS's regions"],
  ['a role without an account', { yes: true, role: 'audit' }, 'a role is assumed in accounts'],
  ['an external id without a role', { yes: true, externalId: 'x1' }, 'an external id is of use with a role alone'],
  ['a word that is not there', { yes: true, set: ['iam-nothing.max=3'] }, "no vague word 'iam-nothing.max'"],
  ['a value of the wrong kind', { yes: true, set: ['iam-console-users-max-count.max=few'] }, 'expected a whole number'],
  [
    'addresses that are none',
    { yes: true, set: ['bastion-ingress-restricted.allowedCidrs=office'] },
    'no block of addresses',
  ],
  [
    'a value that breaks out of its line',
    { yes: true, set: ['ec2-snapshot-max-age.maxAge=6mo\nclauses: {}'] },
    'maxAge',
  ],
])('%s is one mistake of the user, and nothing is written', async (_, options, message) => {
  const failed = await runInit(options, io()).catch((error: unknown) => error);
  expect(JSON.stringify(failed, ['message', 'errors', 'code']) + String(failed)).toContain(message);
  await expect(made()).rejects.toThrow('ENOENT');
});
