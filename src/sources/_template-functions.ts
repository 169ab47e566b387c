import type { Declared } from '../model/resource-type.ts';
import { withoutParts, withParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type TextPart, type Unknown, unknown } from '../model/value.ts';
import { agreement } from './_template-agree.ts';
import { splitRange } from './_template-cidr.ts';
import { isMet, openCause } from './_template-conditions.ts';
import { attributeOf, importedValue, isReference, partsIn, refOf } from './_template-references.ts';
import {
  bounded,
  boundedList,
  isLookedUp,
  isRewritten,
  later,
  listOf,
  noText,
  once,
  otherwiseWritten,
  ownMember,
  type TemplateScope,
  textOf,
  tooMuch,
  unsureText,
} from './_template-scope.ts';

type TemplateFunction = (argument: Json | undefined, scope: TemplateScope) => Declared;

function getAttribute(argument: Json | undefined, scope: TemplateScope): Declared {
  const parts = typeof argument === 'string' ? argument.split('.') : listOf(argument);
  const [id, ...attribute] = parts.map((part) => textOf(scope.evaluate(part)));
  if (id === undefined || attribute.includes(undefined)) return later('an attribute');
  return attributeOf(id, attribute.join('.'), scope);
}

function join(argument: Json | undefined, scope: TemplateScope): Declared {
  const [delimiter, list] = listOf(argument).map(scope.evaluate);
  const doubt = doubtIn([list, delimiter]) ?? unsureText(argument);
  if (doubt !== undefined) return doubt;
  if (typeof delimiter !== 'string' || !Array.isArray(list)) return unknown('type', 'Fn::Join has no list');
  const items = boundedList(list as readonly Json[], scope);
  if (!Array.isArray(items)) return items;
  if (items.length === 1 && isReference(items[0], scope)) return items[0] as Json;
  const texts = (items as readonly Json[]).map(textOf);
  const odd = texts.indexOf(undefined);
  if (odd === -1) return bounded(texts.join(delimiter), scope);
  const parts = (items as readonly Json[]).map((item) => partsIn(item, scope));
  const whole = parts.flatMap((part, index) => (index === 0 ? (part ?? []) : [delimiter, ...(part ?? [])]));
  return made(noText(items[odd] as Json), parts.includes(undefined) ? undefined : whole, scope);
}

/** A text of which parts are not known: a marker that says what it is made of, if that is known and not too much. */
function made(doubt: Unknown, parts: readonly TextPart[] | undefined, { world }: TemplateScope): Unknown {
  if (parts === undefined) return doubt;
  world.work.left -= JSON.stringify(parts).length;
  return world.work.left < 0 ? tooMuch : withParts(doubt, parts);
}

/** Why something that functions make of values is not known. */
function doubtIn(values: readonly Declared[]): Unknown | undefined {
  const found = values.find(isUnknown);
  return found && withoutParts(found);
}

function split(argument: Json | undefined, scope: TemplateScope): Declared {
  const [delimiter, text] = listOf(argument).map(scope.evaluate);
  const isPlain = typeof delimiter === 'string' && delimiter !== '' && typeof text === 'string';
  return isPlain ? boundedList(text.split(delimiter), scope) : noText(text);
}

function select(argument: Json | undefined, scope: TemplateScope): Declared {
  const [index, list] = listOf(argument).map(scope.evaluate);
  const doubt = doubtIn([index, list]);
  if (doubt !== undefined) return doubt;
  const at = Number(textOf(index) ?? Number.NaN);
  const items = Array.isArray(list) ? (list as readonly Json[]) : [];
  // An item that is not known may be none, or more than one.
  const before = doubtIn(items.slice(0, at + 1));
  return before ?? items[at] ?? unknown('type', 'Fn::Select finds no such item');
}

/** Those entries of an object that a key may name: the one, or all of them while the key is not known. */
function entriesOf(object: Json | undefined, key: Declared): readonly (Json | undefined)[] {
  const name = textOf(key);
  if (name !== undefined) return [ownMember(object, name)];
  return isObject(object) && !isUnknown(object) ? Object.values(object) : [];
}

const mostCandidates = 200;

function findInMap(argument: Json | undefined, scope: TemplateScope): Declared {
  const [map, first, second, options] = listOf(argument);
  const keys = [map, first, second].map((key) => unsureText(key) ?? scope.evaluate(key));
  const [name, ...inner] = keys.map(textOf);
  const doubt = doubtIn(keys) ?? later('an entry of a mapping');
  if (name === undefined) return doubt;
  const mappings = ownMember(scope.template, 'Mappings');
  if (isRewritten(mappings)) return later('what a macro makes of a mapping');
  const whole = ownMember(mappings, name);
  const found = entriesOf(whole, keys[1]).flatMap((entry) => entriesOf(entry, keys[2]));
  if (found.length === 0 || found.length > mostCandidates) return doubt;
  const otherwise = ownMember(options, 'DefaultValue');
  const entry = (index: number) => {
    const value = found[index];
    const isPlain = textOf(value) !== undefined || (Array.isArray(value) && value.every((item) => textOf(item)));
    if (isPlain) return scope.evaluate(value);
    const unsure = unsureText(value);
    if (unsure !== undefined) return unsure;
    return value === undefined && otherwise !== undefined
      ? scope.evaluate(otherwise)
      : unknown('type', 'the mapping has no such entry');
  };
  if (!inner.includes(undefined)) return once(`Mappings.${JSON.stringify([name, ...inner])}`, scope, () => entry(0));
  // Whatever is chosen, it is one of these.
  const candidates = [...found.keys()].map(entry);
  if (otherwise !== undefined) candidates.push(scope.evaluate(otherwise));
  return candidates.reduce((one, other) => agreement(one, other, doubt, scope));
}

