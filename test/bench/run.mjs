// `npm run bench`: start-up, all rules, and a live collection. `--json` or `--markdown` for machines and for pages,
// `--only start-up|evaluation|collection|gate|html` (the last one needs Chromium and runs only when it is asked for), `--quick` for sizes that prove no figure but that the bench runs.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from '../../.ci/build.mjs';
import { measureCollection } from './collection.mjs';
import { measureEvaluation } from './evaluation.mjs';
import { measureGate } from './gate.mjs';
import { measureHtml } from './html.mjs';
import { measureStartUp } from './start-up.mjs';
import { write } from './tables.mjs';

const source = resolve(import.meta.dirname, '../..');
const whole = {
  starts: 21,
  sizes: [20_000, 200_000],
  rounds: 5,
  auditRounds: 3,
  collections: 5,
  plans: [10_000, 100_000],
  gateRounds: 5,
  scale: 1,
  latency: 40,
  page: 320_000,
};
const quick = {
  starts: 1,
  sizes: [100, 200],
  rounds: 1,
  auditRounds: 1,
  collections: 1,
  plans: [100],
  gateRounds: 1,
  scale: 0.02,
  latency: 1,
  page: 200,
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

const loadNow = () => Number(loadavg()[0].toFixed(1));

/**
 * Builds the program as it stands into a folder of its own, and measures the parts that were asked for one after the
 * other, so that each has the machine to itself.
 */
async function measure(folder) {
  const sizes = values.quick ? quick : whole;
  const root = join(folder, 'package');
  const insidePath = join(root, 'inside/inside.js');
  for (const name of ['package.json', 'policies.yaml', 'rules', 'schemas'])
    await cp(join(source, name), join(root, name), { recursive: true });
  await bundle(source, ['src/cli.ts'], join(root, 'dist'));
  await bundle(source, ['test/bench/inside.ts'], join(root, 'inside'));
  const inside = await import(pathToFileURL(insidePath).href);
  const wish = { root, folder, inside, insidePath };
  const wanted = (name) => values.only === undefined || values.only.includes(name);
  const report = {
    machine: { node: process.version, cpus: cpus().length, model: cpus()[0].model.trim(), load: [loadNow()] },
  };
  if (wanted('start-up')) report.startUp = await measureStartUp({ ...wish, rounds: sizes.starts });
  if (wanted('evaluation'))
    report.evaluation = await measureEvaluation({
      ...wish,
      sizes: sizes.sizes,
      rounds: sizes.rounds,
      auditRounds: sizes.auditRounds,
      isQuick: values.quick,
    });
  if (wanted('collection'))
    report.collection = await measureCollection({
      ...wish,
      rounds: sizes.collections,
      scale: sizes.scale,
      latency: sizes.latency,
    });
  if (wanted('gate')) report.gate = await measureGate({ ...wish, sizes: sizes.plans, rounds: sizes.gateRounds });
  if (values.only?.includes('html'))
    report.html = await measureHtml({ ...wish, size: sizes.page, rounds: sizes.collections });
  report.machine.load.push(loadNow());
  return report;
}

const folder = await mkdtemp(join(tmpdir(), 'proviso-bench-'));
try {
  const report = await measure(folder);
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : write(report, values.markdown));
} finally {
  await rm(folder, { recursive: true, force: true });
}
