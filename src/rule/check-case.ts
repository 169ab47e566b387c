import type { Place } from '../errors.ts';
import { parseInstant } from '../model/instant.ts';
import type { Shape, TypeFacts } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';
import { type Json, type JsonObject, unknownReasons } from '../model/value.ts';
import { toJson, type YamlEntry, type YamlMap, type YamlNode } from '../model/yaml.ts';
import { faultValue } from './check-parameters.ts';
import { type Checking, cut, describe, fault, mapping, word } from './checking.ts';
import { parameterMisfit } from './parameters.ts';
import type { Case } from './rule.ts';
import { fieldsOf } from './spot.ts';

/** The instant at which a case plays unless it says otherwise: 2026-11-24T00:00:00Z. */
export const caseInstant = Date.UTC(2026, 10, 24);

/** Case words at the top of a case, beside its properties. */
const caseWords = ['$with', '$params', '$now', '$region'] as const;

type Expected = Case['expected'];

/** Checks a rule's examples for one outcome. */
export function checkCases(
  checking: Checking,
  entry: YamlEntry,
  expected: Expected,
  type: TypeFacts | undefined,
): readonly Case[] {
  const map = mapping(checking, entry.value, `'${expected}'`);
  if (map === undefined) return [];
  if (map.entries.length === 0) fault(checking, entry.keyNode.at, `'${expected}' needs at least one case`);
  return map.entries.flatMap((one) => checkCase(checking, one, expected, type) ?? []);
}

function checkCase(
  checking: Checking,
  entry: YamlEntry,
  expected: Expected,
  type: TypeFacts | undefined,
): Case | undefined {
  const map = mapping(checking, entry.value, 'a case');
  if (map === undefined) return undefined;
  const own = map.entries.filter((one) => (caseWords as readonly string[]).includes(one.key));
  const properties = map.entries.filter((one) => !one.key.startsWith('$'));
  for (const one of map.entries)
    if (one.key.startsWith('$') && !own.includes(one))
      fault(checking, one.keyNode.at, `a case has no '${cut(one.key)}'`, suggestion(one.key, caseWords));
  const find = (key: string) => own.find((one) => one.key === key)?.value;
  const body: YamlMap = { ...map, entries: properties };
  checkProperties(checking, body, expected, type);
  const region = find('$region');
  if (region !== undefined) checkText(checking, region, '$region');
  return {
    name: entry.key,
    expected,
    ...(type === undefined
      ? {}
      : { properties: toJson(region === undefined ? body : withRegion(map, body)) as JsonObject }),
    surroundings: checkSurroundings(checking, find('$with'), expected),
    parameters: checkValues(checking, find('$params')),
    now: checkNow(checking, find('$now')),
    at: entry.keyNode.at,
  };
}

function checkProperties(checking: Checking, body: YamlMap, expected: Expected, type: TypeFacts | undefined): void {
  const shape = type === undefined ? undefined : checking.catalogue.shapes.get(type.type);
  if (shape !== undefined) return checkShape(checking, body, shape, expected === 'unknown');
  for (const one of body.entries) fault(checking, one.keyNode.at, 'a rule about an account or region has no fields');
}

function withRegion(map: YamlMap, body: YamlMap): YamlMap {
  return { ...body, entries: [...body.entries, ...map.entries.filter((one) => one.key === '$region')] };
}

function checkText(checking: Checking, node: YamlNode, what: string): void {
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    fault(checking, node.at, `'${what}' is text, not ${describe(node)}`);
}

function checkNow(checking: Checking, node: YamlNode | undefined): number {
  if (node === undefined) return caseInstant;
  const instant = node.kind === 'scalar' && typeof node.value === 'string' ? parseInstant(node.value) : undefined;
  if (instant === undefined) fault(checking, node.at, "'$now' is an instant, such as 2026-11-24T00:00:00Z");
  return instant ?? caseInstant;
}

function checkValues(checking: Checking, node: YamlNode | undefined): Readonly<Record<string, Json>> {
  const map = node === undefined ? undefined : mapping(checking, node, "'$params'");
  const { parameters } = checking;
  const values: Record<string, Json> = {};
  for (const entry of map?.entries ?? []) {
    const value = toJson(entry.value);
    values[entry.key] = value;
    const wrong = parameters === undefined ? undefined : parameterMisfit(parameters, entry.key, value);
    if (wrong === undefined || checking.undeclared.has(entry.key)) continue;
    if (
      wrong.key === entry.key &&
      wrong.at.length === 0 &&
      parameters !== undefined &&
      !Object.hasOwn(parameters, entry.key)
    )
      fault(checking, entry.keyNode.at, wrong.message, wrong.hint);
    else faultValue(checking, entry.value, wrong);
  }
  return values;
}

function checkSurroundings(
  checking: Checking,
  node: YamlNode | undefined,
  expected: Expected,
): Readonly<Record<string, Json>> {
  const map = node === undefined ? undefined : mapping(checking, node, "'$with'");
  const surroundings: Record<string, Json> = {};
  for (const entry of map?.entries ?? []) {
    surroundings[entry.key] = toJson(entry.value);
    checkInstances(checking, entry, expected);
  }
  return surroundings;
}

function checkInstances(checking: Checking, { key, keyNode, value }: YamlEntry, expected: Expected): void {
  const shape = checking.catalogue.shapes.get(key);
  if (shape === undefined) {
    const hint = suggestion(key, [...checking.catalogue.shapes.keys()]);
    fault(checking, keyNode.at, `there is no resource type '${cut(key)}'`, hint);
  } else if (value.kind === 'list') {
    for (const item of value.items) checkInstance(checking, item, shape, expected);
  } else if (!checkMarker(checking, value)) {
    const wrong = value.kind === 'map' && checkWords(checking, value);
    if (!wrong) fault(checking, value.at, `${key} is a list of resources`);
  }
}

