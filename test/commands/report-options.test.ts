import { expect, it } from 'vitest';
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
