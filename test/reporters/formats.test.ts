import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/finding/exit.ts';
import type { Result, Severity } from '../../src/finding/finding.ts';
import { fingerprint } from '../../src/finding/fingerprint.ts';
import { reporter as csv } from '../../src/reporters/csv.ts';
import { reporter as github } from '../../src/reporters/github.ts';
import { reporter as junit } from '../../src/reporters/junit.ts';
import { reporter as markdown } from '../../src/reporters/markdown.ts';
import { reporter as sarif } from '../../src/reporters/sarif.ts';
import { reporter as terminal } from '../../src/reporters/terminal.ts';
import { acmeHistory } from '../fixtures/acme-history.ts';
import type { Run } from '../fixtures/acme-run.ts';
import { render } from './render.ts';
import { checks, csvRows, expectJunit, renderedMarkdown, sarifRun, textOf } from './validity.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const formats = [csv, github, junit, markdown, sarif];

describe.each(formats)('$name', (reporter) => {
  it('shows the second night of the two accounts as recorded', async () => {
    const file = join(fixtures, `acme-history${reporter.extension}`);
    const text = await render(reporter, await acmeHistory());
    // Recorded anew on purpose only: RECORD=1 npx vitest run test/reporters
    if (process.env.RECORD === '1') await writeFile(file, text);
    expect(text).toBe(await readFile(file, 'utf8'));
  });

  it('is valid', async () => {
    checks[reporter.name]?.(await render(reporter, await acmeHistory()));
  });

  it('gives the same bytes however the results are portioned', async () => {
    const { assessment, results } = await acmeHistory();
    const options = { gate: { failOn: 'info', onUnknown: 'fail' }, colours: noPaint } as const;
    let text = '';
    const single = results.map((result) => [result]);
    for await (const portion of reporter.render(assessment, [[], ...single, []], options)) text += portion;
    expect(text).toBe(await render(reporter, { assessment, results }));
  });

  it('is valid when nothing was judged', async () => {
    const { assessment } = await acmeHistory();
    const empty = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, 'not-evaluated': 0 };
    const bare = { ...assessment, rules: [], clauses: [], waivers: [], refused: [], totals: empty };
    checks[reporter.name]?.(await render(reporter, { assessment: bare, results: [] }));
  });
});

const asIs = (text: string) => text;
const noPaint = { bold: asIs, dim: asIs, red: asIs, yellow: asIs, green: asIs, cyan: asIs };

/** The same run with a rule's failures multiplied, so that it has more than a format takes. */
async function crowd(count: number, severity: Severity = 'low', change: Partial<Result> = {}): Promise<Run> {
  const { assessment, results } = await acmeHistory();
  const sample = results.find(({ rule, outcome }) => rule === 'sg-closed' && outcome === 'fail');
  const [summary] = assessment.rules.filter(({ id }) => id === 'sg-closed');
  if (sample === undefined || summary === undefined) throw new Error('the fixture has no failure');
  const { waiver: _, change: __, ...failure } = sample;
  const many = Array.from(
    { length: count },
    (___, index): Result => ({
      ...failure,
      rule: 'sg-crowd',
      severity,
      resource: { id: `sg-${index}`, name: `crowd-${index}` },
      ...change,
    }),
  );
  const outcomes = { pass: 0, fail: count, unknown: 0, 'not-applicable': 0, 'not-evaluated': 0 };
  const rule = { ...summary, id: 'sg-crowd', severity, outcomes, waived: 0 };
  const totals = { ...assessment.totals, fail: assessment.totals.fail + count };
  return { assessment: { ...assessment, rules: [rule, ...assessment.rules], totals }, results: [...many, ...results] };
}

