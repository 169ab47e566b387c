import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonTextError } from '../../src/model/json-text.ts';
import { type Choice, type SplitLimits, splitJson } from '../../src/sources/_plan-split.ts';

const limits: SplitLimits = { depth: 20, valueDepth: 10, valueBytes: 100_000, members: 1000 };

interface Taken {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** What is taken of a text that comes in chunks of so many bytes, in a buffer that is filled again and again. */
function split(text: string, size: number, choose: (path: Taken['path']) => Choice, bounds = limits): Taken[] {
  const taken: Taken[] = [];
  const take = (path: Taken['path'], bytes: Buffer, offset: number) => {
    expect(
      Buffer.from(text)
        .subarray(offset, offset + bytes.length)
        .toString(),
    ).toBe(bytes.toString());
    taken.push({ path: [...path], value: JSON.parse(bytes.toString()) });
  };
  const splitter = splitJson({ choose, take, limits: bounds });
  const bytes = Buffer.from(text);
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(buffer, 0, at, at + size);
    splitter.write(buffer.subarray(0, length));
  }
  splitter.end();
  return taken;
}

const everything = () => 'take' as const;

/** Members of an object as a splitter would take them. */
const membersOf = (value: object) => Object.entries(value).map(([name, member]) => ({ path: [name], value: member }));

const documents = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }));
const blanks = fc.constantFrom(undefined, 2, '\t', '\r\n');

describe('a document in pieces', () => {
  test('gives each member as it stands there, wherever it is cut', () => {
    fc.assert(
      fc.property(documents, blanks, fc.integer({ min: 1, max: 40 }), (document, blank, size) => {
        const text = JSON.stringify(document, null, blank);
        expect(split(` ${text}\n`, size, everything)).toEqual(membersOf(JSON.parse(text)));
      }),
    );
  });

  test('gives the items of a list and the members of an object that are gone into', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        documents,
        fc.integer({ min: 1, max: 40 }),
        (list, map, size) => {
          const text = JSON.stringify({ skipped: map, list, map, end: 1 });
          const choices: Record<string, Choice> = { skipped: 'skip', list: 'list', map: 'object' };
          const found = split(text, size, (path) =>
            path.length === 1 ? (choices[String(path[0])] ?? 'take') : 'take',
          );
          expect(found).toEqual([
            ...list.map((value, index) => ({ path: ['list', index], value: JSON.parse(JSON.stringify(value)) })),
            ...membersOf(JSON.parse(JSON.stringify(map))).map(({ path, value }) => ({ path: ['map', ...path], value })),
            { path: ['end'], value: 1 },
          ]);
        },
      ),
    );
  });

  test('hands over whole what is not what it was to be gone into', () => {
    const found = split('{"a":{"b":[1]},"c":[2],"d":null}', 3, ([name]) => (name === 'a' ? 'list' : 'object'));
    expect(found).toEqual([
      { path: ['a'], value: { b: [1] } },
      { path: ['c'], value: [2] },
      { path: ['d'], value: null },
    ]);
  });

  test('is refused wherever it is cut off', () => {
    const text = '{"a":{"b":[1,"\\u0041\\""]},"c":[true]}';
    const choose = (path: Taken['path']): Choice => (path[0] === 'c' && path.length === 1 ? 'list' : 'take');
    expect(split(text, 4, choose)).toHaveLength(2);
    for (let end = 0; end < text.length; end += 1)
      expect(() => split(text.slice(0, end), 4, choose), text.slice(0, end)).toThrow(
        end === 0 ? 'it is empty' : 'it ends before it is whole',
      );
  });

  test.each<[string, string]>([
    ['it is not a JSON object', '[1]'],
    ['it is not a JSON object', '"a"'],
    ['it is not JSON', '{"a":1} {"b":2}'],
    ['it is not JSON', '{"a":1,}'],
    ['it is not JSON', '{"a" 1}'],
    ['it is not JSON', '{"a":,"b":1}'],
    ['it is not JSON', '{a:1}'],
    ['it is not JSON', '{"a":1 "b":2}'],
    ['it is not JSON', '{"\\x":1}'],
    ['it is not JSON', ']'],
    ['a bracket does not fit', '{"a":[1}}'],
    ['a bracket does not fit', '{"a":{"b":1]}'],
    ['a bracket does not fit', '{"a":1]'],
    ['it has "a" twice', '{"a":1,"a":2}'],
    ['it has "\\u0061" twice', '{"a":1,"\\u0061":2}'],
    ['deeper than 10 levels', `{"a":${'['.repeat(11)}`],
    ['more than 100000 bytes', `{"a":"${'x'.repeat(100_001)}"}`],
    ['more than 100000 bytes', `{"${'x'.repeat(100_001)}":1}`],
    ['more than 1000 parts', JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`m${i}`, i])))],
  ])('is refused: %s', (message, text) => {
    for (const size of [1, 7, 1 << 20]) expect(() => split(text, size, everything)).toThrow(message);
  });

  test('that is nested too deep is refused where it is passed over and where it is gone into, too', () => {
    const bomb = `{"a":${'{"a":'.repeat(30)}`;
    expect(() => split(bomb, 5, () => 'skip')).toThrow('deeper than 19 levels');
    expect(() => split(bomb, 5, () => 'object')).toThrow('deeper than 20 levels');
  });

  test('says at which byte it is wrong', () => {
    try {
      split('{"é":1,"b":[}', 4, everything);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonTextError);
      expect((error as JsonTextError).offset).toBe(12);
    }
  });

  test('may have names that every object has', () => {
    const text = '{"__proto__":1,"constructor":2,"toString":3}';
    expect(split(text, 4, everything).map(({ path }) => path)).toEqual([['__proto__'], ['constructor'], ['toString']]);
  });
});
