import fc from 'fast-check';
import { expect, test } from 'vitest';
import { not, UNKNOWN } from '../../src/model/truth.ts';
import { operator as olderThan } from '../../src/operators/older-than.ts';
import { operator } from '../../src/operators/within.ts';
import { json } from './arbitrary-json.ts';
import { denied, describeOperator, judge } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['6mo', '2026-01-01T12:00:00.000Z', 'TRUE'],
    ['6mo', '2026-01-01T11:59:59.999Z', 'FALSE'],
    ['184d', '2025-12-29T12:00:00.000Z', 'TRUE'],
    ['184d', '2025-12-29T11:59:59.000Z', 'FALSE'],
    ['7d', '2026-07-02T12:00:00.000Z', 'TRUE'],
    ['7d', '2026-07-02T12:00:00.001Z', 'UNKNOWN'],
    ['7d', '2099-01-01T00:00:00.000Z', 'UNKNOWN'],
    ['7d', '2026-07-01T00:00:00+00:00', 'TRUE'],
    ['7d', undefined, 'FALSE'],
    ['7d', '2026-07-01 00:00:00', 'UNKNOWN'],
    ['7d', '2026-07-01T00:00:00', 'UNKNOWN'],
    ['7d', 0, 'UNKNOWN'],
    ['7d', {}, 'UNKNOWN'],
    ['7d', denied, 'UNKNOWN'],
  ],
  words: [
    ['12h', 'is at most 12 hours old', 'is more than 12 hours old'],
    ['P1DT12H', 'is at most 1 day and 12 hours old', 'is more than 1 day and 12 hours old'],
  ],
  refused: [
    ['7 days', 'not a duration'],
    [null, 'expected a duration'],
  ],
});

const earliest = new Date('1990-01-01T00:00:00.000Z');
const latest = new Date('2090-01-01T00:00:00.000Z');
const time = fc.date({ min: earliest, max: latest, noInvalidDate: true });

test('within is the opposite of olderThan for every present value and instant', () => {
  const duration = fc
    .tuple(fc.nat({ max: 400 }), fc.constantFrom('m', 'h', 'd', 'w', 'mo', 'y'))
    .map((it) => it.join(''));
  const value = fc.oneof(
    time.map((date) => date.toISOString()),
    json,
  );
  fc.assert(
    fc.property(duration, value, time, (operand, found, date) => {
      const circumstances = { now: date.getTime() };
      const answer = judge(operator, operand, found ?? 0, circumstances);
      expect(answer).toBe(not(judge(olderThan, operand, found ?? 0, circumstances)));
      const ahead = typeof found === 'string' ? Date.parse(found) - date.getTime() : 0;
      if (typeof found === 'string' && found.endsWith('Z')) expect(answer === UNKNOWN).toBe(ahead > 86_400_000);
    }),
  );
});

test('what is within a duration is within every longer one', () => {
  fc.assert(
    fc.property(time, time, fc.nat({ max: 200 }), fc.nat({ max: 200 }), (created, date, months, more) => {
      const circumstances = { now: date.getTime() };
      const shorter = judge(operator, `${months}mo`, created.toISOString(), circumstances);
      expect(judge(operator, `${months + more}mo`, created.toISOString(), circumstances)).toBeGreaterThanOrEqual(
        shorter,
      );
    }),
  );
});
