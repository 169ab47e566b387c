import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectRules } from '../../src/assess.ts';
import { loadQuestion } from '../../src/commands/_question.ts';
import { quietIo } from '../scenarios/audited.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-own-'));
  const rule = [
    'title: No bucket is a leftover',
    'severity: low',
    'resource: AWS::S3::Bucket',
    'why: Nobody looks after leftovers.',
    'fix: { cli: aws s3 rb s3://NAME }',
    'assert: { Name: { ne: acme-leftover } }',
    'pass: { in use: { Name: acme-invoices } }',
    'fail: { left over: { Name: acme-leftover } }',
    'unknown: { nameless: { Name: { $unknown: failed } } }',
  ];
  await writeFile(join(folder, 'acme-no-leftovers.yaml'), rule.join('\n'));
  for (const [file, id] of [
    ['binds-it', 'acme-no-leftovers'],
    ['binds-another', 's3-bucket-tls-only'],
  ]) {
    const clause = `{ claim: Buckets are tidy., verified: [rules], rules: [${id}] }`;
    await writeFile(join(folder, `${file}.yaml`), `title: Acme\nclauses: { tidy: ${clause} }\n`);
  }
  await writeFile(join(folder, 'binds-nothing.yaml'), 'title: Acme\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[string, string, string[], boolean, number]>([
  ['is judged when a clause names it', 'binds-it', [], true, 0],
  ['is judged when --rule names it', 'binds-another', ['acme-no-leftovers'], true, 0],
  ['is judged when no clause names any', 'binds-nothing', [], true, 0],
  ['is left out with a word when only others are named', 'binds-another', [], false, 1],
  ['is left out in silence when --rule asks for another', 'binds-another', ['s3-bucket-tls-only'], false, 0],
])("a rule of the user's own %s", async (_, policy, rule, isJudged, notes) => {
  const said: string[] = [];
  const io = { ...quietIo(), cwd: folder, note: (text: string) => void said.push(text) };
  const rules = join(folder, 'acme-no-leftovers.yaml');
  const question = await loadQuestion({ policy: `${policy}.yaml`, rules: [rules], rule }, io);
  const judged = selectRules(question.policy, question.rules, question.named).map(({ id }) => id);
  expect(judged.includes('acme-no-leftovers')).toBe(isJudged);
  expect(said).toEqual(
    Array(notes).fill(
      'acme-no-leftovers is not judged: no clause of binds-another.yaml names it, and neither does --rule',
    ),
  );
});
