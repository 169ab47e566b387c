import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FALSE, TRUE, UNKNOWN } from '../../src/model/truth.ts';
import { coversWildcard, overlapsWildcard, parseWildcard } from '../../src/model/wildcard.ts';
import { variable } from '../operators/policy-parts.ts';

function covers(outer: string, inner: string) {
  return coversWildcard(parseWildcard(outer), parseWildcard(inner));
}

function overlaps(a: string, b: string) {
  return overlapsWildcard(parseWildcard(a), parseWildcard(b));
}

describe('a pattern covers another', () => {
  it.each([
    ['*', 's3:getobject', TRUE],
    ['*', '*', TRUE],
    ['*', '', TRUE],
    ['s3:*', 's3:get*', TRUE],
    ['s3:get*', 's3:*', FALSE],
    ['s3:get*', 's3:getobject', TRUE],
    ['s3:get?', 's3:get', FALSE],
    ['s3:g?t*', 's3:get*', TRUE],
    ['*:*', '?*:?*', TRUE],
    ['*:*', '*', FALSE],
    ['*', '*:*', TRUE],
    ['?*', '*?', TRUE],
    ['*?', '?*', TRUE],
    ['**', '*', TRUE],
    ['a*b*c', 'a*bb*c', TRUE],
    ['a*b*c', 'a*c', FALSE],
    ['iam:*', 'sts:*', FALSE],
    ['arn:aws:s3:::acme-logs/*', 'arn:aws:s3:::acme-logs', FALSE],
    ['arn:aws:s3:::acme-logs*', 'arn:aws:s3:::acme-logs/?*', TRUE],
    ['S3:*', 's3:*', FALSE],
    ['?*', '*a', UNKNOWN],
  ])('%s over %s: %d', (outer, inner, answer) => {
    expect(covers(outer, inner)).toBe(answer);
  });

  it('is not settled by a policy variable, but where even any text would not do', () => {
    const home = parseWildcard(`arn:aws:s3:::acme/${variable('aws:username')}/*`, true);
    expect(coversWildcard(home, parseWildcard('arn:aws:s3:::acme/*'))).toBe(FALSE);
    expect(coversWildcard(home, parseWildcard('arn:aws:s3:::acme/ann/*'))).toBe(UNKNOWN);
    expect(coversWildcard(home, parseWildcard('arn:aws:s3:::acme-logs/*'))).toBe(FALSE);
    expect(coversWildcard(parseWildcard('arn:aws:s3:::acme/*'), home)).toBe(TRUE);
    expect(coversWildcard(parseWildcard('arn:aws:s3:::acme/ann/*'), home)).toBe(UNKNOWN);
    expect(overlapsWildcard(home, parseWildcard('arn:aws:s3:::acme/ann/x'))).toBe(UNKNOWN);
    expect(parseWildcard(`${variable('aws:username')}`).variable).toBe(false);
  });
});

const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 6 }).map((chars) => chars.join(''));

/** All texts over three letters, one of which no pattern holds. */
const texts = ['', ...grow(grow(grow(grow(['']))))];

function grow(from: readonly string[]): string[] {
  return [...new Set(from.flatMap((text) => [text, ...['a', 'b', 'z'].map((letter) => `${text}${letter}`)]))];
}

function toRegExp(source: string): RegExp {
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

describe('against all short texts', () => {
  it('a cover has no text outside, and a refuted one has', () => {
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        const answer = covers(outer, inner);
        const outside = texts.filter((text) => toRegExp(inner).test(text) && !toRegExp(outer).test(text));
        if (outside.length > 0) expect(answer).toBe(FALSE);
        if (answer === TRUE) expect(outside).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('a pattern without wildcards is matched exactly', () => {
    fc.assert(
      fc.property(pattern, fc.constantFrom(...texts), (outer, text) => {
        expect(covers(outer, text)).toBe(toRegExp(outer).test(text) ? TRUE : FALSE);
      }),
    );
  });

  it('two patterns overlap when a text is in both', () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const common = texts.some((text) => toRegExp(a).test(text) && toRegExp(b).test(text));
        if (common) expect(overlaps(a, b)).toBe(TRUE);
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        // The shortest text of both is no longer than the two patterns together.
        if (!common && a.length + b.length <= 4) expect(overlaps(a, b)).toBe(FALSE);
      }),
      { numRuns: 2000 },
    );
  });

  it('every pattern covers itself and overlaps itself', () => {
    fc.assert(
      fc.property(pattern, (one) => {
        expect(covers(one, one)).toBe(TRUE);
        expect(overlaps(one, one)).toBe(TRUE);
      }),
    );
  });
});

it('a thousand stars are no trap', () => {
  const stars = 'a*'.repeat(1000);
  expect(covers(`${stars}b`, 'a'.repeat(4000))).toBe(FALSE);
  expect(overlaps(`${stars}b`, `${'*a'.repeat(1000)}c`)).toBe(FALSE);
  expect(covers(stars, stars)).toBe(TRUE);
});
