import { describe, expect, it } from 'vitest';
import type { Assessment, ClauseVerdict } from '../../src/finding/finding.ts';
import { summariseGate } from '../../src/finding/gate-summary.ts';
import type { ChangeAction, ProposedChange } from '../../src/model/proposal.ts';
import { proposal } from '../fixtures/proposal.ts';

const coverage = { declared: 1, mapped: 1, unmapped: [], judged: 1, unjudged: [] };

function side(verdict: ClauseVerdict, unknown = 0): Assessment {
  const clauses = [{ id: 'c', verdict, rules: ['r'] }];
  const rules = [{ id: 'r', outcomes: { unknown, 'not-evaluated': 0 }, introducedUnknown: unknown }];
  return { clauses, rules } as unknown as Assessment;
}

function summary(before: Assessment, after: Assessment) {
  return summariseGate({ proposal: proposal([]), doubts: [], rulesLeftOut: [], coverage, before, after });
}

describe('a clause', () => {
  it.each<[string, Assessment, Assessment, readonly string[], readonly string[]]>([
    ['that held and is broken, is broken by the change', side('holds'), side('broken'), ['c'], []],
    ['that was open and is broken, is broken by the change', side('unproven'), side('broken'), ['c'], []],
    ['that was broken and is, is neither', side('broken'), side('broken'), [], []],
    ['that was broken and holds, is mended', side('broken'), side('holds'), [], ['c']],
    ['that was broken and is open as before, is mended', side('broken', 1), side('unproven', 1), [], ['c']],
    ['whose failure cannot be judged any more, is not mended', side('broken'), side('unproven', 1), [], []],
  ])('%s', (_, before, after, broken, mended) => {
    const found = summary(before, after);
    expect([found.broken, found.mended]).toEqual([broken, mended]);
  });
});

it('counts what becomes of the resources, and what cannot be judged because of it', () => {
  const actions: readonly ChangeAction[] = ['create', 'create', 'delete', 'none'];
  const changes = actions.map(
    (action): ProposedChange => ({ type: 't', action, declared: { address: 'a' }, parts: [] }),
  );
  const found = summariseGate({
    proposal: proposal(changes, { madeAt: Date.parse('2026-11-24T01:00:00Z') }),
    doubts: [
      { code: 'stale', detail: 'old' },
      { code: 'stale', detail: 'old' },
    ],
    rulesLeftOut: ['x'],
    coverage,
    before: side('holds'),
    after: side('unproven', 2),
  });
  expect(found).toMatchObject({
    changes: { create: 2, update: 0, replace: 0, delete: 1, forget: 0, none: 1 },
    madeAt: '2026-11-24T01:00:00.000Z',
    doubts: [{ code: 'stale', detail: 'old' }],
    rulesLeftOut: ['x'],
    unknown: 2,
  });
});
