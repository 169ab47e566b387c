import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseHtml } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/finding/exit.ts';
import type { Reporter } from '../../src/finding/reporter.ts';
import { schemaMistakes } from '../../src/model/schema-errors.ts';
import { validateAssessment } from '../../src/model/validate-assessment.generated.ts';
import { validateAssessmentResult } from '../../src/model/validate-assessment-result.generated.ts';
import { reporters } from '../../src/reporters/index.ts';
import { acmeGate } from '../fixtures/acme-gate.ts';
import { hostileNames } from '../fixtures/hostile-account.ts';
import { render } from './render.ts';
import {
  checks,
  csvRows,
  elementsOf,
  expectInert,
  type Format,
  renderedMarkdown,
  sarifRun,
  textOf,
} from './validity.ts';

const formats = Object.keys(reporters) as Format[];
const introducedOnly: Gate = { failOn: 'info', onUnknown: 'fail', only: 'new' };
const all: Gate = { failOn: 'info', onUnknown: 'fail' };

async function reporterOf(format: Format): Promise<Reporter> {
  return (await reporters[format]()).reporter;
}

async function shown(format: Format, gate: Gate = introducedOnly): Promise<string> {
  return render(await reporterOf(format), await acmeGate(), { gate });
}

const recorded = formats.filter((format) => format !== 'html' && format !== 'json');

it.each(recorded)('%s shows what a plan does as recorded', async (format) => {
  const { extension } = await reporterOf(format);
  const file = join(import.meta.dirname, '../fixtures', `acme-gate${extension}`);
  const text = await shown(format);
  // Recorded anew on purpose only: RECORD=1 npx vitest run test/reporters
  if (process.env.RECORD === '1') await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
});

it.each(formats)('%s is valid', async (format) => {
  const check = checks[format] ?? expectInert;
  check(await shown(format));
});

it('the run follows the published schemas', async () => {
  const { assessment, results } = await acmeGate();
  expect(schemaMistakes(validateAssessment, assessment)).toEqual([]);
  expect(
    results.flatMap((result) =>
      schemaMistakes(validateAssessmentResult, { ...result, fingerprint: 'f_0123456789abcdef' }),
    ),
  ).toEqual([]);
});

describe('what was there before the change', () => {
  const names: Readonly<Record<string, (text: string) => number>> = {
    github: (text) => text.match(/legacy/g)?.length ?? 0,
    sarif: (text) => sarifRun(text).results.filter((one) => JSON.stringify(one).includes('legacy')).length,
    terminal: (text) => text.match(/legacy/g)?.length ?? 0,
    markdown: (text) => text.match(/legacy/g)?.length ?? 0,
    junit: (text) => text.match(/<testcase [^>]*legacy[^>]*><failure/g)?.length ?? 0,
  };

  it.each(Object.entries(names))('is no matter for %s unless all is asked for', async (format, count) => {
    expect(count(await shown(format as Format))).toBe(0);
    expect(count(await shown(format as Format, all))).toBeGreaterThan(0);
  });

  it('is skipped as a test, and says so', async () => {
    expect(await shown('junit')).toMatch(/<testcase [^>]*legacy[^>]*><skipped type="there-before"/);
  });

  it.each(['csv', 'ndjson', 'json'] as const)('is marked in %s', async (format) => {
    expect(await shown(format)).toContain('existing');
  });
});

describe('where to mend it', () => {
  it('is the line of the cause, in code scanning', async () => {
    const found = sarifRun(await shown('sarif')).results.find(({ kind }) => kind === 'fail');
    expect(found?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'infra/main.tf' },
      region: { startLine: 12 },
    });
  });

  it('is the line of the cause, as an annotation', async () => {
    expect(await shown('github')).toMatch(/^::error file=infra\/main\.tf,line=12,/m);
  });

  it('is told with the way to the variable in every format', async () => {
    for (const format of formats) {
      const text = await shown(format);
      const plain = format === 'markdown' ? renderedMarkdown(text).map(textOf).join('\n') : text;
      expect([format, plain.includes('var.web')]).toEqual([format, true]);
    }
  });

  it('comes with what would settle an unknown', async () => {
    expect(await shown('terminal')).toContain('settle    apply module.network first, then plan again');
  });
});

