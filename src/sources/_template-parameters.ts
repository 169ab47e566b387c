import type { Declared } from '../model/resource-type.ts';
import { withoutParts } from '../model/text-parts.ts';
import { isUnknown, type Json, unknown } from '../model/value.ts';
import {
  boundedList,
  isLookedUp,
  later,
  listOf,
  once,
  ownMember,
  type TemplateScope,
  textMember,
  textOf,
  unsureText,
} from './_template-scope.ts';

/** What `Ref` gives for a parameter. */
export function parameterValue(name: string, parameter: Json, scope: TemplateScope): Declared {
  return once(`Parameters.${name}`, scope, () => findParameter(name, parameter, scope));
}

function findParameter(name: string, parameter: Json, scope: TemplateScope): Declared {
  const type = textMember(parameter, 'Type') ?? 'String';
  if (isSecret(parameter)) return unknown('redacted', `parameter ${name} is not to be shown`);
  const given = scope.parameters.get(name);
  const written = given === undefined ? ownMember(parameter, 'Default') : given();
  if (written === undefined || written === null) return unsettled(name, given !== undefined);
  const unsure = given === undefined ? unsureText(written) : undefined;
  if (unsure !== undefined) return unsure;
  if (isLookedUpType(type)) return later(`parameter ${name}, which is looked up,`);
  // An outer template may hand over a list, an id that is to come, or what is not known.
  if (Array.isArray(written)) return isListType(type) ? written : later(`parameter ${name}`);
  const text = textOf(written);
  if (isUnknown(written)) return isListType(type) ? withoutParts(written) : written;
  return text === undefined ? written : readAs(type, text, name, scope);
}

function isSecret(parameter: Json): boolean {
  return ownMember(parameter, 'NoEcho') !== undefined && textMember(parameter, 'NoEcho') !== 'false';
}

function readAs(type: string, text: string, name: string, scope: TemplateScope): Declared {
  if (isLookedUp(text)) return later(`parameter ${name}, which is looked up,`);
  if (isListType(type)) return boundedList(itemsOf(text), scope);
  // What is not written as the number would be stays as it is written.
  return type === 'Number' && /^(?:0|-?[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;
}

function itemsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function unsettled(name: string, isGiven: boolean): Declared {
  return unknown(
    'known-after-apply',
    `parameter ${name} has no ${isGiven ? 'value' : 'default, and no value is given'}`,
  );
}

function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** `AWS::SSM::Parameter::Name` is a name, while these are what is stored under one. */
export function isLookedUpType(type: string): boolean {
  return type.startsWith('AWS::SSM::Parameter::Value<');
}

/** Why CloudFormation refuses a value for a parameter, if it does; in words that do not repeat a secret. */
export function refusal(
  parameter: Json,
  value: string,
): { readonly message: string; readonly allowed?: readonly string[] } | undefined {
  const type = textMember(parameter, 'Type') ?? 'String';
  if (isLookedUpType(type)) return undefined;
  const items = isListType(type) ? itemsOf(value) : [value];
  const shown = (item: string) => (isSecret(parameter) ? 'its value' : JSON.stringify(item.slice(0, 100)));
  const isNumeric = type === 'Number' || type === 'List<Number>';
  const odd = isNumeric ? items.find((item) => !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(item)) : undefined;
  if (odd !== undefined) return { message: `${shown(odd)} is not a number` };
  const listed = listOf(ownMember(parameter, 'AllowedValues'));
  const allowed = listed.flatMap((item) => textOf(item) ?? []);
  const stranger =
    allowed.length < listed.length || listed.length === 0 ? undefined : items.find((item) => !allowed.includes(item));
  if (stranger === undefined) return undefined;
  const message = `${shown(stranger)} is not among its AllowedValues`;
  return isSecret(parameter) ? { message } : { message, allowed };
}
