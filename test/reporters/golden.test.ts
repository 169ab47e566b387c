import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reporter as json } from '../../src/reporters/json.ts';
import { reporter as ndjson } from '../../src/reporters/ndjson.ts';
import { reporter as terminal } from '../../src/reporters/terminal.ts';
import { acmeRun } from '../fixtures/acme-run.ts';
import { render } from './render.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

it.each([terminal, json, ndjson])("$name shows the two accounts' run as recorded", async (reporter) => {
  const file = join(fixtures, `acme-run.${reporter.name}.txt`);
  const text = await render(reporter, await acmeRun());
  // Recorded anew on purpose only: RECORD=1 npx vitest run test/reporters
  if (process.env.RECORD === '1') await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
});