describe('terminal', () => {
  it('shows what is new first, and so what the run fails for, however much more there is', async () => {
    const { assessment, results } = await crowd(20, 'high', { change: 'existing' });
    const late = results.map((result) =>
      result.resource?.id === 'sg-17' || result.resource?.id === 'sg-19'
        ? { ...result, change: 'introduced' as const }
        : result,
    );
    const shown = (await render(terminal, { assessment, results: late })).match(/crowd-\d+(?= ·)/g);
    expect(shown).toEqual(['crowd-17', 'crowd-19', 'crowd-0', 'crowd-1', 'crowd-2']);
  });

  it('says which regions the policy is about, as the summary for GitHub does', async () => {
    const { assessment, results } = await acmeHistory();
    const whole = await render(terminal, {
      assessment: { ...assessment, policy: { ...assessment.policy, scope: {} } },
      results,
    });
    expect(whole).not.toContain('limited');
    const policy = { ...assessment.policy, scope: { regions: ['eu-west-1', 'us-east-1'] } };
    const limited = { assessment: { ...assessment, policy }, results };
    expect(await render(terminal, limited)).toContain(
      'limited   the policy is about the regions eu-west-1, us-east-1 alone\n',
    );
    expect(
      renderedMarkdown(await render(markdown, limited))
        .map(textOf)
        .join('\n'),
    ).toContain('The policy is about 2 regions alone: eu-west-1, us-east-1.');
  });
});

describe('SARIF', () => {
  it('holds failures and unknowns under their fingerprints, and nothing that passed', async () => {
    const run = await acmeHistory();
    const { results } = sarifRun(await render(sarif, run));
    const loud = run.results.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable');
    const names = results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    expect(new Set(names)).toEqual(new Set(loud.map(fingerprint)));
    expect(names).toHaveLength(loud.length);
  });

  it('keeps an unknown as an open result of its own rule, lest GitHub take the failure behind it for fixed', async () => {
    const { results } = sarifRun(await render(sarif, await acmeHistory()));
    const unknown = results.find(({ ruleId, kind }) => ruleId === 'instance-patched' && kind === 'open');
    expect(unknown).toMatchObject({ level: 'none', message: { text: expect.stringMatching(/^Unknown: /) } });
  });

  it('states waivers as suppressions of all results or none, and changes as the state against the baseline', async () => {
    const { results } = sarifRun(await render(sarif, await acmeHistory()));
    expect(results.every(({ suppressions }) => Array.isArray(suppressions))).toBe(true);
    expect(results.filter(({ suppressions }) => suppressions.length > 0)).toMatchObject([
      { ruleId: 'sg-closed', suppressions: [{ kind: 'external', status: 'accepted' }], baselineState: 'unchanged' },
    ]);
    expect(results.filter(({ baselineState }) => baselineState === 'new')).toHaveLength(3);
  });

  it('points at the line that declares a resource', async () => {
    const run = await crowd(1, 'high', {
      resource: { id: 'a', declared: { address: 'a', file: 'infra/main file.tf', line: 12 } },
    });
    const result = sarifRun(await render(sarif, run)).results.find(({ ruleId }) => ruleId === 'sg-crowd');
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'infra/main%20file.tf' },
      region: { startLine: 12 },
    });
  });

  it('points at the first clause that demands it where nothing declares a resource', async () => {
    const { results } = sarifRun(await render(sarif, await acmeHistory()));
    const place = (rule: string) => results.find(({ ruleId }) => ruleId === rule)?.locations[0]?.physicalLocation;
    expect(place('sg-closed')).toEqual({ artifactLocation: { uri: 'policies.yaml' }, region: { startLine: 4 } });
    expect(place('sg-described')).toEqual({ artifactLocation: { uri: 'policies.yaml' }, region: { startLine: 5 } });
  });

  it('names each denied call with the permission that would allow it', async () => {
    const [invocation] = sarifRun(await render(sarif, await acmeHistory())).invocations;
    const texts = invocation?.toolExecutionNotifications.map(({ message }) => message.text);
    expect(texts).toContain(
      'ssm:ListComplianceItems in 111122223333 eu-west-1: denied (AccessDenied); allow ssm:ListComplianceItems.',
    );
  });

  it('gives runs of different accounts different categories', async () => {
    const { assessment, results } = await acmeHistory();
    const one = { assessment: { ...assessment, accounts: [{ id: '111122223333' }] }, results };
    expect(sarifRun(await render(sarif, one)).automationDetails.id).toBe('proviso/111122223333/');
  });

  it.each([
    ['results', 30_000, 'sg'],
    ['bytes', 9_000, 'x'.repeat(600)],
  ])('keeps the gravest within the limit of %s and says how many it leaves out', async (_, count, name) => {
    const run = await crowd(count, 'low');
    const named = run.results.map((result, index) =>
      result.rule === 'sg-crowd'
        ? { ...result, resource: { id: `${name}${index}`, name: `${name}-${index}` } }
        : result,
    );
    const text = await render(sarif, { ...run, results: named });
    checks.sarif?.(text);
    const { results, invocations } = sarifRun(text);
    const loud = named.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable').length;
    expect(results.filter(({ level }) => level === 'error')).toHaveLength(7);
    const said = invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text).join('\n');
    const left = String(loud - results.length).replace(/\B(?=(?:\d{3})+$)/g, ',');
    expect(said).toContain(`${left} findings left out`);
  });
});

