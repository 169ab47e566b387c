import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../.ci/count-tests.mjs');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-count-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Counts {
  readonly passed: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly brokenFiles?: number;
}

async function count(reports: readonly Counts[], failedSteps: number): Promise<string> {
  for (const [i, { passed, failed = 0, skipped = 0, brokenFiles = 0 }] of reports.entries()) {
    const broken = Array.from({ length: brokenFiles }, () => ({ status: 'failed', assertionResults: [] }));
    const sound = { status: failed > 0 ? 'failed' : 'passed', assertionResults: [{}] };
    const totals = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped };
    await writeFile(join(folder, `${i}.json`), JSON.stringify({ ...totals, testResults: [sound, ...broken] }));
  }
  const { status, stdout } = spawnSync(process.execPath, [script, folder, String(failedSteps)], { encoding: 'utf8' });
  return `${status}: ${stdout}`;
}

test.each([
  ['all passed', [{ passed: 7 }, { passed: 5 }], 0, '0: 12 passed, 0 failed\n'],
  ['a test failed', [{ passed: 7, failed: 2 }, { passed: 5 }], 1, '1: 12 passed, 2 failed\n'],
  ['a file could not be loaded', [{ passed: 7, brokenFiles: 1 }], 1, '1: 7 passed, 1 failed\n'],
  ['a step without tests failed', [{ passed: 7 }], 2, '1: 7 passed, 2 failed\n'],
  ['tests were skipped', [{ passed: 7, skipped: 3 }], 0, '0: 7 passed, 0 failed, 3 skipped\n'],
  ['nothing ran', [], 0, '1: 0 passed, 0 failed\n'],
  ['reports hold no test', [{ passed: 0 }], 0, '1: 0 passed, 0 failed\n'],
])('when %s, the line and the status say so', async (_, reports, failedSteps, expected) => {
  expect(await count(reports, failedSteps)).toBe(expected);
});
