import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomes } from '../src/finding/finding.ts';
import { fingerprint } from '../src/finding/fingerprint.ts';
import type { Snapshot } from '../src/model/snapshot.ts';
import { reporter as json } from '../src/reporters/json.ts';
import { acmePolicy } from './fixtures/acme.ts';
import { acmeAccounts, acmeRules, acmeRun, judge } from './fixtures/acme-run.ts';
import { render } from './reporters/render.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
let folder: string;

/** Prints the run's two reports, for processes of their own. */
const program = `
import { noColours } from '../../src/finding/reporter.ts';
import { reporter as json } from '../../src/reporters/json.ts';
import { reporter as terminal } from '../../src/reporters/terminal.ts';
import { acmeRun } from './acme-run.ts';

async function main() {
  const { assessment, results } = await acmeRun();
  const options = { gate: { failOn: 'info', onUnknown: 'fail' }, colours: noColours };
  for (const reporter of [terminal, json])
    for await (const portion of reporter.render(assessment, [results], options)) process.stdout.write(portion);
}

void main();
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-bytes-'));
  await build({
    stdin: { contents: program, resolveDir: fixtures, loader: 'ts' },
    outfile: join(folder, 'print.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the same input gives the same bytes', () => {
  it.each([
    ['in London', { TZ: 'Europe/London', LANG: 'C' }, '/'],
    ['in Kathmandu, in Turkish', { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }, tmpdir()],
    ['far to the west, in Swedish', { TZ: 'Pacific/Pago_Pago', LANG: 'sv_SE.UTF-8', LC_ALL: 'sv_SE.UTF-8' }, fixtures],
  ])('%s', async (_, environment, cwd) => {
    const env = { PATH: process.env.PATH, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'print.cjs')], { env, cwd });
    const recorded = await Promise.all(
      ['terminal', 'json'].map((name) => readFile(join(fixtures, `acme-run.${name}.txt`), 'utf8')),
    );
    expect(stdout).toBe(recorded.join(''));
  });

  it('whatever the order in which things were collected', async () => {
    const { manifest, ledger, records } = acmeAccounts();
    const rules = await acmeRules();
    const policy = await acmePolicy();
    const bytes = async (snapshot: Snapshot, ordered: typeof rules) =>
      render(json, await judge(snapshot, ordered, policy));
    const expected = await bytes({ manifest, ledger, records }, rules);
    const shuffled = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
    await fc.assert(
      fc.asyncProperty(
        shuffled(manifest.collections),
        shuffled(manifest.regions),
        shuffled(manifest.accounts),
        shuffled([...ledger]),
        shuffled(rules),
        async (collections, regions, accounts, calls, ordered) => {
          const mixed = { ...manifest, collections, regions, accounts };
          expect(await bytes({ manifest: mixed, ledger: new Map(calls), records }, ordered)).toBe(expected);
        },
      ),
      { numRuns: 50 },
    );
  });
});

it('no two results have one fingerprint, and the counts are those of the results', async () => {
  const { results, assessment } = await acmeRun();
  expect(new Set(results.map(fingerprint)).size).toBe(results.length);
  for (const outcome of outcomes) {
    expect(assessment.totals[outcome]).toBe(results.filter((result) => result.outcome === outcome).length);
  }
  for (const { population } of assessment.rules) {
    for (const { enumerated, evaluated, excluded, unreadable } of population) {
      expect(evaluated + excluded + unreadable).toBe(enumerated);
    }
  }
});
