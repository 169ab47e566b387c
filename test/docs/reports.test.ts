import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reporters } from '../../src/reporters/index.ts';
import { acmeRun } from '../fixtures/acme-run.ts';
import { render } from '../reporters/render.ts';
import { csvRows } from '../reporters/validity.ts';
import { root } from './project-copy.ts';

const text = await readFile(join(root, 'docs/reports.md'), 'utf8');

/** First cells of the table that follows a line. */
function firstCells(after: string): readonly string[] {
  const [, rest = ''] = text.split(after);
  const [table = ''] = rest.slice(rest.indexOf('\n|')).trim().split('\n\n');
  const rows = table.split('\n').slice(2);
  return rows.map((row) => row.split('|')[1]?.trim().replaceAll('`', '') ?? '');
}

it('the page of reports lists every format with its ending', async () => {
  expect(new Set(firstCells('# Reports'))).toEqual(new Set(Object.keys(reporters)));
  for (const load of Object.values(reporters)) {
    const { name, extension } = (await load()).reporter;
    expect(text).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`\\${extension}\` `, 'm'));
  }
});

it('the page of reports lists the columns of a table in their order', async () => {
  const [row = {}] = csvRows(await render((await reporters.csv()).reporter, await acmeRun()));
  expect(firstCells('## CSV')).toEqual(Object.keys(row));
});

it.each([
  ['markdown', ['150_000', '350_000', '150_000', '60_000', '60_000', '60_000', '100_000'], '930,000 bytes'],
  ['sarif', ['25_000', '9_500_000'], '25,000 results, 9,500,000 bytes'],
  ['junit', ['10_000', '20_000_000'], '10,000 cases and 20,000,000 bytes'],
])('the limits of %s are those of the program', async (format, constants, documented) => {
  const source = await readFile(join(root, `src/reporters/${format}.ts`), 'utf8');
  for (const constant of constants) expect(source).toContain(constant);
  expect(text).toContain(documented);
});
