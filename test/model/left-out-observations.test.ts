import { expect, it } from 'vitest';
import { firstLeaves, itemLeaves } from '../../src/model/observations.ts';
import { statementLeaves } from '../../src/model/policy-observations.ts';
import { addLeaf, newLeaves } from '../../src/rule/evaluator.ts';

const leaf = (path: string) => ({ path, observed: true, expected: 'none' });
const seven = Array.from({ length: 7 }, (_, index) => leaf(`a[${index}]`));

it('observations that are left out are counted by the last that is kept', () => {
  expect(firstLeaves(seven, 7)).toEqual(seven);
  expect(firstLeaves(seven, 6)).toEqual([...seven.slice(0, 5), { ...leaf('a[5]'), more: 1 }]);
});

it.each([
  ['none', 5, undefined],
  ['two', 7, 2],
])('of the items that decide five are told, and %s counted', (_, chosen, more) => {
  const list = Array.from({ length: 8 }, (__, index) => index);
  const leaves = itemLeaves(list, 'a', 'none', (item) => Number(item) < chosen);
  expect([leaves.length, leaves.at(-1)?.more]).toEqual([5, more]);
});

it('of the statements that decide five are told, and the others counted', () => {
  const paths = Array.from({ length: 7 }, (_, index) => ({ path: `Statement[${index}]` }));
  const leaves = statementLeaves({ Statement: [] }, 'Policy', paths as never, 'none');
  expect([leaves.length, leaves.at(-1)?.more]).toEqual([5, 2]);
});

it('what an observation says of others that are left out reaches the result', () => {
  const leaves = newLeaves();
  addLeaf(leaves, leaf('a'));
  expect(leaves.more).toBe(0);
  addLeaf(leaves, { ...leaf('b'), more: 2 });
  expect(leaves).toMatchObject({ list: { length: 2 }, more: 2 });
});