describe('a change that only doubts make incomplete', () => {
  const warn: Gate = { ...introducedOnly, onUnknown: 'warn' };
  /** The plan, without a failure and without anything unknown. */
  async function doubtful(doubts = true) {
    const { assessment, results } = await acmeGate();
    const { gate: judged, change } = assessment;
    if (judged === undefined || change === undefined) throw new Error('the fixture is no gate');
    const quiet = results.filter(({ outcome }) => outcome === 'pass');
    const rules = assessment.rules.map(({ introducedUnknown: _, ...rule }) => ({ ...rule, introduced: 0 }));
    const gate = { ...judged, doubts: doubts ? judged.doubts : [], unknown: 0, broken: [] };
    return { assessment: { ...assessment, rules, gate, change: { ...change, introduced: 0 } }, results: quiet };
  }

  it.each<[string, Gate, boolean, RegExp]>([
    ['fails as a test', introducedOnly, true, /<testsuite name="proviso\.gate" tests="2" failures="0" errors="2"/],
    [
      'is skipped as a test where doubts warn',
      warn,
      true,
      /<testsuite name="proviso\.gate" tests="2" failures="0" errors="0" skipped="2"/,
    ],
    [
      'passes as a test once nothing is in doubt',
      introducedOnly,
      false,
      /<testsuite name="proviso\.gate" tests="1" failures="0" errors="0" skipped="0"/,
    ],
  ])('%s', async (_, gate, doubts, text) => {
    expect(await render(await reporterOf('junit'), await doubtful(doubts), { gate })).toMatch(text);
  });

  it.each<[Gate, boolean, string]>([
    [introducedOnly, true, 'error'],
    [warn, true, 'warning'],
    [introducedOnly, false, 'notice'],
  ])('is as loud as its exit code in annotations', async (gate, doubts, kind) => {
    const text = await render(await reporterOf('github'), await doubtful(doubts), { gate });
    expect(text.split('\n').filter((line) => line.startsWith(`::${kind} title=proviso::`))).toHaveLength(1);
  });

  it.each<[Gate, boolean, boolean]>([
    [introducedOnly, true, false],
    [warn, true, true],
    [introducedOnly, false, true],
  ])('is no successful run for code scanning, unless its exit code is 0', async (gate, doubts, successful) => {
    const text = await render(await reporterOf('sarif'), await doubtful(doubts), { gate });
    expect(JSON.parse(text).runs[0].invocations[0].executionSuccessful).toBe(successful);
  });
});

describe('what gets worse', () => {
  it.each(formats.filter((format) => format !== 'csv'))('is told with what is new, in %s', async (format) => {
    const { assessment, results } = await acmeGate();
    const worse = results.map((result) =>
      result.change !== 'introduced' || result.outcome !== 'fail'
        ? result
        : {
            ...result,
            worse: true as const,
            evidence: [
              { path: 'Was', observed: 'TCP port 3389', expected: 'closed' },
              { path: 'Is', observed: '0.0.0.0/0', within: 'TCP port 22', expected: 'closed', added: true as const },
            ],
          },
    );
    const text = await render(await reporterOf(format), { assessment, results: worse }, { gate: introducedOnly });
    expect(text).toMatch(/worse than before|"worse": ?true/);
    expect(text).toContain('TCP port 22');
  });
});

it('a waiver that covers nothing is named', async () => {
  const { assessment, results } = await acmeGate();
  const waiver = {
    id: 'w_0123456789ab',
    rule: 'sg-closed',
    covers: 'resource sg-0a1',
    reason: 'until the move',
    owner: 'platform',
    approver: 'security',
    expires: '2026-10-31',
    state: 'expired',
    matched: 1,
  } as const;
  for (const format of ['terminal', 'markdown'] as const) {
    const run = { assessment: { ...assessment, waivers: [waiver] }, results };
    const text = await render(await reporterOf(format), run, { gate: introducedOnly });
    const plain = format === 'markdown' ? renderedMarkdown(text).map(textOf).join('\n') : text;
    expect(plain.replaceAll(/\s+/g, ' ')).toContain('resource sg-0a1, has expired, on 2026-10-31');
  }
});

