import { parse as parseHtml } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Reporter } from '../../src/finding/reporter.ts';
import { reporters } from '../../src/reporters/index.ts';
import type { Run } from '../fixtures/acme-run.ts';
import { hostileNames, hostileRun } from '../fixtures/hostile-account.ts';
import { render } from './render.ts';
import {
  checks,
  csvRows,
  elementsOf,
  expectInert,
  expectJunit,
  type Format,
  renderedMarkdown,
  sarifRun,
  textOf,
} from './validity.ts';

const formats = Object.keys(reporters) as Format[];

async function reporterOf(format: Format): Promise<Reporter> {
  return (await reporters[format]()).reporter;
}

const runs = new Map<string, Run>();

async function runOf(name: string): Promise<Run> {
  const run = runs.get(name) ?? (await hostileRun(name));
  runs.set(name, run);
  return run;
}

describe.each(Object.entries(hostileNames))('%s', (_, name) => {
  it.each(formats)('leaves %s valid and harmless', async (format) => {
    const check = checks[format] ?? expectInert;
    check(await render(await reporterOf(format), await runOf(name)));
  });

  it.each(['json', 'ndjson'] as const)('is kept by %s as it is', async (format) => {
    const done = await runOf(name);
    const text = await render(await reporterOf(format), done);
    const lines = text.trimEnd().split('\n');
    const results = format === 'json' ? JSON.parse(text).results : lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(results.map((result: { resource: unknown }) => result.resource)).toEqual(
      done.results.map(({ resource }) => resource),
    );
  });
});

/** How much of a format is structure, which no name may add to. */
const structure: Readonly<Record<string, (text: string) => unknown>> = {
  csv: (text) => csvRows(text).map(({ fingerprint: _, ...row }) => Object.keys(row)),
  github: (text) => text.split('\n').map((line) => line.split('::')[1]?.split(' ')[0]),
  junit: (text) => text.match(/<\/?[a-z]+/g),
  sarif: (text) => sarifRun(text).results.map(({ ruleId, level }) => [ruleId, level]),
  markdown: (text) =>
    renderedMarkdown(text)
      .map(({ tagName }) => tagName)
      .filter((tag) => tag !== 'code'),
  html: (text) =>
    [...elementsOf(parseHtml(text))]
      .filter(({ tagName }) => ['script', 'style', 'link', 'base', 'meta', 'form'].includes(tagName))
      .map(({ tagName }) => tagName),
};

describe.each(formats.filter((format) => structure[format] !== undefined))('what %s is made of', (format) => {
  it.each(Object.entries(hostileNames))('is the same for %s as for a harmless name', async (_, name) => {
    const reporter = await reporterOf(format);
    const [harmless, hostile] = [await render(reporter, await runOf('web')), await render(reporter, await runOf(name))];
    expect(structure[format]?.(hostile)).toEqual(structure[format]?.(harmless));
  });
});

it('JUnit XML follows its schema whatever stands in it', async () => {
  const { reporter } = await reporters.junit();
  await expectJunit(
    await Promise.all(Object.values(hostileNames).map(async (name) => render(reporter, await runOf(name)))),
  );
});

it('what is shortened in JUnit XML stays one case each', async () => {
  const long = 'x'.repeat(5000);
  const run = await runOf('web');
  const [first] = run.results;
  if (first === undefined) throw new Error('there are no results');
  const results = ['1', '2', '3'].map((end) => ({ ...first, resource: { id: long + end } }));
  const text = await render((await reporters.junit()).reporter, { ...run, results });
  checks.junit?.(text);
  expect(text.match(/<testcase [^>]*name="x{100}/g)).toHaveLength(3);
});

it('text of the page is text', () => {
  // The checks above rest on this: the parser gives back what stood between the tags.
  expect(textOf(parseHtml('<p>a<b>b</b></p>'))).toBe('ab');
});
