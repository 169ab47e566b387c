import type { Declared } from '../model/resource-type.ts';
import { withoutParts, withParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type TextPart, unknown } from '../model/value.ts';
import { isMet } from './_template-conditions.ts';
import { parameterValue } from './_template-parameters.ts';
import { furthest, later, once, ownMember, type TemplateScope, textMember, textOf } from './_template-scope.ts';

export function isReference(value: Declared, { world }: TemplateScope): boolean {
  return isObject(value) && world.references.has(value);
}

function resourceOf(id: string, { template }: TemplateScope): Json | undefined {
  return ownMember(ownMember(template, 'Resources'), id);
}

function formOf(id: string, scope: TemplateScope) {
  const type = textMember(resourceOf(id, scope), 'Type');
  return type === undefined ? undefined : scope.world.formOf(type);
}

/** What `Ref` gives for a resource: the name that was written, or a reference. */
export function refTo(id: string, scope: TemplateScope): Declared {
  const { refs, active } = scope;
  if (refs.has(id)) return refs.get(id);
  if (active.has(id) || active.size > furthest) return unknown('limit', `${id} is referred to in a circle`);
  active.add(id);
  const found = findRef(id, scope);
  active.delete(id);
  refs.set(id, found);
  return found;
}

function findRef(id: string, scope: TemplateScope): Declared {
  const form = formOf(id, scope);
  if (form === undefined) return later(`the id of ${id}`);
  const properties = ownMember(resourceOf(id, scope), 'Properties');
  const written = form.ref === undefined ? undefined : scope.evaluate(ownMember(properties, form.ref));
  if (typeof written === 'string' && written !== '') return written;
  const address = scope.prefix + id;
  const reference = Object.freeze({ reference: address });
  scope.world.references.set(reference, address);
  return reference;
}

/** The partition of a region; `aws` where nothing is told. */
export function partitionOf({ partition, region }: TemplateScope['destination']): string {
  if (partition !== undefined) return partition;
  if (region?.startsWith('cn-') === true) return 'aws-cn';
  return region?.startsWith('us-gov-') === true ? 'aws-us-gov' : 'aws';
}

const suffixes: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
]);

/** What `Fn::GetAtt` gives. */
export function attributeOf(id: string, attribute: string, scope: TemplateScope): Declared {
  const inner = scope.nested.get(id);
  if (inner !== undefined && attribute.startsWith('Outputs.'))
    return outputOf(attribute.slice('Outputs.'.length), inner);
  const attributes = formOf(id, scope)?.attributes ?? {};
  const pattern = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (pattern === undefined) return later(`${attribute} of ${id}`);
  const ref = refTo(id, scope);
  if (pattern === 'id') return ref;
  const filled = pattern.replaceAll('{partition}', partitionOf(scope.destination));
  if (typeof ref === 'string') return filled.replaceAll('{ref}', () => ref);
  const doubt = later(`${attribute} of ${id}`);
  const name = partsIn(ref, scope);
  if (name === undefined) return doubt;
  const texts = filled.split('{ref}');
  return withParts(
    doubt,
    texts.flatMap((text, index) => (index === 0 ? [text] : [...name, text])),
  );
}

/** What a text is made of, where it is one: a reference stands for a name. */
export function partsIn(value: Declared, scope: TemplateScope): readonly TextPart[] | undefined {
  const text = textOf(value);
  if (text !== undefined) return [text];
  if (isUnknown(value)) return value.parts;
  const address = isObject(value) ? scope.world.references.get(value) : undefined;
  return address === undefined ? undefined : [{ nameOf: address }];
}

/** The value of an output of a stack, which is there only if its condition is met. */
export function outputOf(name: string, scope: TemplateScope): Declared {
  const output = ownMember(ownMember(scope.template, 'Outputs'), name);
  const condition = ownMember(output, 'Condition');
  const isThere = condition === undefined || (typeof condition === 'string' && isMet(condition, scope) === true);
  if (output === undefined || !isThere) return later(`output ${name}`);
  return once(`Outputs.${name}`, scope, () => scope.evaluate(ownMember(output, 'Value')) ?? later(`output ${name}`));
}

function pseudoParameter(name: string, { destination, stack }: TemplateScope): Declared {
  const partition = partitionOf(destination);
  const known = new Map<string, Declared>([
    ['AWS::AccountId', destination.account],
    ['AWS::Region', destination.region],
    ['AWS::Partition', partition],
    ['AWS::URLSuffix', suffixes.get(partition)],
    ['AWS::StackName', stack],
  ]);
  return known.get(name) ?? later(name);
}

/** What `Ref` gives: for a parameter its value, for `AWS::NoValue` nothing. */
export function refOf(argument: Json | undefined, scope: TemplateScope): Declared {
  // The language extensions let functions name what is referred to.
  const name = isObject(argument) ? scope.evaluate(argument) : argument;
  if (isUnknown(name)) return withoutParts(name);
  if (typeof name !== 'string') return unknown('type', 'Ref names nothing');
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope);
  const parameter = ownMember(ownMember(scope.template, 'Parameters'), name);
  return parameter === undefined ? refTo(name, scope) : parameterValue(name, parameter, scope);
}

/** What another stack exports, where that stack is in the same document. */
export function importedValue(argument: Json | undefined, scope: TemplateScope): Declared {
  const name = scope.evaluate(argument);
  if (typeof name !== 'string') return later('what another stack exports');
  const exported = scope.world.exports.get(exportKey(name, scope));
  return exported?.() ?? later(`what another stack exports as ${name}`);
}

export function exportKey(name: string, { destination }: Pick<TemplateScope, 'destination'>): string {
  return `${destination.account ?? ''}/${destination.region ?? ''}/${name}`;
}
