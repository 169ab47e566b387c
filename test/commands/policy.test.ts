import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Options } from '../../src/commands/_command.ts';
import { listPolicy } from '../../src/commands/_policy-list.ts';
import { ProvisoError } from '../../src/errors.ts';
import { missingProof } from '../../src/finding/clause.ts';
import type { Assessment, ClauseSummary } from '../../src/finding/finding.ts';
import { visibleJson } from '../../src/finding/result-line.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { acmeRun } from '../fixtures/acme-run.ts';
import { quietIo } from '../scenarios/audited.ts';

const text = `title: Acme security policy
clauses:
  1.1-data-1: { section: 1.1 Data, claim: Console users have two factors., owner: platform, verified: [rules], rules: [iam-console-user-mfa] }
  1.1-data-2: { section: 1.1 Data, claim: Few people have the console., verified: [rules, attested] }
  1.10-bak-1: { section: 1.10 Backups, claim: Backups are encrypted., verified: [rules], rules: [backup-recovery-point-encrypted] }
  1.7-hyper-1: { claim: AWS mends the hypervisor., verified: [inherited] }
`;

const judged: readonly Pick<ClauseSummary, 'verdict' | 'reasons'>[] = [
  { verdict: 'broken', reasons: ['iam-console-user-mfa fails for 1 of 3 judged'] },
  { verdict: 'unproven', reasons: [missingProof.attested, missingProof.rules] },
  { verdict: 'holds', reasons: [] },
  { verdict: 'unproven', reasons: [missingProof.inherited] },
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-policy-'));
  await writeFile(join(folder, 'policies.yaml'), text);
  const policy = await loadPolicy('policies.yaml', async () => new TextEncoder().encode(text));
  const { assessment } = await acmeRun();
  const clauses = policy.clauses.map(({ at: _, rulesAt: __, ...clause }, index) => {
    const verdict = judged[index];
    if (verdict === undefined) throw new Error('each clause needs a verdict');
    return { ...clause, ...verdict };
  });
  const verdicts = { holds: 1, 'holds-with-exceptions': 0, broken: 1, unproven: 2, 'nothing-to-prove': 0 };
  const { title, digest } = policy;
  const { endpoint: _, ...answered } = assessment.snapshot;
  const snapshot = { ...answered, finished: true };
  const made: Assessment = { ...assessment, snapshot, policy: { title, digest, scope: {} }, clauses, verdicts };
  await keep('runs/last', made);
  await keep('runs/older', { ...made, policy: { ...made.policy, digest: 'f'.repeat(64) } });
  const partial = { ...snapshot, endpoint: 'http://127.0.0.1:5000', finished: false };
  await keep('runs/emulated', { ...made, snapshot: partial });
  const hostile = clauses.map((clause) => ({ ...clause, claim: '\u001b[2Jx\u202e\n::error::y ##[error]z' }));
  await keep('runs/hostile', { ...made, clauses: hostile });
  await mkdir(join(folder, 'runs/foreign'), { recursive: true });
  await writeFile(join(folder, 'runs/foreign/assessment.json'), '{"format":"x"}');
  await mkdir(join(folder, 'runs/cut'), { recursive: true });
  await writeFile(join(folder, 'runs/cut/assessment.json'), '{"format":');
  await mkdir(join(folder, 'runs/folder/assessment.json'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function keep(name: string, assessment: Assessment): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'assessment.json'), visibleJson(assessment));
}

async function policy(options: Options, cwd = folder, columns = 80): Promise<string> {
  let written = '';
  const write = async (portion: string) => {
    written += portion;
  };
  expect(await listPolicy(options, { ...quietIo(), cwd, columns, write })).toBe(0);
  return written;
}

const headings = [
  'Acme security policy',
  '1 holds, 1 is broken, 2 unproven, of 4 promises',
  'verdicts of runs/last, 2 accounts, ages at 2026-11-24T00:00:00.000Z',
];

