import { beforeAll, describe, expect, it } from 'vitest';
import { lacksOf } from '../../src/finding/clause.ts';
import { exitCode, type Gate } from '../../src/finding/exit.ts';
import { inParallel } from '../../src/model/in-parallel.ts';
import { keptAccount } from '../fixtures/acme-account.ts';
import { type Audited, audit, type Question, shippedQuestion } from './audited.ts';
import { auditFaulted, decides, hurts, mootWhereKept } from './faulted.ts';

const account = keptAccount();
const gate: Gate = { failOn: 'info', onUnknown: 'fail' };

let question: Question;
let whole: Audited;
beforeAll(async () => {
  question = await shippedQuestion();
  whole = await audit(question, account, { pageSize: 2 });
}, 120_000);

it('an account that keeps every promise is clean', () => {
  expect(exitCode(whole.assessment, gate)).toBe(0);
  expect(whole.assessment.rules.map(({ id, outcomes }) => [id, outcomes.pass > 0])).toEqual(
    question.rules.map(({ id }) => [id, true]),
  );
  // What also needs people and documents lacks nothing else.
  const open = whole.assessment.clauses.filter((clause) => lacksOf(clause).length === 0);
  expect(new Set(open.map(({ verdict }) => verdict))).toEqual(new Set(['holds']));
});

describe.each(['denied', 'truncated', 'html-200'] as const)('with any of its calls %s', (fault) => {
  it('the account is no longer clean, and each clause that lost something says so', { timeout: 170_000 }, async () => {
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    const operations = Object.keys(decides).filter(
      (operation) => hurts(operation, fault) && !mootWhereKept.has(operation),
    );
    await inParallel(operations, 2, async (operation) => {
      const { assessment } = await auditFaulted(question, account, operation, fault);
      const doubtful = assessment.rules.filter(({ outcomes }) => outcomes.unknown > 0).map(({ id }) => id);
      const open = assessment.clauses.filter(({ rules }) => rules.some((id) => doubtful.includes(id)));
      const verdicts = new Set(open.map((clause) => [clause.verdict, ...lacksOf(clause)].join(' for want of ')));
      found[operation] = [exitCode(assessment, gate), assessment.totals.fail, [...verdicts]];
      expected[operation] = [3, 0, ['unproven']];
    });
    expect(found).toEqual(expected);
  });
});
