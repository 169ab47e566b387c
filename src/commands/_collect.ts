import { selectRules } from '../assess.ts';
import { type OpenedAws, openAws } from '../aws/open-aws.ts';
import { collectAccounts } from '../fleet/collect-accounts.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import type { ResourceType } from '../model/resource-type.ts';
import type { Manifest } from '../model/snapshot.ts';
import { openSnapshotWriter } from '../model/snapshot-writer.ts';
import { isUnknown } from '../model/value.ts';
import type { Policy } from '../policy/policy.ts';
import { compileRule } from '../rule/compile.ts';
import { parseMessage } from '../rule/message.ts';
import { missingParameters } from '../rule/parameters.ts';
import type { Catalogue, Judge, Rule, Verdict } from '../rule/rule.ts';
import { withParents } from '../sources/live.ts';
import type { Io } from './_command.ts';
import type { Connection } from './_connection.ts';
import { showProgress } from './_progress.ts';

export interface Collecting {
  readonly rules: readonly Rule[];
  /** Rules, by id, for which is collected although no clause of the policy names them. */
  readonly named?: readonly string[];
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  readonly connection: Connection;
  readonly io: Io;
}

/** An open connection to one account, before anything is collected. */
export type Opened = OpenedAws & { readonly startedAt: string };

export async function connect({ connection, io }: Collecting): Promise<Opened> {
  io.progress('asking AWS whose credentials these are');
  const opened = await openAws(connection.aws);
  return { ...opened, startedAt: io.now().toISOString() };
}

const nothingRelated = {
  related: () => ({ resources: [], incomplete: { $unknown: 'not-collected' } as const }),
  all: () => ({ resources: [], incomplete: { $unknown: 'not-collected' } as const }),
};

/** The groups that other types' rules may read of each type, whatever its own rules say. */
function groupsReadFromElsewhere(rules: readonly Rule[], type: ResourceType): ReadonlySet<string> {
  const elsewhere = rules.filter((rule) => rule.resource?.type !== type.type);
  const paths = elsewhere.flatMap((rule) => [...(rule.reads.get(type.type) ?? [])]);
  return new Set(paths.map((path) => groupOf(type, path)).filter((group) => group !== ''));
}

/**
 * Which further calls are worth making for a resource of which only some groups are known: those that keep one of the
 * rules from an answer, and those that the message of a failure names. A rule that is decided without them, or does not
 * apply, asks for nothing.
 */
export function wantedGroups(rules: readonly Rule[], policy: Policy, now: number) {
  const judges = new Map<string, Judge[]>();
  for (const rule of rules) {
    const values = policy.parameters.get(rule.id)?.values ?? {};
    if (rule.resource === undefined || missingParameters(rule, values).length > 0) continue;
    const list = judges.get(rule.resource.type) ?? [];
    judges.set(rule.resource.type, [...list, compileRule(rule, values)]);
  }
  const elsewhere = new Map<string, ReadonlySet<string>>();
  return (type: ResourceType, resource: Resource): readonly string[] => {
    const always = elsewhere.get(type.type) ?? groupsReadFromElsewhere(rules, type);
    elsewhere.set(type.type, always);
    const wanted = new Set(always);
    for (const judge of judges.get(type.type) ?? []) {
      const verdict = judge.judge(resource, { now, graph: nothingRelated, visits: 0 });
      for (const group of groupsWorthAsking(judge, verdict, type)) wanted.add(group);
    }
    const open = [...wanted].filter((group) => group !== '' && !isSettled(resource, group));
    // One call serves all resources of a shared group: it may settle what others would be asked for one by one.
    const shared = open.filter((group) => type.groups?.[group]?.shared !== undefined);
    return shared.length > 0 ? shared : open;
  };
}

/** What keeps a rule from its answer, or what a failure names in its message. */
function groupsWorthAsking(judge: Judge, verdict: Verdict, type: ResourceType): Iterable<string> {
  if (verdict.outcome === 'unknown') return groupsInDoubt(judge, verdict, type);
  if (verdict.outcome !== 'fail' || judge.rule.message === undefined) return [];
  const parts = parseMessage(judge.rule.message);
  const fields = typeof parts === 'number' ? [] : parts.filter((part) => part.kind === 'field');
  return fields.map(({ name }) => groupOf(type, name));
}

/** The groups that keep a rule from its answer; all that it reads where the doubt lies with another resource. */
function groupsInDoubt({ rule }: Judge, verdict: Verdict, type: ResourceType): ReadonlySet<string> {
  const inDoubt = verdict.leaves.filter((leaf) => isUnknown(leaf.observed)).map((leaf) => groupOf(type, leaf.path));
  if (inDoubt.length > 0 && !inDoubt.includes('')) return new Set(inDoubt);
  return new Set([...(rule.reads.get(type.type) ?? [])].map((path) => groupOf(type, path)));
}

function isSettled(resource: Resource, group: string): boolean {
  return resource.calls?.[group] !== undefined || resource.gaps?.[group] !== undefined;
}

/**
 * Collects what the rules that are judged read, of the accounts of the policy's scope, into a new snapshot folder.
 * Interrupted, it keeps what it has and says so in the manifest.
 */
export async function collect(opened: Opened, collecting: Collecting, folder: string, now: number): Promise<Manifest> {
  const { policy, catalogue, connection, io } = collecting;
  const rules = selectRules(policy, collecting.rules, collecting.named);
  const writer = await openSnapshotWriter(folder);
  const read = new Set(rules.flatMap((rule) => [...rule.reads.keys()]));
  const types = [...catalogue.types.values()].filter((type) => read.has(type.type));
  const { accounts } = policy.scope;
  const { facts, ledger } = await collectAccounts({
    opened,
    accounts,
    types: withParents(types, catalogue.types),
    regions: connection.regions,
    wanted: wantedGroups(rules, policy, now),
    writer,
    signal: io.signal,
    progress: showProgress(io, accounts?.length ?? 1),
  });
  io.progress(undefined);
  const endpoint = connection.endpointName ?? connection.aws.endpointUrl;
  const times = { startedAt: opened.startedAt, finishedAt: io.now().toISOString() };
  return writer.finish({ ...facts, ...(endpoint === undefined ? {} : { endpoint }), ...times }, ledger);
}
