import { expect, it } from 'vitest';
import { coverageOfGate } from '../../src/finding/gate-coverage.ts';
import type { ProposedChange } from '../../src/model/proposal.ts';
import { proposal } from '../fixtures/proposal.ts';

function change(type: string, ...addresses: readonly string[]): ProposedChange {
  const parts = addresses.map((address) => ({ type, action: 'create' as const, declared: { address } }));
  return { type, action: 'create', declared: { address: addresses[0] ?? '' }, parts };
}

const group = change('AWS::EC2::SecurityGroup', 'Group', 'Ingress');
const database = change('AWS::RDS::DBInstance', 'Database');
const both = { ...proposal([group, database]), coverage: { declared: 4, mapped: 3, unmapped: [] } };

it.each<
  [string, readonly ProposedChange[], readonly string[], number, readonly (readonly [string, number, boolean])[]]
>([
  ['all that is judged counts', [group, database], [], 3, []],
  ['what is read and judged by no rule does not', [group], [group.type], 2, [[database.type, 1, false]]],
  [
    'nothing judged is none at all',
    [],
    [],
    0,
    [
      [group.type, 2, false],
      [database.type, 1, false],
    ],
  ],
  ['what a rule is about and left out, says so', [database], [group.type], 1, [[group.type, 2, true]]],
])('%s', (_, judged, ruled, count, unjudged) => {
  const found = coverageOfGate(both, new Set(judged), new Set(ruled));
  expect(found.judged).toBe(count);
  expect(found.unjudged.map(({ type, count: number, hasRule }) => [type, number, hasRule])).toEqual(unjudged);
});

it('a block that makes up two things is judged where one of them is', () => {
  const other = change('AWS::EC2::Instance', 'Ingress');
  const found = coverageOfGate(proposal([group, other]), new Set([group]), new Set());
  expect(found.unjudged).toEqual([]);
});
