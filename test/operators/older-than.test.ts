import { operator } from '../../src/operators/older-than.ts';
import { denied, describeOperator } from './operator-table.ts';

// The tables' instant is 2026-07-01T12:00:00.000Z.
describeOperator(operator, {
  rows: [
    ['90d', '2026-04-02T12:00:00.000Z', 'FALSE'],
    ['90d', '2026-04-02T11:59:59.999Z', 'TRUE'],
    ['P90D', '2026-04-02T11:59:59.999Z', 'TRUE'],
    ['90d', '2026-04-02T13:59:59.999+02:00', 'TRUE'],
    ['90d', '2026-04-02T14:00:00+02:00', 'FALSE'],
    ['12h', '2026-07-01T00:00:00Z', 'FALSE'],
    ['12h', '2026-06-30T23:59:59Z', 'TRUE'],
    ['30m', '2026-07-01T11:29:59Z', 'TRUE'],
    ['30m', '2026-07-01T11:30:00Z', 'FALSE'],
    ['6mo', '2026-01-01T12:00:00.000Z', 'FALSE'],
    ['6mo', '2026-01-01T11:59:59.999Z', 'TRUE'],
    ['P6M', '2026-01-01T11:59:59.999Z', 'TRUE'],
    ['6mo', '2025-12-31T12:00:00.000Z', 'TRUE', { now: Date.parse('2026-06-30T12:00:00.001Z') }],
    ['6mo', '2025-08-31T12:00:00.000Z', 'TRUE', { now: Date.parse('2026-02-28T12:00:00.001Z') }],
    ['6mo', '2025-08-31T12:00:00.000Z', 'FALSE', { now: Date.parse('2026-02-28T12:00:00.000Z') }],
    ['1y', '2024-02-29T00:00:00.000Z', 'FALSE', { now: Date.parse('2025-02-28T00:00:00.000Z') }],
    ['1y', '2024-02-29T00:00:00.000Z', 'TRUE', { now: Date.parse('2025-02-28T00:00:00.001Z') }],
    ['0d', '2026-07-01T12:00:00.000Z', 'FALSE'],
    ['90d', '2027-01-01T00:00:00.000Z', 'FALSE'],
    ['90d', undefined, 'FALSE'],
    ['90d', '2026-01-01', 'UNKNOWN'],
    ['90d', '2026-02-30T00:00:00Z', 'UNKNOWN'],
    ['90d', 'N/A', 'UNKNOWN'],
    ['90d', 'no_information', 'UNKNOWN'],
    ['90d', '', 'UNKNOWN'],
    ['90d', 1_767_225_600_000, 'UNKNOWN'],
    ['90d', ['2026-01-01T00:00:00.000Z'], 'UNKNOWN'],
    ['90d', denied, 'UNKNOWN'],
  ],
  words: [
    ['90d', 'is more than 90 days old', 'is at most 90 days old'],
    ['P6M', 'is more than 6 calendar months old', 'is at most 6 calendar months old'],
    [{ param: 'maxAge' }, "is more than the policy's maxAge old", "is at most the policy's maxAge old"],
  ],
  refused: [
    [90, 'write "90" in quotes'],
    ['90', 'not a duration'],
    ['-1d', 'not a duration'],
    ['six months', 'not a duration'],
    ['P', 'not a duration'],
    ['999999y', 'not a duration'],
  ],
});
