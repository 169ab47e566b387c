import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMonths, parseDate, parseInstant } from '../../src/model/instant.ts';

const time = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const iso = (instant: number) => new Date(instant).toISOString();

describe('a timestamp', () => {
  test('is the instant that the language itself reads', () => {
    fc.assert(
      fc.property(time, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  test('with one character replaced is what the language reads, or none', () => {
    const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
    const unit = fc.constantFrom(...Array.from('0123456789-:.TZ+ tz٠'), '');
    fc.assert(
      fc.property(time, fc.nat({ max: 23 }), unit, (date, at, replacement) => {
        const text = date.toISOString().slice(0, at) + replacement + date.toISOString().slice(at + 1);
        const instant = parseInstant(text);
        if (instant !== undefined) expect([text, instant]).toEqual([expect.stringMatching(shape), Date.parse(text)]);
      }),
      { numRuns: 2000 },
    );
  });

  test('with an offset is the same instant as in UTC', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString();
        fc.pre(/^\d{4}-/.test(local));
        const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((it) =>
          String(it).padStart(2, '0'),
        );
        const text = `${local.slice(0, -1)}${minutes < 0 ? '-' : '+'}${hour}:${minute}`;
        expect(parseInstant(text)).toBe(date.getTime());
      }),
    );
  });

  test.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(iso(parseInstant(text) ?? Number.NaN)).toBe(expected);
  });

  test.each([
    '',
    'N/A',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00Z',
    '2026-1-1T00:00:00Z',
    '2026-01-01T00:00:00z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '2026-01-01T00:00:00+0000',
    '+002026-01-01T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    '1767225600',
    '٢٠٢٦-٠١-٠١T00:00:00Z',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

test('a date is its first instant in UTC', () => {
  expect(iso(parseDate('2026-01-31') ?? Number.NaN)).toBe('2026-01-31T00:00:00.000Z');
  expect([parseDate('2026-02-29'), parseDate('2026-1-1'), parseDate('2026-01-01T00:00:00Z')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

/** Steps month by month over a table of lengths, and clamps at the end alone. */
function slowly(instant: number, months: number): string {
  const start = new Date(instant);
  let [year, month] = [start.getUTCFullYear(), start.getUTCMonth()];
  for (let step = 0; step < months; step++) [year, month] = month === 11 ? [year + 1, 0] : [year, month + 1];
  let day = start.getUTCDate();
  const exists = () => new Date(Date.UTC(year, month, day)).getUTCMonth() === month;
  while (!exists()) day--;
  return `${new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)}${start.toISOString().slice(10)}`;
}

describe('calendar months', () => {
  const modern = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });

  test('agree with counting month by month', () => {
    fc.assert(
      fc.property(modern, fc.nat({ max: 500 }), (date, months) => {
        expect(iso(addMonths(date.getTime(), months))).toBe(slowly(date.getTime(), months));
      }),
      { numRuns: 1000 },
    );
  });

  test('keep the order of two days', () => {
    fc.assert(
      fc.property(modern, modern, fc.nat({ max: 500 }), (a, b, months) => {
        const [first, second] = [a, b]
          .map((date) => Math.floor(date.getTime() / 86_400_000) * 86_400_000)
          .sort((x, y) => x - y);
        expect(addMonths(first ?? 0, months)).toBeLessThanOrEqual(addMonths(second ?? 0, months));
      }),
    );
  });

  test.each([
    ['2025-08-31T10:00:00.000Z', 6, '2026-02-28T10:00:00.000Z'],
    ['2023-08-31T10:00:00.000Z', 6, '2024-02-29T10:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 12, '2025-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 48, '2028-02-29T00:00:00.000Z'],
    ['2025-12-31T23:59:59.999Z', 2, '2026-02-28T23:59:59.999Z'],
    ['2026-01-15T00:00:00.000Z', 0, '2026-01-15T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', 2, '1970-02-28T23:59:59.999Z'],
  ])('%s and %i months are %s', (from, months, to) => {
    expect(iso(addMonths(Date.parse(from), months))).toBe(to);
  });
});
