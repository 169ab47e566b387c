import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assess, selectRules } from '../../src/assess.ts';
import type { Timings } from '../../src/aws/engine.ts';
import { collect, connect } from '../../src/commands/_collect.ts';
import type { Io } from '../../src/commands/_command.ts';
import { loadQuestion } from '../../src/commands/_question.ts';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { noColours } from '../../src/finding/reporter.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { openRecorded } from '../../src/sources/recorded.ts';
import { fast, identity } from '../aws-calls/acme.ts';
import type { DatedAccount } from '../fixtures/acme-account.ts';

export type Question = Awaited<ReturnType<typeof loadQuestion>>;

/** What an audit found. */
export interface Audited {
  readonly snapshot: Snapshot;
  readonly results: readonly Result[];
  readonly assessment: Assessment;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An Io that is deaf and dumb. */
export function quietIo(): Io {
  return {
    cwd: root,
    env: {},
    signal: new AbortController().signal,
    write: async () => undefined,
    note: () => undefined,
    progress: () => undefined,
    now: () => new Date('2026-11-24T02:00:00Z'),
    commands: [],
    colours: noColours,
    columns: 80,
  };
}

/** The shipped policy and the rules that its clauses name; a rule that none names yet is proved by its own cases. */
export async function shippedQuestion(): Promise<Question> {
  const question = await loadQuestion({ policy: join(root, 'policies.yaml') }, quietIo());
  return { ...question, rules: selectRules(question.policy, question.rules) };
}

/** Judges a snapshot. */
export async function judge(question: Question, snapshot: Snapshot, now: string | number): Promise<Audited> {
  const instant = typeof now === 'number' ? now : Date.parse(now);
  const stream = assess({ ...question, snapshot, now: instant });
  const results: Result[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { snapshot, results, assessment: next.value };
    results.push(...next.value);
  }
}

export interface AuditOptions extends SimulatorOptions {
  readonly timings?: Partial<Timings>;
}

/** Audits a simulated account as the command does: the live source over loopback, a snapshot on the disk, and `assess`. */
export async function audit(question: Question, account: DatedAccount, options: AuditOptions = {}): Promise<Audited> {
  const simulator = await startSimulator(account, options);
  const folder = await mkdtemp(join(tmpdir(), 'proviso-scenario-'));
  try {
    const aws = {
      endpointUrl: simulator.url,
      credentials: async () => identity,
      timings: { ...fast, deadline: 20_000, requestTimeout: 15_000, ...options.timings },
    };
    const connection = { aws, regions: undefined, endpointName: 'the simulated account' };
    const collecting = { ...question, connection, io: quietIo() };
    const opened = await connect(collecting);
    const path = join(folder, 'snapshot');
    await collect(opened, collecting, path, Date.parse(account.now));
    return await judge(question, await inMemory(await openRecorded(path)), account.now);
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A snapshot that no longer needs its folder. */
async function inMemory(snapshot: Snapshot): Promise<Snapshot> {
  const records = new Map<object, readonly Resource[]>();
  for (const collection of snapshot.manifest.collections) {
    const list: Resource[] = [];
    for await (const batch of snapshot.records(collection)) list.push(...batch);
    records.set(collection, list);
  }
  return {
    ...snapshot,
    async *records(collection) {
      yield records.get(collection) ?? [];
    },
  };
}
