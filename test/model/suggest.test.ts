import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, nearest, suggestion } from '../../src/model/suggest.ts';

describe('nearest', () => {
  it.each([
    ['HttpToken', ['HttpTokens', 'HttpEndpoint'], 'HttpTokens'],
    ['ltee', ['lt', 'lte', 'gte'], 'lte'],
    ['severtiy', ['severity', 'title'], 'severity'],
    ['ippermissions', ['IpPermissions', 'IpPermissionsEgress'], 'IpPermissions'],
    ['inn', ['in', 'if'], 'in'],
    ['banana', ['in', 'if', 'IpPermissions'], undefined],
    ['x', ['yes'], undefined],
  ])('to %s is found among %j', (word, candidates, found) => {
    expect(nearest(word, candidates)).toBe(found);
  });

  it('never spends long on a huge word', () => {
    expect(nearest('a'.repeat(1_000_000), ['a'])).toBeUndefined();
  });
});

describe('suggestion', () => {
  it('lists all words when none is near and they are few', () => {
    expect(suggestion('banana', ['pass', 'fail'])).toBe('one of: pass, fail');
    expect(suggestion('pas', ['pass', 'fail'])).toBe("did you mean 'pass'?");
    expect(suggestion('x', [])).toBeUndefined();
  });
});

describe('distance', () => {
  it('counts a swap of neighbours as one and is the same both ways', () => {
    expect(distance('ab', 'ba', 3)).toBe(1);
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(distance(a, b, 20)).toBe(distance(b, a, 20));
        expect(distance(a, b, 20) === 0).toBe(a === b);
        expect(distance(a, b, 2)).toBe(Math.min(3, distance(a, b, 20)));
      }),
    );
  });
});
