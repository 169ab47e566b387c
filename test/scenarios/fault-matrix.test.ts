import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProvisoError } from '../../src/errors.ts';
import { exitCode, type Gate } from '../../src/finding/exit.ts';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { inParallel } from '../../src/model/in-parallel.ts';
import { type FaultKind, faultKinds } from '../../src/simulator/account.ts';
import { mixedAccount } from '../fixtures/acme-account.ts';
import { type Audited, audit, type Question, shippedQuestion } from './audited.ts';
import { type Comparison, compareVerdicts } from './compare-verdicts.ts';
import { auditFaulted, decides, hurts, mootWhereBroken } from './faulted.ts';

const account = mixedAccount();
const operations = Object.keys(decides);
const gate: Gate = { failOn: 'info', onUnknown: 'fail' };
const identity = 'sts:GetCallerIdentity';

let question: Question;
let whole: Audited;
beforeAll(async () => {
  question = await shippedQuestion();
  whole = await audit(question, account, { pageSize: 2 });
}, 120_000);

function operationsOf({ snapshot }: Audited): readonly string[] {
  return [...new Set([...snapshot.ledger.values()].map((entry) => `${entry.service}:${entry.operation}`))].sort();
}

const reasons: Partial<Record<FaultKind, string>> = { denied: 'denied', throttled: 'throttled' };

/** What an unknown result must say of the fault behind it. */
function isExplained({ outcome, evidence, message }: Result, operation: string, fault: FaultKind): boolean {
  if (outcome !== 'unknown') return true;
  const told = evidence.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown]));
  const wanted = told.filter(({ reason }) => reason === (reasons[fault] ?? 'failed'));
  if (fault !== 'denied') return wanted.length > 0;
  // Regions that nobody can name have no call of their own to cite: it is told which one would list them.
  const words = [message, ...wanted.map(({ detail }) => detail)];
  return wanted.some(({ permission }) => permission !== undefined) || words.some((text) => text?.includes(operation));
}

/** The clauses and the exit code show that a rule lost verdicts. */
function hidden(rules: Iterable<string>, { rules: summaries, clauses, totals }: Assessment): readonly string[] {
  const found: string[] = [];
  for (const id of rules) {
    const summary = summaries.filter((rule) => rule.id === id);
    const fails = summary[0]?.outcomes.fail ?? 0;
    if (exitCode({ rules: summary, totals }, gate) !== (fails > 0 ? 1 : 3)) found.push(`the exit code hides ${id}`);
    for (const clause of clauses.filter((one) => one.rules.includes(id))) {
      const shown = clause.verdict === 'unproven' || clause.verdict === 'broken';
      if (!shown || !clause.reasons.some((reason) => reason.startsWith(`${id} is unknown in `)))
        found.push(`${clause.id} hides ${id}`);
    }
  }
  return found;
}

interface Cell extends Comparison {
  readonly operation: string;
}

const table = new Map<FaultKind, readonly Cell[]>();

async function spoilAll(fault: FaultKind): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  await inParallel(operations, fault === 'silence' ? 6 : 2, async (operation) => {
    const spoilt = await auditFaulted(question, account, operation, fault);
    const { wrong, lost, rules } = compareVerdicts(whole.results, spoilt.results);
    const others = [...rules].filter((rule) => !decides[operation]?.includes(rule));
    const mute = spoilt.results.filter((result) => !isExplained(result, operation, fault));
    const found = [
      ...wrong,
      ...others.map((rule) => `${rule} does not depend on it`),
      ...mute.map(({ rule, resource }) => `${rule} does not explain ${resource?.id ?? 'what it misses'}`),
      ...hidden(
        new Set(spoilt.results.filter(({ outcome }) => outcome === 'unknown').map(({ rule }) => rule)),
        spoilt.assessment,
      ),
    ];
    cells.push({ operation, wrong: found.map((sentence) => `${operation}: ${sentence}`), lost, rules });
  });
  return cells;
}

describe('before any fault', () => {
  it('every rule has a pass and a failure, and nothing is unknown', () => {
    const outcomes = whole.assessment.rules.map(({ id, outcomes }) => [id, outcomes.pass > 0, outcomes.fail > 0]);
    // What is judged once for an account cannot both keep and break a promise; it breaks it here.
    const once = new Set([
      'iam-password-policy-min-length',
      'iam-root-mfa-enabled',
      'iam-root-no-access-keys',
      's3-account-public-access-block',
    ]);
    const both = question.rules.map(({ id, scope }) => [id, scope === 'resource' && !once.has(id), true]);
    expect(outcomes).toEqual(both);
    expect(whole.assessment.totals.unknown).toBe(0);
  });

  it('each operation of the ledger is in the matrix', () => {
    expect(operationsOf(whole)).toEqual([...operations, identity].sort());
  });
});

describe.each(faultKinds)('each operation %s', (fault) => {
  it('turns only what depends on it, and only to unknown', { timeout: 170_000 }, async () => {
    const cells = await spoilAll(fault);
    table.set(fault, cells);
    expect(cells.flatMap(({ wrong }) => wrong)).toEqual([]);
    const harmless = cells.filter(({ lost }) => lost.length === 0).map(({ operation }) => operation);
    const expected = operations.filter((operation) => !hurts(operation, fault) || mootWhereBroken.has(operation));
    expect(harmless.sort()).toEqual(expected.sort());
  });

  it('leaves no run without knowing whose account it is', async () => {
    const audited = auditFaulted(question, account, identity, fault);
    if (!hurts(identity, fault)) {
      expect((await audited).results).toEqual(whole.results);
      return;
    }
    const error = await audited.then(
      () => undefined,
      (raised: unknown) => raised,
    );
    expect(error).toBeInstanceOf(ProvisoError);
    const { code, message, hint } = error as ProvisoError;
    expect([code, hint === undefined]).toEqual([fault === 'denied' ? 'credentials' : 'endpoint', false]);
    expect(message).not.toContain('undefined');
  });
});

afterAll(() => {
  const count = operations.length + 1;
  const lines = [...table].map(([fault, cells]) => {
    const wrong = cells.filter((cell) => cell.wrong.length > 0).length;
    const lost = cells.reduce((sum, cell) => sum + cell.lost.length, 0);
    const hurt = [...operations, identity].filter((operation) => hurts(operation, fault)).length;
    const flips = `${wrong} of ${count} operations flip a verdict`;
    return `  ${fault.padEnd(15)} ${flips}; ${hurt} are hurt, and turn ${lost} verdicts unknown`;
  });
  process.stdout.write(`\nFault matrix\n${lines.join('\n')}\n`);
});