describe('annotations', () => {
  const gate: Gate = { failOn: 'high', onUnknown: 'fail' };

  it('are errors for failures that gate, and warnings for what is below or unknown', async () => {
    const lines = (await render(github, await acmeHistory(), { gate })).split('\n');
    const kinds = (kind: string) =>
      lines
        .filter((line) => line.startsWith(`::${kind} `))
        .map((line) => /title=[^%]+%3A ([a-z-]+ [a-z]+)/.exec(line)?.[1]);
    expect(kinds('error')).toEqual(['sg-closed fails', 'account-has-laboratory fails']);
    expect(kinds('warning')).toContain('instance-patched unknown');
    expect(kinds('warning')).toContain('sg-described fails');
  });

  it('are errors for new failures alone where only those gate', async () => {
    const options = { gate: { ...gate, failOn: 'info', only: 'new' } } as const;
    const lines = (await render(github, await acmeHistory(), options)).split('\n');
    const errors = lines.filter((line) => line.startsWith('::error '));
    expect(errors.map((line) => /%3A (\S+) fails/.exec(line)?.[1])).toEqual(['sg-closed', 'sg-described']);
    expect(errors[0]).toContain('sg-closed fails for 2::');
    expect(errors[0]).not.toContain('web-sg-1 ');
  });

  it('leave out what is waived', async () => {
    expect(await render(github, await acmeHistory())).not.toContain('web-sg-2');
  });

  it('fold a rule whose resources stand in no file, and count them', async () => {
    const text = await render(github, await crowd(12_345, 'critical'));
    expect(text).toMatch(/^::error title=critical%3A sg-crowd fails for 12%2C345::/m);
    expect(text).toContain('and 12,342 more');
  });

  it('stand at the lines of files, ten of a kind, and the rest is counted', async () => {
    const run = await crowd(25, 'critical');
    const results = run.results.map((result, index) =>
      result.rule === 'sg-crowd'
        ? {
            ...result,
            resource: { id: `r${index}`, declared: { address: `r${index}`, file: 'main.tf', line: index + 1 } },
          }
        : result,
    );
    const lines = (await render(github, { ...run, results })).split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => line.startsWith('::error file=main.tf,line='))).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/^::notice .*25 findings without an annotation/);
  });
});

describe('JUnit XML', () => {
  it('counts in each suite what its cases say', async () => {
    const text = await render(junit, await acmeHistory());
    for (const [, head = '', body = ''] of text.matchAll(/<testsuite ([^>]*)>(.*?)<\/testsuite>/gs)) {
      const stated = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(head)?.[1]);
      expect(stated('tests')).toBe([...body.matchAll(/<testcase /g)].length);
      expect(stated('failures')).toBe([...body.matchAll(/<failure /g)].length);
      expect(stated('errors')).toBe([...body.matchAll(/<error /g)].length);
      expect(stated('skipped')).toBe([...body.matchAll(/<skipped /g)].length);
    }
  });

  it('has an error for what is unknown, and skips what is waived with the waiver', async () => {
    const text = await render(junit, await acmeHistory());
    expect(text).toMatch(
      /name="i-2 [^>]*><error type="unknown" message="Compliance is not known: denied; allow ssm:ListComplianceItems/,
    );
    expect(text).toMatch(/name="web-sg-2 [^>]*><skipped type="waived" message="waived until 2027-03-31 by platform/);
  });

  it('keeps failures before passes, and a case for those that had no room', async () => {
    const text = await render(junit, await crowd(10_500));
    checks.junit?.(text);
    await expectJunit([text, await render(junit, await acmeHistory())]);
    expect(text).toContain('name="web-sg-1 (sg-1)');
    expect(text).toMatch(/name="more that fail" time="0"><failure type="left-out" message="\d+ more, for which/);
    expect(text).toMatch(/name="\d+ more that pass"/);
  });
});

