import { operator } from '../../src/operators/before.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['2026-01-31', '2026-01-30T23:59:59.999Z', 'TRUE'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z', 'FALSE'],
    ['2026-01-31', '2026-01-31T00:30:00+01:00', 'TRUE'],
    ['2026-01-31T12:00:00Z', '2026-01-31T11:59:59.999Z', 'TRUE'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z', 'FALSE'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z', 'FALSE'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T09:59:59.999Z', 'TRUE'],
    ['2026-01-31', undefined, 'FALSE'],
    ['2026-01-31', '2026-01-01', 'UNKNOWN'],
    ['2026-01-31', 'yesterday', 'UNKNOWN'],
    ['2026-01-31', 0, 'UNKNOWN'],
    ['2026-01-31', [], 'UNKNOWN'],
    ['2026-01-31', denied, 'UNKNOWN'],
  ],
  words: [
    ['2026-01-31', 'is before 2026-01-31', 'is on or after 2026-01-31'],
    ['2026-01-31T12:00:00Z', 'is before 2026-01-31T12:00:00Z', 'is at or after 2026-01-31T12:00:00Z'],
  ],
  refused: [
    ['2026-02-29', 'neither a date'],
    ['31.01.2026', 'neither a date'],
    ['2026-01-31T12:00:00', 'neither a date'],
    [20260131, 'write "20260131" in quotes'],
  ],
});
