import { NormalizedSchema } from '@smithy/core/schema';
import { parsePath, type Step } from '../model/path.ts';
import { WrongAnswer } from './to-json.ts';
import type { XmlStep } from './xml-outline.ts';

/** An operation's runtime schema, as the SDK's commands carry it. */
export interface OperationSchema {
  readonly name: string;
  readonly output: NormalizedSchema;
}

/** The wire protocol of a service. */
export type Protocol = 'ec2Query' | 'awsQuery' | 'restXml' | 'json';

export function protocolOf(shapeId: string): Protocol {
  const name = shapeId.split('#')[1] ?? shapeId;
  return name === 'ec2Query' || name === 'awsQuery' || name === 'restXml' ? name : 'json';
}

export function operationSchema(schema: unknown): OperationSchema {
  const parts = schema as readonly unknown[];
  return { name: String(parts[2]), output: NormalizedSchema.of(parts[5] as never) };
}

/** The member that is the whole body, where an operation has one. */
export function payloadOf(output: NormalizedSchema): [string, NormalizedSchema] | undefined {
  if (!output.isStructSchema()) return undefined;
  for (const entry of output.structIterator()) if (entry[1].getMergedTraits().httpPayload === 1) return entry;
  return undefined;
}

/** The member whose element is the root of the answer, so that an answer without a value is an empty root (S3's location). */
function unwrapped(output: NormalizedSchema): string | undefined {
  const [first, ...others] = output.isStructSchema() ? [...output.structIterator()] : [];
  if (first === undefined || others.length > 0) return undefined;
  return output.getMergedTraits().xmlName === first[0] ? first[0] : undefined;
}

function memberOf(schema: NormalizedSchema, name: string): NormalizedSchema {
  if (!schema.isStructSchema()) throw new WrongAnswer(`the answer has no place for ${name}`);
  for (const [member, memberSchema] of schema.structIterator()) if (member === name) return memberSchema;
  throw new WrongAnswer(`the answer has no place for ${name}`);
}

function rootsOf(operation: OperationSchema, protocol: Protocol): XmlStep[] {
  if (protocol === 'ec2Query') return [{ element: `${operation.name}Response`, kind: 'one' }];
  if (protocol === 'awsQuery') {
    const names = operation.output.isStructSchema() ? ['Response', 'Result'] : ['Response'];
    return names.map((name) => ({ element: operation.name + name, kind: 'one' }));
  }
  const payload = payloadOf(operation.output)?.[1];
  const root = payload ?? operation.output;
  const element = root.getMergedTraits().xmlName ?? root.getName() ?? operation.name;
  return [{ element, kind: 'one' }];
}

/** The elements from the root of an XML answer to the value at `path`. */
export function xmlWay(operation: OperationSchema, protocol: Protocol, path: string): readonly XmlStep[] {
  const way = rootsOf(operation, protocol);
  if (path === '') return way;
  let schema = operation.output;
  for (const step of parsePath(path)) {
    const member = memberOf(schema, step.name);
    const isRoot = member.getMergedTraits().httpPayload === 1 || unwrapped(schema) === step.name;
    if (!isRoot) way.push(...elementsOf(step, member));
    schema = step.items ? member.getValueSchema() : member;
  }
  return way;
}

function elementsOf(step: Step, member: NormalizedSchema): XmlStep[] {
  const element = member.getMemberTraits().xmlName ?? step.name;
  if (!step.items) return [{ element, kind: 'one' }];
  if (member.getMergedTraits().xmlFlattened) return [{ element, kind: 'any' }];
  const item = member.getValueSchema().getMergedTraits().xmlName ?? 'member';
  return [
    { element, kind: 'one' },
    { element: item, kind: 'items' },
  ];
}

function checkKind(value: unknown, schema: NormalizedSchema, where: string): void {
  const right = schema.isStructSchema()
    ? typeof value === 'object' && value !== null && !Array.isArray(value)
    : schema.isListSchema()
      ? Array.isArray(value)
      : schema.isStringSchema()
        ? typeof value === 'string' || value instanceof String
        : schema.isBooleanSchema()
          ? typeof value === 'boolean'
          : value !== undefined && value !== null;
  if (!right) throw new WrongAnswer(`${where} is not what the operation promises`);
}

/**
 * The values at a path of an answer, lists flattened.
 *
 * @throws WrongAnswer where a member is missing or of another kind; a missing list is never an empty one
 */
export function valuesAt(answer: unknown, operation: OperationSchema, protocol: Protocol, path: string): unknown[] {
  if (path === '') return [answer];
  let schema = operation.output;
  let values: unknown[] = [answer];
  let place = '';
  for (const step of parsePath(path)) {
    place = place === '' ? step.name : `${place}.${step.name}`;
    const member = memberOf(schema, step.name);
    const optional =
      (protocol !== 'json' && step.items && member.getMergedTraits().xmlFlattened === 1) ||
      (protocol === 'restXml' && unwrapped(schema) === step.name);
    values = values.flatMap((value) => {
      const next = (value as Record<string, unknown>)[step.name];
      if (next === undefined && optional) return [];
      if (next === undefined) throw new WrongAnswer(`the answer lacks ${place}`);
      checkKind(next, member, place);
      return step.items && Array.isArray(next) ? next : [next];
    });
    schema = step.items ? member.getValueSchema() : member;
    if (step.items) for (const value of values) checkKind(value, schema, `an item of ${place}`);
  }
  return values;
}
