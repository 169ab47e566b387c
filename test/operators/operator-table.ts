import { describe, expect, test } from 'vitest';
import { OperandError, type Operator, type OperatorPlace, type Run } from '../../src/model/operator.ts';
import { absenceAt, member, type Resource } from '../../src/model/resource.ts';
import type { ResourceType, Shape } from '../../src/model/resource-type.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Found, Json, JsonObject } from '../../src/model/value.ts';

export const bucketType: ResourceType = {
  type: 'AWS::S3::Bucket',
  noun: 'bucket',
  reach: 'region',
  id: 'Name',
  tags: 'Tags',
  always: [],
  listing: { call: { service: 's3', operation: 'ListBuckets' }, items: 'Buckets[]' },
};

export const now = Date.parse('2026-07-01T12:00:00.000Z');
export const denied: Json = { $unknown: 'denied', detail: 'not allowed', call: 's3:GetBucketTagging' };

/** A bucket of Acme's production account whose omitted properties are known absent. */
export function bucket(properties: JsonObject): Resource {
  return { type: bucketType.type, account: '111122223333', region: 'eu-west-1', id: 'acme-logs', properties };
}

export function placeOf(shape: Shape, path = 'Value', type: ResourceType = bucketType): OperatorPlace {
  const read = (object: Found, names: readonly string[], resource: Resource) =>
    names.reduce<Found>((found, name) => member(found, name, resource, path, absenceAt(type, path)), object);
  return {
    type,
    path,
    shape,
    reader:
      (...names) =>
      (object, resource) =>
        read(object, names, resource),
    rootReader: (name) => (resource) => read(resource.properties, [name], resource),
  };
}

export function runAt(instant: number): Run {
  const nothing = { resources: [], incomplete: undefined };
  return { now: instant, visits: 100_000, graph: { related: () => nothing, all: () => nothing } };
}

export interface Circumstances {
  readonly shape?: Shape;
  readonly path?: string;
  readonly type?: ResourceType;
  readonly resource?: Resource;
  readonly now?: number;
}

/** What the operator answers; `undefined` is known absent. */
export function judge(operator: Operator, operand: Json, value: Found, circumstances: Circumstances = {}): Truth {
  const { shape = 'any', path, type, resource = bucket({ Value: value }) } = circumstances;
  const prepared = operator.prepare(operand, placeOf(shape, path, type));
  if (value === undefined) return prepared.absent ?? operator.whenAbsent;
  return prepared.test(value, resource, runAt(circumstances.now ?? now));
}

export type Row = readonly [operand: Json, value: Found, answer: 'TRUE' | 'FALSE' | 'UNKNOWN', more?: Circumstances];

export interface Table {
  readonly rows: readonly Row[];
  /** The sentence and its opposite. */
  readonly words: readonly (readonly [operand: Json, sentence: string, opposite: string])[];
  /** Operands that `prepare` refuses, a part of the message, and where it is wrong. */
  readonly refused: readonly (readonly [
    operand: Json,
    message: string,
    more?: Circumstances & { readonly at?: readonly (string | number)[] },
  ])[];
}

const answers = { TRUE, FALSE, UNKNOWN };

/** Runs an operator's table, and adds to it what holds for all operators that judge a value. */
export function describeOperator(operator: Operator, table: Table): void {
  describe(`operator ${operator.name}`, () => {
    for (const [operand, value, answer, more] of table.rows) {
      test(`${show(operand)} finds ${show(value)} ${answer}`, () => {
        expect(judge(operator, operand, value, more)).toBe(answers[answer]);
      });
    }
    test('its table has every answer', () => {
      expect([...new Set(table.rows.map(([, , answer]) => answer))].sort()).toEqual(['FALSE', 'TRUE', 'UNKNOWN']);
    });
    for (const [operand, sentence, opposite] of table.words) {
      test(`${show(operand)} reads '${sentence}' and turned '${opposite}'`, () => {
        expect([operator.words(operand, false), operator.words(operand, true)]).toEqual([sentence, opposite]);
      });
    }
    for (const [operand, message, more] of table.refused) {
      test(`it refuses ${show(operand)}: ${message}`, () => {
        const prepare = () => operator.prepare(operand, placeOf(more?.shape ?? 'any', more?.path, more?.type));
        expect(prepare).toThrow(OperandError);
        expect(prepare).toThrow(
          expect.objectContaining({ message: expect.stringContaining(message), at: more?.at ?? [] }),
        );
      });
    }
    if (operator.onItem === true) return;
    test('a value that was not collected is unknown, whatever the operand', () => {
      for (const [operand, , , more] of table.rows) expect(judge(operator, operand, denied, more)).toBe(UNKNOWN);
    });
  });
}

function show(value: Found): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
}