it.each([
  [undefined, /with --out FOLDER: proviso explain f_[0-9a-f]{16} --run FOLDER$/m],
  ['reports/gate', /proviso explain f_[0-9a-f]{16} --run reports\/gate$/m],
  ["it's here", /proviso waive f_[0-9a-f]{16} --run 'it'\\''s here'$/m],
])('what shows more is a command that works, with results in %s', async (runFolder, line) => {
  const options = { gate: introducedOnly, ...(runFolder === undefined ? {} : { runFolder }) };
  expect(await render(await reporterOf('terminal'), await acmeGate(), options)).toMatch(line);
});

describe('where nobody knows the account', () => {
  it.each(formats.filter((format) => format !== 'json' && format !== 'ndjson'))('%s says so', async (format) => {
    const { assessment, results } = await acmeGate();
    const nowhere = <T extends object>(one: T) => ({ ...one, account: '000000000000', region: 'unnamed' });
    const [only] = assessment.accounts;
    if (only === undefined) throw new Error('the fixture has no account');
    const accounts = [{ id: '000000000000' }];
    const run = { assessment: { ...assessment, accounts }, results: results.map(nowhere) };
    const text = await render(await reporterOf(format), run, { gate: introducedOnly });
    expect(text).toContain('account not known');
    if (!['html', 'sarif'].includes(format)) expect(text).not.toMatch(/0{12}|unnamed/);
  });
});

it('a comment is at most a screen, though the change breaks much', async () => {
  const { assessment, results } = await acmeGate();
  const sample = results.find(({ change, outcome }) => change === 'introduced' && outcome === 'fail');
  if (sample === undefined) throw new Error('the fixture introduces nothing');
  const many = Array.from({ length: 500 }, (_, index) => ({ ...sample, resource: { id: `sg-${index}` } }));
  const text = await render(await reporterOf('markdown'), { assessment, results: many }, { gate: introducedOnly });
  const open = text.replaceAll(/<details>.*?<\/details>\n/gs, '');
  expect(open.split('\n').length).toBeLessThan(60);
  expect(text).toContain('and 495 more');
});

describe.each(Object.entries(hostileNames))('an address, a file and a variable like %s', (_, name) => {
  it.each(formats)('leave %s valid and harmless', async (format) => {
    const run = await acmeGate({ name, file: name });
    const check = checks[format] ?? expectInert;
    check(await render(await reporterOf(format), run, { gate: introducedOnly }));
  });

  it('leave a comment small enough to be posted', async () => {
    const text = await render(await reporterOf('markdown'), await acmeGate({ name, file: name }), { gate: all });
    expect(text.length).toBeLessThan(65_536);
  });
});

const byText = (a = '', b = '') => (a < b ? -1 : 1);

/** How much of a format is structure, which no name may add to. */
const structure: Readonly<Record<string, (text: string) => unknown>> = {
  csv: (text) => csvRows(text).length,
  github: (text) =>
    text
      .split('\n')
      .map((line) => line.split('::')[1]?.split(' ')[0])
      .sort(byText),
  junit: (text) => text.match(/<\/?[a-z]+/g)?.sort(byText),
  sarif: (text) =>
    sarifRun(text)
      .results.map(({ ruleId, level }) => `${ruleId} ${level}`)
      .sort(byText),
  markdown: (text) =>
    renderedMarkdown(text)
      .map(({ tagName }) => tagName)
      .filter((tag) => tag !== 'code'),
  html: (text) =>
    [...elementsOf(parseHtml(text))]
      .map(({ tagName }) => tagName)
      .filter((tag) => ['script', 'style', 'link', 'base', 'meta', 'form'].includes(tag)),
};

describe.each(formats.filter((format) => structure[format] !== undefined))('what %s is made of', (format) => {
  it.each(Object.entries(hostileNames))('is the same for %s as for a harmless name', async (_, name) => {
    const reporter = await reporterOf(format);
    const text = async (given: string) => render(reporter, await acmeGate({ name: given }), { gate: introducedOnly });
    expect(structure[format]?.(await text(name))).toEqual(structure[format]?.(await text('web')));
  });
});
