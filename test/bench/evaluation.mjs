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

/** Node lets garbage lie while there is memory, so that only a small heap shows what a run needs. */
const smallHeap = { megabytes: 48, flags: ['--max-old-space-size=48', '--max-semi-space-size=4'] };

async function auditRuns({ root, snapshot, rounds, flags = [] }) {
  const args = [...flags, join(root, 'dist/cli.js'), 'audit', '--from', snapshot, '--quiet'];
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
async function measureSize({ inside, insidePath, root, folder, rounds, warmUp, auditRounds }, size) {
  const snapshot = join(folder, `snapshot-${size}`);
  const manifest = await writeSnapshot(inside, snapshot, size);
  const judge = fileURLToPath(new URL('./judge.mjs', import.meta.url));
  const { stdout, rss } = await runMeasured([judge, insidePath, root, snapshot, String(rounds), String(warmUp(size))]);
  const judged = JSON.parse(stdout);
  const audit = await auditRuns({ root, snapshot, rounds: auditRounds });
  const small = await auditRuns({ root, snapshot, rounds: 1, flags: smallHeap.flags });
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
    coldMs: round(judged.coldMs, 0),
    nsPerEvaluation: Math.round((judged.rulesMs * 1e6) / judged.evaluations),
    ratio: round(judged.ratio, 2),
    goal,
    judgeRssMb: round(rss, 0),
    audit: { ...audit, smallHeapRssMb: small.rssMb },
  };
}

/** Rounds that are not counted: until some 100,000 resources were judged, when nothing is left to compile. */
const warmUp = (size) => Math.max(1, Math.ceil(100_000 / size));

export async function measureEvaluation(wish) {
  const sizes = [];
  for (const size of wish.sizes)
    sizes.push(await measureSize({ ...wish, warmUp: wish.isQuick ? () => 1 : warmUp }, size));
  return { rounds: wish.rounds, smallHeapMb: smallHeap.megabytes, sizes };
}
