import type { Declared } from '../model/resource-type.ts';
import { isObject, type Json, unknown } from '../model/value.ts';
import { furthest, isLookedUp, later, ownMember, type TemplateScope, textMember, textOf } from './_template-scope.ts';

export function isReference(value: Declared, { references }: TemplateScope): boolean {
  return isObject(value) && references.has(value);
}

function resourceOf(id: string, { template }: TemplateScope): Json | undefined {
  return ownMember(ownMember(template, 'Resources'), id);
}

function formOf(id: string, scope: TemplateScope) {
  const type = textMember(resourceOf(id, scope), 'Type');
  return type === undefined ? undefined : scope.formOf(type);
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
  const reference = Object.freeze({ reference: id });
  scope.references.set(reference, id);
  return reference;
}

function partitionOf({ destination }: TemplateScope): string {
  return destination.partition ?? 'aws';
}

/** What `Fn::GetAtt` gives. */
export function attributeOf(id: string, attribute: string, scope: TemplateScope): Declared {
  const attributes = formOf(id, scope)?.attributes ?? {};
  const pattern = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (pattern === undefined) return later(`${attribute} of ${id}`);
  const ref = refTo(id, scope);
  if (pattern === 'id') return ref;
  if (typeof ref !== 'string') return later(`${attribute} of ${id}`);
  return pattern.replaceAll('{partition}', partitionOf(scope)).replaceAll('{ref}', () => ref);
}

function pseudoParameter(name: string, scope: TemplateScope): Declared {
  const { account, region } = scope.destination;
  const known = new Map<string, Declared>([
    ['AWS::AccountId', account],
    ['AWS::Region', region],
    ['AWS::Partition', partitionOf(scope)],
    ['AWS::URLSuffix', partitionOf(scope) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
  ]);
  return known.get(name) ?? later(name);
}

/** What `Ref` gives: for a parameter its value, for `AWS::NoValue` nothing. */
export function refOf(name: Json | undefined, scope: TemplateScope): Declared {
  if (typeof name !== 'string') return unknown('type', 'Ref names nothing');
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope);
  const parameter = ownMember(ownMember(scope.template, 'Parameters'), name);
  return parameter === undefined ? refTo(name, scope) : parameterValue(name, parameter, scope);
}

function parameterValue(name: string, parameter: Json, { parameters }: TemplateScope): Declared {
  const type = textMember(parameter, 'Type') ?? 'String';
  if (ownMember(parameter, 'NoEcho') !== undefined && textMember(parameter, 'NoEcho') !== 'false')
    return unknown('redacted', `parameter ${name} is not to be shown`);
  const given = Object.hasOwn(parameters, name) ? parameters[name] : ownMember(parameter, 'Default');
  const text = textOf(given);
  if (text === undefined) return unknown('known-after-apply', `parameter ${name} has no default`);
  if (type.startsWith('AWS::SSM::Parameter::') || isLookedUp(text))
    return later(`parameter ${name}, which is looked up,`);
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) return text.split(',').map((item) => item.trim());
  return type === 'Number' && /^-?[0-9]{1,15}$/.test(text) ? Number(text) : given;
}
