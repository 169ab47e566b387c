import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMeasured } from './measured.mjs';
import { median, round } from './numbers.mjs';
import { kinds } from './resources.mjs';
import { writeSnapshot } from './snapshot.mjs';

const goal = 1;

/** How many resources of each type there are. */
function mixOf(manifest) {
  const mix = new Map(kinds.map(({ type }) => [type, 0]));
  for (const { type, records } of manifest.collections) mix.set(type, (mix.get(type) ?? 0) + records);
  return Object.fromEntries(mix);
}

async function auditRuns({ root, snapshot, rounds }) {
  const args = [join(root, 'dist/cli.js'), 'audit', '--from', snapshot, '--quiet'];
  const policy = ['--policy', join(root, 'policies.yaml'), '--report', `json:${join(snapshot, '../report.json')}`];
  const runs = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    await rm(join(snapshot, '../report.json'), { force: true });
    runs.push(await runMeasured([...args, ...policy], { codes: [0, 1, 3] }));
  }
  const middle = (name) => round(median(runs.map((run) => run[name])), 0);
  return { wallMs: middle('wall'), cpuMs: middle('cpu'), rssMb: middle('rss') };
}

/** All rules of the program over a snapshot of a size, against `JSON.parse` of the same lines in the same process. */
async function measureSize({ inside, insidePath, root, folder, rounds, auditRounds }, size) {
  const snapshot = join(folder, `snapshot-${size}`);
  const manifest = await writeSnapshot(inside, snapshot, size);
  const judge = fileURLToPath(new URL('./judge.mjs', import.meta.url));
  const { stdout, rss } = await runMeasured([judge, insidePath, root, snapshot, String(rounds)]);
  const judged = JSON.parse(stdout);
  const audit = await auditRuns({ root, snapshot, rounds: auditRounds });
  await rm(snapshot, { recursive: true, force: true });
  return {
    resources: manifest.collections.reduce((sum, { records }) => sum + records, 0),
    accounts: manifest.accounts.length,
    mix: mixOf(manifest),
    rules: judged.rules,
    evaluations: judged.evaluations,
    outcomes: judged.outcomes,
    parseMs: round(judged.parseMs, 0),
    judgeMs: round(judged.judgeMs, 0),
    rulesMs: round(judged.rulesMs, 0),
    nsPerEvaluation: Math.round((judged.rulesMs * 1e6) / judged.evaluations),
    ratio: round(judged.ratio, 2),
    goal,
    judgeRssMb: round(rss, 0),
    audit,
  };
}

export async function measureEvaluation(wish) {
  const sizes = [];
  for (const size of wish.sizes) sizes.push(await measureSize(wish, size));
  return { rounds: wish.rounds, sizes };
}
