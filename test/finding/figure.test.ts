import { expect, it } from 'vitest';
import { figure } from '../../src/finding/figure.ts';
import type { Assessment } from '../../src/finding/finding.ts';

const none = { holds: 0, 'holds-with-exceptions': 0, broken: 0, unproven: 0, 'nothing-to-prove': 0 };

it.each<[string, Partial<Assessment['verdicts']>]>([
  [
    '3 hold, 5 are broken, 97 unproven, 3 with nothing to prove, of 108 promises',
    { holds: 3, broken: 5, unproven: 97, 'nothing-to-prove': 3 },
  ],
  ['1 holds, 1 is broken, 1 unproven, of 3 promises', { holds: 1, broken: 1, unproven: 1 }],
  ['0 hold, 2 hold with exceptions, 0 are broken, 0 unproven, of 2 promises', { 'holds-with-exceptions': 2 }],
  ['1 holds, 0 are broken, 0 unproven, of 1 promise', { holds: 1 }],
  ['the policy makes no promises', {}],
])('%s', (said, counts) => {
  expect(figure({ ...none, ...counts })).toBe(said);
});
