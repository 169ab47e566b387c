import { describe, expect, it } from 'vitest';
import { type Baseline, compareAll, concludeComparison, startComparison } from '../../src/finding/compare.ts';
import type { FixedResult, Outcome, Population, Result } from '../../src/finding/finding.ts';
import { fingerprint } from '../../src/finding/fingerprint.ts';
import { startTally, type Tally } from '../../src/finding/tally.ts';

const place = {
  rule: 'sg-closed',
  severity: 'high',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
} as const;
const now = Date.parse('2026-11-24T00:00:00Z');

function failure(change: Partial<FixedResult> = {}): FixedResult {
  const whole = { ...place, resource: 'sg-1', ...change };
  return { ...whole, fingerprint: fingerprint({ ...whole, resource: { id: whole.resource } }) };
}

function result(outcome: Outcome, change: Partial<Result> = {}): Result {
  return { ...place, outcome, resource: { id: 'sg-1' }, evidence: [], ...change };
}

function baseline(failures: readonly FixedResult[], change: Partial<Baseline> = {}): Baseline {
  return {
    facts: { now: '2026-11-23T00:00:00.000Z', snapshot: 'a', policy: 'p' },
    accounts: ['111122223333'],
    rules: new Map([['sg-closed', 'd1']]),
    failures,
    ...change,
  };
}

function tally(change: Partial<Tally['facts']> = {}, population: Partial<Population> | 'none' = {}): Tally {
  const facts = { title: '', why: '', fix: {}, controls: {}, digest: 'd1', ...place, id: 'sg-closed', ...change };
  const started = startTally(facts);
  const counts = { enumerated: 0, evaluated: 0, excluded: 0, unreadable: 0, calls: [] };
  const where = { account: place.account, region: place.region, complete: true };
  if (population !== 'none') started.population.push({ ...counts, ...where, ...population });
  return started;
}

function compare(then: Baseline, results: readonly Result[], tallies = [tally()], accounts = ['111122223333']) {
  const byRule = new Map(tallies.map((one) => [one.facts.id, one]));
  const comparison = startComparison(then);
  const marked = compareAll(comparison, results, byRule);
  const change = concludeComparison(comparison, { now, policy: 'p', accounts, tallies: byRule });
  return { marked, change, tallies: byRule };
}

const counts = ({ change: { introduced, existing, fixed, unknown } }: ReturnType<typeof compare>) =>
  `${introduced} introduced, ${existing} existing, ${fixed} fixed, ${unknown} unknown`;

describe('a failure of then', () => {
  it.each<[string, readonly Result[], string]>([
    ['fails', [result('fail')], '0 introduced, 1 existing, 0 fixed, 0 unknown'],
    ['passes', [result('pass')], '0 introduced, 0 existing, 1 fixed, 0 unknown'],
    ['does not apply', [result('not-applicable')], '0 introduced, 0 existing, 1 fixed, 0 unknown'],
    ['is unknown', [result('unknown')], '0 introduced, 0 existing, 0 fixed, 1 unknown'],
    ['is not evaluated', [result('not-evaluated')], '0 introduced, 0 existing, 0 fixed, 1 unknown'],
    ['is gone', [], '0 introduced, 0 existing, 1 fixed, 0 unknown'],
    ['is covered', [result('fail', { waiver: 'w_1' })], '0 introduced, 1 existing, 0 fixed, 0 unknown'],
    ['fails elsewhere', [result('fail', { region: 'us-east-1' })], '1 introduced, 0 existing, 1 fixed, 0 unknown'],
    [
      'fails for another',
      [result('fail', { resource: { id: 'sg-2' } })],
      '1 introduced, 0 existing, 1 fixed, 0 unknown',
    ],
  ])('that %s now', (_, results, expected) => {
    expect(counts(compare(baseline([failure()]), results))).toBe(expected);
  });

  it.each<[string, readonly Tally[]]>([
    ['the list is not whole', [tally({}, { complete: false })]],
    ['the region was not looked at', [tally({}, { region: 'us-east-1' })]],
    ['the account was not looked at', [tally({}, { account: '444455556666' })]],
    ['nothing was looked at', [tally({}, 'none')]],
    ['the rule judges another type', [tally({ type: 'AWS::EC2::Instance' })]],
    ['the rule is not judged', [tally({ id: 'sg-described' })]],
    ['the region is switched off, which removes nothing', [tally({}, { disabled: true })]],
  ])('that is not seen is not fixed while %s', (_, tallies) => {
    const compared = compare(baseline([failure()]), [], [...tallies]);
    expect(counts(compared)).toBe('0 introduced, 0 existing, 0 fixed, 1 unknown');
    expect(compared.change.fixedResults).toEqual([]);
  });

  it('about a waiver is fixed when the policy has that waiver no more', () => {
    const one = failure({ rule: 'waiver-expired', type: 'waiver', account: '*', region: '*', resource: 'w_1' });
    expect(counts(compare(baseline([one]), []))).toBe('0 introduced, 0 existing, 1 fixed, 0 unknown');
  });

  it('about an account as a whole is found again', () => {
    const { resource: _, ...whole } = failure({ type: 'account', region: 'global' });
    const { resource: __, ...now } = result('fail', { type: 'account', region: 'global' });
    expect(counts(compare(baseline([whole]), [now]))).toBe('0 introduced, 1 existing, 0 fixed, 0 unknown');
  });
});

