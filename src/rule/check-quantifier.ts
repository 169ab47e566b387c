import type { Relation, TypeFacts } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';
import { placeWithin, type YamlEntry, type YamlNode, type YamlScalar } from '../model/yaml.ts';
import { type Checking, cut, type Fixed, fault, fixedKeys, isMisspelt, mapping, text, word } from './checking.ts';
import { placeAt } from './read.ts';
import { addRead } from './reads.ts';
import type { Condition, Range } from './rule.ts';
import { follow, isLost, kindOf, type Spot } from './spot.ts';

const nestingLimit = 4;
const keys = ['in', 'follow', 'of', 'filter', 'where', 'newest', 'allow-empty', 'scope'] as const;

type Quantifier = Extract<Condition, { kind: 'quantifier' }>;
type Check = (checking: Checking, node: YamlNode, spot: Spot) => Condition | undefined;

/** What is ranged over, and where the conditions on its items stand. */
export interface Ground {
  readonly range: Range;
  readonly inner: Spot;
}

/** Checks `some`, `every` or `none`. @param check checks the conditions inside */
export function checkQuantifier(
  checking: Checking,
  quantifier: Quantifier['quantifier'],
  entry: YamlEntry,
  spot: Spot,
  check: Check,
): Quantifier | undefined {
  const { value, keyNode } = entry;
  const map = mapping(checking, value, `'${quantifier}'`);
  if (map === undefined) return undefined;
  if (spot.quantifiers >= nestingLimit)
    return fault(checking, keyNode.at, `some, every and none are nested more than ${nestingLimit} levels deep`);
  const fixed = fixedKeys(checking, map, `'${quantifier}'`, keys);
  const allowEmpty = checkAllowEmpty(checking, quantifier, fixed, keyNode);
  const ground = checkRange(checking, quantifier, fixed, keyNode, spot);
  if (ground === undefined) return undefined;
  const inside = (key: 'filter' | 'where') => {
    const part = fixed.entries.get(key);
    return part === undefined ? undefined : (check(checking, part.value, ground.inner) ?? 'wrong');
  };
  const filter = inside('filter');
  const where = inside('where');
  const newest = checkNewest(checking, fixed, ground);
  if (filter === 'wrong' || where === 'wrong' || newest === 'wrong' || allowEmpty === undefined) return undefined;
  if (fixed.wrong.length > 0) return undefined;
  return {
    kind: 'quantifier',
    quantifier,
    range: ground.range,
    allowEmpty,
    ...(filter === undefined ? {} : { filter }),
    ...(newest === undefined ? {} : { newest }),
    ...(where === undefined ? {} : { where }),
    at: keyNode.at,
  };
}

/** `every` holds for an empty list, which is seldom what is meant: so it must be written out there. */
function checkAllowEmpty(
  checking: Checking,
  quantifier: Quantifier['quantifier'],
  fixed: Fixed,
  keyNode: YamlScalar,
): Quantifier['allowEmpty'] | undefined {
  const entry = fixed.entries.get('allow-empty');
  if (entry !== undefined) {
    const found = word(checking, entry.value, 'allow-empty', ['true', 'false', 'unknown'] as const);
    return found === undefined || found === 'unknown' ? found : found === 'true';
  }
  if (quantifier !== 'every') return quantifier === 'none';
  if (isMisspelt(fixed, 'allow-empty')) return undefined;
  const hint = 'allow-empty: true, false or unknown (nothing to range over is no evidence)';
  return fault(checking, keyNode.at, "'every' needs 'allow-empty': what holds when there is no item?", hint);
}

/** Checks what a quantifier, or a count, ranges over. */
export function checkRange(
  checking: Checking,
  quantifier: string,
  fixed: Fixed,
  keyNode: YamlScalar,
  spot: Spot,
): Ground | undefined {
  const given = (['in', 'follow', 'of'] as const).flatMap((key) => fixed.entries.get(key) ?? []);
  const [entry, second] = given;
  if (second !== undefined)
    return fault(
      checking,
      second.keyNode.at,
      `'${quantifier}' ranges over one thing: '${given[0]?.key}' is given already`,
    );
  if (entry === undefined) {
    if (fixed.wrong.length === 0) fault(checking, keyNode.at, `'${quantifier}' needs 'in', 'follow' or 'of'`);
    return undefined;
  }
  const scope = fixed.entries.get('scope');
  if (scope !== undefined && entry.key !== 'of') fault(checking, scope.keyNode.at, "'scope' belongs to 'of'");
  const name = text(checking, entry.value, `'${entry.key}'`);
  if (name === undefined || entry.value.kind !== 'scalar') return undefined;
  if (entry.key === 'in') return checkList(checking, entry.value, name, spot);
  if (entry.key === 'follow') return checkFollow(checking, entry.value, name, spot);
  return checkOf(checking, entry.value, name, scope, spot);
}

