import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { checkParameters, fillIn, missingParameters, parametersOf } from '../../src/rule/parameters.ts';
import { ruleFrom } from './acme.ts';

const lines = [
  'params:',
  '  most: { description: x, schema: { type: integer, minimum: 1 }, default: 10 }',
  '  names: { description: x, schema: { type: array, items: { type: string, enum: [a, b] }, minItems: 1 } }',
  '  age: { description: x, schema: { type: string } }',
  'assert: { Port: { lte: { param: most } }, Name: { in: { param: names } }, Created: { within: { param: age } } }',
].join('\n');

describe('parameters', () => {
  it('without a value are named', async () => {
    const rule = await ruleFrom(lines);
    expect(missingParameters(rule, {})).toEqual(['age', 'names']);
    expect(missingParameters(rule, { age: '3d', names: ['a'] })).toEqual([]);
  });

  it.each<[Record<string, Json>, string[]]>([
    [{ most: 5, names: ['a'], age: '90d' }, []],
    [{ most: 0 }, ['most : must be at least 1']],
    [{ most: '5' }, ['most : expected a whole number, found text']],
    [{ most: 1.5 }, ['most : expected a whole number, found a number']],
    [{ names: [] }, ['names : must have items, at least 1']],
    [{ names: ['a', 'c'] }, ['names 1: "c" is not one of the possible values']],
    [{ names: 'a' }, ['names : expected a list, found text']],
    [{ moast: 5 }, ["moast : the rule has no parameter 'moast'"]],
    [{ constructor: 5 }, ["constructor : the rule has no parameter 'constructor'"]],
    [{ most: 0, names: [] }, ['most : must be at least 1', 'names : must have items, at least 1']],
  ])('set to %j have the problems %j', async (values, problems) => {
    const found = checkParameters(await ruleFrom(lines), values);
    expect(found.map(({ name, at, message }) => `${name} ${at.join('.')}: ${message}`)).toEqual(problems);
  });

  it('that fit their schema may still be no operand', async () => {
    const found = checkParameters(await ruleFrom(lines), { age: 'soon' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ name: 'age' });
  });
});

describe('an operand', () => {
  const values: Readonly<Record<string, Json>> = { one: 1, list: [2, 3] };
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);

  it.each<[Json, Json | undefined, string[]]>([
    [{ param: 'one' }, 1, ['one']],
    [
      [0, { param: 'list' }, { param: 'one' }],
      [0, 2, 3, 1],
      ['list', 'one'],
    ],
    [{ a: { param: 'list' }, b: 'x' }, { a: [2, 3], b: 'x' }, ['list']],
    [{ param: 'other' }, undefined, ['other']],
    [{ a: [{ param: 'other' }] }, undefined, ['other']],
    [{ param: 'one', more: 1 }, { param: 'one', more: 1 }, []],
    ['text', 'text', []],
  ])('%j is filled in as %j', (operand, filled, names) => {
    expect(fillIn(operand, valueOf)).toEqual(filled);
    expect(parametersOf(operand)).toEqual(names);
  });
});