it('failures are marked, other results are not, and what no waiver covers is counted for the gate', () => {
  const results = [
    result('fail'),
    result('fail', { resource: { id: 'sg-2' } }),
    result('fail', { resource: { id: 'sg-3' }, waiver: 'w_1' }),
    result('pass', { resource: { id: 'sg-4' } }),
    result('unknown', { resource: { id: 'sg-5' } }),
  ];
  const { marked, tallies, change } = compare(baseline([failure()]), results);
  expect(marked.map((one) => one.change)).toEqual(['existing', 'introduced', 'introduced', undefined, undefined]);
  expect(tallies.get('sg-closed')?.introduced).toBe(1);
  expect(change.introduced).toBe(2);
});

it.each<[string, Partial<Result>, number, 'introduced' | 'existing']>([
  ['and by none now counts as new', {}, 1, 'introduced'],
  ['and by one now as well is no new one', { waiver: 'w_1' }, 0, 'existing'],
])('a failure that was covered by a waiver then, %s', (_, covered, gating, mark) => {
  const then = failure();
  const { marked, tallies, change } = compare(baseline([then], { waived: new Set([then.fingerprint]) }), [
    result('fail', covered),
  ]);
  expect(marked[0]?.change).toBe(mark);
  expect(tallies.get('sg-closed')?.introduced).toBe(gating);
  expect(change).toMatchObject({ introduced: gating, existing: 1 - gating, fixed: 0, unknown: 0 });
});

it('what is fixed is listed, the first hundred', () => {
  const failures = Array.from({ length: 101 }, (_, i) => failure({ resource: `sg-${i}`, name: `web-${i}` }));
  const { change } = compare(baseline(failures), []);
  expect([change.fixed, change.fixedResults.length]).toEqual([101, 100]);
  expect(change.fixedResults[0]).toEqual(failures[0]);
});

it.each<[string, Partial<Baseline>, string]>([
  [
    'newer',
    { facts: { now: '2026-11-25T00:00:00.000Z', snapshot: 'a', policy: 'p' } },
    'the baseline is newer than this run',
  ],
  [
    'of another policy',
    { facts: { now: '2026-11-23T00:00:00.000Z', snapshot: 'a', policy: 'q' } },
    'the baseline was judged by another policy',
  ],
  ['without a rule', { rules: new Map() }, 'the baseline was not judged by sg-closed'],
  [
    'of another rule',
    { rules: new Map([['sg-closed', 'd2']]) },
    'the baseline was judged by other versions of sg-closed',
  ],
  [
    'with a rule more',
    {
      rules: new Map([
        ['sg-closed', 'd1'],
        ['b', 'd'],
      ]),
    },
    'this run does not judge by b, as the baseline does',
  ],
  ['of another account', { accounts: ['444455556666'] }, 'this run does not judge 444455556666, as the baseline does'],
])('a baseline that is %s is said to be', (_, change, note) => {
  expect(compare(baseline([], change), []).change.notes).toEqual([note]);
});

it('a baseline of the same rules and policy needs no word', () => {
  const own = tally({ id: 'waiver-expired', type: 'waiver' });
  expect(compare(baseline([]), [], [tally(), own]).change.notes).toEqual([]);
});
