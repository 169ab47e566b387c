import { number, several } from './counts.ts';
import { type Result, waiverType } from './finding.ts';

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
  /** Findings of which one side says that they cannot be judged. */
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

export type Findings = ReadonlyMap<string, Said>;

/** What a result says, if it is a failure or cannot be judged; what is said of waivers is no prediction. */
export function saidBy(result: Result, resource: string | undefined, isTouched: boolean): Said | undefined {
  const { outcome, type } = result;
  if (type === waiverType || outcome === 'pass' || outcome === 'not-applicable') return undefined;
  return { result, resource, isFailure: outcome === 'fail', isTouched };
}

function scoreOf(predicted: Findings, actual: Findings, counts: (said: Said) => boolean): Score {
  const failures = (findings: Findings) => [...findings].filter(([, said]) => said.isFailure && counts(said));
  const undecidedIn = (own: ReturnType<typeof failures>, other: Findings) =>
    own.filter(([key]) => other.get(key)?.isFailure === false).length;
  const [foreseen, came] = [failures(predicted), failures(actual)];
  const right = foreseen.filter(([key]) => actual.get(key)?.isFailure === true).length;
  const [openThere, openHere] = [undecidedIn(foreseen, actual), undecidedIn(came, predicted)];
  const [decided, known] = [foreseen.length - openThere, came.length - openHere];
  return {
    predicted: foreseen.length,
    found: came.length,
    right,
    undecided: openThere + openHere,
    ...(decided === 0 ? {} : { precision: right / decided }),
    ...(known === 0 ? {} : { recall: right / known }),
  };
}

function missesOf(own: Findings, other: Findings, kind: Miss['kind']): readonly Miss[] {
  return [...own]
    .filter(([key, { isFailure }]) => isFailure && !other.has(key))
    .map(
      ([
        ,
        {
          result: { rule, account, region, type },
          resource,
          isTouched,
        },
      ]) => ({
        kind,
        rule,
        account,
        region,
        type,
        ...(resource === undefined ? {} : { resource }),
        isTouched,
      }),
    );
}

/** A prediction held against what came. */
export interface Verification {
  readonly touched: Score;
  readonly account: Score;
  readonly misses: readonly Miss[];
}

export function verifyPrediction(predicted: Findings, actual: Findings): Verification {
  return {
    touched: scoreOf(predicted, actual, ({ isTouched }) => isTouched),
    account: scoreOf(predicted, actual, () => true),
    misses: [...missesOf(predicted, actual, 'did-not-come'), ...missesOf(actual, predicted, 'was-not-foreseen')],
  };
}

/** 5 when a finding about what the change touches was predicted wrong, 3 when something could not be told, else 0. */
export function predictionCode(
  { touched, misses }: Verification,
  unmatched: number,
  onUnknown: 'fail' | 'warn',
): 0 | 3 | 5 {
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
