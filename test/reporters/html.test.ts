import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { number } from '../../src/finding/counts.ts';
import type { Assessment, Outcome, Result, WaiverSummary } from '../../src/finding/finding.ts';
import { type Block, decodeBody, decodeHead } from '../../src/page/block.ts';
import { filterNames } from '../../src/page/filter.ts';
import { most, quotaOf } from '../../src/reporters/_html-findings.ts';
import { html } from '../../src/reporters/_html-write.ts';
import { reporter } from '../../src/reporters/html.ts';
import { hostileNames, hostileRun } from '../browser/hostile.ts';
import { acmeRun, type Run } from '../fixtures/acme-run.ts';
import { render } from './render.ts';

const golden = join(import.meta.dirname, '../fixtures/acme-run.html.txt');

/** The page without script and style, which are the same in every report. */
function withoutProgram(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '<style></style>')
    .replace(/<script>.*?<\/script>\n<\/body>/s, '<script></script>\n</body>')
    .replaceAll(/'sha256-[^']+'/g, "'sha256-'");
}

it("shows the two accounts' run as recorded", async () => {
  const text = withoutProgram(await render(reporter, await acmeRun()));
  // Recorded anew on purpose only: RECORD=1 npx vitest run test/reporters
  if (process.env.RECORD === '1') await writeFile(golden, text);
  expect(text).toBe(await readFile(golden, 'utf8'));
});

/** Blocks of data of a class, as a browser would read them. */
function blocksOf(page: string, name: string): readonly Block[] {
  const found = page.matchAll(new RegExp(`<script type="application/json" class="${name}">(.*?)</script>`, 'gs'));
  return [...found].map(([, text = '']) => JSON.parse(text) as Block);
}

it.each([
  ['an account', acmeRun],
  ['a hostile account', hostileRun],
])('carries every result of %s, with its evidence', async (_, runOf) => {
  const run = await runOf();
  const page = await render(reporter, run);
  const heads = blocksOf(page, 'heads').flatMap((block) => block.rows.map((row) => decodeHead(block, row)));
  const bodies = blocksOf(page, 'bodies').flatMap((block) => block.rows.map((row) => decodeBody(block, row)));
  const cut = (text = '') => (text.length > 2100 ? `${text.slice(0, 2100)}…` : text);
  expect(
    heads.map(({ rule, outcome, account, region, id, name }) => [rule, outcome, account, region, id, name]),
  ).toEqual(
    run.results.map(({ rule, outcome, account, region, resource }) => [
      ...[rule, outcome, account, region],
      ...[cut(resource?.id), cut(resource?.name)],
    ]),
  );
  expect(bodies.map(({ evidence }) => evidence.map(({ path, call }) => [path, call]))).toEqual(
    run.results.map(({ evidence }) => evidence.map(({ path, call = '' }) => [cut(path), cut(call)])),
  );
});

it('holds nothing of a hostile account that a browser or a reader would act on', async () => {
  const page = await render(reporter, await hostileRun());
  const { script } = await import('../../src/reporters/_html-page.generated.ts');
  const tags = page.replace(script, '').match(/<\/?[a-zA-Z][^>]*/g) ?? [];
  expect(tags.filter((tag) => /^<\/?(?:img|b|i|iframe|base|link)\b|\son\w+=/i.test(tag))).toEqual([]);
  expect(tags.filter((tag) => /^<script/i.test(tag) && !tag.startsWith('<script type="application/json"'))).toEqual([
    '<script',
  ]);
  expect(page).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]|<!--/u);
  expect(hostileNames.length).toBeGreaterThan(10);
});

it('writes markup as text in tags and in attributes', () => {
  const attributes = { title: `"><script>'` };
  expect(
    html({ tag: 'span', attributes, children: ['<b>&\u202e', { tag: 'input', attributes: {}, children: [] }] }),
  ).toBe('<span title="&quot;&gt;&lt;script&gt;&#39;">&lt;b&gt;&amp;<input>\n</span>');
});

it('allows nothing but its own script and style', async () => {
  const page = await render(reporter, await acmeRun());
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  const source = '&#39;sha256-[A-Za-z0-9+/]{43}=&#39;';
  const rest = 'base-uri &#39;none&#39;; form-action &#39;none&#39;; require-trusted-types-for &#39;script&#39;';
  expect(policy).toMatch(
    new RegExp(`^default-src &#39;none&#39;; script-src ${source}; style-src ${source}; ${rest}$`),
  );
  expect(page).not.toMatch(/\sstyle="|https?:\/\/(?!127\.0\.0\.1)/);
});

/** A run with the counts of one rule turned into others. */
function counted(run: Run, counts: Partial<Record<Outcome, number>>): Assessment {
  const none = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, 'not-evaluated': 0 };
  const rules = run.assessment.rules.map((rule) => ({ ...rule, outcomes: none }));
  return {
    ...run.assessment,
    rules: rules.map((rule, index) => (index < 2 ? { ...rule, outcomes: { ...none, ...counts } } : rule)),
  };
}

