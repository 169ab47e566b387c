import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { schemaMistakes } from '../../src/model/schema-errors.ts';
import { validateAssessment } from '../../src/model/validate-assessment.generated.ts';
import { validateAssessmentResult } from '../../src/model/validate-assessment-result.generated.ts';
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

it('what the JSON formats say follows the published schemas', async () => {
  const lines = (await render(ndjson, await acmeRun())).trimEnd().split('\n');
  const values = lines.map((line) => JSON.parse(line) as unknown);
  expect(schemaMistakes(validateAssessment, values.at(-1))).toEqual([]);
  expect(values.slice(0, -1).flatMap((value) => schemaMistakes(validateAssessmentResult, value))).toEqual([]);
});
