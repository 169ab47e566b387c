import { describe, expect, it } from 'vitest';
import { encodeHeads } from '../../src/page/block.ts';
import { contextOf, type RuleFacts } from '../../src/page/context.ts';
import { everything, type Filter } from '../../src/page/filter.ts';
import type { FindingHead } from '../../src/page/finding-view.ts';
import { openFindings, selectClauses, selectFindings } from '../../src/page/selection.ts';

const rule = (id: string, severity: RuleFacts['severity'], ...clauses: readonly string[]): RuleFacts => ({
  id,
  title: `Title of ${id}`,
  severity,
  clauses,
});

const context = contextOf({
  accounts: [{ id: '111122223333', name: 'production' }],
  rules: [rule('low', 'low', 'a'), rule('grave', 'critical', 'a', 'b'), rule('free', 'medium')],
  clauses: [
    { id: 'a', verdict: 'broken', owner: 'platform', text: 'a\nservers are closed' },
    { id: 'b', verdict: 'holds', owner: '', text: 'b\nbuckets are closed' },
  ],
});

function head(id: string, members: Partial<FindingHead>): FindingHead {
  const where = { account: '111122223333', region: 'eu-west-1', waiver: '', change: '' };
  const what = { rule: 'low', outcome: 'fail', name: '', arn: `arn:${id}`, message: `${id} Is Open` };
  return { id, fingerprint: `f_${id}`, ...where, ...what, ...members };
}

const heads = [
  head('1', { outcome: 'pass', rule: 'grave' }),
  head('2', {}),
  head('3', { outcome: 'unknown', rule: 'grave', account: '444455556666' }),
  head('4', { rule: 'grave', waiver: 'w_1' }),
  head('5', { rule: 'free', change: 'introduced', region: 'global' }),
  head('6', { rule: 'grave', change: 'existing' }),
];

// In two blocks, so that words have other numbers in each.
const findings = openFindings([encodeHeads(heads.slice(0, 2)), encodeHeads(heads.slice(2))], context);

describe('findings', () => {
  it('are read back as they were', () => {
    expect(heads.map((_, place) => findings.head(place))).toEqual(heads);
    expect(findings.bodyAt(4)).toEqual({ block: 1, row: 2 });
    expect([findings.find('f_5'), findings.find('f_9')]).toEqual([4, undefined]);
  });

  it.each<[Partial<Filter>, string]>([
    [{}, '4 6 5 2 3 1'],
    [{ outcome: 'fail' }, '4 6 5 2'],
    [{ severity: 'critical' }, '4 6 3 1'],
    [{ severity: 'info' }, ''],
    [{ rule: 'low' }, '2'],
    [{ account: '444455556666' }, '3'],
    [{ account: 'nobody' }, ''],
    [{ region: 'global' }, '5'],
    [{ verdict: 'holds' }, '4 6 3 1'],
    [{ verdict: 'broken', severity: 'low' }, '2'],
    [{ owner: 'no owner named' }, '4 6 3 1'],
    [{ clause: 'a' }, '4 6 2 3 1'],
    [{ change: 'introduced' }, '5'],
    [{ waived: 'yes' }, '4'],
    [{ waived: 'no', outcome: 'fail' }, '6 5 2'],
    [{ q: 'IS OPEN' }, '4 6 5 2 3 1'],
    [{ q: 'title of low' }, '2'],
    [{ q: 'arn:3' }, '3'],
    [{ q: 'f_6' }, '6'],
  ])('%j leaves them in their order', (filter, expected) => {
    const shown = selectFindings({ ...everything, ...filter }, findings, context);
    expect(shown.map((place) => heads[place]?.id).join(' ')).toBe(expected);
  });
});

it.each<[Partial<Filter>, readonly string[]]>([
  [{}, ['a', 'b']],
  [{ verdict: 'broken' }, ['a']],
  [{ owner: 'no owner named' }, ['b']],
  [{ rule: 'low' }, ['a']],
  [{ rule: 'free' }, []],
  [{ q: 'BUCKETS' }, ['b']],
  [{ outcome: 'pass' }, ['a', 'b']],
])('%j leaves these clauses', (filter, expected) => {
  expect([...selectClauses({ ...everything, ...filter }, context)]).toEqual(expected);
});
