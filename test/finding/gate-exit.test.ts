import { expect, it } from 'vitest';
import { exitCode, type Gate } from '../../src/finding/exit.ts';
import type { Outcome, RuleSummary, Severity } from '../../src/finding/finding.ts';
import { noOutcomes } from '../../src/finding/tally.ts';
import type { Doubt } from '../../src/model/proposal.ts';

interface Counts extends Partial<Record<Outcome, number>> {
  readonly severity?: Severity;
  readonly waived?: number;
  readonly introduced?: number;
  readonly introducedUnknown?: number;
}

function assessment(rules: readonly Counts[], doubts: readonly Doubt[] = []) {
  const summaries = rules.map(
    ({ severity = 'high', waived = 0, introduced = 0, introducedUnknown, ...outcomes }, index): RuleSummary => ({
      id: `rule-${index}`,
      title: '',
      severity,
      type: 'AWS::S3::Bucket',
      digest: '',
      why: '',
      fix: {},
      controls: {},
      outcomes: { ...noOutcomes(), ...outcomes },
      waived,
      introduced,
      ...(introducedUnknown === undefined ? {} : { introducedUnknown }),
      population: [],
    }),
  );
  const changes = { create: 1, update: 0, replace: 0, delete: 0, forget: 0, none: 0 };
  const coverage = { declared: 1, mapped: 1, unmapped: [], judged: 1, unjudged: [] };
  const facts = { source: 'terraform-plan', files: [], rulesLeftOut: [], broken: [], mended: [], unknown: 0 } as const;
  return { rules: summaries, totals: noOutcomes(), gate: { ...facts, changes, coverage, doubts } };
}

const gate: Gate = { failOn: 'info', onUnknown: 'fail', only: 'new' };
const all: Gate = { failOn: 'info', onUnknown: 'fail' };
const warn: Gate = { ...gate, onUnknown: 'warn' };
const high: Gate = { ...gate, failOn: 'high' };
const none: Gate = { ...gate, failOn: 'none' };
const doubt: Doubt = { code: 'incomplete', detail: 'the plan is not complete' };
const failed: Doubt = { code: 'errored', detail: 'the plan ended with an error' };
const nothing: Doubt = { code: 'empty', detail: 'nothing was looked at' };

it.each<[string, 0 | 1 | 3, Gate, ReturnType<typeof assessment>]>([
  ['that introduces nothing', 0, gate, assessment([{ pass: 1 }])],
  ['that introduces a failure', 1, gate, assessment([{ fail: 1, introduced: 1 }])],
  ['that introduces a failure below the gate', 0, high, assessment([{ severity: 'low', fail: 1, introduced: 1 }])],
  ['that introduces a failure without a gate', 0, none, assessment([{ fail: 1, introduced: 1 }])],
  ['after which something fails as before', 0, gate, assessment([{ fail: 3 }])],
  ['after which something fails as before, where all counts', 1, all, assessment([{ fail: 3 }])],
  ['after which only waived things fail, where all counts', 0, all, assessment([{ fail: 1, waived: 1 }])],
  ['that makes something unknown', 3, gate, assessment([{ unknown: 1, introducedUnknown: 1 }])],
  ['that makes something unknown, where that warns', 0, warn, assessment([{ unknown: 1, introducedUnknown: 1 }])],
  [
    'that makes something unknown below the gate',
    0,
    high,
    assessment([{ severity: 'low', unknown: 1, introducedUnknown: 1 }]),
  ],
  ['that makes something unknown without a gate', 3, none, assessment([{ unknown: 1, introducedUnknown: 1 }])],
  ['after which something is unknown as before', 0, gate, assessment([{ unknown: 9 }])],
  ['after which something is unknown as before, where all counts', 0, all, assessment([{ unknown: 9 }])],
  ['that introduces a failure and an unknown', 1, gate, assessment([{ fail: 1, introduced: 1, introducedUnknown: 1 }])],
  ['in doubt', 3, gate, assessment([{ pass: 1 }], [doubt])],
  ['in doubt, where that warns', 0, warn, assessment([{ pass: 1 }], [doubt])],
  ['in doubt, below the gate', 3, high, assessment([{ pass: 1 }], [doubt])],
  ['whose plan failed, where unknowns warn', 3, warn, assessment([{ pass: 1 }], [failed])],
  ['of which nothing was looked at', 3, gate, assessment([], [nothing])],
  ['of which nothing was looked at, where unknowns warn', 3, warn, assessment([], [nothing])],
  ['that introduces a failure, in doubt', 1, gate, assessment([{ fail: 1, introduced: 1 }], [doubt])],
])('a change %s ends with %i', (_, code, by, judged) => {
  expect(exitCode(judged, by)).toBe(code);
});
