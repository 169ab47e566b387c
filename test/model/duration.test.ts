import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDuration, durationPattern, hasPassed, parseDuration, sayDuration } from '../../src/model/duration.ts';

const day = 86_400_000;

describe('a duration', () => {
  test.each([
    ['30m', 0, 1_800_000, '30 minutes'],
    ['1m', 0, 60_000, '1 minute'],
    ['12h', 0, day / 2, '12 hours'],
    ['36h', 0, day * 1.5, '1 day and 12 hours'],
    ['90d', 0, 90 * day, '90 days'],
    ['2w', 0, 14 * day, '14 days'],
    ['6mo', 6, 0, '6 calendar months'],
    ['1mo', 1, 0, '1 calendar month'],
    ['1y', 12, 0, '12 calendar months'],
    ['0d', 0, 0, '0 days'],
    ['P90D', 0, 90 * day, '90 days'],
    ['P6M', 6, 0, '6 calendar months'],
    ['PT30M', 0, 1_800_000, '30 minutes'],
    ['P2W', 0, 14 * day, '14 days'],
    ['P1Y6M', 18, 0, '18 calendar months'],
    ['P1M1DT1H1M1S', 1, day + 3_661_000, '1 calendar month, 1 day, 1 hour, 1 minute and 1 second'],
  ])('%s is %i months and %i milliseconds: %s', (text, months, milliseconds, words) => {
    expect(parseDuration(text)).toEqual({ months, milliseconds });
    expect(sayDuration({ months, milliseconds })).toBe(words);
  });

  test.each([
    '',
    '90',
    'd',
    '-1d',
    '1.5d',
    '90D',
    '90 d',
    '6M',
    '6mon',
    'P',
    'PT',
    'P6',
    'P1DT',
    'PT1D',
    'P1M1Y',
    'p6m',
    '1d ',
    '1000000d',
    '1d12h',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each(['1001y', '12001mo', '365001d', 'P1000Y1M'])('%s is longer than any policy means', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('has the form that its JSON Schema pattern describes', () => {
    const validate = new Ajv2020().compile({ type: 'string', pattern: durationPattern });
    // The pattern knows nothing of the longest duration, which takes four digits.
    const near = fc.stringMatching(/^P?([0-9]{0,2}[mhdwyYMWDTS]?o?){0,4}$/).filter((text) => !/[0-9]{4}/.test(text));
    fc.assert(
      fc.property(near, (text) => {
        expect(validate(text)).toBe(parseDuration(text) !== undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

test('months are counted before days', () => {
  const end = addDuration(Date.parse('2026-01-31T00:00:00.000Z'), { months: 1, milliseconds: day });
  expect(new Date(end).toISOString()).toBe('2026-03-01T00:00:00.000Z');
});

test('a duration has passed from the first millisecond after its end, which the calendar tells', () => {
  const instants = fc.integer({ min: Date.UTC(1996, 0), max: Date.UTC(2104, 0) });
  // Around the end of the shortest and of the longest months, and exactly at the end.
  const off = fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -4 * day, max: 4 * day }));
  fc.assert(
    fc.property(instants, fc.nat(30), fc.nat(3 * day), off, (since, months, milliseconds, offset) => {
      const duration = { months, milliseconds };
      const end = addDuration(since, duration);
      for (const now of [end + offset, since + offset, since + months * 28 * day + offset, since + months * 31 * day])
        expect(hasPassed(duration, since, now)).toBe(now > end);
    }),
    { numRuns: 2000 },
  );
});
