import { operator } from '../../src/operators/after.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['2026-01-31', '2026-02-01T00:00:00.000Z', 'TRUE'],
    ['2026-01-31', '2026-01-31T23:59:59.999Z', 'FALSE'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z', 'FALSE'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.001Z', 'TRUE'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z', 'FALSE'],
    ['2026-01-31', undefined, 'FALSE'],
    ['2026-01-31', 'never', 'UNKNOWN'],
    ['2026-01-31', true, 'UNKNOWN'],
    ['2026-01-31', {}, 'UNKNOWN'],
    ['2026-01-31', denied, 'UNKNOWN'],
  ],
  words: [
    ['2026-01-31', 'is after 2026-01-31', 'is on or before 2026-01-31'],
    ['2026-01-31T12:00:00Z', 'is after 2026-01-31T12:00:00Z', 'is at or before 2026-01-31T12:00:00Z'],
  ],
  refused: [
    ['2026-13-01', 'neither a date'],
    [null, 'expected a date or time'],
  ],
});
