import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { overlay } from '../../src/model/overlay.ts';
import { planned } from '../../src/model/planned.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Json } from '../../src/model/value.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { expectOnlyDoubt, knowLater, pathsIn } from '../sources/known-later.ts';
import { plainFiles } from '../sources/plain-files.ts';
import { judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const account = '111122223333';
const parity = new URL('../fixtures/parity/', import.meta.url);
const folders = readdirSync(parity).filter((folder) => existsSync(new URL(`${folder}/plan.json`, parity)));

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

function proposalOf(plan: object) {
  const bytes = Buffer.from(JSON.stringify(plan));
  return readTerraformPlan(bytes, 'plan.json', { ...question.catalogue, now, account, sources: plainFiles });
}

/** The account as a plan leaves it, with lists that are whole. */
async function liveAfter(plan: object): Promise<Snapshot> {
  const { after } = planned(proposalOf(plan), question.catalogue.types);
  const records = [];
  for (const collection of after.manifest.collections)
    for await (const batch of after.records(collection)) records.push(...batch);
  const { accounts, regions, partition, source, startedAt, finishedAt } = after.manifest;
  const ends = after.manifest.collections.map(({ account: id, region, type, calls }) => {
    return { account: id, region, type, calls, complete: true };
  });
  const facts = { accounts, regions, partition, source, startedAt, finishedAt, finished: true };
  return memorySnapshot(facts, after.ledger.values(), records, ends);
}

async function verdicts(live: Snapshot, plan: object): Promise<Map<string, string>> {
  const { after } = await overlay(live, proposalOf(plan), question.catalogue.types);
  const { results } = await judge(question, after, now);
  // That nothing of a type is there is no longer said when something may be.
  const told = results.filter(({ resource, region }) => resource !== undefined || region !== '*');
  return new Map(told.map(({ rule, resource, region, outcome }) => [`${rule} ${resource?.id ?? region}`, outcome]));
}

describe('whatever becomes unknown in a plan that is laid over a live account', () => {
  test.each(folders)('makes verdicts on %s unknown, and no other', async (folder) => {
    const text = readFileSync(new URL(`${folder}/plan.json`, parity), 'utf8');
    const live = await liveAfter(JSON.parse(text));
    const before = await verdicts(live, JSON.parse(text));
    expect(before.size).toBeGreaterThan(0);
    const changes = JSON.parse(text).resource_changes as { change: { after: Json } }[];
    for (const [index, { change }] of changes.entries())
      for (const path of pathsIn(change.after)) {
        const plan = JSON.parse(text);
        knowLater(plan.resource_changes[index].change, path);
        expectOnlyDoubt(before, await verdicts(live, plan), `${index} ${path.join('.')}`);
      }
  });
});
