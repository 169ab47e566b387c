import { expect, it } from 'vitest';
import { judgeClause, type Lack, lacksOf, type Promised } from '../../src/finding/clause.ts';
import type { ClauseVerdict, Outcome } from '../../src/finding/finding.ts';
import { startTally, type Tally } from '../../src/finding/tally.ts';

type Counts = Partial<Record<Outcome, number>>;

function tally(id: string, counts: Counts): Tally {
  const facts = { id, title: '', severity: 'low', type: 't', digest: '', why: '', fix: {}, controls: {} } as const;
  const started = startTally(facts);
  Object.assign(started.outcomes, counts);
  return started;
}

function verdict(rules: Readonly<Record<string, Counts>>, clause: Partial<Promised> = {}) {
  const tallies = new Map(Object.entries(rules).map(([id, counts]) => [id, tally(id, counts)]));
  return judgeClause({ id: 'c', claim: 'C.', verification: ['rules'], rules: Object.keys(rules), ...clause }, tallies);
}

it.each<[string, ClauseVerdict, Readonly<Record<string, Counts>>, Partial<Promised>]>([
  ['all pass', 'holds', { a: { pass: 1 }, b: { pass: 2 } }, {}],
  ['one passes and one applies to nothing', 'holds', { a: { pass: 1 }, b: { 'not-applicable': 1 } }, {}],
  ['one fails', 'broken', { a: { pass: 9 }, b: { fail: 1 } }, {}],
  ['one fails and one is unknown', 'broken', { a: { unknown: 9 }, b: { fail: 1 } }, {}],
  ['one fails and an attestation is missing', 'broken', { a: { fail: 1 } }, { verification: ['rules', 'attested'] }],
  ['one is unknown', 'unproven', { a: { pass: 9 }, b: { unknown: 1 } }, {}],
  ['all are unknown', 'unproven', { a: { unknown: 1 } }, {}],
  ['one is not evaluated', 'unproven', { a: { pass: 9 }, b: { 'not-evaluated': 1 } }, {}],
  ['an attestation is missing', 'unproven', { a: { pass: 1 } }, { verification: ['rules', 'attested'] }],
  ['it is verified elsewhere', 'unproven', {}, { verification: ['elsewhere'] }],
  ['it is inherited', 'unproven', {}, { verification: ['inherited'] }],
  ['it names no rule', 'unproven', {}, {}],
  ['a rule is not known', 'unproven', { a: { pass: 1 } }, { rules: ['a', 'b'] }],
  ['all apply to nothing', 'nothing-to-prove', { a: { 'not-applicable': 1 } }, {}],
])('a clause of which %s: %s', (_, expected, rules, clause) => {
  const judged = verdict(rules, clause);
  expect(judged.verdict).toBe(expected);
  expect(judged.reasons.length > 0).toBe(expected !== 'holds');
});

it('reasons name the rule, how often and why', () => {
  const unknown = tally('b', { unknown: 3 });
  unknown.reasons.set('throttled', 1).set('denied', 2);
  const tallies = new Map([
    ['a', tally('a', { pass: 9, fail: 1, 'not-applicable': 5 })],
    ['b', unknown],
  ]);
  const clause: Promised = { id: 'c', claim: 'C.', verification: ['rules', 'attested'], rules: ['a', 'b'] };
  expect(judgeClause(clause, tallies).reasons).toEqual([
    'a fails for 1 of 10 judged',
    'b is unknown in 3 (denied 2, throttled 1)',
    'needs an attestation, and none is given',
  ]);
});

it.each<[string, readonly Lack[], Readonly<Record<string, Counts>>, Partial<Promised>]>([
  ['names no rule', ['rules'], {}, {}],
  ['needs an attestation, too', ['attested'], { a: { pass: 1 } }, { verification: ['rules', 'attested'] }],
  ['is proven by others alone', ['elsewhere', 'inherited'], {}, { verification: ['elsewhere', 'inherited'] }],
  ['has two rules that were left out', ['judgement'], { a: { pass: 1 } }, { rules: ['a', 'b', 'c'] }],
  ['has a rule that is unknown', [], { a: { unknown: 1 } }, {}],
  [
    'has a rule that is unknown and lacks an attestation',
    [],
    { a: { unknown: 1 } },
    { verification: ['rules', 'attested'] },
  ],
  ['has a rule that is not evaluated', [], { a: { 'not-evaluated': 1 } }, {}],
  ['is broken', [], { a: { fail: 1 } }, { verification: ['rules', 'attested'] }],
  ['is about nothing', [], { a: { 'not-applicable': 1 } }, {}],
  ['holds', [], { a: { pass: 1 } }, {}],
])('a clause that %s lacks %j and nothing else', (_, lacks, rules, clause) => {
  expect(lacksOf(verdict(rules, clause))).toEqual(lacks);
});
