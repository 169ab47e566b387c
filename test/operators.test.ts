import { existsSync, readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operator, Test } from '../src/model/operator.ts';
import { UNKNOWN } from '../src/model/truth.ts';
import { isObject, isUnknown, type Json } from '../src/model/value.ts';
import { forget, json } from './operators/arbitrary-json.ts';
import { bucket, denied, now, placeOf, runAt } from './operators/operator-table.ts';

const folder = new URL('../src/operators/', import.meta.url);
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.slice(0, -'.ts'.length));

interface Subject {
  readonly file: string;
  readonly operator: Operator;
  readonly examples: readonly Json[];
  /** The operator prepared for each of its examples, where every kind of value may stand. */
  readonly tests: readonly Test[];
}

async function load(file: string): Promise<Subject> {
  const { operator } = (await import(new URL(`${file}.ts`, folder).href)) as { operator: Operator };
  await operator.load?.();
  const examples = (operator.operand.examples ?? []) as readonly Json[];
  const place = placeOf('any', operator.onItem === true ? '' : 'Value');
  return { file, operator, examples, tests: examples.map((example) => operator.prepare(example, place)) };
}

const subjects = await Promise.all(files.map(load));
const value = fc.oneof(
  json,
  fc.constantFrom<Json>('vault-main', '111122223333', 'arn:aws:kms:eu-west-1:111122223333:key/1', '198.51.100.1'),
);

/** The resource whose root is the value, where it can be one: predicates on items read its other properties and tags. */
function resourceOf(found: Json) {
  return bucket(isObject(found) && !isUnknown(found) ? { Tags: found, ...found } : { Value: found, Tags: found });
}

function answerOf(prepared: Test, found: Json) {
  return prepared.test(found, resourceOf(found), runAt(now));
}

describe.each(subjects)('operator $file', ({ file, operator, examples, tests }) => {
  test('is named like its file, and proved by a table of its own', () => {
    expect(operator.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).toBe(file);
    expect(existsSync(new URL(`operators/${file}.test.ts`, import.meta.url))).toBe(true);
  });

  test('says what it does in one sentence, and what it judges', () => {
    expect(operator.summary).toMatch(/^[A-Z].*\.$/);
    expect(operator.kinds.length).toBeGreaterThan(0);
  });

  test('has a JSON Schema of its operand that its own examples fit', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
    const validate = ajv.compile(operator.operand);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect({ example, fits: validate(example) }).toEqual({ example, fits: true });
  });

  test('has words for its examples, and others for their opposite', () => {
    for (const example of examples) {
      const [sentence, opposite] = [operator.words(example, false), operator.words(example, true)];
      expect(sentence).toMatch(/^[a-z]/);
      expect(opposite).toMatch(/^[a-z]/);
      expect(opposite).not.toBe(sentence);
      expect(`${sentence} ${opposite}`).not.toMatch(/undefined|\[object|\bNaN\b/);
    }
  });

  test('has words for any operand, one that a parameter will fill included', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.constant({ param: 'limit' })), fc.boolean(), (operand, negated) => {
        expect(operator.words(operand, negated)).not.toBe('');
      }),
    );
  });

  test('refuses a bad operand with a message, never with a crash', () => {
    const place = placeOf('any', operator.onItem === true ? '' : 'Value');
    fc.assert(
      fc.property(json, (operand) => {
        try {
          operator.prepare(operand, place);
        } catch (error) {
          expect(error).toMatchObject({ name: 'OperandError', message: expect.stringMatching(/./) });
        }
      }),
    );
  });

  test('answers for any value, and twice the same', () => {
    fc.assert(
      fc.property(value, (found) => {
        for (const prepared of tests) {
          const answer = answerOf(prepared, found);
          expect([0, 1, 2]).toContain(answer);
          expect(answerOf(prepared, found)).toBe(answer);
        }
      }),
    );
  });

  test('explains its answer by at least one observation, and an unknown one by something unknown', () => {
    fc.assert(
      fc.property(value, (found) => {
        for (const prepared of tests) {
          const answer = answerOf(prepared, found);
          const leaves = prepared.explain?.(found, resourceOf(found), runAt(now), 'Value', answer);
          if (leaves === undefined) continue;
          expect(leaves.length).toBeGreaterThan(0);
          for (const leaf of leaves) expect(leaf.expected).not.toBe('');
          if (answer === UNKNOWN) expect(leaves.some((leaf) => isUnknown(leaf.observed))).toBe(true);
        }
      }),
    );
  });

  test('keeps its answer or has none when a part of the value is not known', () => {
    fc.assert(
      fc.property(value, fc.array(fc.nat({ max: 12 }), { minLength: 8, maxLength: 8 }), (found, picks) => {
        let next = 0;
        const less = forget(found, () => picks[next++ % picks.length] ?? 0);
        for (const prepared of tests) {
          const answer = answerOf(prepared, less);
          if (answer !== UNKNOWN) expect(answer).toBe(answerOf(prepared, found));
        }
      }),
      { numRuns: 400 },
    );
  });

  if (operator.onItem === true) return;
  test('does not know a value that was not collected', () => {
    for (const prepared of tests) expect(answerOf(prepared, denied)).toBe(UNKNOWN);
  });
});
