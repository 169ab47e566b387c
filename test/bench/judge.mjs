// A process of its own: parses the lines of a snapshot, and judges it, in turns. Prints one JSON text.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './numbers.mjs';

const [inside, root, folder, roundsText] = process.argv.slice(2);
const { assess, instant, loadShipped, openSnapshot, parseLines } = await import(pathToFileURL(inside).href);

/** Milliseconds of CPU of all threads. */
async function cpuOf(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
}

const question = await loadShipped(root);
const now = instant('2026-11-24T02:00:00Z');
const { manifest } = await openSnapshot(folder);
const files = manifest.collections.flatMap(({ file }) => (file === undefined ? [] : [join(folder, file)]));

async function parseAll() {
  let lines = 0;
  for (const file of files) lines += await parseLines(createReadStream(file, { highWaterMark: 256 * 1024 }));
  return lines;
}

/** The snapshot, and in which order its collections are read: those that rules reach from elsewhere are read twice. */
async function openNoting(order) {
  const snapshot = await openSnapshot(folder);
  const records = (collection) => {
    order.push(collection);
    return snapshot.records(collection);
  };
  return { ...snapshot, records };
}

async function judgeAll(order) {
  const results = assess({ ...question, snapshot: await openNoting(order), now });
  let yielded = 0;
  for (;;) {
    const { value, done } = await results.next();
    if (done) return { yielded, assessment: value };
    yielded += value.length;
  }
}

/** All that judging reads, without judging: lines parsed, checked, and held against checksum and ledger. */
async function readAll(order) {
  const snapshot = await openSnapshot(folder);
  let records = 0;
  for (const collection of order) for await (const _ of snapshot.records(collection)) records += 1;
  return records;
}

const times = { parse: [], judge: [], read: [] };
let last;
for (let turn = 0; turn < Number(roundsText); turn += 1) {
  const order = [];
  times.parse.push((await cpuOf(parseAll))[0]);
  const [cpu, judged] = await cpuOf(() => judgeAll(order));
  times.judge.push(cpu);
  times.read.push((await cpuOf(() => readAll(order)))[0]);
  last = judged;
}
const { rules } = last.assessment;
const total = (outcome) => rules.reduce((sum, { outcomes }) => sum + outcomes[outcome], 0);
const evaluations = rules.reduce(
  (sum, { population }) => sum + population.reduce((all, { enumerated }) => all + enumerated, 0),
  0,
);
const rulesMs = median(times.judge.map((cpu, turn) => cpu - times.read[turn]));
process.stdout.write(
  JSON.stringify({
    rules: rules.length,
    evaluations,
    results: last.yielded,
    outcomes: Object.fromEntries(
      ['pass', 'fail', 'unknown', 'not-applicable'].map((outcome) => [outcome, total(outcome)]),
    ),
    parseMs: median(times.parse),
    judgeMs: median(times.judge),
    readMs: median(times.read),
    rulesMs,
    times,
  }),
);
