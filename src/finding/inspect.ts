import type { Leaf, Run } from '../model/operator.ts';
import type { Coverage, Partition } from '../model/partition.ts';
import type { Resource } from '../model/resource.ts';
import type { ResourceType } from '../model/resource-type.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { byCodeUnit, type Unknown, unknown } from '../model/value.ts';
import { evidenceOf } from './evidence.ts';
import { type AccountSummary, type Evidence, everywhere, type Outcome, type Result, type Subject } from './finding.ts';
import { describeGap, explainUnknown, type Permissions } from './gap.ts';
import { count, countPopulation, type Tally } from './tally.ts';

/** A rule ready to judge, and where its outcomes are counted. */
export interface Inspector {
  readonly tally: Tally;
  /** Undefined for a rule about an account or a region as a whole. */
  readonly type: ResourceType | undefined;
  readonly scope: 'resource' | 'account' | 'region';
  /** The types that it reads. */
  readonly reads: readonly ResourceType[];
  judge(
    resource: Resource,
    run: Run,
  ): { readonly outcome: Outcome; readonly leaves: readonly Leaf[]; readonly more?: number; readonly message?: string };
}

/** What the inspection of one account needs besides the rules. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly coverage: Coverage;
  readonly permissions: Permissions;
  readonly account: string;
  /** The regions to which the policy is confined; undefined for all that were collected. */
  readonly regions: readonly string[] | undefined;
  readonly run: Run;
  /** Lays the policy's waivers over a failure, or something unknown, before it is counted. */
  waive?(result: Result, behind: Behind | undefined): Result;
}

/** The record behind a result. */
export interface Behind {
  readonly resource: Resource;
  readonly type: ResourceType;
}

/** One type, or an account or region as a whole, in one region. */
interface Step {
  readonly subject: Pick<ResourceType, 'type' | 'reach'>;
  readonly partition: Partition;
  readonly inspectors: readonly Inspector[];
}

const noEvidence: Result['evidence'] = [];

function inScope(partition: Partition, scene: Scene, reach: ResourceType['reach']): boolean {
  if (reach === 'global') return true;
  return scene.regions?.includes(partition.region) ?? partition.state !== 'unselected';
}

function subjectOf(inspector: Inspector): Step['subject'] {
  return inspector.type ?? { type: inspector.scope, reach: inspector.scope === 'region' ? 'region' : 'global' };
}

/** What is to be looked at, in the order in which results are given: by region, then by type. */
function stepsOf(scene: Scene, inspectors: readonly Inspector[]): { steps: readonly Step[]; nowhere: Inspector[] } {
  const bySubject = new Map<string, { subject: Step['subject']; inspectors: Inspector[] }>();
  for (const inspector of inspectors) {
    const subject = subjectOf(inspector);
    const same = bySubject.get(subject.type) ?? { subject, inspectors: [] };
    same.inspectors.push(inspector);
    bySubject.set(subject.type, same);
  }
  const steps: Step[] = [];
  const nowhere: Inspector[] = [];
  for (const { subject, inspectors: same } of bySubject.values()) {
    const partitions = scene.coverage
      .partitions(scene.account, subject, scene.regions)
      .filter((partition) => inScope(partition, scene, subject.reach));
    if (partitions.length === 0) nowhere.push(...same);
    for (const partition of partitions) steps.push({ subject, partition, inspectors: same });
  }
  steps.sort(byRegionAndType);
  return { steps, nowhere };
}

const byRegionAndType = (a: Step, b: Step) =>
  byCodeUnit(a.partition.region, b.partition.region) || byCodeUnit(a.subject.type, b.subject.type);

/** The result of a rule that cannot see the whole of what it judges in an account and region. */
export function unseen(inspector: Inspector, scene: Scene, region: string, gap: Unknown): Result {
  const { account, permissions } = scene;
  const { id, severity, type } = inspector.tally.facts;
  const known = explainUnknown(gap, permissions, account);
  const where = region === everywhere ? `account ${account}` : `${region} of account ${account}`;
  const what = `${type === 'account' || type === 'region' ? 'what the rule reads' : type} in ${where}`;
  const expected = 'a list that is known to be whole';
  const call = gap.call === undefined ? {} : { call: gap.call };
  const message = describeGap(what, gap, known);
  const evidence = [{ path: '', unknown: known, expected, ...call }];
  const result: Result = { rule: id, severity, outcome: 'unknown', account, region, type, message, evidence };
  return counted(inspector, scene, result, undefined);
}

/** The result of a rule in an account of which nothing was seen, and which counts all the same. */
export function unseenAccount(
  inspector: Inspector,
  scene: Scene,
  { reason, detail, call }: NonNullable<AccountSummary['unreachable']>,
): Result {
  const before = { ...inspector.tally.outcomes };
  const where = {
    account: scene.account,
    region: everywhere,
    complete: false,
    calls: call === undefined ? [] : [call],
  };
  countPopulation(inspector.tally, before, where);
  return unseen(inspector, scene, everywhere, unknown(reason, detail, call));
}

/**
 * Nearly all results are made in one piece, without anything that only others need. Members stand in the order of their
 * names, which is the one in which they are written.
 */
function judgeOne(inspector: Inspector, scene: Scene, resource: Resource, subject: Subject | undefined): Result {
  const verdict = inspector.judge(resource, scene.run);
  const { id, severity, type } = inspector.tally.facts;
  const { account, region } = resource;
  const { outcome, leaves, more, message } = verdict;
  const evidence = leaves.length === 0 ? noEvidence : evidenceOfAll(leaves, scene);
  const isPlain = subject !== undefined && more === undefined;
  const result: Result = !isPlain
    ? {
        account,
        evidence,
        ...(message === undefined ? {} : { message }),
        ...(more === undefined ? {} : { moreEvidence: more }),
        outcome,
        region,
        ...(subject === undefined ? {} : { resource: subject }),
        rule: id,
        severity,
        type,
      }
    : message === undefined
      ? { account, evidence, outcome, region, resource: subject, rule: id, severity, type }
      : { account, evidence, message, outcome, region, resource: subject, rule: id, severity, type };
  return counted(inspector, scene, result, resource);
}

