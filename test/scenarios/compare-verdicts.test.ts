import { expect, it } from 'vitest';
import type { Outcome, Result } from '../../src/finding/finding.ts';
import { compareVerdicts } from './compare-verdicts.ts';

function result(outcome: Outcome, id: string | undefined, region = 'eu-west-1'): Result {
  return {
    rule: 'sg-no-public-ssh',
    severity: 'high',
    outcome,
    account: '111122223333',
    region,
    type: 'AWS::EC2::SecurityGroup',
    ...(id === undefined ? {} : { resource: { id } }),
    evidence: [],
  };
}

const both = [result('pass', 'sg-1'), result('fail', 'sg-2')];
const place = 'sg-no-public-ssh | 111122223333 | eu-west-1 | AWS::EC2::SecurityGroup |';

it.each<readonly [string, readonly Result[], readonly string[]]>([
  ['nothing changed', both, []],
  ['a failure that became unknown', [result('pass', 'sg-1'), result('unknown', 'sg-2')], []],
  [
    'a failure that became a pass',
    [result('pass', 'sg-1'), result('pass', 'sg-2')],
    [`${place} sg-2: fail turned to pass`],
  ],
  [
    'a pass that became a failure',
    [result('fail', 'sg-1'), result('fail', 'sg-2')],
    [`${place} sg-1: pass turned to fail`],
  ],
  ['a resource that vanished', [result('pass', 'sg-1')], [`${place} sg-2: fail vanished`]],
  ['one that vanished from a list known to be cut', [result('pass', 'sg-1'), result('unknown', undefined)], []],
  ['one that vanished with its region', [result('pass', 'sg-1'), result('unknown', undefined, '*')], []],
  [
    'one that vanished while another region is cut',
    [result('pass', 'sg-1'), result('unknown', undefined, 'us-east-1')],
    [`${place} sg-2: fail vanished`],
  ],
  ['a pass out of nothing', [...both, result('pass', 'sg-3')], [`${place} sg-3: pass came from nowhere`]],
])('%s', (_, after, wrong) => {
  expect(compareVerdicts(both, after).wrong).toEqual(wrong);
});

it('a change that is allowed is no mistake', () => {
  const after = [result('fail', 'sg-1'), result('fail', 'sg-2')];
  expect(compareVerdicts(both, after, (from, to) => from.outcome === 'pass' && to.outcome === 'fail').wrong).toEqual(
    [],
  );
});
