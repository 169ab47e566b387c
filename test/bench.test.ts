import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const node = (...args: readonly string[]) => run(process.execPath, [...args], { cwd: root, maxBuffer: 1e7 });

test('the benchmark measures start-up, all rules, a collection and the gate', async () => {
  const { stdout } = await node('test/bench/run.mjs', '--quick', '--json');
  const { startUp, evaluation, collection, gate } = JSON.parse(stdout) as {
    startUp: Record<string, { ratio: number }>;
    evaluation: {
      sizes: { resources: number; evaluations: number; outcomes: Record<string, number>; audit: object }[];
    };
    collection: { failed: number; incomplete: number; resources: number; requests: number };
    gate: { plans: { resources: number; actions: Record<string, number>; rssMb: number }[]; template: object };
  };
  expect(startUp.empty?.ratio).toBe(1);
  expect(startUp.check?.ratio).toBeGreaterThan(0);
  expect(evaluation.sizes).toHaveLength(2);
  for (const { evaluations, outcomes, resources } of evaluation.sizes) {
    expect(resources).toBeGreaterThan(90);
    expect(evaluations).toBeGreaterThan(resources);
    expect(outcomes.pass).toBeGreaterThan(0);
    expect(outcomes.fail).toBeGreaterThan(0);
  }
  expect(collection).toMatchObject({ failed: 0, incomplete: 0 });
  expect(collection.requests).toBeGreaterThan(20);
  expect(gate.plans).toHaveLength(2);
  expect(gate.plans[0]?.resources).toBeGreaterThan(90);
  expect(Object.keys(gate.plans[0]?.actions ?? {})).toContain('create then delete');
  expect(gate.plans[1]?.actions['no-op']).toBeGreaterThan(80);
  expect(gate.plans[0]?.rssMb).toBeGreaterThan(10);
  expect(gate.template).toMatchObject({ wallMs: expect.any(Number) });
}, 120_000);

test('its tables are Markdown where that is asked for', async () => {
  const { stdout } = await node('test/bench/run.mjs', '--quick', '--markdown', '--only', 'start-up');
  expect(stdout).toContain('| proviso --help |');
  expect(stdout).not.toContain('collection');
}, 60_000);
