import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJson, isTooDeep, maxJsonDepth, parseJsonBytes } from '../../src/model/json-text.ts';
import { canonicalJson } from '../../src/model/value.ts';

/** The depth of a JSON text by the book. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function nested(depth: number, kind: 'list' | 'object'): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = kind === 'list' ? [value] : { a: value };
  return value;
}

test('what is nested deeper than the limit is refused, wherever the text lies in its bytes', () => {
  const texts = fc.record({
    depth: fc.integer({ min: maxJsonDepth - 5, max: maxJsonDepth + 5 }),
    kind: fc.constantFrom('list' as const, 'object' as const),
    beside: fc.jsonValue(),
    brackets: fc.stringMatching(/^[[\]{}"\\]{0,300}$/),
    before: fc.integer({ min: 0, max: 9 }),
    after: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(texts, ({ depth, kind, beside, brackets, before, after }) => {
      const value = [brackets, beside, nested(depth, kind), { [brackets]: brackets }];
      const text = Buffer.from(JSON.stringify(value));
      const bytes = Buffer.concat([Buffer.alloc(before, '{'), text, Buffer.alloc(after, '[')]);
      expect(isTooDeep(bytes, before, before + text.length)).toBe(depthOf(value) > maxJsonDepth);
    }),
  );
});

test('a text is parsed as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJsonBytes(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['', 'it is empty'],
  ['\ufeff{}', 'it begins with a byte order mark'],
  ['\u001f\u008b', 'it is not JSON'],
  ['{', 'it is not JSON'],
  ['{"a":1}}', 'it is not JSON'],
  ["{'a':1}", 'it is not JSON'],
  ['NaN', 'it is not JSON'],
])('%j is refused', (text, message) => {
  expect(() => parseJsonBytes(Buffer.from(text))).toThrow(message);
});

test.each([
  [[0xff, 0xfe, 0x7b, 0], 'it is UTF-16'],
  [[0xfe, 0xff, 0, 0x7b], 'it is UTF-16'],
  [[0x1f, 0x8b, 8, 0], 'it is compressed with gzip'],
  [[0x22, 0xff, 0x22], 'it is not UTF-8'],
  [[0x22, 0xc0, 0x80, 0x22], 'it is not UTF-8'],
  [[0x22, 0xed, 0xa0, 0x80, 0x22], 'it is not UTF-8'],
])('the bytes %j are refused', (bytes, message) => {
  expect(() => decodeJson(Buffer.from(bytes), 0, bytes.length)).toThrow(message);
});

test('canonical JSON is one text for one value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test('members that are undefined are left out, items become null', () => {
  expect(canonicalJson({ b: undefined, a: [undefined, 1], 10: 1, 9: 2 })).toBe('{"10":1,"9":2,"a":[null,1]}');
});

test('the text of a value does not depend on which of its members are one object', () => {
  const shared = { z: 1, a: [{ c: 2, b: 3 }] };
  const value = { d: shared, c: shared, b: null, a: { y: shared, x: shared, w: 'one', v: 'one', u: undefined } };
  expect(canonicalJson(value)).toBe(canonicalJson(JSON.parse(JSON.stringify(value))));
  expect(canonicalJson(value)).toBe(
    '{"a":{"v":"one","w":"one","x":{"a":[{"b":3,"c":2}],"z":1},"y":{"a":[{"b":3,"c":2}],"z":1}},"b":null,"c":{"a":[{"b":3,"c":2}],"z":1},"d":{"a":[{"b":3,"c":2}],"z":1}}',
  );
});