it.each([
  ['all are listed where there is room', { fail: 50, pass: 5 }, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['failures share their room', { fail: 80, pass: 5 }, 50, Number.POSITIVE_INFINITY],
  ['a few unknowns are listed beside many failures', { fail: 1000, unknown: 10 }, 40, Number.POSITIVE_INFINITY],
  ['passes take no room from failures', { fail: 50, pass: 1000 }, Number.POSITIVE_INFINITY, 5],
])('%s', async (_, counts, loud, quiet) => {
  const quota = quotaOf(counted(await acmeRun(), counts), { loud: 100, quiet: 10 });
  expect([quota('fail'), quota('unknown'), quota('pass')]).toEqual([loud, loud, quiet]);
});

it('says what it counts and does not list', async () => {
  const run = await acmeRun();
  const [first] = run.results;
  if (first === undefined) throw new Error('there are no results');
  const many = { ...run, assessment: counted(run, { pass: 30_000 }) };
  const passes: Result[] = Array.from({ length: 30_000 }, (_, index) => ({
    ...first,
    outcome: 'pass',
    rule: run.assessment.rules[0]?.id ?? '',
    resource: { id: `r-${index}` },
  }));
  const page = await render(reporter, { ...many, results: passes });
  expect(page).toContain('lists the first 10,000 of 30,000 passed; the rest is counted');
  expect(blocksOf(page, 'heads').reduce((sum, { rows }) => sum + rows.length, 0)).toBe(10_000);
});

const waiver: WaiverSummary = {
  id: 'w_0123456789ab',
  rule: 'sg-closed',
  covers: 'resource sg-1',
  reason: 'The <old> shop is shut down in March.',
  owner: 'shop',
  approver: 'security',
  expires: '2027-03-31',
  state: 'expired',
  matched: 1,
};

it('shows waivers, what is waived, and what is new', async () => {
  const run = await acmeRun();
  const results = run.results.map((result, index) =>
    index % 2 === 0 ? { ...result, waiver: waiver.id } : { ...result, change: 'introduced' as const },
  );
  const fixed = {
    fingerprint: 'f_00000000000000aa',
    rule: 'sg-closed',
    severity: 'critical',
    account: '111122223333',
  } as const;
  const change = {
    baseline: { now: '2026-10-01T00:00:00.000Z', snapshot: 'aa', policy: 'bb' },
    introduced: 3,
    existing: 4,
    fixed: 1,
    unknown: 2,
    fixedResults: [{ ...fixed, region: 'eu-west-1', type: 'AWS::EC2::SecurityGroup', resource: 'sg-0', name: 'gone' }],
  };
  const page = await render(reporter, { results, assessment: { ...run.assessment, waivers: [waiver], change } });
  expect(page).toContain('id="waiver-w_0123456789ab"');
  for (const text of ['The &lt;old&gt; shop', 'Expired', '2027-03-31', 'resource sg-1', 'gone', 'Waived', 'New'])
    expect(page).toContain(text);
  for (const text of ['3 introduced', '4 still there', '1 fixed', '2 that failed then and cannot be judged now'])
    expect(page).toContain(text);
});

it('says on its first screen what it was not shown', async () => {
  const run = await acmeRun();
  const { accounts, snapshot, policy } = run.assessment;
  const assessment: Assessment = {
    ...run.assessment,
    snapshot: { ...snapshot, finished: false },
    accounts: accounts.map((account) => ({ ...account, unreachable: { reason: 'denied' } })),
    policy: { ...policy, scope: { accounts: accounts.map(({ id }) => id), regions: ['eu-west-1'] } },
    regionsIncomplete: { reason: 'throttled' },
  };
  const page = await render(reporter, { ...run, assessment });
  const first = page.slice(0, page.indexOf('<form'));
  for (const text of ['Stopped.', 'Accounts missing.', 'Regions missing.', 'Incomplete.', 'Emulated.', 'Limited.'])
    expect(first).toContain(`<strong>${text}</strong>`);
  expect(first).toContain('eu-west-1');
});

it('the page of reports tells its limits and its filters', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/reports.md'), 'utf8');
  expect(text).toContain(`${number(most.loud)} findings and ${number(most.quiet)} results`);
  const [told = ''] = /^`verdict`.*narrow\./m.exec(text) ?? [];
  expect(new Set([...told.matchAll(/`(\w+)`/g)].map(([, name]) => name))).toEqual(new Set(filterNames));
});
