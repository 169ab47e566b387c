import type { Declared } from '../model/resource-type.ts';
import { canonicalJson, isUnknown, type Json, unknown } from '../model/value.ts';
import { isMet } from './_template-conditions.ts';
import { attributeOf, isReference, refOf } from './_template-references.ts';
import { bounded, isLookedUp, later, noText, ownMember, type TemplateScope, textOf } from './_template-scope.ts';

type TemplateFunction = (argument: Json | undefined, scope: TemplateScope) => Declared;

function itemsOf(argument: Json | undefined): readonly Json[] {
  return Array.isArray(argument) ? argument : [];
}

function getAttribute(argument: Json | undefined, scope: TemplateScope): Declared {
  const parts = typeof argument === 'string' ? argument.split('.') : itemsOf(argument);
  const [id, ...attribute] = parts.map((part) => textOf(scope.evaluate(part)));
  if (id === undefined || attribute.includes(undefined)) return later('an attribute');
  return attributeOf(id, attribute.join('.'), scope);
}

function join(argument: Json | undefined, scope: TemplateScope): Declared {
  const [delimiter, list] = itemsOf(argument).map(scope.evaluate);
  if (isUnknown(list) || isUnknown(delimiter)) return isUnknown(list) ? list : delimiter;
  if (typeof delimiter !== 'string' || !Array.isArray(list)) return unknown('type', 'Fn::Join has no list');
  const items = list as readonly Json[];
  if (items.length === 1 && isReference(items[0], scope)) return items[0];
  const texts = items.map(textOf);
  const odd = texts.indexOf(undefined);
  return odd === -1 ? bounded(texts.join(delimiter)) : noText(items[odd]);
}

function split(argument: Json | undefined, scope: TemplateScope): Declared {
  const [delimiter, text] = itemsOf(argument).map(scope.evaluate);
  const isPlain = typeof delimiter === 'string' && delimiter !== '' && typeof text === 'string';
  return isPlain ? text.split(delimiter) : noText(text);
}

function select(argument: Json | undefined, scope: TemplateScope): Declared {
  const [index, list] = itemsOf(argument).map(scope.evaluate);
  const doubt = [index, list].find(isUnknown);
  if (doubt !== undefined) return doubt;
  const at = Number(textOf(index) ?? Number.NaN);
  const items = Array.isArray(list) ? (list as readonly Json[]) : [];
  // An item that is not known may be none, or more than one.
  const before = items.slice(0, at + 1).find(isUnknown);
  return before ?? items[at] ?? unknown('type', 'Fn::Select finds no such item');
}

function findInMap(argument: Json | undefined, scope: TemplateScope): Declared {
  const [map, first, second] = itemsOf(argument).map((item) => textOf(scope.evaluate(item)));
  if (map === undefined || first === undefined || second === undefined) return later('an entry of a mapping');
  const found = ownMember(ownMember(ownMember(ownMember(scope.template, 'Mappings'), map), first), second);
  const isPlain = textOf(found) !== undefined || (Array.isArray(found) && found.every((item) => textOf(item)));
  return isPlain ? scope.evaluate(found) : unknown('type', 'the mapping has no such entry');
}

function choose(argument: Json | undefined, scope: TemplateScope): Declared {
  const [name, yes, no] = itemsOf(argument);
  if (typeof name !== 'string') return unknown('type', 'Fn::If names no condition');
  const answer = isMet(name, scope);
  if (answer !== undefined) return scope.evaluate(answer ? yes : no);
  const [one, other] = [scope.evaluate(yes), scope.evaluate(no)];
  const isSame = !isReference(one, scope) && canonicalJson(one) === canonicalJson(other);
  return isSame ? one : later(`whether ${name} is met`);
}

/** One `${…}` of Fn::Sub. */
function placeholder(name: string, given: Json | undefined, scope: TemplateScope): Declared {
  // An exclamation mark keeps the rest as it is.
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  const own = ownMember(given, name);
  if (own !== undefined) return scope.evaluate(own);
  const dot = name.indexOf('.');
  return dot === -1 ? refOf(name, scope) : attributeOf(name.slice(0, dot), name.slice(dot + 1), scope);
}

function substitute(argument: Json | undefined, scope: TemplateScope): Declared {
  const [pattern, given] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  if (typeof pattern !== 'string') return unknown('type', 'Fn::Sub has no text');
  if (isLookedUp(pattern)) return later('a value that is looked up');
  let text = '';
  let end = 0;
  for (const match of pattern.matchAll(/\$\{([^${}]{1,300})\}/g)) {
    const name = match[1]?.trim() ?? '';
    const value = placeholder(name, given, scope);
    if (match[0] === pattern && isReference(value, scope)) return value;
    const part = textOf(value);
    if (part === undefined) return noText(value);
    text += pattern.slice(end, match.index) + part;
    end = match.index + match[0].length;
    if (isUnknown(bounded(text))) break;
  }
  return bounded(text + pattern.slice(end));
}

/** The functions that are worked out; all others stay open. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['Ref', refOf],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Sub', substitute],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', choose],
]);
