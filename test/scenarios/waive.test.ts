import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Ended, installProgram, type Program } from './program.ts';

let program: Program;
let place: string;
beforeAll(async () => {
  program = await installProgram();
  place = await program.room();
  await program.run(['demo', '--out', 'run'], { cwd: place });
}, 120_000);
afterAll(() => program.remove());

const at = (...names: readonly string[]) => join(place, ...names);
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  program.run(args, { cwd: place, env });

/** In the demo: acme-reporting-db lets the internet reach databases. */
const finding = 'f_821b511c76143dff';
const rule = 'sg-no-public-high-risk-ports';
const answers = ['--reason', 'Moves in spring: "soon".', '--owner', 'data', '--approver', 'ciso'];
const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

const policy = `# Ours.
title: Acme
clauses:   # all of them
  a: { claim: Risky ports are closed., verified: [rules], rules: [${rule}] }
`;

async function freshPolicy(name: string, text = policy): Promise<string> {
  await writeFile(at(name), text);
  return name;
}

const waive = (file: string, ...more: readonly string[]) =>
  run(['waive', finding, '--run', 'run', '--policy', file, ...answers, '--expires', soon, ...more]);

interface Document extends Assessment {
  readonly results: readonly (Result & { readonly fingerprint: string })[];
}

async function audit(file: string, ...more: readonly string[]): Promise<{ code: number | null; document: Document }> {
  const ended = await run(['audit', '--from', 'run', '--policy', file, '--format', 'json', ...more]);
  return { code: ended.code, document: JSON.parse(ended.stdout) as Document };
}

