import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeDocument, withDocument } from '../../src/model/decode-document.ts';

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Sid: '100%+é' }] };

test.each<[string, string]>([
  ['plain', JSON.stringify(policy)],
  ['indented', ` \n${JSON.stringify(policy, null, 2)}`],
  ['percent-encoded', encodeURIComponent(JSON.stringify(policy))],
])('a document that is %s is read', (_, text) => {
  expect(decodeDocument(text)).toEqual(policy);
});

test('the same member in two objects, and a text that looks like one, are fine', () => {
  const text = '{"a":{"a":["a","a",{"a":"\\",\\"a\\":{"}]},"b":{"a":"a:"}}';
  expect(decodeDocument(text)).toEqual(JSON.parse(text));
});

test('whatever object is written either way is read back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      const text = JSON.stringify(document);
      const back = JSON.parse(text);
      expect(decodeDocument(text)).toEqual(back);
      expect(decodeDocument(encodeURIComponent(text))).toEqual(back);
    }),
  );
});

test.each<[string, unknown, string]>([
  ['not JSON', 'Allow all', 'failed'],
  ['cut', '{"Version":', 'failed'],
  ['a list', '%5B%5D', 'failed'],
  ['badly encoded', '%7B%', 'failed'],
  ['a number', 7, 'type'],
  ['an object already', {}, 'type'],
  ['saying one thing twice', '{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}', 'failed'],
  ['saying one thing twice, once escaped', '{"Statement":[],"St\\u0061tement":[]}', 'failed'],
  ['posing as what was not collected', '{"Statement":{"$unknown":"denied"}}', 'failed'],
  ['nested without end', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, 'limit'],
  ['endless', `{"a":"${'x'.repeat(1_000_000)}"}`, 'limit'],
])('a text that is %s is unknown, with its reason', (_, text, reason) => {
  expect(decodeDocument(text as string)).toMatchObject({ $unknown: reason });
});

test('what is absent stays absent', () => {
  expect(decodeDocument(undefined)).toBeUndefined();
  expect(decodeDocument(null)).toBeUndefined();
  expect(withDocument({ PolicyName: 'own' }, 'PolicyDocument')).toEqual({ PolicyName: 'own' });
  expect(withDocument('text', 'PolicyDocument')).toBe('text');
});
