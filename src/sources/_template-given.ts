import { type Place, ProvisoError, ProvisoErrors } from '../errors.ts';
import { readYaml } from '../model/read-yaml.ts';
import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { suggestion } from '../model/suggest.ts';
import { isObject, type Json, unknown } from '../model/value.ts';
import { decodeText, type YamlEntry, type YamlNode } from '../model/yaml.ts';
import { inputError, readInput } from './_input.ts';
import { refusal } from './_template-parameters.ts';
import { ownMember } from './_template-scope.ts';

const maxBytes = 1_000_000;

/** A value that is given for a parameter of a template. */
export interface GivenParameter {
  readonly name: string;
  /** Undefined when the deployed stack's value is to stay. */
  readonly value: string | undefined;
  readonly where: Place | undefined;
}

const formats = 'a list of { ParameterKey, ParameterValue }, or a map from names to values';

/**
 * Reads a file of parameters, in any form that the AWS CLI or CodePipeline takes.
 *
 * @throws ProvisoError 'input', or ProvisoErrors with the places of the mistakes
 */
export async function readParameters(file: string): Promise<readonly GivenParameter[]> {
  const text = decodeText(await readInput(file, maxBytes), file, 'input');
  const { root, problems } = await readYaml(text, file, 'input');
  if (problems.length > 0)
    throw new ProvisoErrors(problems.map(({ where, message, hint }) => mistake(where, message, hint)));
  const given = parametersIn(root);
  const twice = given.find(({ name }, index) => given.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw mistake(twice.where, `parameter ${shown(twice.name)} is given twice`);
  return given;
}

/** The lines of the file are not shown, since values of parameters may be secrets. */
function mistake(where: Place | undefined, message: string, hint?: string): ProvisoError {
  return new ProvisoError('input', message, {
    ...(where === undefined ? {} : { where: { ...where, isSecret: true } }),
    ...(hint === undefined ? {} : { hint }),
  });
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function parametersIn(node: YamlNode): readonly GivenParameter[] {
  if (node.kind === 'list') return node.items.map(itemOf);
  if (node.kind !== 'map') throw mistake(node.at, 'it holds no parameters', `it must be ${formats}`);
  const inner = node.entries.find(({ key }) => key === 'Parameters')?.value;
  if (inner !== undefined && inner.kind !== 'scalar') return parametersIn(inner);
  return node.entries.map(({ key, keyNode, value }) => ({ name: key, value: textOf(value), where: keyNode.at }));
}

/** A scalar as text, and a list as the CLI joins it. */
function textOf(node: YamlNode): string {
  if (node.kind === 'scalar' && node.value !== null) return String(node.value);
  if (node.kind === 'list') return node.items.map(textOf).join(',');
  throw mistake(node.at, 'the value of a parameter must be a text, a number or a list of these');
}

function itemOf(node: YamlNode): GivenParameter {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('=')) {
    const at = node.value.indexOf('=');
    return { name: node.value.slice(0, at), value: node.value.slice(at + 1), where: node.at };
  }
  const entries: readonly YamlEntry[] = node.kind === 'map' ? node.entries : [];
  const at = (key: string) => entries.find((entry) => entry.key === key)?.value;
  const name = at('ParameterKey');
  if (name === undefined || name.kind !== 'scalar' || typeof name.value !== 'string')
    throw mistake(node.at, 'it is no parameter: it has no ParameterKey', `the file must be ${formats}`);
  const value = at('ParameterValue');
  const previous = at('UsePreviousValue');
  const keeps = previous?.kind === 'scalar' && previous.value === true;
  if (value === undefined && !keeps) throw mistake(node.at, `parameter ${shown(name.value)} has no ParameterValue`);
  if (value !== undefined && keeps)
    throw mistake(
      name.at,
      `parameter ${shown(name.value)} has a ParameterValue and UsePreviousValue: give one of them`,
    );
  return { name: name.value, value: value === undefined ? undefined : textOf(value), where: name.at };
}

/** All that a user gives for the parameters of a template. */
export async function gatherParameters(
  file: string | undefined,
  single: Readonly<Record<string, string>>,
): Promise<readonly GivenParameter[]> {
  const fromFile = file === undefined ? [] : await readParameters(file);
  const own = Object.entries(single).map(([name, value]) => ({ name, value, where: undefined }));
  return [...fromFile.filter(({ name }) => !Object.hasOwn(single, name)), ...own];
}

/**
 * What is given, as templates ask for it.
 *
 * @param declared the parameters of the template, or of all templates that get the same ones
 * @throws ProvisoErrors when there is no such parameter, or CloudFormation would refuse the value
 */
export function checkParameters(
  given: readonly GivenParameter[],
  declared: readonly (Json | undefined)[],
  file: string,
): ReadonlyMap<string, () => Declared> {
  const names = [...new Set(declared.flatMap((section) => (isObject(section) ? Object.keys(section) : [])))];
  const errors = given.flatMap((one) => flawsOf(one, declared, names, file));
  if (errors.length > 0) throw new ProvisoErrors(errors);
  return givenValues(given);
}

export function givenValues(given: readonly GivenParameter[]): ReadonlyMap<string, () => Declared> {
  const kept = (name: string) =>
    unknown('known-after-apply', `parameter ${name} keeps the value that it has in the deployed stack`);
  return new Map(given.map(({ name, value }) => [name, () => value ?? kept(name)]));
}

/**
 * The values that a deployed stack has: what is given now may be new, and so may a default that is another one. All others
 * are assumed to have their defaults.
 *
 * @param deployed the parameters of its template
 * @param next those of the template that is to come
 */
export function valuesBefore(
  given: readonly GivenParameter[],
  deployed: Json | undefined,
  next: Json | undefined,
): ReadonlyMap<string, () => Declared> {
  const values = givenValues(given);
  const hasOther = (name: string) => {
    const [old, own] = [deployed, next].map((section) => ownMember(section, name));
    return own !== undefined && !same(ownMember(old, 'Default'), ownMember(own, 'Default'));
  };
  const changed = (isObject(deployed) ? Object.keys(deployed) : []).filter(
    (name) => !values.has(name) && hasOther(name),
  );
  const renewed = given.flatMap(({ name, value }) => (value === undefined ? [] : [name]));
  const open = (name: string) =>
    unknown('not-collected', `the value that parameter ${name.slice(0, 100)} has now is not known`);
  return new Map([...values, ...[...renewed, ...changed].map((name) => [name, () => open(name)] as const)]);
}

function flawsOf(
  { name, value, where }: GivenParameter,
  declared: readonly (Json | undefined)[],
  names: readonly string[],
  file: string,
): readonly ProvisoError[] {
  const place = where ?? inputError(file, '').where;
  const parameters = declared.flatMap((section) => ownMember(section, name) ?? []);
  if (parameters.length === 0) {
    const hint = names.length === 0 ? 'it has no parameters at all' : suggestion(name, names);
    return [mistake(place, `the template has no parameter ${shown(name)}`, hint)];
  }
  const refused = value === undefined ? undefined : parameters.map((one) => refusal(one, value)).find(Boolean);
  if (refused === undefined) return [];
  const hint = value === undefined ? undefined : suggestion(value, refused.allowed ?? []);
  return [mistake(place, `parameter ${shown(name)}: ${refused.message}`, hint)];
}
