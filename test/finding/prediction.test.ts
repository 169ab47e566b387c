import { describe, expect, it } from 'vitest';
import type { Outcome, Result } from '../../src/finding/finding.ts';
import {
  type Findings,
  predictionCode,
  type Said,
  saidBy,
  scoreText,
  verifyPrediction,
} from '../../src/finding/prediction.ts';

const place = { rule: 'r', account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket' } as const;

function said(outcome: Outcome, isTouched = false, type: string = place.type): Said | undefined {
  const result: Result = { ...place, severity: 'high', outcome, evidence: [], type };
  return saidBy(result, 'acme-logs', isTouched);
}

/** Findings by name; `!` marks those that the change touches, `?` those that cannot be judged. */
function findings(...names: readonly string[]): Findings {
  return new Map(
    names.flatMap((name) => {
      const one = said(name.includes('?') ? 'unknown' : 'fail', name.includes('!'));
      return one === undefined ? [] : [[name.replaceAll(/[!?]/g, ''), one] as const];
    }),
  );
}

it.each<Outcome>(['pass', 'not-applicable'])('what is %s says nothing', (outcome) => {
  expect(said(outcome)).toBeUndefined();
});

it('what is wrong with a waiver is no prediction', () => {
  expect(said('fail', false, 'waiver')).toBeUndefined();
});

const told = { unmatched: 0, isSame: false, onUnknown: 'fail' } as const;

describe('a prediction', () => {
  it.each<[string, Findings, Findings, 0 | 3 | 5, string]>([
    [
      'that came true',
      findings('a!', 'b'),
      findings('a!', 'b'),
      0,
      'precision 100 %, recall 100 %: 2 failures predicted, 2 found, 2 of them foreseen',
    ],
    [
      'of what did not come, in what is touched',
      findings('a!', 'b'),
      findings('b'),
      5,
      'precision 50 %, recall 100 %: 2 failures predicted, 1 found, 1 of them foreseen',
    ],
    [
      'that missed something in what is touched',
      findings('b'),
      findings('a!', 'b', 'c'),
      5,
      'precision 100 %, recall 33.3 %: 1 failure predicted, 3 found, 1 of them foreseen',
    ],
    [
      'that is wrong elsewhere',
      findings('a!', 'b'),
      findings('a!', 'c'),
      0,
      'precision 50 %, recall 50 %: 2 failures predicted, 2 found, 1 of them foreseen',
    ],
    [
      'that left open what came',
      findings('a!?'),
      findings('a!'),
      3,
      'precision none to tell, recall none to tell: 0 failures predicted, 1 found, 0 of them foreseen, 1 not decided on one side',
    ],
    [
      'of what cannot be seen',
      findings('a!'),
      findings('a!?'),
      3,
      'precision none to tell, recall none to tell: 1 failure predicted, 0 found, 0 of them foreseen, 1 not decided on one side',
    ],
    [
      'of nothing that is certain, where nothing is',
      findings('a!?'),
      findings('a!?'),
      3,
      'precision none to tell, recall none to tell: 0 failures predicted, 0 found, 0 of them foreseen, 1 not decided on one side',
    ],
    [
      'that left open what passed',
      findings('a!?'),
      findings(),
      3,
      'precision none to tell, recall none to tell: 0 failures predicted, 0 found, 0 of them foreseen, 1 not decided on one side',
    ],
    [
      'that left open what is elsewhere',
      findings('b?'),
      findings(),
      0,
      'precision none to tell, recall none to tell: 0 failures predicted, 0 found, 0 of them foreseen, 1 not decided on one side',
    ],
    [
      'of nothing, which came',
      findings(),
      findings(),
      0,
      'precision none to tell, recall none to tell: 0 failures predicted, 0 found, 0 of them foreseen',
    ],
  ])('%s is scored and ends as it deserves', (_, predicted, actual, code, text) => {
    const verification = verifyPrediction(predicted, actual);
    expect([predictionCode(verification, told), scoreText(verification.account)]).toEqual([code, text]);
  });

  it('about what is not found again is incomplete, unless that only warns', () => {
    const verification = verifyPrediction(findings(), findings());
    expect(predictionCode(verification, { ...told, unmatched: 1 })).toBe(3);
    expect(predictionCode(verification, { ...told, unmatched: 1, onUnknown: 'warn' })).toBe(0);
  });

  it('held against the snapshot that it was made over is incomplete, whatever is said', () => {
    for (const onUnknown of ['fail', 'warn'] as const) {
      const verification = verifyPrediction(findings('a!'), findings());
      expect(predictionCode(verification, { ...told, isSame: true, onUnknown })).toBe(3);
    }
  });

  it('about a list that is not whole is neither right nor wrong', () => {
    const failing = said('fail', true);
    if (failing === undefined) throw new Error('says nothing');
    const list: Said = { ...failing, resource: undefined, isFailure: false, isTouched: false };
    const key = 'r/111122223333/eu-west-1/AWS::S3::Bucket/';
    const foreseen: Findings = new Map([[`${key}acme-logs`, failing]]);
    for (const place of [key, key.replace('eu-west-1', '*'), 'r/*/*/AWS::S3::Bucket/']) {
      const seen: Findings = new Map([[place, list]]);
      for (const [then, now] of [
        [foreseen, seen],
        [seen, foreseen],
      ] as const) {
        const verification = verifyPrediction(then, now);
        expect(verification.misses).toEqual([]);
        expect([verification.touched.undecided, predictionCode(verification, told)]).toEqual([1, 3]);
      }
    }
    const other: Findings = new Map([['r/111122223333/eu-central-1/AWS::S3::Bucket/', list]]);
    expect(predictionCode(verifyPrediction(foreseen, other), told)).toBe(5);
  });

  it('names each miss, and whether the change touches it', () => {
    expect(verifyPrediction(findings('a!'), findings('b')).misses).toEqual([
      { ...place, kind: 'did-not-come', resource: 'acme-logs', isTouched: true },
      { ...place, kind: 'was-not-foreseen', resource: 'acme-logs', isTouched: false },
    ]);
  });
});
