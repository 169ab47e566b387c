import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, compileGlobs } from '../../src/model/glob.ts';

/** By definition, and as slow as it is plain. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return naive(rest, text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(rest, text.slice(1));
}

const few = (units: string, maxLength: number) =>
  fc.array(fc.constantFrom(...Array.from(units)), { maxLength }).map((parts) => parts.join(''));

describe('a glob', () => {
  test('agrees with its definition', () => {
    fc.assert(
      fc.property(few('ab*?.', 8), few('ab*?', 10), (pattern, text) => {
        expect(compileGlob(pattern)(text)).toBe(naive(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  test('matches what is made by filling its stars', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), fc.string(), (parts, filling) => {
        const literal = parts.map((part) => part.replaceAll(/[*?]/g, '-'));
        expect(compileGlob(literal.join('*'))(literal.join(filling))).toBe(true);
      }),
    );
  });

  test.each([
    ['*a*a*a*a*a*a*a*a*b', 'a'],
    ['*?a?*?a?*?a?*?b', 'a'],
    [`${'*a'.repeat(200)}b`, 'a'],
    [`*${'a'.repeat(400)}b`, 'a'],
  ])('%s is decided at once on a hostile text', (pattern, unit) => {
    const start = performance.now();
    expect(compileGlob(pattern)(unit.repeat(10_000))).toBe(false);
    // Backtracking to every star takes longer than anyone waits, so that a generous bound tells all.
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('gives the same answer each time', () => {
    const matches = compileGlob('a*b?c');
    expect([matches('axxbxc'), matches('axxbc'), matches('axxbxc')]).toEqual([true, false, true]);
  });
});

test('several globs match what one of them matches, and none match nothing', () => {
  expect(['a1', 'b1', 'c1'].filter(compileGlobs(['a*', '?1b', 'b?']))).toEqual(['a1', 'b1']);
  expect(compileGlobs([])('')).toBe(false);
});
