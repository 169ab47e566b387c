import { ProvisoError } from '../errors.ts';
import type { DeclaredAt } from '../model/resource.ts';
import type { Declared, StackTag } from '../model/resource-type.ts';
import { byCodeUnit, isObject, isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';
import type { PlacedBlock } from './_declared.ts';
import { closureOf } from './_template-closure.ts';
import { openCause } from './_template-conditions.ts';
import { ownMember, textOf } from './_template-scope.ts';
import { isLeftOut, stackType, type TemplateStack } from './_template-stack.ts';

/** Where the resources of a stack are to be. */
export interface StackPlace {
  readonly account: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** All tags of the stack, where they are known. */
  readonly stackTags?: readonly StackTag[];
  /** The construct of a resource's address, for templates of the CDK. */
  readonly constructOf?: (address: string) => string | undefined;
}

/**
 * The tags of a stack. What the user gives is added to what the document tells, and wins; an empty map is a stack without
 * any.
 *
 * @param told by the document; undefined where it does not tell
 * @param given by the user; undefined where nothing is given
 */
export function stackTagsOf(
  told: Readonly<Record<string, string>> | undefined,
  given: Readonly<Record<string, string>> | undefined,
): Pick<StackPlace, 'stackTags'> {
  if (told === undefined && given === undefined) return {};
  const isNone = given !== undefined && Object.keys(given).length === 0;
  const tags = new Map(isNone ? [] : [...Object.entries(told ?? {}), ...Object.entries(given ?? {})]);
  const sorted = [...tags].sort(([a], [b]) => byCodeUnit(a, b));
  return { stackTags: sorted.map(([Key, Value]) => ({ Key, Value })) };
}

/** A resource of a template, and what becomes of it when it goes. */
export interface TemplateBlock {
  readonly block: PlacedBlock;
  /** What is written for `DeletionPolicy` and `UpdateReplacePolicy`; a marker where that is not known. */
  readonly onDeletion: string | Unknown | undefined;
  readonly onReplacement: string | Unknown | undefined;
  /** What is written for `UpdatePolicy`. */
  readonly updatePolicy: Declared;
  /** All that its values may hang on, as a text. */
  readonly closure: () => string;
}

/** Resources that are no resources: what stands for others, and the CDK's note about itself. */
const idle = new Set([stackType, 'AWS::CDK::Metadata']);

/**
 * All resources of a stack and of those inside it, but for what conditions leave out.
 *
 * @throws ProvisoError 'input' for a resource without a type
 */
export function blocksOf(
  stack: TemplateStack,
  place: StackPlace,
  doubt?: Unknown,
  around: () => string = () => '',
): readonly TemplateBlock[] {
  return Object.entries(stack.resources).flatMap(([id, resource]) => {
    if (id.startsWith('Fn::') || isLeftOut(resource, stack.evaluator)) return [];
    const open = doubt ?? conditionDoubt(resource, stack);
    const inner = stack.nested.get(id);
    const closure = () => `${closureOf(stack, id)}\n${around()}`;
    if (inner !== undefined) return blocksOf(inner, place, open, closure);
    const made = blockOf(stack, id, resource, place, open);
    return made === undefined ? [] : [{ ...made, closure }];
  });
}

/** Why nobody knows whether a resource will be there. */
function conditionDoubt(resource: Json | undefined, { evaluator }: TemplateStack): Unknown | undefined {
  const condition = ownMember(resource, 'Condition');
  if (condition === undefined) return undefined;
  if (typeof condition !== 'string') return unknown('type', 'its condition is not a name');
  return evaluator.isMet(condition) === true ? undefined : openCause(condition, evaluator.scope);
}

function blockOf(
  stack: TemplateStack,
  id: string,
  resource: Json | undefined,
  place: StackPlace,
  open: Unknown | undefined,
): Omit<TemplateBlock, 'closure'> | undefined {
  const { evaluator, text, touched } = stack;
  const type = ownMember(resource, 'Type');
  const line = text.lineOf('Resources', stack.origins.get(id) ?? id);
  if (typeof type !== 'string' && touched !== undefined) return undefined;
  if (typeof type !== 'string')
    throw new ProvisoError('input', `the resource ${JSON.stringify(id.slice(0, 100))} has no Type`, {
      where: { file: text.file, line: line ?? 1, column: 1 },
    });
  if (idle.has(type)) return undefined;
  const { account, region, at, stackTags, constructOf } = place;
  const address = evaluator.scope.prefix + id;
  const block: PlacedBlock = {
    type,
    address,
    identity: evaluator.identityOf(id),
    isNew: true,
    account,
    region,
    declared: declaredAt(resource, { address, file: text.file, ...(line === undefined ? {} : { line }) }, constructOf),
    at,
    ...(stackTags === undefined ? {} : { stackTags }),
    ...contentsOf(resource, stack, open),
  };
  const policy = (name: string) => {
    const value = evaluator.valueOf(ownMember(resource, name));
    return isUnknown(value) ? value : textOf(value);
  };
  return {
    block,
    onDeletion: policy('DeletionPolicy'),
    onReplacement: policy('UpdateReplacePolicy'),
    updatePolicy: evaluator.valueOf(ownMember(resource, 'UpdatePolicy')),
  };
}

/** What may not be there proves nothing, while what it adds to others may be added. */
function contentsOf(
  resource: Json | undefined,
  { evaluator, touched }: TemplateStack,
  open: Unknown | undefined,
): Pick<PlacedBlock, 'values' | 'written' | 'hidden' | 'isOptional'> {
  const properties = evaluator.valueOf(ownMember(resource, 'Properties') ?? {});
  const unreadable = touched ?? rewrittenBy(resource) ?? hiddenBy(properties);
  const hidden = unreadable ?? open;
  const values = unreadable === undefined && isObject(properties) ? properties : {};
  return {
    values,
    // A function may stand for all properties, and `AWS::NoValue` for one that nobody has written.
    written: unreadable === undefined ? new Set(Object.keys(values)) : undefined,
    ...(hidden === undefined ? {} : { hidden }),
    ...(open === undefined ? {} : { isOptional: true }),
  };
}

function declaredAt(resource: Json | undefined, at: DeclaredAt, constructOf: StackPlace['constructOf']): DeclaredAt {
  const path = ownMember(ownMember(resource, 'Metadata'), 'aws:cdk:path');
  const construct = typeof path === 'string' ? path : constructOf?.(at.address);
  return construct === undefined ? at : { ...at, construct };
}

/** A macro beside a resource's type and properties may write these anew. */
function rewrittenBy(resource: Json | undefined): Unknown | undefined {
  const isRewritten = ownMember(resource, 'Fn::Transform') !== undefined;
  return isRewritten ? unknown('known-after-apply', 'a macro may rewrite it') : undefined;
}

function hiddenBy(properties: Json | undefined): Unknown | undefined {
  if (isUnknown(properties)) return properties;
  return isObject(properties) ? undefined : unknown('type', 'its properties are not a map');
}