function nested(spot: Spot, type: TypeFacts, path: string, shape: Spot['shape']): Spot {
  return { type, path, shape, depth: spot.depth, quantifiers: spot.quantifiers + 1 };
}

function checkList(checking: Checking, node: YamlScalar, path: string, spot: Spot): Ground | undefined {
  if (spot.type === undefined)
    return fault(
      checking,
      node.at,
      'a rule about an account or region has no fields',
      'range over a type with of: TYPE',
    );
  const target = follow(spot, path, false);
  if (isLost(target))
    return fault(checking, placeWithin(node, target.start, target.length), target.message, target.hint);
  const list = typeof target.shape === 'object' && 'list' in target.shape;
  if (!list && target.shape !== 'any')
    return fault(checking, node.at, `'${path}' is not a list but ${article(kindOf(target.shape))}`);
  const item = typeof target.shape === 'object' && 'list' in target.shape ? target.shape.list : 'any';
  addRead(checking.reads, spot.type, `${target.path}[]`);
  const range = { kind: 'list', path, place: placeAt(spot.type, target.path, target.shape) } as const;
  return { range, inner: nested(spot, spot.type, `${target.path}[]`, item) };
}

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function checkFollow(checking: Checking, node: YamlScalar, name: string, spot: Spot): Ground | undefined {
  const relations: Relation[] = [];
  const holders: TypeFacts[] = [];
  let type = spot.type;
  let start = 0;
  for (const segment of name.split('.')) {
    const known: Readonly<Record<string, Relation>> = type?.relations ?? {};
    const relation = Object.hasOwn(known, segment) ? known[segment] : undefined;
    if (type === undefined || relation === undefined) {
      const at = placeWithin(node, start, segment.length);
      const message = `${type?.type ?? 'an account'} has no relation '${cut(segment)}'`;
      return fault(checking, at, message, suggestion(segment, Object.keys(known)));
    }
    const target = checking.catalogue.types.get(relation.to);
    if (target === undefined)
      return fault(checking, node.at, `relation '${segment}' leads to ${relation.to}, which is not known`);
    addRead(checking.reads, type, relation.from);
    addRead(checking.reads, target, relation.match === '@region' ? undefined : relation.match);
    relations.push(relation);
    holders.push(type);
    type = target;
    start += segment.length + 1;
  }
  if (type === undefined) return undefined;
  const range = { kind: 'follow', name, relations, holders, target: type } as const;
  return groundOf(checking, node, range, type, spot);
}

function groundOf(checking: Checking, node: YamlScalar, range: Range, type: TypeFacts, spot: Spot): Ground | undefined {
  const shape = checking.catalogue.shapes.get(type.type);
  if (shape === undefined) return fault(checking, node.at, `the fields of ${type.type} are not known`);
  return { range, inner: nested(spot, type, '', shape) };
}

function checkOf(
  checking: Checking,
  node: YamlScalar,
  name: string,
  scopeEntry: YamlEntry | undefined,
  spot: Spot,
): Ground | undefined {
  const target = checking.catalogue.types.get(name);
  if (target === undefined)
    return fault(
      checking,
      node.at,
      `there is no resource type '${cut(name)}'`,
      suggestion(name, [...checking.catalogue.types.keys()]),
    );
  const usual = target.reach === 'global' ? 'account' : checking.ofScope;
  const scope =
    scopeEntry === undefined ? usual : word(checking, scopeEntry.value, 'scope', ['account', 'region'] as const);
  if (scope === undefined) return undefined;
  if (scope === 'region' && target.reach === 'global' && scopeEntry !== undefined)
    return fault(checking, scopeEntry.value.at, `${name} is the same in all regions`, 'write scope: account');
  addRead(checking.reads, target);
  return groundOf(checking, node, { kind: 'of', type: name, scope, target }, target, spot);
}

function checkNewest(checking: Checking, fixed: Fixed, ground: Ground): Quantifier['newest'] | 'wrong' {
  const entry = fixed.entries.get('newest');
  if (entry === undefined) return undefined;
  const { value } = entry;
  const path = text(checking, value, "'newest'");
  if (path === undefined || value.kind !== 'scalar' || ground.inner.type === undefined) return 'wrong';
  const target = follow(ground.inner, path, false);
  if (isLost(target)) {
    fault(checking, placeWithin(value, target.start, target.length), target.message, target.hint);
    return 'wrong';
  }
  const kind = kindOf(target.shape);
  if (kind !== 'timestamp' && kind !== 'string' && kind !== 'any') {
    fault(checking, value.at, `'${path}' is not a time but ${article(kind)}`);
    return 'wrong';
  }
  addRead(checking.reads, ground.inner.type, target.path);
  return { path, place: placeAt(ground.inner.type, target.path, target.shape) };
}