describe('proviso policy', () => {
  it('prints the clauses by section with the verdicts of a run, the figure first', async () => {
    expect((await policy({ run: 'runs/last' })).split('\n')).toEqual([
      ...headings,
      '',
      '1.1 Data',
      '  ✖ BROKEN    1.1-data-1   Console users have two factors.',
      '                           owner: platform',
      '                           iam-console-user-mfa fails for 1 of 3 judged',
      '  ? UNPROVEN  1.1-data-2   Few people have the console.',
      '                           lacks a rule, an attestation',
      '',
      '1.10 Backups',
      '  ✔ HOLDS     1.10-bak-1   Backups are encrypted.',
      '                           shown by backup-recovery-point-encrypted',
      '',
      'Without a section',
      '  ? UNPROVEN  1.7-hyper-1  AWS mends the hypervisor.',
      "                           lacks a provider's report",
      '',
    ]);
  });

  it('says without a run how each clause is verified, and by which rules', async () => {
    expect((await policy({ run: false })).split('\n')).toEqual([
      'Acme security policy',
      '4 promises, verified 3 by rules (1 without one yet), 1 by attestation, 1 by a',
      'provider',
      'without verdicts: `proviso audit` makes a run to take them from',
      '',
      '1.1 Data',
      '  1.1-data-1   Console users have two factors.',
      '               owner: platform',
      '               verified by iam-console-user-mfa',
      '  1.1-data-2   Few people have the console.',
      '               verified by rules, of which there is none yet; by attestation',
      '',
      '1.10 Backups',
      '  1.10-bak-1   Backups are encrypted.',
      '               verified by backup-recovery-point-encrypted',
      '',
      'Without a section',
      '  1.7-hyper-1  AWS mends the hypervisor.',
      '               verified by a provider',
      '',
    ]);
  });

  it.each<[string, Options, readonly string[]]>([
    ['a verdict', { verdict: ['broken'] }, ['1.1-data-1']],
    ['two verdicts', { verdict: ['broken', 'holds'] }, ['1.1-data-1', '1.10-bak-1']],
    [
      'a section by its number, of which another begins with the same',
      { section: ['1.1'] },
      ['1.1-data-1', '1.1-data-2'],
    ],
    ['a section by words of its heading', { section: ['back'] }, ['1.10-bak-1']],
    ['a section by its heading', { section: ['1.10 BACKUPS'] }, ['1.10-bak-1']],
    ['a section and a verdict', { section: ['1.1'], verdict: ['unproven'] }, ['1.1-data-2']],
    ['what is not there', { section: ['1.10'], verdict: ['broken'] }, []],
  ])('shows only %s', async (_, options, ids) => {
    const shown = await policy({ run: 'runs/last', ...options });
    expect([...shown.matchAll(/(?<=[✖?✔] [A-Z]+ +)[\w.-]+/g)].map(([id]) => id)).toEqual(ids);
    expect(shown.split('\n').slice(0, 3)).toEqual(headings);
    expect(shown).toContain(ids.length === 0 ? 'No promise matches.' : `${ids.length} of 4 shown`);
    const { clauses, verdicts } = JSON.parse(await policy({ run: 'runs/last', format: 'json', ...options }));
    expect(clauses.map(({ id }: ClauseSummary) => id)).toEqual(ids);
    expect(verdicts).toMatchObject({ holds: 1, broken: 1, unproven: 2 });
  });

  it('says of a run whose answers are not those of AWS, or not all', async () => {
    const limits = [
      'its answers came from http://127.0.0.1:5000, and not from AWS',
      'its collection ended before it had asked for everything',
    ];
    expect((await policy({ run: 'runs/emulated' })).split('\n').slice(3, 5)).toEqual(limits);
    const { run } = JSON.parse(await policy({ run: 'runs/emulated', format: 'json' }));
    expect(run).toMatchObject({ endpoint: 'http://127.0.0.1:5000', stopped: true });
  });

  it('has the same for machines, with and without verdicts', async () => {
    const run = JSON.parse(await policy({ run: 'runs/last', format: 'json' }));
    expect(run.run).toEqual({
      folder: 'runs/last',
      now: '2026-11-24T00:00:00.000Z',
      accounts: ['111122223333', '444455556666'],
      changed: false,
    });
    expect(run.clauses[0]).toMatchObject({
      id: '1.1-data-1',
      verdict: 'broken',
      owner: 'platform',
      section: '1.1 Data',
    });
    const none = JSON.parse(await policy({ run: false, format: 'json' }));
    expect(Object.keys(none)).toEqual(['clauses', 'title']);
    expect(none.clauses[0]).not.toHaveProperty('verdict');
  });

  it('takes the newest run of reports/ that was judged', async () => {
    const room = await mkdtemp(join(folder, 'room-'));
    await writeFile(join(room, 'policies.yaml'), text);
    expect(await policy({}, room)).toContain('without verdicts');
    for (const name of ['20261123T020000Z', '20261124T020000Z-2', '20261124T020000Z'])
      await cp(join(folder, 'runs/last'), join(room, 'reports', `111122223333-${name}`), { recursive: true });
    await mkdir(join(room, 'reports/111122223333-20261125T020000Z/snapshot'), { recursive: true });
    expect(await policy({}, room)).toContain('verdicts of reports/111122223333-20261124T020000Z-2,');
    expect(await policy({ run: false }, room)).toContain('without verdicts');
  });

  it('says when the policy has changed since the run', async () => {
    const changed = 'the policy has changed since that run: audit again for verdicts of what it says now';
    expect(await policy({ run: 'runs/older', policy: 'policies.yaml' }, folder, 120)).toContain(changed);
    expect(await policy({ run: 'runs/last', policy: 'policies.yaml' }, folder, 120)).not.toContain(changed);
  });

  it.each([60, 80, 120])('keeps to %i columns', async (columns) => {
    for (const line of (await policy({ run: 'runs/last' }, folder, columns)).split('\n'))
      expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('shows nothing raw that a run was made to say', async () => {
    const shown = await policy({ run: 'runs/hostile' });
    expect(shown).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}]|##\[|^\s*::/mu);
    expect(await policy({ run: 'runs/hostile', format: 'json' })).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}]|##\[|^\s*::/mu);
  });
});

test.each<[string, Options, string, string]>([
  [
    'a section that is not there',
    { run: 'runs/last', section: ['1.3'] },
    "no section '1.3'",
    'one of: 1.1 Data, 1.10 Ba',
  ],
  ['verdicts without a run', { run: false, verdict: ['broken'] }, 'no run to take verdicts from', 'proviso audit'],
  ['a run that is not there', { run: 'runs/gone' }, 'runs/gone/assessment.json cannot be read', 'Check the path'],
  ['a folder in place of a file', { run: 'runs/folder' }, 'cannot be read: it is a folder', 'Check the path'],
  ['a file that was cut off', { run: 'runs/cut' }, 'it is not JSON', 'this version of Proviso'],
  ['a foreign file', { run: 'runs/foreign' }, 'is no summary of a run', 'this version of Proviso'],
  ['a policy that is not there', { policy: 'gone.yaml' }, 'gone.yaml cannot be read', 'Check the path'],
])('%s is one clear mistake', async (_, options, message, hint) => {
  const error = await policy(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const all = error instanceof ProvisoError ? [error] : (error as { readonly errors: readonly ProvisoError[] }).errors;
  expect(all).toHaveLength(1);
  expect([all[0]?.message, all[0]?.hint]).toEqual([expect.stringContaining(message), expect.stringContaining(hint)]);
});
