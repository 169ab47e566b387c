import { beforeAll, describe, expect, test, vi } from 'vitest';
import { operator } from '../../src/operators/matches.ts';
import { bucket, denied, describeOperator, judge, now, placeOf, runAt } from './operator-table.ts';

beforeAll(async () => {
  await operator.load?.();
});

describeOperator(operator, {
  rows: [
    ['[0-9]{12}', '111122223333', 'TRUE'],
    ['[0-9]{12}', '111122223333 ', 'FALSE'],
    ['[0-9]{12}', 'arn:111122223333', 'FALSE'],
    ['a|ab', 'ab', 'TRUE'],
    ['a|b', 'xb', 'FALSE'],
    ['a+', 'aaa\n', 'FALSE'],
    ['.*', 'a\nb', 'FALSE'],
    ['(?s).*', 'a\nb', 'TRUE'],
    ['prod-.*', 'PROD-1', 'FALSE'],
    ['(?i)prod-.*', 'PROD-1', 'TRUE'],
    ['^a$', 'a', 'TRUE'],
    ['a*', '', 'TRUE'],
    ['a*', undefined, 'FALSE'],
    ['a*', 'a'.repeat(10_000), 'TRUE'],
    ['a*', 'a'.repeat(10_001), 'UNKNOWN'],
    ['[0-9]+', 5, 'UNKNOWN'],
    ['a', ['a'], 'UNKNOWN'],
    ['a', denied, 'UNKNOWN'],
  ],
  words: [['[0-9]+', 'matches the pattern "[0-9]+"', 'does not match the pattern "[0-9]+"']],
  refused: [
    [5, 'write "5" in quotes'],
    ['', 'an empty pattern'],
    ['a'.repeat(501), 'longer than 500'],
    ['(', 'not an RE2 pattern'],
    ['a**', 'not an RE2 pattern'],
    ['(a)\\1', 'not an RE2 pattern'],
    ['(?=a)', 'not an RE2 pattern'],
    ['(?<=a)b', 'not an RE2 pattern'],
    ['(?:(?:a{10}){10}){9}', 'too large'],
    ['((a{100}){100}){100}', 'not an RE2 pattern'],
  ],
});

describe('what matches observes', () => {
  const observe = (value: string | number, answer: 0 | 1) =>
    operator.prepare('a*', placeOf('string')).explain?.(value, bucket({}), runAt(now), 'Name', answer);

  test('a text that is too long is a limit, not a kind', () => {
    expect(observe('a'.repeat(10_001), 1)?.[0]?.observed).toMatchObject({ $unknown: 'limit' });
  });
  test('another kind is a kind', () => {
    expect(observe(5, 1)?.[0]?.observed).toMatchObject({ $unknown: 'type' });
  });
  test('a text that does not match is shown', () => {
    expect(observe('b', 0)).toEqual([{ path: 'Name', observed: 'b', expected: 'matches the pattern "a*"' }]);
  });
});

test.each([
  ['(x+x+)+y', 'x'],
  ['(a|a)*b', 'a'],
  ['(a*)*(a*)*(a*)*b', 'a'],
  ['(.*a){12}.{12}x', 'a'],
  ['((((((a*)*)*)*)*)*)*b', 'a'],
  ['(?:a?){100}a{100}', 'a'],
])('%s takes no more than linear time on the longest text', (pattern, unit) => {
  const time = (length: number) => {
    const text = `${unit.repeat(length - 1)}!`;
    const start = performance.now();
    expect(judge(operator, pattern, text)).toBe(0);
    return performance.now() - start;
  };
  time(5000);
  // A backtracking engine needs longer than the age of the universe here, so that a generous bound tells all.
  expect(time(10_000)).toBeLessThan(5000);
});

test('an engine that was not loaded is a defect, not a mistake in the rule', async () => {
  vi.resetModules();
  const fresh = await import('../../src/operators/matches.ts');
  expect(() => fresh.operator.prepare('a', placeOf('string'))).toThrow('before it was loaded');
});
