import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diffLines } from '../../src/commands/_diff.ts';
import { replaceFile } from '../../src/commands/_replace-file.ts';
import { loadRules } from '../../src/commands/_rules.ts';
import { command } from '../../src/commands/waive.ts';
import { ProvisoError } from '../../src/errors.ts';
import type { Result } from '../../src/finding/finding.ts';
import { fingerprint } from '../../src/finding/fingerprint.ts';
import { noColours } from '../../src/finding/reporter.ts';
import { resultLine } from '../../src/finding/result-line.ts';
import { waiverRules } from '../../src/policy/waiver-results.ts';
import { quietIo } from '../scenarios/audited.ts';

const rule = 'sg-no-public-ssh';
const failure: Result = {
  rule,
  severity: 'critical',
  outcome: 'fail',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  resource: { id: 'sg-*\u202e', name: 'web' },
  evidence: [{ path: 'Open', observed: true, expected: 'false' }],
};
const about: Result = { ...failure, rule: 'waiver-expired', type: 'waiver', resource: { id: 'w_000000000000' } };
const partial: Result = { ...failure, resource: { id: 'sg-9' }, moreEvidence: 3 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-waive-'));
  await mkdir(join(folder, 'run'));
  await writeFile(
    join(folder, 'run/results.ndjson'),
    [failure, about, partial].map((one) => `${resultLine(one)}\n`).join(''),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const policy = `title: A\nclauses: { a: { claim: C., verified: [rules], rules: [${rule}] } }\n`;
const path = () => join(folder, 'policies.yaml');

async function waive(result: Result, options: Readonly<Record<string, string | boolean>>, answers?: string[]) {
  const [said, asked, written]: [string[], string[], string[]] = [[], [], []];
  await writeFile(path(), policy);
  const io = {
    ...quietIo(),
    cwd: folder,
    note: (text: string) => void said.push(text),
    write: async (text: string) => void written.push(text),
    ...(answers && {
      ask: async (question: string) => {
        asked.push(question);
        return answers.shift() ?? '';
      },
    }),
  };
  const code = await command.run([fingerprint(result)], { run: 'run', ...options }, io);
  return { code, said, asked, written: written.join('') };
}

const whole = { reason: 'r', owner: 'o', approver: 'a', expires: '2027-03-31' };

it('on a terminal, what is missing is asked for, and asked again until it will do', async () => {
  const answers = ['', 'ciso', '2026-01-01', 'soon', '2027-03-31'];
  const { code, said, asked } = await waive(failure, { reason: 'r', owner: 'o' }, answers);
  expect(code).toBe(0);
  expect(asked).toEqual([
    ...Array(2).fill('Who has approved it?'),
    ...Array(3).fill('Last day on which it counts, such as 2027-03-31?'),
  ]);
  expect(said.slice(0, 3)).toEqual([
    '--approver must say something',
    '2026-01-01 is over',
    "'soon' is not a day of the calendar, such as 2027-03-31",
  ]);
  expect(await readFile(path(), 'utf8')).toContain('approver: "ciso"\n    expires: 2027-03-31');
});

it('a hostile name is written as what it is, and covers no more than itself', async () => {
  const { written } = await waive(failure, whole);
  expect(written).not.toContain('\u202e');
  expect(await readFile(path(), 'utf8')).toContain('resource: "sg-?\\u202e"\n');
});

it.each<[string, Result, Readonly<Record<string, string | boolean>>, string]>([
  ['a finding about a waiver', about, whole, 'it is about a waiver itself'],
  ['a pin on what is kept in part', partial, { ...whole, pin: true }, 'it has more observations than a run keeps'],
  ['a missing answer', failure, { reason: 'r' }, 'a waiver needs --owner, --approver, --expires'],
])('%s is refused, and nothing is written', async (_, result, options, message) => {
  const error = await waive(result, options).catch((raised: unknown) => raised);
  expect(error).toBeInstanceOf(ProvisoError);
  expect((error as ProvisoError).message).toContain(message);
  expect(await readFile(path(), 'utf8')).toBe(policy);
});

it('what somebody else has written meanwhile is not lost', async () => {
  await writeFile(path(), 'theirs');
  await expect(replaceFile(path(), 'ours', 'new')).rejects.toThrow('was changed by somebody else meanwhile');
  expect(await readFile(path(), 'utf8')).toBe('theirs');
  await replaceFile(path(), 'theirs', 'new');
  expect(await readFile(path(), 'utf8')).toBe('new');
});

it.each(waiverRules.map(({ id }) => id))('no rule of a file is called %s', async (id) => {
  const text = await readFile(new URL('../../rules/network/sg-no-public-ssh.yaml', import.meta.url), 'utf8');
  await writeFile(join(folder, `${id}.yaml`), text);
  await expect(loadRules([`${id}.yaml`], folder)).rejects.toThrow(`the rule '${id}' is one of Proviso's own`);
});

it.each([
  ['a\nb\nc\nd\ne\n', 'a\nb\nc\nd\nX\ne\n', ['@@ -2,4 +2,5 @@', ' b', ' c', ' d', '+X', ' e']],
  ['a', 'a\nb\n', ['@@ -1,1 +1,2 @@', '-a', '\\ No newline at end of file', '+a', '+b']],
  ['', 'a\n', ['@@ -0,0 +1,1 @@', '+a']],
])('a change is shown as a diff: %j', (before, after, lines) => {
  expect(diffLines('f', before, after, noColours)).toEqual(['--- f', '+++ f', ...lines]);
});