describe('CSV', () => {
  it('has a row for every result, and reads back as it was', async () => {
    const { assessment, results } = await acmeHistory();
    const rows = csvRows(await render(csv, { assessment, results }));
    expect(
      rows.map((row) => [row.fingerprint, row.outcome, row.rule, row.account, row.region, row.resource_id]),
    ).toEqual(
      results.map((result) => [
        fingerprint(result),
        result.outcome,
        result.rule,
        result.account,
        result.region,
        result.resource?.id ?? '',
      ]),
    );
  });

  it('says why something is unknown and what would show it', async () => {
    const rows = csvRows(await render(csv, await acmeHistory()));
    expect(rows.find(({ resource_id }) => resource_id === 'i-2')).toMatchObject({
      outcome: 'unknown',
      unknown_reason: 'denied',
      permission: 'ssm:ListComplianceItems',
      clauses: '1.3-server-2',
    });
  });
});

describe('Markdown', () => {
  it('opens with the title and the figure', async () => {
    const text = await render(markdown, await acmeHistory());
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# Acme security policy',
      '',
      expect.stringMatching(/^\*\*1 holds, 3 are broken/),
    ]);
  });

  it('goes from what is broken to what was not seen, what is waived and what changed', async () => {
    const elements = renderedMarkdown(await render(markdown, await acmeHistory()));
    expect(elements.filter(({ tagName }) => tagName === 'h2').map(textOf)).toEqual([
      'Broken promises',
      'Failures',
      'Unknown',
      'Not seen',
      'Waivers',
      'Since the baseline',
      'Unproven promises',
    ]);
  });

  it('names new failures before old ones and waived ones last', async () => {
    const text = await render(markdown, await acmeHistory());
    const order = ['sg-6', 'sg-7', 'sg-1', 'sg-2'].map((id) => text.indexOf(`web-${id} `));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(text).toContain('7 of 8 fail (2 new, 1 waived)');
  });

  it('stays below the limit of a step summary, and says in each section what it has no room for', async () => {
    const { assessment, results } = await acmeHistory();
    const long = '<'.repeat(200);
    const times = <T>(items: readonly T[], change: (item: T, index: number) => T) =>
      Array.from({ length: 3000 }, (_, index) => items[index % items.length]).flatMap((item, index) =>
        item === undefined ? [] : [change(item, index)],
      );
    const big = {
      ...assessment,
      clauses: times(assessment.clauses, (clause, index) => ({ ...clause, id: `c-${index}`, claim: long })),
      rules: times(assessment.rules, (rule, index) => ({ ...rule, id: `r-${index}`, title: long })),
      waivers: times(assessment.waivers, (waiver) => ({ ...waiver, reason: long })),
      refused: times(assessment.refused, (call) => ({ ...call, key: long })),
    };
    const text = await render(markdown, { assessment: big, results });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text.match(/for which this summary has no room/g)).toHaveLength(6);
  });
});

describe('the checks refuse', () => {
  const broken: readonly (readonly [string, string])[] = [
    ['csv', '\ufefffingerprint,message\r\nf_0123456789abcdef,=1+1\r\n'],
    ['csv', '\ufefffingerprint,message\r\nf_0123456789abcdef,a;=1+1\r\n'],
    ['csv', '\ufefffingerprint,message\r\nf_0123456789abcdef\r\n'],
    ['github', '::error title=a:b::c\n'],
    ['github', '::error title=a::b%0\n'],
    ['junit', '<testsuites>\n::error::owned</testsuites>'],
    ['markdown', '<img src="x">'],
    ['markdown', '[web](https://evil.example.com)'],
    ['markdown', 'https://evil.example.com'],
    ['markdown', 'for @acme'],
    ['sarif', '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"proviso","rules":[]}},"results":[{}]}]}'],
    ['terminal', 'a\n::error::owned'],
  ];
  it.each(broken)('in %s: %j', (format, text) => {
    expect(() => checks[format]?.(text)).toThrow(/expected|invalid/i);
  });

  it('XML that breaks off, or that the schema does not know', async () => {
    await expect(expectJunit(['<testsuites><testsuite>'])).rejects.toThrow(/expected/);
    await expect(expectJunit(['<testsuites><testsuite name="a"/></testsuites>'])).rejects.toThrow(/expected/);
  });
});