/** One message, without a stack. */
function refusal({ code, stderr, stdout }: Ended): string {
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toMatch(/^\s+at .*\(|\bundefined\b|This is a bug/m);
  return stderr;
}

describe('a finding that is waived', { timeout: 120_000 }, () => {
  it('is written into the policy, of which all else stays, and is covered from then on', async () => {
    const file = await freshPolicy('first.yaml');
    expect((await audit(file)).code).toBe(1);
    const written = await waive(file);
    expect([written.code, written.stderr]).toEqual([
      0,
      expect.stringMatching(/^first\.yaml has the waiver w_[0-9a-f]{12}; the next run judges by it\.\n$/),
    ]);
    expect(await readFile(at(file), 'utf8')).toBe(`${policy}
waivers:
  - rule: ${rule}
    resource: "sg-0a1d0000000000003"
    account: "111122223333"
    region: us-east-1
    reason: "Moves in spring: \\"soon\\"."
    owner: "data"
    approver: "ciso"
    expires: ${soon}
`);
    expect(written.stdout).toBe(`--- first.yaml
+++ first.yaml
@@ -2,3 +2,13 @@
 title: Acme
 clauses:   # all of them
   a: { claim: Risky ports are closed., verified: [rules], rules: [${rule}] }
+
+waivers:
+  - rule: ${rule}
+    resource: "sg-0a1d0000000000003"
+    account: "111122223333"
+    region: us-east-1
+    reason: "Moves in spring: \\"soon\\"."
+    owner: "data"
+    approver: "ciso"
+    expires: ${soon}
`);
    const { code, document } = await audit(file, '--now', new Date().toISOString());
    expect(document.waivers).toMatchObject([{ state: 'active', matched: 1, reason: 'Moves in spring: "soon".' }]);
    expect(document.results.find((one) => one.fingerprint === finding)).toMatchObject({
      outcome: 'fail',
      waiver: document.waivers[0]?.id,
    });
    expect([code, document.clauses[0]?.verdict]).toEqual([0, 'holds-with-exceptions']);
  });

  it('is explained with its waiver, from a run that is kept and from a snapshot', async () => {
    const file = await freshPolicy('explained.yaml');
    await waive(file);
    // A snapshot is judged at its own time, on which day the waiver must count.
    const day = demoAccount.now.slice(0, 10);
    await writeFile(at(file), (await readFile(at(file), 'utf8')).replace(soon, day));
    await run(['audit', '--from', 'run', '--policy', file, '--out', 'explained']);
    for (const folder of ['explained', 'run/snapshot']) {
      const { stdout } = await run(['explain', finding, '--run', folder, '--policy', file]);
      expect(stdout).toContain(`${finding} · FAIL · WAIVED by w_`);
      expect(stdout).toContain(`  approver  ciso\n  expires   ${day}\n`);
    }
    const own = await run(['explain', 'waiver-expired']);
    expect([own.code, own.stdout]).toEqual([0, expect.stringContaining('No waiver has expired')]);
  });

  it('is the second entry of a list of which comments and order stay', async () => {
    const list = `${policy}waivers:
    # Before.
    - rule: ${rule}
      resource: sg-other   # why not
      reason: >
        Folded
        over lines.
      owner: o
      approver: a
      expires: 2027-01-31

    # After.
parameters: {}
`;
    const file = await freshPolicy('second.yaml', list.replaceAll('\n', '\r\n'));
    expect((await waive(file)).code).toBe(0);
    const after = await readFile(at(file), 'utf8');
    const [head, tail] = list.split('\n\n    # After.');
    expect(after.startsWith(`${head}\n    - rule: ${rule}\n`.replaceAll('\n', '\r\n'))).toBe(true);
    expect(after.endsWith(`\n\n    # After.${tail}`.replaceAll('\n', '\r\n'))).toBe(true);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('can be pinned to what was observed', async () => {
    const file = await freshPolicy('pinned.yaml');
    await waive(file, '--pin');
    const { document } = await audit(file, '--now', new Date().toISOString());
    expect(document.waivers).toMatchObject([{ state: 'active', covers: expect.stringMatching(/, as observed$/) }]);
    const text = await readFile(at(file), 'utf8');
    await writeFile(at(file), text.replace(/observed: "[0-9a-f]{8}/, 'observed: "00000000'));
    const changed = await audit(file, '--now', new Date().toISOString());
    expect(changed.document.waivers).toMatchObject([{ state: 'unmatched', matched: 0 }]);
    expect(changed.code).toBe(1);
  });

  it('leaves links and permissions as they are', async () => {
    const file = await freshPolicy('linked.yaml');
    await chmod(at(file), 0o640);
    await symlink('linked.yaml', at('link.yaml'));
    expect((await waive('link.yaml')).code).toBe(0);
    expect((await stat(at(file))).mode & 0o777).toBe(0o640);
    expect(await readFile(at(file), 'utf8')).toContain('waivers:');
  });

  it('is shown and not written with --dry-run', async () => {
    const file = await freshPolicy('dry.yaml');
    const { code, stdout, stderr } = await waive(file, '--dry-run');
    expect([code, stderr]).toEqual([0, 'Nothing was written, as --dry-run asks.\n']);
    expect(stdout).toContain('+waivers:');
    expect(await readFile(at(file), 'utf8')).toBe(policy);
  });
});

describe('nothing is written', { timeout: 120_000 }, () => {
  let all: Document['results'];
  beforeAll(async () => {
    all = (await audit(await freshPolicy('any.yaml', 'title: A\n'))).document.results;
  }, 60_000);

  it.each<[string, readonly string[], RegExp]>([
    ['for a finding that does not exist', ['f_0000000000000000'], /there is no finding f_0000000000000000 in run/],
    ['without an answer', [finding, '--reason', 'x', '--owner', 'o'], /a waiver needs --approver, --expires/],
    ['for a blank reason', [finding, ...answers, '--reason', ' ', '--expires', soon], /--reason must say something/],
    ['until a day that is over', [finding, ...answers, '--expires', '2026-01-01'], /2026-01-01 is over/],
    ['until a day that does not exist', [finding, ...answers, '--expires', '2027-02-30'], /'2027-02-30' is not a day/],
    ['for years', [finding, ...answers, '--expires', '2036-01-01'], /more than 366 days ahead/],
    [
      'into a policy that is not there',
      [finding, ...answers, '--policy', 'none.yaml'],
      /there is no none.yaml to write/,
    ],
    ['from a run that is not there', [finding, ...answers, '--run', 'nowhere'], /nowhere/],
  ])('%s', async (_, args, message) => {
    const file = await freshPolicy('untouched.yaml');
    const ended = await run(['waive', '--policy', file, '--run', 'run', ...args]);
    expect(refusal(ended)).toMatch(message);
    expect(await readFile(at(file), 'utf8')).toBe(policy);
  });

  it.each(['pass', 'unknown', 'not-applicable'])('for what is %s', async (outcome) => {
    const id = all.find((one) => one.outcome === outcome)?.fingerprint ?? '';
    const ended = await run(['waive', id, '--run', 'run', '--policy', await freshPolicy('p.yaml'), ...answers]);
    expect(refusal(ended)).toContain(`${id} cannot be waived: it is no failure but ${outcome}`);
  });

  it('for a failure that is covered already', async () => {
    const file = await freshPolicy('twice.yaml');
    await waive(file);
    expect(refusal(await waive(file))).toMatch(/cannot be waived: w_[0-9a-f]{12} covers it already, twice\.yaml:7/);
  });

  it.each([
    [
      'a list in brackets',
      `${policy}waivers: [{ rule: ${rule}, resource: x, reason: r, owner: o, approver: a, expires: ${soon} }]\n`,
    ],
    ['a policy in braces', `{ title: Acme, clauses: { a: { claim: C., verified: [rules], rules: [${rule}] } } }\n`],
  ])('into %s, and the entry is given to be put there by hand', async (_, text) => {
    const file = await freshPolicy('flow.yaml', text);
    expect(refusal(await waive(file))).toMatch(/Put it there by hand.*\n.*- rule: sg-no-public-high-risk-ports/);
    expect(await readFile(at(file), 'utf8')).toBe(text);
  });

  it('over a file that somebody left half-written', async () => {
    const file = await freshPolicy('busy.yaml');
    await writeFile(at('busy.yaml.partial'), 'precious');
    expect(refusal({ ...(await waive(file)), stdout: '' })).toContain('exists already');
    expect(await readFile(at('busy.yaml.partial'), 'utf8')).toBe('precious');
    expect(await readFile(at(file), 'utf8')).toBe(policy);
  });
});

describe('an audit with a baseline', { timeout: 120_000 }, () => {
  it('says what is new, what is mended and what is still open, and may gate on the new alone', async () => {
    const file = await freshPolicy('base.yaml');
    await run(['audit', '--from', 'run', '--policy', file, '--out', 'base']);
    const same = await audit(file, '--baseline', 'base');
    expect(same.document.change).toMatchObject({ introduced: 0, existing: 1, fixed: 0, unknown: 0, notes: [] });
    expect(same.code).toBe(1);
    expect((await audit(file, '--baseline', 'base', '--only', 'new', '--out', 'again')).code).toBe(0);
    // What a run with a baseline keeps is a baseline itself.
    expect((await audit(file, '--baseline', 'again')).document.change).toMatchObject({ existing: 1, introduced: 0 });
    const wider = await freshPolicy('wider.yaml', policy.replace(`[${rule}]`, `[${rule}, iam-console-user-mfa]`));
    const later = await audit(wider, '--baseline', 'base', '--only', 'new');
    expect(later.code).toBe(1);
    expect(later.document.change?.notes).toEqual([
      'the baseline was judged by another policy',
      'the baseline was not judged by iam-console-user-mfa',
    ]);
    expect(later.document.results.find((one) => one.fingerprint === finding)?.change).toBe('existing');
  });

  it('gives the same bytes in other places', async () => {
    const file = await freshPolicy('bytes.yaml');
    await waive(file);
    await run(['audit', '--from', 'run', '--policy', file, '--out', 'bytes']);
    await mkdir(at('elsewhere'));
    const outputs: string[] = [];
    for (const format of ['json', 'terminal']) {
      const args = ['--baseline', at('bytes'), '--only', 'new', '--format', format, '--now', '2026-12-01T00:00:00Z'];
      const here = await run(['audit', '--from', 'run', '--policy', file, ...args]);
      const there = await program.run(['audit', '--from', at('run'), '--policy', at(file), ...args], {
        cwd: at('elsewhere'),
        env: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' },
      });
      expect(there.stdout).toBe(here.stdout);
      outputs.push(here.stdout);
    }
    expect(outputs[1]).toContain('--only new');
  });

  it.each<[string, string, RegExp]>([
    ['a folder without a summary', 'empty', /empty\/assessment\.json cannot be read/],
    ['a summary of something else', 'foreign', /foreign\/assessment\.json/],
    ['results that are cut short', 'cut', /results\.ndjson cannot be a baseline: the line has no end/],
    ['results of which a line is missing', 'short', /its results are not those that assessment\.json counts/],
    ['results that are no JSON', 'text', /results\.ndjson cannot be a baseline: line 1: it is not JSON/],
    ['a failure of another name', 'renamed', /cannot be a baseline: line \d+: its fingerprint is not its own/],
    ['no results', 'nothing', /nothing\/results\.ndjson cannot be read/],
  ])('refuses %s in one error', async (_, folder, message) => {
    const file = await freshPolicy('broken.yaml');
    if (!existsSync(at('good'))) await run(['audit', '--from', 'run', '--policy', file, '--out', 'good']);
    const summary = await readFile(at('good', 'assessment.json'), 'utf8');
    const results = await readFile(at('good', 'results.ndjson'), 'utf8');
    await mkdir(at(folder));
    const files: Readonly<Record<string, readonly [string?, string?]>> = {
      empty: [],
      foreign: ['{"format":"other"}', results],
      cut: [summary, results.slice(0, -20)],
      short: [summary, results.slice(results.indexOf('\n') + 1)],
      text: [summary, `hello\n${results}`],
      renamed: [summary, results.replaceAll(finding, 'f_0000000000000000')],
      nothing: [summary],
    };
    const [one, two] = files[folder] ?? [];
    if (one !== undefined) await writeFile(at(folder, 'assessment.json'), one);
    if (two !== undefined) await writeFile(at(folder, 'results.ndjson'), two);
    expect(refusal(await run(['audit', '--from', 'run', '--policy', file, '--baseline', folder]))).toMatch(message);
  });

  it('wants one for --only new', async () => {
    expect(refusal(await run(['audit', '--from', 'run', '--only', 'new']))).toContain(
      '--only new needs an earlier run',
    );
  });
});
