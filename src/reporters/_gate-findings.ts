import type { Gate } from '../finding/exit.ts';
import {
  type Assessment,
  type Evidence,
  type Result,
  type Results,
  type RuleSummary,
  severities,
} from '../finding/finding.ts';
import { causeText, chainText, type GateAssessment, isOfGate, isShown } from '../finding/gate-words.ts';
import type { DeclaredAt } from '../model/resource.ts';
import { byCodeUnit } from '../model/value.ts';
import { type Gravest, keepGravest, rankOf } from './_gravest.ts';
import { observedText, shown, subjectText } from './_result-text.ts';

const loud = ['fail', 'unknown', 'not-evaluated'] as const;
type Loud = (typeof loud)[number];

/** What a gate has to say of one rule in one way: a few examples, and how many there are. */
export interface GateBlock {
  readonly rule: RuleSummary;
  readonly outcome: Loud;
  readonly examples: readonly Result[];
  /** How many, those that a waiver covers left out. */
  readonly count: number;
}

interface Open extends Omit<GateBlock, 'examples' | 'count'> {
  readonly gravest: Gravest<Result>;
  count: number;
}

function blocksOf({ rules }: GateAssessment, most: number): ReadonlyMap<string, Open> {
  const sorted = [...rules].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || byCodeUnit(a.id, b.id),
  );
  const blocks = loud.flatMap((outcome) =>
    sorted.map((rule): [string, Open] => {
      const gravest = keepGravest<Result>({ items: most, size: Number.POSITIVE_INFINITY });
      return [`${outcome}/${rule.id}`, { rule, outcome, gravest, count: 0 }];
    }),
  );
  return new Map(blocks);
}

/**
 * Folds what the gate shows by rule: failures first, then what is unknown; within them the gravest rule first.
 *
 * @param most examples of each rule
 */
export async function foldGate(
  assessment: GateAssessment,
  results: Results,
  gate: Gate,
  most: number,
): Promise<readonly GateBlock[]> {
  const blocks = blocksOf(assessment, most);
  for await (const batch of results) {
    for (const result of batch) {
      if (result.waiver !== undefined || !isShown(result, gate)) continue;
      const block = blocks.get(`${result.outcome}/${result.rule}`);
      if (block === undefined) continue;
      block.count += 1;
      block.gravest.add(result, rankOf(result), 0);
    }
  }
  return [...blocks.values()]
    .filter(({ count }) => count > 0)
    .map(({ gravest, ...block }) => ({ ...block, examples: [...gravest.kept()] }));
}

/** What a result is about: by its name where its address stands elsewhere. */
export function gateSubject(result: Result, limit: number): string {
  const { resource } = result;
  if (resource?.declared === undefined || resource.id !== resource.declared.address) return subjectText(result, limit);
  return shown(resource.name ?? resource.id, limit);
}

/** How to mend a failure in the language in which the change is written. */
export function gateFix({ fix }: RuleSummary, { gate: { source } }: GateAssessment): string | undefined {
  const means = source === 'terraform-plan' ? 'terraform' : 'cloudformation';
  return fix[means] ?? fix.console ?? fix.cli ?? Object.values(fix)[0];
}

/** Where a finding is to be mended: at its first cause that stands in a file, or else where the resource is declared. */
export function mendingPlace({ causes = [], resource }: Result): DeclaredAt | undefined {
  return (
    causes.find(({ declared }) => declared.file !== undefined)?.declared ?? resource?.declared ?? causes[0]?.declared
  );
}

/** What was observed, with what else decides: `IpPermissions[0].IpRanges[0].CidrIp = "0.0.0.0/0", TCP port 22`. */
export function gateObserved(evidence: Evidence): string {
  const { path, within } = evidence;
  const rest = within === undefined ? '' : `, ${within}`;
  return `${path === '' ? '' : `${path} = `}${observedText(evidence)}${rest}`;
}

/** The observations of a finding, what is new before what was there. */
export function newestFirst({ evidence }: Result): readonly Evidence[] {
  return [...evidence.filter(({ added }) => added === true), ...evidence.filter(({ added }) => added !== true)];
}

/** That a failure was there before, and now is more; undefined where the change does not make it worse. */
export function worseWords({ worse, evidence }: Result): string | undefined {
  if (worse !== true) return undefined;
  const isKnown = evidence.some(({ added }) => added === true);
  return isKnown ? 'worse than before' : 'worse than before, or nobody can tell: not all of it is known';
}

/** The same with what is new of it. */
export function worseText(result: Result): string | undefined {
  const fresh = result.evidence.filter(({ added }) => added === true);
  const [first] = fresh;
  if (first === undefined) return worseWords(result);
  return `worse than before: new is ${gateObserved(first)}${fresh.length > 1 ? ` and ${fresh.length - 1} more` : ''}`;
}

/** What is worse, observed and expected, for formats of a line or two. */
export function observedLines(result: Result, limit: number): readonly string[] {
  const [first] = newestFirst(result);
  const worse = worseWords(result);
  const more = result.evidence.length - 1 + (result.moreEvidence ?? 0);
  return [
    ...(worse === undefined ? [] : [shown(worse, limit)]),
    ...(first === undefined
      ? []
      : [
          `${first.added === true ? 'new' : 'actual'}: ${shown(gateObserved(first), limit)}${more > 0 ? `, and ${more} more` : ''}`,
          `expected: ${shown(first.expected, limit)}`,
        ]),
  ];
}

const causeLimit = 3;

/** The causes of a finding as lines of `label: text`, for formats that have room for them. */
export function causeLines({ causes = [] }: Result, limit: number): readonly string[] {
  const lines = causes.slice(0, causeLimit).flatMap((cause) => {
    const chain = chainText(cause);
    return [
      `cause: ${shown(causeText(cause), limit)}`,
      ...(chain === undefined ? [] : [`set by: ${shown(chain, limit)}`]),
    ];
  });
  return causes.length > causeLimit ? [...lines, `and ${causes.length - causeLimit} more causes`] : lines;
}

/** Whether a gate passes a result over: it was there before the change, and the user did not ask for that. */
export function isPassedOver(result: Result, assessment: Assessment, gate: Gate): boolean {
  return isOfGate(assessment) && !isShown(result, gate);
}
