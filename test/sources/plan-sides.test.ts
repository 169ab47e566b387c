import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { changeOf } from '../../src/sources/_plan-format.ts';
import { sidesOf } from '../../src/sources/_plan-sides.ts';

interface Given {
  readonly before?: Json;
  readonly after?: Json;
  readonly unknown?: Json;
  readonly secretBefore?: Json;
  readonly secretAfter?: Json;
}

function sides({ before = null, after = null, unknown = false, secretBefore = false, secretAfter = false }: Given) {
  const maps = { after_unknown: unknown, before_sensitive: secretBefore, after_sensitive: secretAfter };
  return sidesOf(changeOf({ actions: ['update'], before, after, ...maps }, 'change'));
}

const later = { $unknown: 'known-after-apply', detail: 'it is known only after apply' };
const secret = { $unknown: 'redacted', detail: 'the plan marks it as sensitive' };
const newSecret = { $unknown: 'redacted', detail: 'the plan marks it as sensitive, and changes it' };

describe('what is known only after apply', () => {
  test.each<[string, Given, Json]>([
    ['a member that is left out', { after: { a: 1 }, unknown: { b: true } }, { a: 1, b: later }],
    ['a member of a member', { after: { a: {} }, unknown: { a: { b: true } } }, { a: { b: later } }],
    ['a member that is null', { after: { a: null }, unknown: { a: { b: true } } }, { a: { b: later } }],
    ['an item', { after: { a: [1, null] }, unknown: { a: [false, true] } }, { a: [1, later] }],
    ['items of a list that is left out', { after: {}, unknown: { a: [true] } }, { a: [later] }],
    ['a member of a block', { after: { a: [{ b: 1 }] }, unknown: { a: [{ c: true }] } }, { a: [{ b: 1, c: later }] }],
    ['a whole list', { after: { a: [1] }, unknown: { a: true } }, { a: later }],
    ['everything', { unknown: true }, later],
    ['where the map does not fit a list', { after: { a: [1] }, unknown: { a: { b: true } } }, { a: later }],
    ['where the map does not fit an object', { after: { a: {} }, unknown: { a: [true] } }, { a: later }],
    ['where the map does not fit a number', { after: { a: 1 }, unknown: { a: { b: true } } }, { a: later }],
    ['and nothing of what is known', { after: { a: [{}], b: '' }, unknown: { a: [{}], b: false } }, { a: [{}], b: '' }],
  ])('is %s', (_, given, after) => {
    expect(sides(given).after).toEqual(after);
  });
});

describe('a sensitive value', () => {
  test.each<[string, Given, Json, Json]>([
    ['that stays', { before: { a: 1 }, after: { a: 1 }, secretAfter: { a: true } }, { a: secret }, { a: secret }],
    ['that changes', { before: { a: 1 }, after: { a: 2 }, secretAfter: { a: true } }, { a: secret }, { a: newSecret }],
    ['that comes', { before: { a: null }, after: { a: 2 }, secretAfter: { a: true } }, { a: null }, { a: newSecret }],
    ['that goes', { before: { a: 1 }, after: { a: null }, secretBefore: { a: true } }, { a: secret }, { a: null }],
    [
      'that was one only before',
      { before: { a: 1 }, after: { a: 1 }, secretBefore: { a: true } },
      { a: secret },
      { a: secret },
    ],
    [
      'in an item that moves',
      { before: [{ a: 1 }, { a: 2 }], after: [{ a: 2 }], secretBefore: [{}, { a: true }] },
      [{ a: 1 }, { a: secret }],
      [{ a: newSecret }],
    ],
    [
      'in an item whose neighbour changes',
      { before: { a: [{ b: [1], c: 1 }] }, after: { a: [{ b: [1], c: 2 }] }, secretBefore: { a: [{ b: [true] }] } },
      { a: [{ b: [secret], c: 1 }] },
      { a: [{ b: [newSecret], c: 2 }] },
    ],
    [
      'in an item of a list that stays',
      { before: { a: [{ b: 1 }], c: 1 }, after: { a: [{ b: 1 }], c: 2 }, secretBefore: { a: [{ b: true }] } },
      { a: [{ b: secret }], c: 1 },
      { a: [{ b: secret }], c: 2 },
    ],
    ['in a list that has other secrets', { before: [1], after: [1], secretBefore: { a: true } }, secret, secret],
    ['in an object that has other secrets', { before: { a: 1 }, after: { a: 1 }, secretAfter: [true] }, secret, secret],
    ['that is all of it', { before: { a: 1 }, after: { a: 2 }, secretAfter: true }, secret, newSecret],
  ])('%s is hidden on both sides', (_, given, before, after) => {
    expect(sides(given)).toEqual({ before, after });
  });

  test('of something new is not said to change', () => {
    expect(sides({ after: { a: 1 }, secretAfter: { a: true } })).toEqual({ before: undefined, after: { a: secret } });
  });

  test('that is not known yet is not known yet', () => {
    expect(sides({ before: { a: 1 }, after: {}, unknown: { a: true }, secretAfter: { a: true } }).after).toEqual({
      a: later,
    });
  });

  test('never comes through, wherever it stands in whatever plan', () => {
    let marked = 0;
    /** A value, a map of what is sensitive in it, and what may not be seen. */
    type Part = readonly [value: Json, map: Json, secrets: readonly string[]];
    const leaf = fc
      .tuple(fc.stringMatching(/^[a-z]{12}$/), fc.boolean(), fc.boolean())
      .map(
        ([text, isSecret, isWide]): Part => (isSecret ? [`<${text}>`, true, [text]] : [text, isWide ? false : {}, []]),
      );
    const part: fc.Arbitrary<Part> = fc.letrec<{ part: Part }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .array(tie('part'), { maxLength: 4 })
          .map(
            (parts): Part => [
              parts.map(([value]) => value),
              parts.map(([, map]) => map),
              parts.flatMap(([, , secrets]) => secrets),
            ],
          ),
        fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', '$unknown'), tie('part')).map((parts): Part => {
          const all = Object.entries(parts);
          return [
            Object.fromEntries(all.map(([name, [value]]) => [name, value])),
            Object.fromEntries(all.map(([name, [, map]]) => [name, map])),
            all.flatMap(([, [, , secrets]]) => secrets),
          ];
        }),
      ),
    })).part;
    fc.assert(
      fc.property(part, part, fc.jsonValue(), ([before, secretBefore, one], [after, secretAfter, two], unknown) => {
        const text = JSON.stringify(sides({ before, after, unknown, secretBefore, secretAfter }));
        for (const hidden of [...one, ...two]) {
          marked += 1;
          expect(text).not.toContain(hidden);
        }
      }),
    );
    expect(marked).toBeGreaterThan(50);
  });
});

