import { judgeChange } from '../../src/commands/_gate-judge.ts';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { overlay } from '../../src/model/overlay.ts';
import { planned } from '../../src/model/planned.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { JsonObject } from '../../src/model/value.ts';
import type { Question } from './audited.ts';

export const now = Date.parse('2026-11-24T02:00:00.000Z');
export const account = '111122223333';
export const region = 'eu-west-1';

/** A live record. A group that is null was asked for, and there is nothing. */
export function live(
  type: string,
  id: string,
  properties: JsonObject,
  groups: JsonObject = {},
  more: Partial<Resource> = {},
): Resource {
  const calls = Object.fromEntries(['', ...Object.keys(groups)].map((group) => [group, `live:${type}`]));
  const present = Object.entries(groups).filter(([, value]) => value !== null);
  const all = { ...properties, ...Object.fromEntries(present) };
  return { type, account, region, id, properties: all, calls, ...more };
}

/** An account of which everything was seen, in the regions that are named. */
export function snapshotOf(
  { catalogue }: Question,
  records: readonly Resource[],
  regions: readonly string[] = [region],
): Snapshot {
  const time = new Date(now).toISOString();
  const ends = [...catalogue.types.values()].flatMap(({ type, reach }) =>
    (reach === 'global' ? ['global'] : regions).map((where) => ({
      account,
      region: where,
      type,
      calls: [`live:${type}`],
      complete: true as const,
    })),
  );
  return memorySnapshot(
    {
      source: 'live',
      partition: 'aws',
      accounts: [{ id: account }],
      regions: regions.map((one) => ({ account, region: one, status: 'enabled', selected: true })),
      finished: true,
      startedAt: time,
      finishedAt: time,
    },
    [],
    records,
    ends,
  );
}

export interface Gated {
  readonly assessment: Assessment;
  readonly results: readonly Result[];
  /** All records as the change leaves them, by type and id. */
  readonly after: ReadonlyMap<string, Resource>;
}

/** What a gate says of a proposal, laid over an account where there is one. */
export async function gateProposal(
  question: Question,
  proposal: Proposal,
  snapshot: Snapshot | undefined,
): Promise<Gated> {
  const { types } = question.catalogue;
  const foreseen = snapshot === undefined ? planned(proposal, types) : await overlay(snapshot, proposal, types);
  const own = snapshot === undefined ? {} : { live: snapshot };
  const run = judgeChange({ ...question, proposal, foreseen, ...own, doubts: [], now });
  const after = new Map<string, Resource>();
  for (const collection of foreseen.after.manifest.collections)
    for await (const batch of foreseen.after.records(collection))
      for (const record of batch) after.set(`${record.type} ${record.id}`, record);
  const results: Result[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done === true) return { assessment: next.value as Assessment, results, after };
    results.push(...next.value);
  }
}

/** Outcome and change of each result of a rule, by resource, or by region where it is about none. */
export function said({ results }: Gated, rule: string): Readonly<Record<string, readonly (string | undefined)[]>> {
  const own = results.filter((result) => result.rule === rule);
  return Object.fromEntries(
    own.map(({ resource, region: where, outcome, change }) => [resource?.id ?? where ?? '', [outcome, change]]),
  );
}
