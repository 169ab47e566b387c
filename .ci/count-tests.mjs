// Adds up the vitest JSON reports of a folder and prints `N passed, N failed`, with what was skipped if anything was.
// Takes the number of steps that failed: if there are any, the result is never without a failure, even when no test was
// to blame.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that could not be loaded has no tests to count, but it is a failure all the same. */
function countFailures(report) {
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return report.numFailedTests + broken.length;
}

const [, , folder, failedSteps] = process.argv;
const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const passed = reports.reduce((sum, report) => sum + report.numPassedTests, 0);
const failed = reports.reduce((sum, report) => sum + countFailures(report), 0) || Number(failedSteps);
const skipped = reports.reduce((sum, report) => sum + report.numPendingTests, 0);

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
