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
  readonly obscures?: () => boolean;
}

/** What becomes of the results after a change. */
function compare(
  before: readonly Result[],
  after: readonly Result[],
  { was = new Map(), concerned = [], alters = () => false, obscures = () => false }: Compared = {},
) {
  const tally = startTally({ title: '', why: '', fix: {}, controls: {}, digest: 'd', ...place, id: 'sg-closed' });
  const tallies = new Map([['sg-closed', tally]]);
  const remembered = startRemembering(new Set(concerned));
  remember(remembered, before);
  const then = {
    now: '2026-11-24T00:00:00.000Z',
    snapshot: { digest: 'b' },
    policy: { digest: 'p' },
    accounts: [{ id: place.account }],
    rules: [{ id: 'sg-closed', digest: 'd' }],
  } as unknown as Assessment;
  const comparison = startComparison(baselineBefore(remembered, then, { was, alters, obscures }));
  const marked = compareAll(comparison, after, tallies);
  const now = Date.parse('2026-11-24T00:00:00Z');
  const change = concludeComparison(comparison, { now, policy: 'p', accounts: [place.account], tallies });
  return { marks: marked.map((one) => one.change ?? '-'), marked, change, tally };
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
    [
      'a waiver that covers something now',
      [result('fail', { type: 'waiver' })],
      result('pass', { type: 'waiver' }),
      '-',
    ],
    ['what is unknown of a waiver', [], result('unknown', { type: 'waiver' }), 'existing'],
  ])('%s is marked', (_, before, after, mark) => {
    const { marks, tally, change } = compare(before, [after]);
    expect(marks).toEqual([mark]);
    if (after.type === 'waiver') expect([change.introduced, change.existing, change.fixed]).toEqual([0, 0, 0]);
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
  });

  it.each<[string, Compared, string]>([
    ['alters what its rule reads', { alters: () => true }, 'introduced'],
    ['is about a type that its rule reads', { concerned: ['sg-closed'] }, 'introduced'],
    ['is about something else', {}, 'existing'],
  ])('what failed and cannot be judged any more is introduced if the change %s', (_, compared, mark) => {
    const open = result('unknown', { evidence: [unknown('a')] });
    const { marks, change } = compare([result('fail')], [open], compared);
    expect([marks, change.fixed, change.unknown]).toEqual([[mark], 0, 1]);
  });

  it('a failure of which something becomes unknown is introduced, for nobody can tell', () => {
    const failing = result('fail', { evidence: [{ path: 'Open', observed: true, expected: 'false' }] });
    const { marked, change } = compare([failing], [failing], { concerned: ['sg-closed'], obscures: () => true });
    expect(marked).toEqual([{ ...failing, change: 'introduced', worse: true }]);
    expect([change.introduced, change.worse, change.existing]).toEqual([1, 1, 0]);
  });

  it('a failure that becomes worse is introduced, and says what is new', () => {
    const [old, more] = [true, 'yes'].map((observed) => ({ path: 'Open', observed, expected: 'false' }));
    const evidence = [old, more].filter((one) => one !== undefined);
    const worse = result('fail', { evidence });
    const { marked, tally } = compare([result('fail', { evidence: evidence.slice(0, 1) })], [worse], {
      concerned: ['sg-closed'],
    });
    expect(marked[0]?.evidence.map(({ added = false }) => added)).toEqual([false, true]);
    expect([marked[0]?.worse, tally.introduced]).toEqual([true, 1]);
  });

  it('what a waiver covers and becomes worse is introduced, and does not count', () => {
    const more = [{ path: 'Open', observed: true, expected: 'false' }];
    const [then, now] = [result('fail', { waiver: 'w_1' }), result('fail', { waiver: 'w_1', evidence: more })];
    const { marks, tally, change } = compare([then], [now], { concerned: ['sg-closed'] });
    expect([marks, tally.introduced, change.worse]).toEqual([['introduced'], 0, 1]);
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