/** Counts a result, with the waiver that covers it. Only what fails, or might, is of interest to waivers. */
function counted({ tally, type }: Inspector, scene: Scene, result: Result, resource: Resource | undefined): Result {
  const concerned = scene.waive !== undefined && (result.outcome === 'fail' || result.outcome === 'unknown');
  const behind = concerned && resource !== undefined && type !== undefined ? { resource, type } : undefined;
  const laid = concerned ? (scene.waive?.(result, behind) ?? result) : result;
  count(tally, laid);
  return laid;
}

function evidenceOfAll(leaves: readonly Leaf[], { permissions, account }: Scene): readonly Evidence[] {
  const [only] = leaves;
  // Nearly all have one, for which an array that may grow is several times too large.
  if (only !== undefined && leaves.length === 1) return [evidenceOf(only, permissions, account)];
  const evidence: Evidence[] = [];
  for (const leaf of leaves) evidence.push(evidenceOf(leaf, permissions, account));
  return evidence;
}

function describe({ id, arn, name, declared }: Resource): Subject {
  if (declared !== undefined) return { ...(arn && { arn }), declared, id, ...(name && { name }) };
  if (arn === undefined) return name === undefined ? { id } : { id, name };
  return name === undefined ? { arn, id } : { arn, id, name };
}

/** Judges an account or a region as a whole. What it read is stated as its population's calls. */
function judgeWhole(inspector: Inspector, scene: Scene, region: string): Result {
  const { account, coverage } = scene;
  const before = { ...inspector.tally.outcomes };
  const id = inspector.scope === 'account' ? account : region;
  const whole: Resource = { type: inspector.scope, account, region, id, properties: {}, calls: {} };
  const result = judgeOne(inspector, scene, whole, undefined);
  const read = inspector.reads
    .flatMap((type) => coverage.partitions(account, type, scene.regions))
    .filter((partition) => inspector.scope === 'account' || [region, 'global'].includes(partition.region));
  const calls = [...new Set(read.flatMap(({ collection }) => collection?.calls ?? []))].sort(byCodeUnit);
  const beyond = inspector.scope === 'account' ? coverage.unseenRegions(account) : undefined;
  const complete = beyond === undefined && read.every((partition) => partition.incomplete === undefined);
  countPopulation(inspector.tally, before, { account, region, complete, calls });
  return result;
}

async function* inspectRecords(step: Step, scene: Scene): AsyncGenerator<readonly Result[]> {
  const { collection } = step.partition;
  if (collection === undefined) return;
  for await (const batch of scene.snapshot.records(collection)) {
    // As long as it will be: to grow step by step would cost as much memory again.
    const results = new Array<Result>(batch.length * step.inspectors.length);
    let next = 0;
    for (const record of batch) {
      const subject = describe(record);
      for (const inspector of step.inspectors) {
        results[next] = judgeOne(inspector, scene, record, subject);
        next += 1;
      }
    }
    yield results;
  }
}

async function* inspectType(step: Step, scene: Scene): AsyncGenerator<readonly Result[]> {
  const { inspectors, partition } = step;
  const { region, collection, incomplete, state } = partition;
  if (incomplete !== undefined) yield inspectors.map((inspector) => unseen(inspector, scene, region, incomplete));
  const before = inspectors.map(({ tally }) => ({ ...tally.outcomes }));
  yield* inspectRecords(step, scene);
  const where = {
    account: scene.account,
    region,
    complete: incomplete === undefined,
    calls: collection?.calls ?? [],
    ...(state === 'disabled' ? { disabled: true as const } : {}),
  };
  for (const [index, { tally }] of inspectors.entries()) countPopulation(tally, before[index] ?? tally.outcomes, where);
}

/** A whole region can be judged if it was asked for; a whole account always can. */
function inspectWhole(step: Step, scene: Scene): readonly Result[] {
  const { region, state, incomplete } = step.partition;
  if (step.subject.type === 'account' || state === 'missing')
    return step.inspectors.map((inspector) => judgeWhole(inspector, scene, region));
  if (incomplete !== undefined) return step.inspectors.map((inspector) => unseen(inspector, scene, region, incomplete));
  for (const { tally } of step.inspectors) {
    const where = { account: scene.account, region, complete: true, calls: [], disabled: true as const };
    countPopulation(tally, tally.outcomes, where);
  }
  return [];
}

/** Judges one account. The order of the results depends on nothing but the snapshot's content. */
export async function* inspectAccount(
  scene: Scene,
  inspectors: readonly Inspector[],
): AsyncGenerator<readonly Result[]> {
  const { steps, nowhere } = stepsOf(scene, inspectors);
  const none = unknown('not-collected', 'no region of the account was collected');
  const beyond = scene.regions === undefined ? scene.coverage.unseenRegions(scene.account) : undefined;
  const blind = inspectors.flatMap((inspector) => {
    const gap = nowhere.includes(inspector) ? none : subjectOf(inspector).reach === 'region' ? beyond : undefined;
    return gap === undefined ? [] : [unseen(inspector, scene, everywhere, gap)];
  });
  if (blind.length > 0) yield blind;
  for (const step of steps) {
    if (step.subject.type === 'account' || step.subject.type === 'region') yield inspectWhole(step, scene);
    else yield* inspectType(step, scene);
  }
}
