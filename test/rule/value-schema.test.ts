import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { misfit } from '../../src/rule/value-schema.ts';

it.each<[Json, JsonObject, string | undefined, string | undefined]>([
  [1, { type: 'integer' }, undefined, undefined],
  ['1', { type: 'integer' }, 'expected a whole number, found text', undefined],
  [1, { type: 'string' }, 'expected text, found a number', 'quote it: "1"'],
  [null, { type: ['string', 'boolean'] }, 'expected text or true or false, found nothing', undefined],
  [
    { prot: 1 },
    { properties: { port: {} }, additionalProperties: false },
    "there is no 'prot' here",
    "did you mean 'port'?",
  ],
  [{}, { required: ['port'] }, "'port' is missing", undefined],
  ['denid', { enum: ['denied', 'failed'] }, '"denid" is not one of the possible values', "did you mean 'denied'?"],
  [
    { prot: 1 },
    { anyOf: [{ const: true }, { type: 'object', properties: { port: {} }, additionalProperties: false }] },
    "there is no 'prot' here",
    "did you mean 'port'?",
  ],
  ['x', { anyOf: [{ const: true }, { type: 'integer' }] }, '"x" is not one of the possible values', undefined],
  ['eu-west-1', { type: 'string', format: 'region' }, undefined, undefined],
  ['us-gov-east-1', { type: 'string', format: 'region' }, undefined, undefined],
  [
    ['eu-west-1', 'eu_west_2'],
    { type: 'array', items: { type: 'string', format: 'region' } },
    '"eu_west_2" is not the name of an AWS region, such as eu-west-1',
    undefined,
  ],
  [
    'eu-*',
    { type: 'string', format: 'region' },
    '"eu-*" is not the name of an AWS region, such as eu-west-1',
    undefined,
  ],
  [{ param: 'later' }, { type: 'integer' }, undefined, undefined],
  [[1, { param: 'later' }], { items: { type: 'integer' } }, undefined, undefined],
])('%j under %j: %s', (value, schema, message, hint) => {
  const found = misfit(value, schema);
  expect(found?.message).toBe(message);
  if (hint !== undefined) expect(found?.hint).toBe(hint);
});

const ajv = new Ajv2020({ strict: false });
const leafSchema: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object').map((type) => ({ type })),
  fc.record({ minimum: fc.integer({ min: -2, max: 2 }), exclusiveMaximum: fc.integer({ min: -2, max: 3 }) }),
  fc.record({ minLength: fc.nat(2), maxItems: fc.nat(2), maxProperties: fc.nat(2) }),
  fc.constantFrom<JsonObject[]>({ enum: [1, 'a', [1]] }, { const: true }, { required: ['a'] }),
);
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2 },
    leafSchema,
    fc.record({ items: tie('schema') }) as fc.Arbitrary<JsonObject>,
    fc.record({
      properties: fc.record({ a: tie('schema') }),
      additionalProperties: fc.oneof(fc.constant(false), tie('schema')),
    }) as fc.Arbitrary<JsonObject>,
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<JsonObject>,
  ),
}));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Json[]>(null, true, false, 0, 1, 2, -1, 1.5, '', 'a', 'abc'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')) as fc.Arbitrary<Json>,
  ),
}));

it('a value fits exactly when a full validator says so', () => {
  fc.assert(
    fc.property(schema, value, (one, other) => {
      expect(misfit(other, one) === undefined).toBe(ajv.validate(one, other));
    }),
    { numRuns: 1000 },
  );
});
