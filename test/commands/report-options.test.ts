import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportsOf } from '../../src/commands/_assess.ts';
import { reportOptions } from '../../src/commands/_judging-options.ts';
import { reporters } from '../../src/reporters/index.ts';

it('help lists the report formats, the default first', () => {
  const listed = reportOptions[0]?.description.split(': ')[1]?.split(', ') ?? [];
  expect(listed[0]).toBe(reportOptions[0]?.default);
  expect(new Set(listed)).toEqual(new Set(Object.keys(reporters)));
});

it('no two formats share an ending of files', async () => {
  const loaded = await Promise.all(Object.values(reporters).map((load) => load()));
  const endings = loaded.map(({ reporter }) => reporter.extension);
  expect(new Set(endings).size).toBe(endings.length);
});

describe('a report whose place can be told to be wrong', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proviso-reports-'));
    await writeFile(join(folder, 'there.html'), 'mine');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['exists', ['there.html'], /^there\.html cannot be written: it exists already/],
    [
      'is in a folder that is not there',
      ['none/report.html'],
      /^none\/report\.html cannot be written: a folder on the way does not exist/,
    ],
    ['is that of another', ['a.html', 'html:./a.html'], 'two reports are to be written to ./a.html'],
  ])('%s: it is refused before anything is collected', async (_, report, message) => {
    await expect(reportsOf({ report }, folder)).rejects.toThrow(message);
  });

  it.each([
    ['in the folder of all runs', { report: ['reports/a.html'] }],
    ['in the folder of the run', { out: 'runs/night', report: ['runs/night/a.html', 'runs/b.csv'] }],
  ])('%s it may be, since the run makes that', async (_, options) => {
    expect((await reportsOf(options, folder)).files).toHaveLength(options.report.length);
  });
});
