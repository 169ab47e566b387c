import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { failureOf } from '../finding/before-change.ts';
import type { Baseline } from '../finding/compare.ts';
import { type Assessment, type FixedResult, type Outcome, outcomes, type ResultLine } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { noOutcomes } from '../finding/tally.ts';
import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import { LineError, lineBlocks } from '../model/lines.ts';
import { schemaMistakes } from '../model/schema-errors.ts';
import { validateAssessmentResult } from '../model/validate-assessment-result.generated.ts';
import { isObject } from '../model/value.ts';
import { unreadable } from './_rules.ts';
import { readAssessment } from './_run.ts';

const hint = 'Name the folder of a run that was kept whole, with assessment.json and results.ndjson.';

function broken(file: string, why: string, cause?: unknown): ProvisoError {
  return new ProvisoError('input', `${file} cannot be a baseline: ${why}`, { hint, cause });
}

/** One line, counted; the result itself where it is a failure. */
function readLine(line: Buffer, counts: Record<Outcome, number>): ResultLine | undefined {
  const value = parseJsonBytes(line);
  const outcome = isObject(value) ? outcomes.find((one) => one === value.outcome) : undefined;
  if (outcome === undefined) throw new JsonTextError('it is no result');
  counts[outcome] += 1;
  if (outcome !== 'fail') return undefined;
  const [mistake] = schemaMistakes(validateAssessmentResult, value);
  if (mistake !== undefined) throw new JsonTextError(mistake.message);
  const result = value as unknown as ResultLine;
  if (fingerprint(result) !== result.fingerprint) throw new JsonTextError('its fingerprint is not its own');
  return result;
}

type Failures = Required<Pick<Baseline, 'failures' | 'waived'>>;

async function readFailures(file: string, cwd: string, counts: Record<Outcome, number>): Promise<Failures> {
  const failures: FixedResult[] = [];
  const waived = new Set<string>();
  let number = 0;
  try {
    for await (const block of lineBlocks(createReadStream(resolve(cwd, file), { highWaterMark: 256 * 1024 }))) {
      for (let start = 0; start < block.length; ) {
        const end = block.indexOf(10, start);
        number += 1;
        const failure = readLine(block.subarray(start, end), counts);
        if (failure !== undefined) failures.push(failureOf(failure, failure.fingerprint));
        if (failure?.waiver !== undefined) waived.add(failure.fingerprint);
        start = end + 1;
      }
    }
  } catch (error) {
    if (error instanceof JsonTextError) throw broken(file, `line ${number}: ${error.message}`, error);
    if (error instanceof LineError) throw broken(file, error.message, error);
    throw unreadable(file, error);
  }
  return { failures, waived };
}

function sameCounts(counts: Assessment['totals'], totals: Assessment['totals']): boolean {
  return outcomes.every((outcome) => counts[outcome] === totals[outcome]);
}

/**
 * Reads an earlier run, to be compared with: its failures and by what it judged. Every line of its results is looked at,
 * and they must be as many as its summary says.
 *
 * @throws ProvisoError 'input'
 */
export async function readBaseline(folder: string, cwd: string): Promise<Baseline> {
  const assessment = await readAssessment(folder, cwd);
  const counts = noOutcomes();
  const file = join(folder, 'results.ndjson');
  const { failures, waived } = await readFailures(file, cwd, counts);
  if (!sameCounts(counts, assessment.totals))
    throw broken(file, 'its results are not those that assessment.json counts');
  const { now, snapshot, policy, accounts, rules } = assessment;
  return {
    facts: { now, snapshot: snapshot.digest, policy: policy.digest },
    accounts: accounts.map(({ id }) => id),
    rules: new Map(rules.map(({ id, digest }) => [id, digest])),
    failures,
    waived,
  };
}