function choose(argument: Json | undefined, scope: TemplateScope): Declared {
  const [name, yes, no, ...more] = listOf(argument);
  if (typeof name !== 'string' || more.length > 0) return unknown('type', 'Fn::If names no condition');
  const answer = isMet(name, scope);
  if (answer !== undefined) return scope.evaluate(answer ? yes : no);
  return agreement(scope.evaluate(yes), scope.evaluate(no), openCause(name, scope), scope);
}

/** One `${…}` of Fn::Sub. */
function placeholder(name: string, given: Json | undefined, scope: TemplateScope): Declared {
  // An exclamation mark keeps the rest as it is.
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  const own = ownMember(given, name);
  if (own !== undefined) return unsureText(own) ?? scope.evaluate(own);
  const dot = name.indexOf('.');
  return dot === -1 ? refOf(name, scope) : attributeOf(name.slice(0, dot), name.slice(dot + 1), scope);
}

function substitute(argument: Json | undefined, scope: TemplateScope): Declared {
  const [pattern, given] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  if (typeof pattern !== 'string') return unknown('type', 'Fn::Sub has no text');
  if (isLookedUp(pattern)) return later('a value that is looked up');
  const parts: TextPart[] = [];
  let doubt: Unknown | undefined;
  let end = 0;
  for (const match of pattern.matchAll(/\$\{([^${}]{1,300})\}/g)) {
    const name = match[1]?.trim() ?? '';
    const value = placeholder(name, given, scope);
    if (match[0] === pattern && isReference(value, scope)) return value;
    const own = partsIn(value, scope);
    if (textOf(value) === undefined) doubt ??= noText(value);
    if (own === undefined) return doubt;
    parts.push(pattern.slice(end, match.index), ...own);
    end = match.index + match[0].length;
    scope.world.work.left -= match[0].length + JSON.stringify(own).length;
    if (scope.world.work.left < 0) return tooMuch;
  }
  parts.push(pattern.slice(end));
  if (doubt !== undefined) return made(doubt, parts, scope);
  return bounded(parts.filter((part) => typeof part === 'string').join(''), scope);
}

function base64(argument: Json | undefined, scope: TemplateScope): Declared {
  const value = unsureText(argument) ?? scope.evaluate(argument);
  const text = textOf(value);
  return text === undefined ? noText(value) : bounded(Buffer.from(text, 'utf8').toString('base64'), scope);
}

function cidr(argument: Json | undefined, scope: TemplateScope): Declared {
  const values = listOf(argument).map(scope.evaluate);
  const doubt = doubtIn(values);
  if (doubt !== undefined) return doubt;
  const [range = '', count, bits] = values.map(textOf);
  return splitRange(range, Number(count ?? Number.NaN), Number(bits ?? Number.NaN)) ?? later('a range of addresses');
}

/** A value of which every part is known, without ids that are to come. */
function isWhole(value: Declared, scope: TemplateScope): boolean {
  if (isUnknown(value) || isReference(value, scope)) return false;
  if (Array.isArray(value)) return (value as readonly Json[]).every((item) => isWhole(item, scope));
  return !isObject(value) || Object.values(value).every((member) => isWhole(member, scope));
}

function length(argument: Json | undefined, scope: TemplateScope): Declared {
  const value = scope.evaluate(argument);
  if (!Array.isArray(value)) return isUnknown(value) ? withoutParts(value) : unknown('type', 'Fn::Length has no list');
  // A marker in a list stands for any number of items.
  return doubtIn(value as readonly Json[]) ?? value.length;
}

function toJsonString(argument: Json | undefined, scope: TemplateScope): Declared {
  const value = unsureText(argument) ?? scope.evaluate(argument);
  if (value === undefined || !isWhole(value, scope))
    return isUnknown(value) ? withoutParts(value) : later('a part of the text');
  return bounded(JSON.stringify(value), scope);
}

/** A yes or no is one however it is written; a number may be meant as a text. */
function written(argument: Json | undefined): Declared {
  const [value] = listOf(argument);
  return typeof value === 'boolean' ? value : (unsureText({ [otherwiseWritten]: argument }) ?? later('a value'));
}

/** The functions that are worked out; all others stay open. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['Ref', refOf],
  [otherwiseWritten, written],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Sub', substitute],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', choose],
  ['Fn::Base64', base64],
  ['Fn::Cidr', cidr],
  ['Fn::ImportValue', importedValue],
  ['Fn::Length', length],
  ['Fn::ToJsonString', toJsonString],
]);
