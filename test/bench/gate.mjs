import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runMeasured } from './measured.mjs';
import { median, round } from './numbers.mjs';
import { writePlan } from './plan.mjs';

const fixtures = resolve(import.meta.dirname, '../fixtures');
const goals = { seconds: 2, rssMb: 400, templateMs: 150 };

/** Clean, findings, incomplete: all of them judged everything. */
const codes = [0, 1, 3];

/**
 * The gate on generated plans, reading alone and as a whole, and on one template against a program that does nothing: fresh
 * processes, in turns.
 */
export async function measureGate({ root, folder, insidePath, sizes, rounds }) {
  const cli = join(root, 'dist/cli.js');
  const plans = [];
  for (const isQuiet of [false, true])
    for (const size of sizes) plans.push(await measurePlan({ cli, folder, insidePath, size, isQuiet, rounds }));
  return { rounds, goals, plans, template: await measureTemplate({ cli, folder, rounds }) };
}

async function measurePlan({ cli, folder, insidePath, size, isQuiet, rounds }) {
  const path = join(folder, `plan-${size}${isQuiet ? '-quiet' : ''}.json`);
  const counts = await writePlan(path, size, fixtures, isQuiet);
  const reader = join(folder, 'read-plan.mjs');
  await writeFile(
    reader,
    `import { readPlan } from ${JSON.stringify(insidePath)};
     process.stdout.write(JSON.stringify(await readPlan(process.argv[2])));`,
  );
  const reads = [];
  const wholes = [];
  for (let round = 0; round < rounds; round += 1) {
    reads.push(JSON.parse((await runMeasured([reader, path])).stdout));
    wholes.push(await runMeasured([cli, 'gate', path, '--now', '2026-11-24T12:00:00Z'], { codes }));
  }
  const middle = (runs, name, digits = 0) => round(median(runs.map((run) => run[name])), digits);
  return {
    ...counts,
    isQuiet,
    megabytes: round(counts.bytes / 1e6),
    parseCpuMs: middle(reads, 'parseCpu'),
    readMs: middle(reads, 'wall'),
    readCpuMs: middle(reads, 'cpu'),
    wallMs: middle(wholes, 'wall'),
    cpuMs: middle(wholes, 'cpu'),
    rssMb: middle(wholes, 'rss'),
  };
}

async function measureTemplate({ cli, folder, rounds }) {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  const template = join(fixtures, 'parity/ec2-security-group/template.yaml');
  const times = { empty: [], gate: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const runs = {
      empty: await runMeasured([empty]),
      gate: await runMeasured([cli, 'gate', template], { codes }),
    };
    // The first turn brings the files into the system's cache.
    if (round > 0) for (const [name, run] of Object.entries(runs)) times[name].push(run);
  }
  const above = (name) =>
    round(median(times.gate.map((run) => run[name])) - median(times.empty.map((run) => run[name])));
  return { wallMs: above('wall'), cpuMs: above('cpu') };
}
