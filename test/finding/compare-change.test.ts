import { describe, expect, it } from 'vitest';
import { baselineBefore, remember, startRemembering } from '../../src/finding/before-change.ts';
import { compareAll, concludeComparison, startComparison } from '../../src/finding/compare.ts';
import type { Assessment, Evidence, Outcome, Result } from '../../src/finding/finding.ts';
import { startTally } from '../../src/finding/tally.ts';

const place = {
  rule: 'sg-closed',
  severity: 'high',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
} as const;

function result(outcome: Outcome, change: Partial<Result> = {}): Result {
  return { ...place, outcome, resource: { id: 'sg-1' }, evidence: [], ...change };
}

const unknown = (detail: string, more: Partial<Evidence> = {}): Evidence => ({
  path: 'Open',
  expected: 'false',
  unknown: { reason: 'known-after-apply', detail },
  ...more,
});

interface Compared {
  readonly was?: ReadonlyMap<string, string>;
  readonly concerned?: readonly string[];
  readonly alters?: () => boolean;
}

/** What becomes of the results after a change. */
function compare(
  before: readonly Result[],
  after: readonly Result[],
  { was = new Map(), concerned = [], alters = () => false }: Compared = {},
) {
  const tally = startTally({ title: '', why: '', fix: {}, controls: {}, digest: 'd', ...place, id: 'sg-closed' });
  const tallies = new Map([['sg-closed', tally]]);
  const remembered = startRemembering();
  remember(remembered, before);
  const then = {
    now: '2026-11-24T00:00:00.000Z',
    snapshot: { digest: 'b' },
    policy: { digest: 'p' },
    accounts: [{ id: place.account }],
    rules: [{ id: 'sg-closed', digest: 'd' }],
  } as unknown as Assessment;
  const comparison = startComparison(baselineBefore(remembered, then, { was, concerned: new Set(concerned), alters }));
  const marked = compareAll(comparison, after, tallies);
  const now = Date.parse('2026-11-24T00:00:00Z');
  const change = concludeComparison(comparison, { now, policy: 'p', accounts: [place.account], tallies });
  return { marks: marked.map((one) => one.change ?? '-'), change, tally };
}

describe('after a change', () => {
  it.each<[string, readonly Result[], Result, string]>([
    ['a failure that was none', [result('pass')], result('fail'), 'introduced'],
    ['a failure that was there', [result('fail')], result('fail'), 'existing'],
    ['a failure of what is new', [], result('fail'), 'introduced'],
    ['a failure that was unknown', [result('unknown', { evidence: [unknown('a')] })], result('fail'), 'introduced'],
    ['an unknown that passed', [result('pass')], result('unknown', { evidence: [unknown('a')] }), 'introduced'],
    ['an unknown of what is new', [], result('unknown', { evidence: [unknown('a')] }), 'introduced'],
    ['an unknown that failed', [result('fail')], result('unknown', { evidence: [unknown('a')] }), 'existing'],
    [
      'an unknown for the same reason',
      [result('unknown', { evidence: [unknown('a')] })],
      result('unknown', { evidence: [unknown('a', { call: 'terraform:plan' })] }),
      'existing',
    ],
    [
      'an unknown for another reason',
      [result('unknown', { evidence: [unknown('a')] })],
      result('unknown', { evidence: [unknown('b')] }),
      'introduced',
    ],
    [
      'an unknown at another place',
      [result('unknown', { evidence: [unknown('a')] })],
      result('unknown', { evidence: [unknown('a', { path: 'Tags' })] }),
      'introduced',
    ],
    [
      'an unknown of which more is unknown',
      [result('unknown', { evidence: [unknown('a')] })],
      result('unknown', { evidence: [unknown('a')], moreEvidence: 1 }),
      'introduced',
    ],
    ['a pass', [result('fail')], result('pass'), '-'],
    ['what does not apply', [result('fail')], result('not-applicable'), '-'],
    ['what is wrong with a waiver', [], result('fail', { type: 'waiver' }), 'existing'],
    ['what is unknown of a waiver', [], result('unknown', { type: 'waiver' }), 'existing'],
  ])('%s is marked', (_, before, after, mark) => {
    const { marks, tally, change } = compare(before, [after]);
    expect(marks).toEqual([mark]);
    const isIntroduced = mark === 'introduced';
    expect([tally.introduced, tally.introducedUnknown]).toEqual([
      Number(isIntroduced && after.outcome === 'fail'),
      Number(isIntroduced && after.outcome === 'unknown'),
    ]);
    expect(change.introduced).toBe(Number(isIntroduced && after.outcome === 'fail'));
  });

  it('an unknown for the same reason is introduced where the change alters what its rule reads', () => {
    const open = result('unknown', { evidence: [unknown('a')] });
    expect(compare([open], [open], { alters: () => true }).marks).toEqual(['introduced']);
    expect(compare([result('fail')], [open], { alters: () => true }).marks).toEqual(['existing']);
  });

  it('a rule that lacks a parameter is introduced if the change is about what it reads', () => {
    const lacks = result('not-evaluated', { account: '*', region: '*' });
    expect(compare([lacks], [lacks]).marks).toEqual(['existing']);
    expect(compare([lacks], [lacks], { concerned: ['sg-closed'] }).marks).toEqual(['introduced']);
  });

  it('what is made anew is known by its id of before', () => {
    const anew = result('fail', { resource: { id: 'aws_security_group.web' } });
    const was = new Map([['111122223333/eu-west-1/AWS::EC2::SecurityGroup/aws_security_group.web', 'sg-1']]);
    expect(compare([result('fail')], [anew], { was }).marks).toEqual(['existing']);
    expect(compare([result('fail')], [anew]).marks).toEqual(['introduced']);
  });

  it('what was waived and is no more counts again', () => {
    const { marks, tally } = compare([result('fail', { waiver: 'w_1' })], [result('fail')]);
    expect([marks, tally.introduced]).toEqual([['introduced'], 1]);
  });

  it('what is waived is introduced, and does not count', () => {
    const { marks, tally } = compare([], [result('fail', { waiver: 'w_1' })]);
    expect([marks, tally.introduced]).toEqual([['introduced'], 0]);
  });

  it.each<[string, readonly Result[], number, number]>([
    ['passes', [result('pass')], 1, 0],
    ['does not apply', [result('not-applicable')], 1, 0],
    ['is deleted, though no list is whole', [], 1, 0],
    ['cannot be judged any more', [result('unknown')], 0, 1],
    ['still fails', [result('fail')], 0, 0],
  ])('what failed and %s is credited as it deserves', (_, after, fixed, open) => {
    const { change } = compare([result('fail')], after);
    expect([change.fixed, change.unknown]).toEqual([fixed, open]);
  });

  it('the two sides are judged alike, which needs no note', () => {
    expect(compare([result('fail')], [result('fail')]).change.notes).toEqual([]);
  });
});
