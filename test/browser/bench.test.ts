import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('the benchmark measures how a large page opens', async () => {
  const args = ['test/bench/run.mjs', '--quick', '--json', '--only', 'html'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const { html } = JSON.parse(stdout) as { html: Readonly<Record<string, number>> };
  expect(html.findings).toBeGreaterThan(5);
  for (const name of ['results', 'paintMs', 'readyMs', 'cpuMs', 'searchMs', 'nodes', 'megabytes'])
    expect(html[name]).toBeGreaterThan(0);
}, 120_000);
