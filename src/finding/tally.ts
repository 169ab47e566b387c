import type { UnknownReason } from '../model/value.ts';
import { type Outcome, outcomes, type Population, type Result, type RuleSummary } from './finding.ts';

/** What a summary says of a rule before anything is judged. */
export type RuleFacts = Omit<RuleSummary, 'outcomes' | 'waived' | 'introduced' | 'introducedUnknown' | 'population'>;

/** Counts the outcomes of one rule while results pass by. */
export interface Tally {
  readonly facts: RuleFacts;
  readonly outcomes: Record<Outcome, number>;
  waived: number;
  /** Failures that no waiver covers and that a baseline lacks. */
  introduced: number;
  /** Results that a change makes unknown, or that are new and cannot be judged. */
  introducedUnknown: number;
  /** How often each reason made an outcome unknown. */
  readonly reasons: Map<UnknownReason, number>;
  readonly population: Population[];
}

export function startTally(facts: RuleFacts): Tally {
  return {
    facts,
    outcomes: noOutcomes(),
    waived: 0,
    introduced: 0,
    introducedUnknown: 0,
    reasons: new Map(),
    population: [],
  };
}

export function noOutcomes(): Record<Outcome, number> {
  return { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, 'not-evaluated': 0 };
}

export function count(tally: Tally, result: Result): void {
  tally.outcomes[result.outcome] += 1;
  if (result.waiver !== undefined) tally.waived += 1;
  if (result.outcome !== 'unknown') return;
  const reasons = new Set<UnknownReason>();
  for (const { unknown } of result.evidence) if (unknown !== undefined) reasons.add(unknown.reason);
  for (const reason of reasons) tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
}

/** The population of one account and region, from the outcomes that its resources added since `before`. */
export function countPopulation(
  tally: Tally,
  before: Readonly<Record<Outcome, number>>,
  where: Pick<Population, 'account' | 'region' | 'complete' | 'calls' | 'disabled'>,
): void {
  const since = (outcome: Outcome) => tally.outcomes[outcome] - before[outcome];
  const evaluated = since('pass') + since('fail');
  const excluded = since('not-applicable');
  const unreadable = since('unknown');
  tally.population.push({ ...where, enumerated: evaluated + excluded + unreadable, evaluated, excluded, unreadable });
}

/** @param compared whether the run was held against an earlier one */
export function summarise(
  { facts, outcomes: counts, waived, introduced, introducedUnknown, population }: Tally,
  compared: boolean,
): RuleSummary {
  return {
    ...facts,
    outcomes: { ...counts },
    waived,
    ...(compared ? { introduced } : {}),
    ...(introducedUnknown > 0 ? { introducedUnknown } : {}),
    population,
  };
}

/** Outcomes of all rules together. */
export function total(tallies: Iterable<Tally>): Record<Outcome, number> {
  const sum = noOutcomes();
  for (const tally of tallies) for (const outcome of outcomes) sum[outcome] += tally.outcomes[outcome];
  return sum;
}
