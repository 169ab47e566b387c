import { describe, expect, test } from 'vitest';
import { operator } from '../../src/operators/eq.ts';
import { bucket, denied, describeOperator, now, placeOf, runAt } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['required', 'required', 'TRUE'],
    ['required', 'optional', 'FALSE'],
    ['required', 'Required', 'FALSE'],
    ['required', '', 'FALSE'],
    ['required', undefined, 'FALSE'],
    ['443', 443, 'UNKNOWN'],
    [443, 443, 'TRUE'],
    [443, 80, 'FALSE'],
    [0, -0, 'TRUE'],
    [443, '443', 'UNKNOWN'],
    [true, true, 'TRUE'],
    [true, false, 'FALSE'],
    [true, 'true', 'UNKNOWN'],
    [false, 0, 'UNKNOWN'],
    [false, undefined, 'FALSE'],
    ['a', ['a'], 'UNKNOWN'],
    ['a', { a: 'a' }, 'UNKNOWN'],
    [['a', 'b'], ['a', 'b'], 'TRUE'],
    [['a', 'b'], ['b', 'a'], 'FALSE'],
    [['a', 'b'], ['a'], 'FALSE'],
    [['a'], ['a', 'b'], 'FALSE'],
    [[], [], 'TRUE'],
    [[], ['a'], 'FALSE'],
    [['a'], 'a', 'UNKNOWN'],
    [['a'], { 0: 'a' }, 'UNKNOWN'],
    [[1, 'b'], ['1', 'b'], 'UNKNOWN'],
    [[1, 'b'], ['1', 'c'], 'FALSE'],
    [['a', 'b'], ['a', denied], 'UNKNOWN'],
    [['a', 'b'], ['x', denied], 'FALSE'],
    [['a', 'b'], [denied, 'x'], 'UNKNOWN'],
    [['a'], ['a', denied], 'UNKNOWN'],
    [[], [denied], 'UNKNOWN'],
    [['a'], ['a', denied, 'b'], 'FALSE'],
    [['a', 'b', 'c'], ['a', denied], 'UNKNOWN'],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'TRUE'],
    [{ a: 1 }, { a: 1, b: 2 }, 'FALSE'],
    [{ a: 1 }, { a: 1, b: null }, 'TRUE'],
    [{ a: 1 }, { a: 1, b: undefined }, 'TRUE'],
    [{ a: 1, b: null }, { a: 1 }, 'TRUE'],
    [{ a: 1, b: null }, { a: 1, b: 2 }, 'FALSE'],
    [{ a: 1 }, {}, 'FALSE'],
    [{ a: 1 }, { a: '1' }, 'UNKNOWN'],
    [{ a: 1 }, { a: denied }, 'UNKNOWN'],
    [{ a: 1, b: 2 }, { a: denied, b: 3 }, 'FALSE'],
    [{ a: 1 }, { a: 1, b: denied }, 'UNKNOWN'],
    [{}, { a: denied }, 'UNKNOWN'],
    [{ a: 1 }, ['a'], 'UNKNOWN'],
    [{ toString: 'x' }, {}, 'FALSE'],
    [{ a: { b: ['c'] } }, { a: { b: ['c'] } }, 'TRUE'],
    [{ a: { b: ['c'] } }, { a: { b: ['d'] } }, 'FALSE'],
  ],
  words: [
    ['required', 'is "required"', 'is not "required"'],
    [true, 'is true', 'is not true'],
    [443, 'is 443', 'is not 443'],
    [['a'], 'is ["a"]', 'is not ["a"]'],
    [{ param: 'mode' }, "is the policy's mode", "is not the policy's mode"],
  ],
  refused: [
    [null, "write 'exists: false'"],
    [['a', null], "write 'exists: false'", { at: [1] }],
    [{ $unknown: 'denied' }, 'not collected'],
    ['true', 'the field is a boolean, but this is a string', { shape: 'boolean' }],
    [111122223333, 'write "111122223333" in quotes', { shape: 'string' }],
    ['443', 'the field is a number', { shape: 'number' }],
    ['a', 'the field is a list', { shape: { list: 'string' } }],
    ['2026-01-01', 'before, after, within or olderThan', { shape: 'timestamp' }],
    [JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`), 'nested more than 16 deep', { at: new Array(17).fill(0) }],
  ],
});

describe('what eq observes in a value with parts', () => {
  const explain = (operand: readonly string[], value: readonly unknown[], answer: 0 | 1 | 2) =>
    operator
      .prepare(operand, placeOf({ list: 'string' }))
      .explain?.(JSON.parse(JSON.stringify(value)), bucket({}), runAt(now), 'Protocols', answer);

  test('a difference is the whole value', () => {
    expect(explain(['a'], ['b'], 0)).toEqual([{ path: 'Protocols', observed: ['b'], expected: '["a"]' }]);
  });
  test('a forbidden equality expects the opposite', () => {
    expect(explain(['a'], ['a'], 2)).toEqual([{ path: 'Protocols', observed: ['a'], expected: 'not ["a"]' }]);
  });
  test('a doubt is the part that was not collected', () => {
    expect(explain(['a', 'b'], ['a', denied], 1)).toEqual([
      { path: 'Protocols[1]', observed: denied, expected: '["a","b"]' },
    ]);
  });
});
