import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProvisoErrors } from '../src/errors.ts';
import { isUnknown, type Json, unknown } from '../src/model/value.ts';
import { parseYaml } from '../src/model/yaml-document.ts';
import { runCase } from '../src/rule/cases.ts';
import { loadRule } from '../src/rule/load.ts';
import type { Case, Catalogue, Rule } from '../src/rule/rule.ts';
import { sentence } from '../src/rule/sentence.ts';
import { loadCatalogue } from './rule/catalogue.ts';
import { misspellings } from './rule/misspellings.ts';

const folder = new URL('../rules/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.yaml'))
  .sort();

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

async function load(file: string): Promise<Rule> {
  return loadRule(`rules/${file}`, readFileSync(new URL(file, folder)), catalogue);
}

/** All variants of a value with one part of it, at any depth, not collected. */
function* unknowings(value: Json): Generator<Json> {
  if (isUnknown(value)) return;
  yield unknown('denied');
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const variant of unknowings(item as Json)) yield value.map((other, i) => (i === index ? variant : other));
  } else if (typeof value === 'object' && value !== null) {
    // Where something is, a case says itself.
    for (const [key, member] of Object.entries(value).filter(([name]) => name !== '$region'))
      for (const variant of unknowings(member ?? null)) yield { ...value, [key]: variant };
  }
}

/** A case in all variants in which one property, of the judged resource or of what surrounds it, was not collected. */
function* lessKnown(one: Case): Generator<Case> {
  for (const [key, value] of Object.entries(one.properties ?? {})) {
    if (key.startsWith('$') || value === undefined) continue;
    for (const variant of unknowings(value)) yield { ...one, properties: { ...one.properties, [key]: variant } };
  }
  for (const [type, value] of Object.entries(one.surroundings))
    for (const variant of unknowings(value)) yield { ...one, surroundings: { ...one.surroundings, [type]: variant } };
}

it('there are rules, each with an id of its own', () => {
  const ids = files.map((file) => file.replace(/^.*\//, ''));
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(files)('%s', (file) => {
  it('gives its own cases the outcomes that they name', async () => {
    const rule = await load(file);
    const actual = rule.cases.map((one) => `${one.name}: ${runCase(rule, one, catalogue).actual}`);
    expect(actual).toEqual(rule.cases.map((one) => `${one.name}: ${one.expected}`));
  });

  it('explains each failure and each unknown, and only those', async () => {
    const rule = await load(file);
    for (const one of rule.cases) {
      const { verdict } = runCase(rule, one, catalogue);
      const leaves = verdict?.leaves ?? [];
      const explained = one.expected === 'fail' || one.expected === 'unknown';
      expect(leaves.length > 0, one.name).toBe(explained);
      if (one.expected === 'unknown')
        expect(
          leaves.some((leaf) => isUnknown(leaf.observed)),
          one.name,
        ).toBe(true);
      expect(verdict?.message !== undefined, one.name).toBe(one.expected === 'fail' && rule.message !== undefined);
    }
  });

  it('never says more when less is known', async () => {
    const rule = await load(file);
    let variants = 0;
    for (const one of rule.cases) {
      for (const variant of lessKnown(one)) {
        variants += 1;
        const { actual } = runCase(rule, variant, catalogue);
        const what = `${one.name}: ${JSON.stringify(variant.properties)} ${JSON.stringify(variant.surroundings)}`;
        if (actual !== 'unknown') expect(actual, what).toBe(one.expected);
      }
    }
    expect(variants).toBeGreaterThan(0);
  });

  it('reads as a sentence', async () => {
    expect(sentence(await load(file))).toMatch(/^Every \S.*\S\.$/);
  });

  it('has one error at the right place, with the right word, for each word that is misspelt', async () => {
    const rule = await load(file);
    const text = readFileSync(new URL(file, folder), 'utf8');
    const wrong = misspellings(parseYaml(text, file, 'rule'), rule, catalogue);
    expect(wrong.length).toBeGreaterThan(20);
    const answers: string[] = [];
    for (const one of wrong) {
      const said = await problemsOf(one.text, file);
      const expected = `${one.line}:${one.column} ${one.word}`;
      const right =
        said.length === 1 && said[0]?.startsWith(`${one.line}:${one.column} `) && said[0].includes('did you mean');
      answers.push(right ? expected : `${expected} BUT ${said.join(' AND ')}`);
    }
    expect(answers).toEqual(wrong.map((one) => `${one.line}:${one.column} ${one.word}`));
  });
});

async function problemsOf(text: string, file: string): Promise<string[]> {
  try {
    await loadRule(`rules/${file}`, new TextEncoder().encode(text), catalogue);
    return [];
  } catch (error) {
    if (!(error instanceof ProvisoErrors)) throw error;
    return error.errors.map((one) => `${one.where?.line}:${one.where?.column} ${one.message} (${one.hint})`);
  }
}
