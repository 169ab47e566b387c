import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { clauses, parameters } = await loadPolicy('policies.yaml', (file) => readFile(join(root, file)));

test('the policy that is shipped has every statement, in the order of its sections', () => {
  expect(clauses).toHaveLength(108);
  const sections = [...new Set(clauses.map(({ section }) => section))];
  const changes = clauses.filter(({ section }, index) => section !== clauses[index - 1]?.section);
  expect(changes.map(({ section }) => section)).toEqual(sections);
});

test.each(clauses.map((clause) => [clause.id, clause] as const))('clause %s fits a line', (id, { section, claim }) => {
  expect(id.split('-')[0]).toBe(section?.split(' ')[0]);
  expect(claim.length).toBeLessThanOrEqual(60);
  expect(claim).toMatch(/\.$/);
});

test('no two clauses claim the same', () => {
  expect(new Set(clauses.map(({ claim }) => claim)).size).toBe(clauses.length);
});

test('every parameter that is set is of a rule that proves a clause', () => {
  const bound = new Set(clauses.flatMap(({ rules }) => rules));
  expect([...parameters.keys()].filter((rule) => !bound.has(rule))).toEqual([]);
});
