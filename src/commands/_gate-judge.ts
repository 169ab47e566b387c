import { assess, selectRules } from '../assess.ts';
import { baselineBefore, remember, startRemembering } from '../finding/before-change.ts';
import { arrangeCauses, type Causing, causesOf, changeOf } from '../finding/causes.ts';
import type { Assessment, Result } from '../finding/finding.ts';
import { coverageOfGate } from '../finding/gate-coverage.ts';
import { summariseGate } from '../finding/gate-summary.ts';
import type { Foreseen } from '../model/foreseen.ts';
import type { Doubt, Proposal, ProposedChange } from '../model/proposal.ts';
import { same } from '../model/same.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isUnknown } from '../model/value.ts';
import type { Policy } from '../policy/policy.ts';
import type { Catalogue, Rule } from '../rule/rule.ts';
import { ruledBy, watchSubjects } from './_gate-subjects.ts';

/** A change, and what it is judged by. */
export interface Gating {
  readonly proposal: Proposal;
  readonly foreseen: Foreseen;
  /** The snapshot that the change was laid over. */
  readonly live?: Snapshot;
  /** Doubts besides those of the proposal and of its being laid over the snapshot. */
  readonly doubts: readonly Doubt[];
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly named: readonly string[];
  readonly catalogue: Catalogue;
  readonly now: number;
}

/**
 * Rules about something that such a document can never declare. Laid over a live account, a change can break those too:
 * what they judge is there.
 */
function leaveOut({ proposal, live, policy, rules, named }: Gating) {
  const selected = selectRules(policy, rules, named);
  const isTold = ({ resource, reads }: Rule) =>
    resource === undefined
      ? [...reads.keys()].some((type) => proposal.types.has(type))
      : proposal.types.has(resource.type);
  const kept = live === undefined ? selected.filter(isTold) : selected;
  return { kept, leftOut: selected.filter((rule) => !kept.includes(rule)).map(({ id }) => id) };
}

/** Rules that read a type of what changes. */
function concernedBy(changes: Proposal['changes'], rules: readonly Rule[]): ReadonlySet<string> {
  const types = new Set(changes.map(({ type }) => type));
  return new Set(rules.filter(({ reads }) => [...reads.keys()].some((type) => types.has(type))).map(({ id }) => id));
}

/** The properties and groups of a resource that a change alters: all that it tells, where nobody knows what there was. */
function alteredBy({ before, after }: ProposedChange): readonly string[] {
  if (after === undefined) return [];
  const sides = before === undefined ? [after] : [before, after];
  const names = new Set(
    sides.flatMap(({ properties, gaps }) => [...Object.keys(properties), ...Object.keys(gaps ?? {})]),
  );
  if (before === undefined) return [...names];
  const isSame = (name: string) =>
    same(before.properties[name], after.properties[name]) && before.gaps?.[name]?.detail === after.gaps?.[name]?.detail;
  return [...names].filter((name) => !isSame(name));
}

/** Whether something in a value is a marker of what is not known. */
function hasUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isUnknown(value) || Object.values(value).some(hasUnknown);
}

/** Whether something of a property is unknown after a change that was not before it. */
function isObscured({ before, after }: ProposedChange, name: string): boolean {
  const isOpen = (side: ProposedChange['after']) =>
    side !== undefined && (side.gaps?.[name] !== undefined || hasUnknown(side.properties[name]));
  return isOpen(after) && !isOpen(before);
}

/**
 * Tells whether a change alters what a rule reads of the resource that its result is about, and whether it makes some of
 * that unknown.
 */
