import { isObject, type Json } from '../model/value.ts';
import { entryOf, nodeAt, toJson, type YamlEntry, type YamlMap, type YamlNode } from '../model/yaml.ts';
import { type Checking, fault, fixedKeys, mapping, required, text, word } from './checking.ts';
import type { Parameter } from './rule.ts';
import { type Misfit, misfit, parameterKeywords, valueFormats, valueTypes } from './value-schema.ts';

const nestingLimit = 4;

/** Checks the declarations of a rule's parameters. @returns undefined when one of them has a mistake */
export function checkDeclarations(checking: Checking, node: YamlNode): Readonly<Record<string, Parameter>> | undefined {
  const map = mapping(checking, node, "'params'");
  if (map === undefined) return undefined;
  const parameters: Record<string, Parameter> = {};
  let sound = true;
  for (const entry of map.entries) {
    const parameter = /^[A-Za-z][A-Za-z0-9]*$/.test(entry.key)
      ? checkDeclaration(checking, entry)
      : fault(checking, entry.keyNode.at, `'${entry.key}' cannot name a parameter`, 'use letters and digits');
    if (parameter === undefined) sound = false;
    else parameters[entry.key] = parameter;
  }
  return sound ? parameters : undefined;
}

function checkDeclaration(checking: Checking, entry: YamlEntry): Parameter | undefined {
  const map = mapping(checking, entry.value, 'a parameter');
  if (map === undefined) return undefined;
  const what = `parameter '${entry.key}'`;
  const fixed = fixedKeys(checking, map, what, ['description', 'schema', 'default']);
  const describing = required(checking, fixed, 'description', entry.keyNode.at, what);
  const typing = required(checking, fixed, 'schema', entry.keyNode.at, what);
  const description = describing && text(checking, describing.value, 'a description');
  const schema = typing && checkSchema(checking, typing.value, 0);
  if (description === undefined || schema === undefined || fixed.wrong.length > 0) return undefined;
  const at = entry.keyNode.at;
  const fallback = fixed.entries.get('default');
  if (fallback === undefined) return { description, schema, at };
  const value = toJson(fallback.value);
  const wrong = misfit(value, schema);
  if (wrong !== undefined) return faultValue(checking, fallback.value, wrong);
  return { description, schema, default: value, at };
}

/** Marks the part of a value that does not fit. */
export function faultValue(checking: Checking, node: YamlNode, wrong: Misfit): undefined {
  const inner = nodeAt(node, wrong.at);
  const key = wrong.key !== undefined && inner.kind === 'map' ? entryOf(inner, wrong.key) : undefined;
  return fault(checking, key?.keyNode.at ?? inner.at, wrong.message, wrong.hint);
}

/** A JSON Schema of the few keywords that a parameter needs. */
function checkSchema(checking: Checking, node: YamlNode, depth: number): Parameter['schema'] | undefined {
  const map = mapping(checking, node, "'schema'");
  if (map === undefined) return undefined;
  if (depth > nestingLimit) return fault(checking, map.at, `schemas are nested more than ${nestingLimit} levels deep`);
  const fixed = fixedKeys(checking, map, 'the schema of a parameter', parameterKeywords);
  const typed = required(checking, fixed, 'type', map.at, 'the schema of a parameter');
  const sound = [
    typed === undefined || checkTypes(checking, typed.value),
    checkNumbers(checking, fixed.entries),
    checkChoices(checking, map),
    checkFormat(checking, fixed.entries.get('format')),
    ...[fixed.entries.get('items')].map(
      (e) => e === undefined || checkSchema(checking, e.value, depth + 1) !== undefined,
    ),
  ].every(Boolean);
  const schema = toJson(map);
  return sound && typed !== undefined && fixed.wrong.length === 0 && isObject(schema)
    ? (schema as Parameter['schema'])
    : undefined;
}

function checkTypes(checking: Checking, node: YamlNode): boolean {
  const nodes = node.kind === 'list' && node.items.length > 0 ? node.items : [node];
  return nodes.map((one) => word(checking, one, 'a type', valueTypes) !== undefined).every(Boolean);
}

const limitKeywords = ['minItems', 'maxItems', 'minimum', 'maximum', 'minLength', 'maxLength'];

function checkNumbers(checking: Checking, entries: ReadonlyMap<string, YamlEntry>): boolean {
  const wrong = limitKeywords
    .flatMap((keyword) => entries.get(keyword) ?? [])
    .filter(({ value }) => value.kind !== 'scalar' || typeof value.value !== 'number');
  for (const entry of wrong) fault(checking, entry.value.at, `'${entry.key}' is a number`);
  return wrong.length === 0;
}

function checkChoices(checking: Checking, map: YamlMap): boolean {
  const entry = entryOf(map, 'enum');
  if (entry === undefined) return true;
  const choices: Json = toJson(entry.value);
  if (Array.isArray(choices) && choices.length > 0) return true;
  fault(checking, entry.value.at, "'enum' is a list of the possible values");
  return false;
}

function checkFormat(checking: Checking, entry: YamlEntry | undefined): boolean {
  return entry === undefined || word(checking, entry.value, 'a format', valueFormats) !== undefined;
}
