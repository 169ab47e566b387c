// A process of its own: parses the lines of a snapshot, and judges it, in turns. Prints one JSON text.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './numbers.mjs';

const [inside, root, folder, roundsText, warmUpText] = process.argv.slice(2);
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
const snapshot = await openSnapshot(folder);

/** The part of the snapshot that is of one account, so that no more than one is in memory. */
function partOf(id) {
  const ofAccount = ({ account }) => account === id;
  const { accounts, regions, collections } = snapshot.manifest;
  const manifest = {
    ...snapshot.manifest,
    accounts: accounts.filter((account) => account.id === id),
    regions: regions.filter(ofAccount),
    collections: collections.filter(ofAccount),
  };
  const ledger = new Map([...snapshot.ledger].filter(([, entry]) => ofAccount(entry)));
  return { ...snapshot, manifest, ledger };
}

/** The same with its records in memory. */
async function loaded(part) {
  const held = new Map();
  for (const collection of part.manifest.collections) {
    const records = [];
    for await (const batch of snapshot.records(collection)) records.push(batch);
    held.set(collection, records);
  }
  return {
    ...part,
    async *records(collection) {
      yield* held.get(collection);
    },
  };
}

async function parseAll({ manifest }) {
  for (const { file } of manifest.collections) {
    if (file !== undefined) await parseLines(createReadStream(join(folder, file), { highWaterMark: 256 * 1024 }));
  }
}

async function judgeAll(judged) {
  const results = assess({ ...question, snapshot: judged, now });
  for (;;) {
    const { value, done } = await results.next();
    if (done) return value;
  }
}

/** One round: parsing and judging by turns, account by account, and then all from the disk as an audit does it. */
async function measureRound() {
  let parseMs = 0;
  let rulesMs = 0;
  for (const { id } of snapshot.manifest.accounts) {
    const part = partOf(id);
    parseMs += (await cpuOf(() => parseAll(part)))[0];
    const held = await loaded(part);
    rulesMs += (await cpuOf(() => judgeAll(held)))[0];
  }
  const [judgeMs, assessment] = await cpuOf(() => judgeAll(snapshot));
  return { parseMs, rulesMs, judgeMs, ratio: rulesMs / parseMs, assessment };
}

// `JSON.parse` comes compiled; rules are compiled while they run, once per process. That is shown apart.
const cold = await measureRound();
for (let turn = 1; turn < Number(warmUpText); turn += 1) await measureRound();
const rounds = [];
for (let turn = 0; turn < Number(roundsText); turn += 1) rounds.push(await measureRound());
const { rules } = rounds[0].assessment;
const total = (outcome) => rules.reduce((sum, { outcomes }) => sum + outcomes[outcome], 0);
const judged = rules.flatMap(({ population }) => population.map(({ enumerated }) => enumerated));
const middle = (name) => median(rounds.map((round) => round[name]));
const outcomes = ['pass', 'fail', 'unknown', 'not-applicable'];
process.stdout.write(
  JSON.stringify({
    rules: rules.length,
    evaluations: judged.reduce((sum, count) => sum + count, 0),
    outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, total(outcome)])),
    parseMs: middle('parseMs'),
    rulesMs: middle('rulesMs'),
    coldMs: cold.rulesMs,
    judgeMs: middle('judgeMs'),
    ratio: middle('ratio'),
  }),
);
