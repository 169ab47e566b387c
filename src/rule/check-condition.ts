import type { Place } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Operator } from '../model/operator.ts';
import type { Shape } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';
import { byCodeUnit } from '../model/value.ts';
import { placeWithin, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../model/yaml.ts';
import { checkCount } from './check-count.ts';
import { checkOperand } from './check-operand.ts';
import { checkQuantifier } from './check-quantifier.ts';
import { type Checking, cut, describe, fault, mapping, text } from './checking.ts';
import { placeAt } from './read.ts';
import { addReads } from './reads.ts';
import type { Condition, Subject } from './rule.ts';
import { fieldsOf, follow, isLost, kindOf, type Lost, memberShape, type Spot } from './spot.ts';

const depthLimit = 12;
const connectives = ['all', 'any', 'not', 'if', 'then', 'else'] as const;
const quantifiers = ['some', 'every', 'none'] as const;

/** The words that a condition may begin with besides fields and operators. */
export const reservedWords = [...connectives, ...quantifiers, 'count', 'unknown', 'path'] as const;

/** Checks a condition: a mapping, all of whose entries must hold. @returns undefined when it has mistakes */
export function checkCondition(checking: Checking, node: YamlNode, spot: Spot): Condition | undefined {
  const map = mapping(checking, node, 'a condition');
  if (map === undefined) return undefined;
  if (map.entries.length === 0) return fault(checking, map.at, 'a condition must say something');
  if (spot.depth >= depthLimit)
    return fault(checking, map.at, `conditions are nested more than ${depthLimit} levels deep`);
  const inner: Spot = { ...spot, depth: spot.depth + 1 };
  const parts = map.entries.map((entry) => checkEntry(checking, map, entry, inner));
  return conjunction(parts.flat(), map.at);
}

function conjunction(parts: readonly (Condition | undefined)[], at: Place): Condition | undefined {
  const conditions = parts.filter((part) => part !== undefined);
  if (conditions.length < parts.length) return undefined;
  const [only, ...others] = conditions;
  return only !== undefined && others.length === 0 ? only : { kind: 'all', conditions, at };
}

/** @returns one condition an entry; `then` and `else` belong to their `if` and give none */
function checkEntry(
  checking: Checking,
  map: YamlMap,
  entry: YamlEntry,
  spot: Spot,
): readonly (Condition | undefined)[] {
  const { key, value, keyNode } = entry;
  switch (key) {
    case 'all':
    case 'any':
      return [checkList(checking, key, entry, spot)];
    case 'not': {
      const condition = checkCondition(checking, value, spot);
      return [condition && { kind: 'not', condition, at: keyNode.at }];
    }
    case 'if':
      return [checkIf(checking, map, entry, spot)];
    case 'then':
    case 'else':
      return hasIf(checking, map, entry, spot) ? [] : [undefined];
    case 'some':
    case 'every':
    case 'none':
      return [checkQuantifier(checking, key, entry, spot, checkCondition)];
    case 'count':
      return [checkCount(checking, entry, spot, checkCondition)];
    case 'unknown': {
      const why = text(checking, value, "'unknown'");
      return [why === undefined ? undefined : { kind: 'unknown', why, at: keyNode.at }];
    }
    case 'path':
      return checkPathForm(checking, entry, spot);
    default:
      return checkSubject(checking, entry, spot);
  }
}

function checkList(checking: Checking, kind: 'all' | 'any', entry: YamlEntry, spot: Spot): Condition | undefined {
  const { value, keyNode } = entry;
  if (value.kind !== 'list' || value.items.length === 0)
    return fault(checking, value.at, `'${kind}' is a list of conditions, not ${describe(value)}`);
  const parts = value.items.map((item) => checkCondition(checking, item, spot));
  const conditions = parts.filter((part) => part !== undefined);
  return conditions.length === parts.length ? { kind, conditions, at: keyNode.at } : undefined;
}

function entryNamed(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** A wrong word that was probably meant to be this one has its own message. */
function misspelt(checking: Checking, map: YamlMap, word: string, spot: Spot): boolean {
  return map.entries.some(
    ({ key }) =>
      nearest(key, [word]) !== undefined &&
      !(reservedWords as readonly string[]).includes(key) &&
      !checking.catalogue.operators.has(key) &&
      isLost(follow(spot, key, false)),
  );
}

function hasIf(checking: Checking, map: YamlMap, entry: YamlEntry, spot: Spot): boolean {
  if (entryNamed(map, 'if') !== undefined) return true;
  if (!misspelt(checking, map, 'if', spot)) fault(checking, entry.keyNode.at, `'${entry.key}' stands without an 'if'`);
  return false;
}

function checkIf(checking: Checking, map: YamlMap, entry: YamlEntry, spot: Spot): Condition | undefined {
  const thenEntry = entryNamed(map, 'then');
  const elseEntry = entryNamed(map, 'else');
  const condition = checkCondition(checking, entry.value, spot);
  const consequence = thenEntry && checkCondition(checking, thenEntry.value, spot);
  const otherwise = elseEntry && checkCondition(checking, elseEntry.value, spot);
  if (thenEntry === undefined && !misspelt(checking, map, 'then', spot))
    fault(checking, entry.keyNode.at, "'if' stands without a 'then'");
  if (condition === undefined || consequence === undefined) return undefined;
  if (elseEntry !== undefined && otherwise === undefined) return undefined;
  const at = entry.keyNode.at;
  const both = { kind: 'if', if: condition, then: consequence, at } as const;
  return otherwise === undefined ? both : { ...both, else: otherwise };
}

/** `path: { of: every, eq: 3 }`: a field whose name is a word of the language. */
function checkPathForm(checking: Checking, entry: YamlEntry, spot: Spot): readonly (Condition | undefined)[] {
  const map = mapping(checking, entry.value, "'path'");
  if (map === undefined) return [undefined];
  const of = entryNamed(map, 'of');
  if (of === undefined || of.value.kind !== 'scalar' || typeof of.value.value !== 'string')
    return [fault(checking, of?.value.at ?? map.at, "'path' needs 'of' with the field's path")];
  const target = follow(spot, of.value.value, false);
  if (isLost(target)) return [faultPath(checking, of.value, 0, target)];
  const operators = { ...map, entries: map.entries.filter((candidate) => candidate !== of) };
  return checkOperators(checking, operators, { kind: 'path', path: of.value.value }, target, spot);
}

/** An entry that is no word of the language: a tag, an operator on the item itself, or a path. */
function checkSubject(checking: Checking, entry: YamlEntry, spot: Spot): readonly (Condition | undefined)[] {
  const { key, keyNode, value } = entry;
  if (spot.type === undefined)
    return [
      faultWord(checking, keyNode, key, 'a rule about an account or region ranges over types', [...reservedWords]),
    ];
  const operator = checking.catalogue.operators.get(key);
  if (key.startsWith('tag.')) return checkTag(checking, entry, spot);
  if (operator !== undefined && standsAlone(operator, spot.shape))
    return [checkTest(checking, operator, entry, { kind: 'item' }, spot, spot)];
  const target = follow(spot, key, false);
  if (!isLost(target)) return checkValue(checking, value, keyNode, { kind: 'path', path: key }, target, spot);
  if (operator !== undefined)
    return [
      fault(checking, keyNode.at, `'${key}' stands without the field that it judges`, `write FIELD: { ${key}: … }`),
    ];
  if (!target.first || /[.[]/.test(key)) return [faultPath(checking, keyNode, 0, target)];
  const alone = [...checking.catalogue.operators.values()].filter((one) => standsAlone(one, spot.shape));
  const words = [...fieldsOf(spot.shape), ...reservedWords, ...alone.map((one) => one.name)];
  return [faultWord(checking, keyNode, key, target.message, words)];
}

/** An operator needs no field before it when it judges whole items, or when the item has no fields. */
function standsAlone(operator: Operator, shape: Shape): boolean {
  return operator.onItem === true || (typeof shape === 'object' ? !('fields' in shape) : shape !== 'any');
}

function faultWord(
  checking: Checking,
  node: YamlScalar,
  word: string,
  message: string,
  words: readonly string[],
): undefined {
  const hint = suggestion(word, words);
  return fault(checking, node.at, `'${cut(word)}' cannot stand here: ${message}`, hint);
}

/** Underlines the segment of a path that is wrong. `offset` is where the path begins within the scalar's text. */
export function faultPath(checking: Checking, node: YamlScalar, offset: number, lost: Lost): undefined {
  return fault(checking, placeWithin(node, offset + lost.start, lost.length), lost.message, lost.hint);
}

function checkTag(checking: Checking, entry: YamlEntry, spot: Spot): readonly (Condition | undefined)[] {
  const { key, keyNode, value } = entry;
  const tag = key.slice('tag.'.length);
  if (tag === '') return [fault(checking, keyNode.at, "'tag.' stands without the tag's key", 'write tag.KEY')];
  if (spot.type?.tags === undefined)
    return [fault(checking, keyNode.at, `${spot.type?.type ?? 'this'} has no tags that are collected`)];
  return checkValue(
    checking,
    value,
    keyNode,
    { kind: 'tag', key: tag },
    { path: spot.type.tags, shape: 'string' },
    spot,
  );
}

/** A literal means equality; a mapping holds operators. */
function checkValue(
  checking: Checking,
  value: YamlNode,
  keyNode: YamlScalar,
  subject: Subject,
  target: { readonly path: string; readonly shape: Shape },
  spot: Spot,
): readonly (Condition | undefined)[] {
  const entry: YamlEntry = { key: 'eq', keyNode, value };
  const parameter = value.kind === 'map' && value.entries.length === 1 && value.entries[0]?.key === 'param';
  if (value.kind === 'map' && !parameter) return checkOperators(checking, value, subject, target, spot);
  if (value.kind === 'list')
    return [fault(checking, value.at, 'a list cannot stand here', 'write { in: […] } for one of them, or { eq: […] }')];
  if (value.kind === 'scalar' && value.value === null)
    return [fault(checking, value.at, 'nothing stands here', 'write { exists: false } for a field that is not set')];
  const kind = kindOf(target.shape);
  if (kind === 'list' || kind === 'object')
    return [
      fault(
        checking,
        value.at,
        `'${keyNode.value}' is ${kind === 'list' ? 'a list' : 'an object'}, not a single value`,
      ),
    ];
  const equals = checking.catalogue.operators.get('eq');
  if (equals === undefined) return [fault(checking, value.at, "there is no operator 'eq'")];
  return [checkTest(checking, equals, entry, subject, target, spot)];
}

function checkOperators(
  checking: Checking,
  map: YamlMap,
  subject: Subject,
  target: { readonly path: string; readonly shape: Shape },
  spot: Spot,
): readonly (Condition | undefined)[] {
  if (map.entries.length === 0) return [fault(checking, map.at, 'an operator must stand here')];
  return map.entries.map((entry) => {
    const operator = checking.catalogue.operators.get(entry.key);
    if (operator !== undefined) return checkTest(checking, operator, entry, subject, target, spot);
    const hint =
      suggestion(entry.key, [...checking.catalogue.operators.keys(), 'param']) ?? operatorsFor(checking, target.shape);
    return fault(checking, entry.keyNode.at, `there is no operator '${cut(entry.key)}'`, hint);
  });
}

/** The operators that can judge a field, for somebody who guesses. */
function operatorsFor(checking: Checking, shape: Shape): string {
  const kind = kindOf(shape);
  const able = [...checking.catalogue.operators.values()].filter(({ kinds }) => kind === 'any' || kinds.includes(kind));
  return `operators here: ${able
    .map(({ name }) => name)
    .sort(byCodeUnit)
    .join(', ')}`;
}

function checkTest(
  checking: Checking,
  operator: Operator,
  entry: YamlEntry,
  subject: Subject,
  target: { readonly path: string; readonly shape: Shape },
  spot: Spot,
): Condition | undefined {
  const { keyNode, value } = entry;
  const kind = kindOf(target.shape);
  if (kind !== 'any' && !operator.kinds.includes(kind)) {
    const able = operator.kinds.filter((one) => one !== 'any').join(', ');
    return fault(checking, keyNode.at, `'${operator.name}' cannot judge a value of kind ${kind}`, `it judges: ${able}`);
  }
  const lacking = lackingMember(operator, target.shape);
  if (lacking !== undefined)
    return fault(checking, keyNode.at, `'${operator.name}' reads '${lacking}', which there is not here`);
  if (spot.type === undefined) return undefined;
  const place = placeAt(spot.type, target.path, target.shape);
  const operand = checkOperand(checking, operator, value, place);
  if (operand === undefined) return undefined;
  addReads(checking.reads, place, operator, subject);
  return { kind: 'test', subject, operator, operand, place, at: keyNode.at, operandAt: value.at };
}

/** A member that the operator reads of what it judges and that nothing of this shape has. */
function lackingMember(operator: Operator, shape: Shape): string | undefined {
  const item = typeof shape === 'object' && 'list' in shape ? shape.list : shape;
  return operator.reads
    ?.filter((path) => !path.startsWith('/'))
    .map((path) => path.replace(/[.[].*$/, ''))
    .find((name) => memberShape(item, name) === undefined);
}
