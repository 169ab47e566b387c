import { beforeAll, describe, expect, it } from 'vitest';
import { neededPermissions, type Permission } from '../../src/access/needed-permissions.ts';
import { selectRules } from '../../src/assess.ts';
import { inParallel } from '../../src/model/in-parallel.ts';
import { keptAccount, mixedAccount } from '../fixtures/acme-account.ts';
import { type Audited, audit, type Question, shippedQuestion } from './audited.ts';
import { compareVerdicts } from './compare-verdicts.ts';

/** What is broken already cannot become doubtful by less; where everything is kept, every proof is needed. */
const accounts = [mixedAccount(), keptAccount()];
let question: Question;
let wholes: readonly Audited[];
let permissions: readonly Permission[];
beforeAll(async () => {
  question = await shippedQuestion();
  wholes = await Promise.all(accounts.map((account) => audit(question, account)));
  permissions = neededPermissions(selectRules(question.policy, question.rules), question.catalogue.types);
}, 120_000);

/** Audits an account in which one action is denied, by whatever call it is asked for. */
function auditWithout({ calls }: Permission, account: (typeof accounts)[number]): Promise<Audited> {
  const faults = calls.map((call) => {
    const [service = '', operation = ''] = call.split(':');
    return { service, operation, fault: 'denied' } as const;
  });
  return audit(question, account, { faults });
}

describe('the permissions of the rules that are judged', () => {
  it('are all that the ledger of an audit names, but for the question that needs none', () => {
    const entries = wholes.flatMap(({ snapshot }) => [...snapshot.ledger.values()]);
    const asked = new Set(entries.map(({ permission }) => permission));
    asked.delete('sts:GetCallerIdentity');
    const actions = permissions.map(({ action }) => action);
    expect([...asked].filter((action) => !actions.includes(action))).toEqual([]);
    expect(new Set(actions).size).toBe(actions.length);
  });

  it('are each needed: without it some verdict turns unknown, names it, and none turns into a pass', {
    timeout: 300_000,
  }, async () => {
    const wrong: string[] = [];
    await inParallel(permissions, 2, async (permission) => {
      const { action } = permission;
      let lost = 0;
      let isNamed = false;
      for (const [index, account] of accounts.entries()) {
        const spoilt = await auditWithout(permission, account);
        const compared = compareVerdicts(wholes[index]?.results ?? [], spoilt.results);
        wrong.push(...compared.wrong.map((sentence) => `${action}: ${sentence}`));
        lost += compared.lost.length;
        isNamed ||= JSON.stringify(spoilt.assessment.refused).includes(`"${action}"`);
      }
      if (lost === 0) wrong.push(`${action} is not needed for anything`);
      if (!isNamed) wrong.push(`${action} is not named`);
    });
    expect(wrong.sort()).toEqual([]);
  });

  it('follow the rules: fewer rules need fewer of them', () => {
    const [first] = question.rules;
    const few = neededPermissions(first === undefined ? [] : [first], question.catalogue.types);
    expect(few.length).toBeLessThan(permissions.length);
  });
});
