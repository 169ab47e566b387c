import { describe, expect, it } from 'vitest';
import { exitCode, type Gate } from '../../src/finding/exit.ts';
import type { Outcome, RuleSummary, Severity } from '../../src/finding/finding.ts';
import { noOutcomes } from '../../src/finding/tally.ts';

type Counts = Partial<Record<Outcome, number>>;

function assessment(...rules: readonly (readonly [Severity, Counts])[]) {
  const totals = noOutcomes();
  const summaries = rules.map(([severity, counts], index): RuleSummary => {
    for (const [outcome, times] of Object.entries(counts)) totals[outcome as Outcome] += times;
    const facts = {
      id: `rule-${index}`,
      title: '',
      type: 'AWS::S3::Bucket',
      digest: '',
      why: '',
      fix: {},
      controls: {},
    };
    return { ...facts, severity, outcomes: { ...noOutcomes(), ...counts }, waived: 0, population: [] };
  });
  return { rules: summaries, totals };
}

const every: Gate = { failOn: 'info', onUnknown: 'fail' };
const high: Gate = { failOn: 'high', onUnknown: 'fail' };
const warn: Gate = { failOn: 'info', onUnknown: 'warn' };
const none: Gate = { failOn: 'none', onUnknown: 'fail' };

describe('the exit code', () => {
  it.each<[string, number, Gate, readonly (readonly [Severity, Counts])[]]>([
    ['all pass', 0, every, [['high', { pass: 3 }]]],
    ['all that applies passes', 0, every, [['high', { pass: 3, 'not-applicable': 9 }]]],
    ['the least failure at the widest gate', 1, every, [['info', { fail: 1 }]]],
    ['a failure at the gate', 1, high, [['high', { fail: 1 }]]],
    ['a failure above the gate', 1, high, [['critical', { fail: 1 }]]],
    ['a failure below the gate', 0, high, [['medium', { fail: 1 }]]],
    ['a failure without gate', 0, none, [['critical', { fail: 1 }]]],
    ['a gap without gate', 3, none, [['low', { pass: 1, unknown: 1 }]]],
    ['a failure and a gap without gate', 3, none, [['low', { fail: 1, 'not-evaluated': 1 }]]],
    [
      'a failure beside a gap',
      1,
      every,
      [
        ['low', { fail: 1 }],
        ['critical', { unknown: 1 }],
      ],
    ],
    ['a gap', 3, every, [['low', { pass: 9, unknown: 1 }]]],
    ['a gap below the gate', 0, high, [['low', { pass: 9, unknown: 1 }]]],
    [
      'a gap beside a failure below the gate',
      3,
      high,
      [
        ['low', { fail: 1 }],
        ['high', { unknown: 1 }],
      ],
    ],
    ['a gap of which the user wants a warning', 0, warn, [['low', { pass: 9, unknown: 1 }]]],
    ['a failure where gaps are warnings', 1, warn, [['low', { fail: 9, unknown: 1 }]]],
    ['a rule not evaluated', 3, every, [['low', { pass: 9, 'not-evaluated': 1 }]]],
    ['a rule not evaluated where gaps are warnings', 3, warn, [['low', { pass: 9, 'not-evaluated': 1 }]]],
    ['a rule not evaluated below the gate', 0, high, [['low', { pass: 9, 'not-evaluated': 1 }]]],
    ['nothing judged', 3, every, [['low', { 'not-applicable': 1 }]]],
    ['nothing judged without gate', 3, none, [['low', { 'not-applicable': 1 }]]],
    ['nothing but gaps, even where they are warnings', 3, warn, [['low', { unknown: 1 }]]],
    ['no rules', 3, every, []],
  ])('%s: %i', (_, expected, gate, rules) => {
    expect(exitCode(assessment(...rules), gate)).toBe(expected);
  });
});
