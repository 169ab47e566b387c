import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, inert, plain, width, wrap } from '../../src/finding/plain-text.ts';

describe('plain text', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;owned\u0007web', 'web'],
    ['a title with a long end', '\u001b]0;owned\u001b\\web', 'web'],
    ['a title without end', 'web\u001b]0;owned', 'web'],
    ['a link', '\u001b]8;;http://198.51.100.1\u0007web\u001b]8;;\u0007', 'web'],
    ['a cursor that moves', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a lone escape', 'a\u001b', 'a'],
    ['one-byte escapes', 'a\u009b31mb', 'a31mb'],
    ['new lines', 'a\r\nb\nc\u2028d', 'a b c d'],
    ['tabs', 'a\t\tb', 'a b'],
    ['a bell and a NUL', 'a\u0007\u0000b', 'ab'],
    ['a turned direction', 'web\u202egpj.exe\u202c\u2066x\u2069', 'webgpj.exex'],
    ['invisible characters', 'w\u200be\u00adb\ufeff', 'web'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['other scripts', 'Größe 日本 🚀', 'Größe 日本 🚀'],
  ])('has no %s', (_, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it('is cut before it costs anything', () => {
    expect(plain('a'.repeat(1_000_000))).toBe(`${'a'.repeat(10_000)}…`);
    const start = performance.now();
    for (const text of ['\u001b'.repeat(1e6), `\u001b[${'1;'.repeat(1e6)}`, '\u001b]'.repeat(1e6)]) plain(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('has no control, direction or escape left, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('width', () => {
  it.each([
    ['web', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['', 0],
  ])('of %s is %i', (text, columns) => expect(width(text)).toBe(columns));

  it('a cut text fits and says that it is cut', () => {
    expect(cut('security group', 8)).toBe('securit…');
    expect(cut('日本日本', 6)).toBe('日本…');
    expect(cut('日本', 4)).toBe('日本');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 100 }), (text, columns) => {
        const shown = cut(text, columns);
        expect(width(shown)).toBeLessThanOrEqual(columns);
        if (width(text) <= columns) expect(shown).toBe(text);
      }),
    );
  });

  it('wrapped lines fit and lose no word', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap('', 10)).toEqual(['']);
    expect(wrap('incomprehensibilities', 10)).toEqual(['incompreh…']);
  });
});

it.each([
  ['::error::owned', ': error::owned'],
  ['  ::set-output name=a::b', '  : set-output name=a::b'],
  ['web ##[error]owned', 'web # [error]owned'],
  ['AWS::EC2::Instance', 'AWS::EC2::Instance'],
])('%s is no command of a build log', (line, expected) => expect(inert(line)).toBe(expected));
