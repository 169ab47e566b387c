import type { Resource } from '../../src/model/resource.ts';
import type { ResourceType } from '../../src/model/resource-type.ts';
import {
  type Collection,
  type LedgerEntry,
  ledgerKey,
  type Snapshot,
  snapshotFormat,
} from '../../src/model/snapshot.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../../src/model/value.ts';
import type { Case, Rule } from '../../src/rule/rule.ts';
import type { Question } from './audited.ts';
import { type World, withRecords } from './thinned.ts';

const account = '111122223333';
const home = 'eu-west-1';
const call = 'simulated:Everything';

function entry(region: string): LedgerEntry {
  const time = '2026-11-24T02:00:00.000Z';
  const facts = { service: 'simulated', operation: 'Everything', input: {}, permission: call, requestIds: [] };
  const counts = { pages: 1, items: 0, attempts: 1, startedAt: time, answeredAt: time };
  return { key: call, account, region, outcome: 'complete', ...facts, ...counts };
}

function recordOf(type: ResourceType, written: JsonObject, fallback: string): Resource {
  const { $region, ...properties } = written;
  const id = properties[type.id];
  const groups = ['', ...Object.keys(type.groups ?? {})];
  return {
    type: type.type,
    account,
    region: type.reach === 'global' ? 'global' : typeof $region === 'string' ? $region : home,
    id: typeof id === 'string' ? id : fallback,
    properties: properties as JsonObject,
    calls: Object.fromEntries(groups.map((group) => [group, call])),
  };
}

/** What surrounds the judged resource, and the types of which there may be more. */
function surroundings(one: Case, types: ReadonlyMap<string, ResourceType>) {
  const records: Resource[] = [];
  const cut = new Set<string>();
  for (const [name, written] of Object.entries(one.surroundings)) {
    const type = types.get(name);
    const items = Array.isArray(written) ? (written as readonly Json[]) : [written];
    for (const [index, item] of items.entries()) {
      if (isUnknown(item)) cut.add(name);
      else if (isObject(item) && type !== undefined) records.push(recordOf(type, item, `beside ${index}`));
    }
  }
  return { records, cut };
}

function snapshotOf(types: Iterable<ResourceType>, cut: ReadonlySet<string>, regions: readonly string[]): Snapshot {
  const collections: Collection[] = [];
  for (const { type, reach } of types) {
    const end = cut.has(type) ? { complete: false, reason: 'denied' as const } : { complete: true };
    for (const region of reach === 'global' ? ['global'] : regions)
      collections.push({ account, region, type, calls: [call], records: 0, ...end });
  }
  const entries = ['global', ...regions].map(entry);
  return {
    manifest: {
      format: snapshotFormat,
      tool: { name: 'proviso', version: '0.0.0' },
      source: 'live',
      partition: 'aws',
      accounts: [{ id: account }],
      regions: regions.map((region) => ({ account, region, status: 'enabled', selected: true })),
      collections,
      finished: true,
      startedAt: '2026-11-24T02:00:00.000Z',
      finishedAt: '2026-11-24T02:00:00.000Z',
      contentDigest: '',
    },
    ledger: new Map(entries.map((one) => [ledgerKey(account, one.region, one.key), one])),
    async *records() {
      yield [];
    },
  };
}

/** A rule's own case as a live collection would have recorded it: what the case leaves out, AWS did not answer. */
export function worldOfCase(rule: Rule, one: Case, question: Question): World {
  const { types } = question.catalogue;
  const around = surroundings(one, types);
  const own = rule.resource === undefined ? undefined : types.get(rule.resource.type);
  const judged = own === undefined ? [] : [recordOf(own, (one.properties ?? {}) as JsonObject, 'judged')];
  const records = [...judged, ...around.records];
  const regions = [...new Set([home, ...records.map(({ region }) => region)])].filter((region) => region !== 'global');
  const parameters = new Map(question.policy.parameters);
  parameters.set(rule.id, { at: one.at, values: one.parameters, entries: [] });
  const policy = { ...question.policy, parameters, clauses: [] };
  return {
    name: `${rule.id}: ${one.name}`,
    question: { ...question, policy, rules: [rule] },
    snapshot: withRecords(snapshotOf(types.values(), around.cut, regions), records),
    records,
    now: one.now,
  };
}