test('what stays as it is reads as it would beside a member that changes', () => {
  const names = fc.constantFrom('a', 'b', '__proto__', '$unknown');
  const { value, map } = fc.letrec<{ value: Json; map: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, false, 0, '', 'x'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
    map: fc.oneof(
      { maxDepth: 3 },
      fc.boolean(),
      fc.array(tie('map'), { maxLength: 3 }),
      fc.dictionary(names, tie('map'), { maxKeys: 3 }),
    ),
  }));
  const nothing = fc.constantFrom<Json>(false, {}, { it: false }, { it: {} });
  fc.assert(
    fc.property(value, map, nothing, (it, secretIt, unknown) => {
      const given = { unknown, secretBefore: { it: secretIt }, secretAfter: { it: secretIt } };
      const copy = structuredClone(it);
      const alone = sides({ before: { it }, after: { it: copy }, ...given });
      const beside = sides({ before: { it, at: 1 }, after: { it: copy, at: 2 }, ...given });
      const withMember = (side: unknown, at: number) => ({ ...(side as object), at });
      expect(beside).toEqual({ before: withMember(alone.before, 1), after: withMember(alone.after, 2) });
      expect(alone.after).toBe(alone.before);
    }),
    { numRuns: 500 },
  );
});

test.each<[string, Given]>([
  ['a member', { before: { a: 1 }, after: { a: 2 } }],
  ['a member that comes', { before: { a: 1 }, after: { a: 1, b: null } }],
  ['a member that goes', { before: { a: 1, b: null }, after: { a: 1 } }],
  ['a number too large for any', { before: { a: JSON.parse('1e999') }, after: { a: null } }],
  ['an item', { before: { a: [1] }, after: { a: [1, 1] } }],
  ['a list that becomes an object', { before: { a: [] }, after: { a: {} } }],
  ['what is known', { before: { a: 1 }, after: { a: 1 }, unknown: { b: true } }],
  ['the order of members', { before: { a: 1, b: 2 }, after: { b: 2, a: 1 } }],
])('the sides are two where nothing changes but %s', (_, given) => {
  const { before, after } = sides(given);
  expect(after).not.toBe(before);
  expect(before).toEqual(given.before);
  if (given.unknown === undefined) expect(JSON.stringify(after)).toBe(JSON.stringify(given.after));
});

test('what only looks like a marker does not choose its reason', () => {
  const posing = { $unknown: 'denied', detail: 'nothing to see' };
  const odd = { $unknown: 'type', detail: 'it has a member that is named $unknown' };
  expect(sides({ before: { a: [posing] }, after: { a: [posing], b: posing }, unknown: { c: true } })).toEqual({
    before: { a: [odd] },
    after: { a: [odd], b: odd, c: later },
  });
  expect(sides({ after: posing }).after).toEqual(odd);
});