function alterationsOf(causing: Causing, rules: readonly Rule[]) {
  const altered = new Map<ProposedChange, readonly string[]>();
  const read = new Map(
    rules.map(({ id, resource, reads }) => [id, reads.get(resource?.type ?? '') ?? new Set<string>()]),
  );
  const alters = (result: Result, counts: (change: ProposedChange, name: string) => boolean): boolean => {
    const change = changeOf(causing, result);
    if (change === undefined || change.action === 'none' || change.action === 'forget') return false;
    const names = altered.get(change) ?? alteredBy(change);
    altered.set(change, names);
    return [...(read.get(result.rule) ?? [])].some((path) => {
      const name = /^[^.[]*/.exec(path)?.[0] ?? path;
      return names.includes(name) && counts(change, name);
    });
  };
  return {
    alters: (result: Result) => alters(result, () => true),
    obscures: (result: Result) => alters(result, isObscured),
  };
}

/** A doubt about some types is none where no rule reads one of them. */
function concerning({ code, detail, about }: Doubt, rules: readonly Rule[]): readonly Doubt[] {
  const isRead = about?.some((type) => rules.some(({ reads }) => reads.has(type))) ?? true;
  return isRead ? [{ code, detail }] : [];
}

/** A gate is never green because it looked at nothing. */
function nothingSeen({ coverage, noun, doubts }: Proposal, isSeen: boolean): readonly Doubt[] {
  if (isSeen || doubts.some(({ code }) => code === 'empty')) return [];
  const { declared, mapped } = coverage;
  if (declared === 0) return [{ code: 'empty', detail: `the ${noun} declares no resource of AWS` }];
  const [none, any] =
    declared === 1
      ? ['the resource that is declared is not', 'the resource that is declared']
      : [
          `none of the ${declared} resources that are declared is`,
          `any of the ${declared} resources that are declared`,
        ];
  const detail = mapped === 0 ? `${none} of a type that is read` : `no rule judges ${any}`;
  return [{ code: 'empty', detail }];
}

/** Doubts without those that the user has accepted: that nothing is judged, of a document in which all else is in order. */
function weighed({ mayBeEmpty }: Proposal, doubts: readonly Doubt[]): readonly Doubt[] {
  return mayBeEmpty === true && doubts.every(({ code }) => code === 'empty') ? [] : doubts;
}

/**
 * Judges an account before and after a change, and compares the two. Yields the results after the change, with what it
 * introduces marked and traced to its causes.
 */
export async function* judgeChange(gating: Gating): AsyncGenerator<readonly Result[], Assessment> {
  const { proposal, foreseen, live, catalogue } = gating;
  const { kept, leftOut } = leaveOut(gating);
  const reads = new Map(kept.map((rule) => [rule.id, [...rule.reads.keys()]]));
  const causing = arrangeCauses(proposal, catalogue.types, reads);
  const changing = proposal.changes.filter(({ action }) => action !== 'none');
  const concerned = concernedBy(changing, kept);
  // What is declared and stays as it is was looked at as well.
  const subjects = watchSubjects(causing, kept);
  const question = { ...gating, rules: kept };
  const remembered = startRemembering(concerned);
  const then = assess({ ...question, snapshot: foreseen.before });
  let next = await then.next();
  for (; next.done !== true; next = await then.next()) {
    remember(remembered, next.value);
    subjects.look(next.value);
  }
  const before = next.value;
  const baseline = baselineBefore(remembered, before, {
    was: foreseen.was,
    ...alterationsOf(causing, kept),
  });
  const later = assess({ ...question, snapshot: foreseen.after, baseline });
  let result = await later.next();
  for (; result.done !== true; result = await later.next()) {
    subjects.look(result.value);
    yield result.value.map((one) => withCauses(one, causing));
  }
  const judged = subjects.judged();
  const doubts = [
    ...proposal.doubts.flatMap((doubt) => concerning(doubt, kept)),
    ...gating.doubts,
    ...foreseen.doubts,
    ...nothingSeen(proposal, judged.size > 0),
  ];
  const summary = {
    proposal,
    ...(live === undefined ? {} : { live }),
    doubts: weighed(proposal, doubts),
    rulesLeftOut: leftOut,
    coverage: coverageOfGate(proposal, judged, ruledBy(kept)),
    before,
  };
  return { ...result.value, gate: summariseGate({ ...summary, after: result.value }) };
}

function withCauses(result: Result, causing: Causing): Result {
  if (result.change !== 'introduced') return result;
  const causes = causesOf(causing, result);
  return causes.length === 0 ? result : { ...result, causes };
}
