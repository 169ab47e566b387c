import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAccount } from './account.mjs';
import { runMeasured } from './measured.mjs';
import { median, round } from './numbers.mjs';

const goals = { seconds: 2 };
/** Calls that the program has under way at most. */
const concurrency = 50;
const now = '2026-11-24T02:00:00Z';
const environment = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'eu-west-1',
  AWS_PROFILE: undefined,
  AWS_SESSION_TOKEN: undefined,
};

/**
 * The shortest time in which the calls of a ledger could have been made: that many at once, and each chain of calls one
 * after the other. A chain is the caller, the regions, a list to its end, and what is asked for one of its items.
 */
function floorOf(calls, requests, latency) {
  let longest = 0;
  const ofService = new Map();
  for (const { region, service, input, pages } of calls) {
    const key = `${service} ${region}`;
    const lengths = ofService.get(key) ?? { list: Number.POSITIVE_INFINITY, item: 0 };
    const isList = Object.keys(input).length === 0;
    if (isList) lengths.list = Math.min(lengths.list, pages);
    else lengths.item = Math.max(lengths.item, pages);
    ofService.set(key, lengths);
  }
  for (const { list, item } of ofService.values())
    longest = Math.max(longest, (Number.isFinite(list) ? list : 0) + item);
  return Math.max((requests * latency) / concurrency, (2 + longest) * latency);
}

async function collectOnce({ inside, root, folder, latency, scale }) {
  const simulator = await inside.startSimulator(makeAccount(scale), { latency });
  const out = join(folder, 'collected');
  try {
    const args = ['audit', '--endpoint-url', simulator.url, '--out', out, '--now', now, '--quiet'];
    const used = await runMeasured([join(root, 'dist/cli.js'), ...args], {
      codes: [0, 1, 3],
      env: environment,
      cwd: folder,
    });
    const manifest = JSON.parse(await readFile(join(out, 'snapshot/manifest.json'), 'utf8'));
    const ledger = (await readFile(join(out, 'snapshot/calls.ndjson'), 'utf8')).trim().split('\n').map(JSON.parse);
    const requests = Object.values(simulator.calls()).reduce((sum, count) => sum + count, 0);
    return {
      requests,
      peak: simulator.peak(),
      wallMs: used.wall,
      cpuMs: used.cpu,
      collectMs: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt),
      floorMs: floorOf(ledger, requests, latency),
      resources: manifest.collections.reduce((sum, { records }) => sum + records, 0),
      incomplete: manifest.collections.filter(({ complete }) => !complete).length,
      failed: ledger.filter(({ outcome }) => outcome !== 'complete').length,
    };
  } finally {
    await simulator.close();
    await rm(out, { recursive: true, force: true });
  }
}

/** A live audit of a simulated account over the loopback, each answer a fixed time away. */
export async function measureCollection(wish) {
  const runs = [];
  for (let turn = 0; turn < wish.rounds; turn += 1) runs.push(await collectOnce(wish));
  const middle = (name) => round(median(runs.map((run) => run[name])));
  const [first] = runs;
  return {
    rounds: wish.rounds,
    latencyMs: wish.latency,
    concurrency,
    resources: first.resources,
    requests: first.requests,
    incomplete: first.incomplete,
    failed: first.failed,
    peak: Math.max(...runs.map(({ peak }) => peak)),
    auditMs: middle('wallMs'),
    cpuMs: middle('cpuMs'),
    collectMs: middle('collectMs'),
    floorMs: middle('floorMs'),
    overFloor: round(middle('collectMs') / middle('floorMs'), 2),
    goals,
  };
}
