import { number, several } from './counts.ts';
import { everywhere, type Result, waiverType } from './finding.ts';

/** A finding by its place, as both sides know it. */
export interface Miss {
  readonly kind: 'did-not-come' | 'was-not-foreseen';
  readonly rule: string;
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly resource?: string;
  /** Whether the change touches it. */
  readonly isTouched: boolean;
}

/** How good a prediction was, over some part of an account. Precision and recall are shares from 0 to 1. */
export interface Score {
  readonly predicted: number;
  readonly found: number;
  readonly right: number;
  /** Findings that one side cannot judge, or may not have seen. */
  readonly undecided: number;
  /** Left out where nothing was predicted. */
  readonly precision?: number;
  /** Left out where nothing was found. */
  readonly recall?: number;
}

/** What one side says loudly, by place. */
export interface Said {
  readonly result: Pick<Result, 'rule' | 'account' | 'region' | 'type'>;
  readonly resource: string | undefined;
  readonly isFailure: boolean;
  readonly isTouched: boolean;
}

/** By `rule/account/region/type/id`; without an id where it is about a list or an account as a whole. */
export type Findings = ReadonlyMap<string, Said>;

/** What a result says, if it is a failure or cannot be judged; what is said of waivers is no prediction. */
export function saidBy(result: Result, resource: string | undefined, isTouched: boolean): Said | undefined {
  const { outcome, type } = result;
  if (type === waiverType || outcome === 'pass' || outcome === 'not-applicable') return undefined;
  return { result, resource, isFailure: outcome === 'fail', isTouched };
}

/** What both sides say of one place. */
interface Pair {
  readonly predicted: Said | undefined;
  readonly actual: Said | undefined;
  /** Whether one side cannot say. */
  readonly isOpen: boolean;
  readonly isTouched: boolean;
}

/** Whether a side that says nothing of a finding may only not have seen it: the list that it would be in is not whole. */
function isUnseen(findings: Findings, { result: { rule, account, region, type }, resource }: Said): boolean {
  if (resource === undefined) return false;
  const lists = [
    [account, region],
    [account, everywhere],
    [everywhere, everywhere],
  ].map((place) => `${rule}/${place.join('/')}/${type}/`);
  return lists.some((key) => findings.get(key)?.isFailure === false);
}

function pairOf(predicted: Said | undefined, actual: Said | undefined, sides: readonly [Findings, Findings]): Pair {
  const isUnknown = predicted?.isFailure === false || actual?.isFailure === false;
  const missing =
    (predicted !== undefined && actual === undefined && isUnseen(sides[1], predicted)) ||
    (actual !== undefined && predicted === undefined && isUnseen(sides[0], actual));
  const isTouched = predicted?.isTouched === true || actual?.isTouched === true;
  return { predicted, actual, isOpen: isUnknown || missing, isTouched };
}

function pairsOf(predicted: Findings, actual: Findings): readonly Pair[] {
  const keys = new Set([...predicted.keys(), ...actual.keys()]);
  return [...keys].map((key) => pairOf(predicted.get(key), actual.get(key), [predicted, actual]));
}

function scoreOf(pairs: readonly Pair[]): Score {
  const foreseen = pairs.filter((pair) => pair.predicted?.isFailure === true);
  const came = pairs.filter((pair) => pair.actual?.isFailure === true);
  const right = foreseen.filter((pair) => pair.actual?.isFailure === true).length;
  const decided = foreseen.filter(({ isOpen }) => !isOpen).length;
  const known = came.filter(({ isOpen }) => !isOpen).length;
  return {
    predicted: foreseen.length,
    found: came.length,
    right,
    undecided: pairs.filter(({ isOpen }) => isOpen).length,
    ...(decided === 0 ? {} : { precision: right / decided }),
    ...(known === 0 ? {} : { recall: right / known }),
  };
}

function missesOf(pairs: readonly Pair[], kind: Miss['kind']): readonly Miss[] {
  return pairs.flatMap(({ predicted, actual, isOpen, isTouched }) => {
    const [own, other] = kind === 'did-not-come' ? [predicted, actual] : [actual, predicted];
    if (own === undefined || other !== undefined || isOpen) return [];
    const { rule, account, region, type } = own.result;
    const { resource } = own;
    return [{ kind, rule, account, region, type, ...(resource === undefined ? {} : { resource }), isTouched }];
  });
}

/** A prediction held against what came. */
export interface Verification {
  readonly touched: Score;
  readonly account: Score;
  readonly misses: readonly Miss[];
}

export function verifyPrediction(predicted: Findings, actual: Findings): Verification {
  const pairs = pairsOf(predicted, actual);
  return {
    touched: scoreOf(pairs.filter(({ isTouched }) => isTouched)),
    account: scoreOf(pairs),
    misses: [...missesOf(pairs, 'did-not-come'), ...missesOf(pairs, 'was-not-foreseen')],
  };
}

/** What else decides whether a prediction could be verified. */
export interface Verifying {
  /** How many of the resources that the change was to make could not be found again. */
  readonly unmatched: number;
  /** The snapshot is the one over which the change was laid: it shows nothing of the deployment. */
  readonly isSame: boolean;
  readonly onUnknown: 'fail' | 'warn';
}

/**
 * 5 when a finding about what the change touches was predicted wrong, 3 when something could not be told, else 0. A
 * verification that looked at nothing is 3 even for those whom no unknown troubles.
 */
export function predictionCode(
  { touched, misses }: Verification,
  { unmatched, isSame, onUnknown }: Verifying,
): 0 | 3 | 5 {
  if (isSame) return 3;
  if (misses.some(({ isTouched }) => isTouched)) return 5;
  return onUnknown === 'fail' && (unmatched > 0 || touched.undecided > 0) ? 3 : 0;
}

function share(value: number | undefined): string {
  return value === undefined ? 'none to tell' : `${Math.round(value * 1000) / 10} %`;
}

/** `precision 100 %, recall 75 %: 3 failures predicted, 4 found, 3 of them foreseen`. */
export function scoreText({ predicted, found, right, undecided, precision, recall }: Score): string {
  const open = undecided === 0 ? '' : `, ${number(undecided)} not decided on one side`;
  return (
    `precision ${share(precision)}, recall ${share(recall)}: ${several(predicted, 'failure')} predicted, ` +
    `${number(found)} found, ${number(right)} of them foreseen${open}`
  );
}
