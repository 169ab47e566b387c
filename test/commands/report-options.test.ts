import { expect, it } from 'vitest';
import { reportOptions } from '../../src/commands/_judging-options.ts';
import { reporters } from '../../src/reporters/index.ts';

it('help lists every report format, the default first', () => {
  const listed = reportOptions[0]?.description.split(': ')[1]?.split(', ');
  const others = Object.keys(reporters).filter((name) => name !== 'terminal');
  expect(listed).toEqual(['terminal', ...others]);
});

it('no two formats share an ending of files', async () => {
  const loaded = await Promise.all(Object.values(reporters).map((load) => load()));
  const endings = loaded.map(({ reporter }) => reporter.extension);
  expect(new Set(endings).size).toBe(endings.length);
});