function checkInstance(checking: Checking, node: YamlNode, shape: Shape, expected: Expected): void {
  if (checkMarker(checking, node)) return;
  const map = mapping(checking, node, 'a resource');
  if (map === undefined) return;
  const region = map.entries.find((entry) => entry.key === '$region');
  if (region !== undefined) checkText(checking, region.value, '$region');
  const body = { ...map, entries: map.entries.filter((entry) => entry !== region) };
  checkWords(checking, body, ['$region', '$unknown']);
  const bare = { ...body, entries: body.entries.filter(({ key }) => !key.startsWith('$')) };
  checkShape(checking, bare, shape, expected === 'unknown');
}

/** `{ $unknown: denied }`: whether it is one, right or wrong. */
function checkMarker(checking: Checking, node: YamlNode): boolean {
  if (node.kind !== 'map') return false;
  const marker = node.entries.find((entry) => entry.key === '$unknown');
  if (marker === undefined) return false;
  word(checking, marker.value, '$unknown', unknownReasons);
  for (const entry of node.entries) {
    if (entry === marker) continue;
    if (entry.key === 'detail' || entry.key === 'call') checkText(checking, entry.value, entry.key);
    else fault(checking, entry.keyNode.at, `a value that was not collected has no '${cut(entry.key)}'`);
  }
  return true;
}

type Members = Exclude<Shape, string>;

const document: Members = {
  name: 'a policy document',
  fields: { Version: 'any', Id: 'any', Statement: 'any' },
};
const statement: Members = {
  name: 'a statement',
  fields: Object.fromEntries(
    ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'].map(
      (name) => [name, 'any'] as const,
    ),
  ),
};

/** @param loose a case of unknown data may hold values of the wrong type on purpose */
function checkShape(checking: Checking, node: YamlNode, shape: Shape, loose: boolean): void {
  if (checkMarker(checking, node) || isNothing(node)) return;
  if (node.kind === 'map') checkWords(checking, node);
  if (shape === 'any') return;
  if (shape === 'policy') return checkDocument(checking, node);
  if (typeof shape === 'string') return checkScalar(checking, node, shape, loose);
  if ('list' in shape) return checkItems(checking, node, shape.list, loose);
  if (node.kind !== 'map') return misplaced(checking, node, 'a mapping', loose);
  for (const entry of node.entries) checkMember(checking, entry, shape, loose);
}

function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function checkItems(checking: Checking, node: YamlNode, shape: Shape, loose: boolean): void {
  if (node.kind !== 'list') return misplaced(checking, node, 'a list', loose);
  for (const item of node.items) checkShape(checking, item, shape, loose);
}

/** Words of ours among AWS's: only the marker of what was not collected, and that alone. @returns whether there are others */
function checkWords(checking: Checking, map: YamlMap, known: readonly string[] = ['$unknown']): boolean {
  const wrong = map.entries.filter(({ key }) => key.startsWith('$'));
  for (const { key, keyNode } of wrong)
    fault(checking, keyNode.at, `there is no '${cut(key)}' here`, suggestion(key, known));
  return wrong.length > 0;
}

function checkMember(checking: Checking, entry: YamlEntry, shape: Members, loose: boolean): void {
  if (entry.key.startsWith('$')) return;
  const member =
    'map' in shape
      ? shape.map
      : 'fields' in shape && Object.hasOwn(shape.fields, entry.key)
        ? shape.fields[entry.key]
        : undefined;
  if (member !== undefined) return checkShape(checking, entry.value, member, loose);
  const name = 'fields' in shape ? shape.name : undefined;
  fault(
    checking,
    entry.keyNode.at,
    `${name === undefined ? 'AWS' : name} has no field '${cut(entry.key)}' here`,
    suggestion(entry.key, fieldsOf(shape)),
  );
}

function misplaced(checking: Checking, node: YamlNode, wanted: string, loose: boolean): void {
  if (!loose) fault(checking, node.at, `AWS has ${wanted} here, not ${describe(node)}`);
}

function checkScalar(checking: Checking, node: YamlNode, shape: string, loose: boolean): void {
  if (loose) return;
  if (node.kind !== 'scalar') return misplaced(checking, node, `a ${shape}`, loose);
  const { value } = node;
  const time = shape === 'timestamp' && typeof value === 'string' && parseInstant(value) !== undefined;
  if (time || (shape !== 'timestamp' && typeof value === shape)) return;
  const hint = shape === 'timestamp' ? 'such as 2026-01-01T00:00:00.000Z' : shape === 'string' ? 'quote it' : undefined;
  fault(checking, node.at, `AWS has a ${shape} here, not ${describe(node)}`, hint);
}

function checkDocument(checking: Checking, node: YamlNode): void {
  if (node.kind !== 'map') return;
  for (const entry of node.entries) checkMember(checking, entry, document, true);
  const statements = node.entries.find((entry) => entry.key === 'Statement')?.value;
  const list = statements?.kind === 'list' ? statements.items : statements === undefined ? [] : [statements];
  for (const one of list) {
    if (one.kind === 'map' && !checkMarker(checking, one))
      for (const entry of one.entries) checkMember(checking, entry, statement, true);
  }
}

/** Where cases of one name stand twice, the second place. */
export function repeatedCase(cases: readonly Case[]): { readonly name: string; readonly at: Place } | undefined {
  const seen = new Set<string>();
  return cases.find((one) => seen.size === seen.add(one.name).size);
}
