import { countOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, UNKNOWN } from '../model/truth.ts';
import { placeWithin, type YamlEntry, type YamlNode } from '../model/yaml.ts';
import { checkOperand } from './check-operand.ts';
import { checkRange, type Ground } from './check-quantifier.ts';
import { type Checking, describe, type Fixed, fault, fixedKeys, mapping, required, text } from './checking.ts';
import { placeAt } from './read.ts';
import { addRead } from './reads.ts';
import type { Condition, Counted } from './rule.ts';
import { follow, isLost, type Spot } from './spot.ts';

type Count = Extract<Condition, { kind: 'count' }>;
type Check = (checking: Checking, node: YamlNode, spot: Spot) => Condition | undefined;
type Bound = 'plus' | 'at-most' | 'at-least';

const keys = ['among', 'plus', 'at-most', 'at-least'] as const;
const countedKeys = ['follow', 'of', 'scope', 'where', 'distinct'] as const;
const amongLimit = 8;

/** Checks `count`. @param check checks the conditions inside */
export function checkCount(checking: Checking, entry: YamlEntry, spot: Spot, check: Check): Count | undefined {
  const { value, keyNode } = entry;
  const map = mapping(checking, value, "'count'");
  if (map === undefined) return undefined;
  const fixed = fixedKeys(checking, map, "'count'", keys);
  const among = required(checking, fixed, 'among', keyNode.at, "'count'");
  const counted = among && checkAmong(checking, among.value, spot, check);
  if (counted === undefined) return undefined;
  if (!fixed.entries.has('at-most') && !fixed.entries.has('at-least') && fixed.wrong.length === 0)
    return fault(checking, keyNode.at, "'count' needs 'at-most' or 'at-least'");
  const plus = checkBound(checking, fixed, 'plus', counted);
  const most = checkBound(checking, fixed, 'at-most', counted);
  const least = checkBound(checking, fixed, 'at-least', counted);
  if (plus === 'wrong' || most === 'wrong' || least === 'wrong' || fixed.wrong.length > 0) return undefined;
  return {
    kind: 'count',
    among: counted,
    ...(plus === undefined ? {} : { plus }),
    ...(most === undefined ? {} : { atMost: most }),
    ...(least === undefined ? {} : { atLeast: least }),
    at: keyNode.at,
  };
}

function checkAmong(checking: Checking, node: YamlNode, spot: Spot, check: Check): readonly Counted[] | undefined {
  if (node.kind !== 'list' || node.items.length === 0 || node.items.length > amongLimit) {
    const what = node.kind === 'list' ? `a list of ${node.items.length} items` : describe(node);
    return fault(checking, node.at, `'among' lists 1 to ${amongLimit} things to count, not ${what}`);
  }
  const counted = node.items.map((item) => checkCounted(checking, item, spot, check));
  const right = counted.filter((one) => one !== undefined);
  return right.length === counted.length ? right : undefined;
}

function checkCounted(checking: Checking, node: YamlNode, spot: Spot, check: Check): Counted | undefined {
  const map = mapping(checking, node, 'what is counted');
  if (map === undefined) return undefined;
  const fixed = fixedKeys(checking, map, 'what is counted', countedKeys);
  const anchor = map.entries[0]?.keyNode;
  if (anchor === undefined) return fault(checking, map.at, "what is counted needs 'follow' or 'of'");
  const ground = checkRange(checking, 'count', fixed, anchor, spot);
  if (ground === undefined || ground.range.kind === 'list') return undefined;
  const condition = fixed.entries.get('where');
  const where = condition && check(checking, condition.value, ground.inner);
  const distinct = checkDistinct(checking, fixed, ground);
  if ((condition !== undefined && where === undefined) || distinct === 'wrong' || fixed.wrong.length > 0)
    return undefined;
  return {
    range: ground.range,
    ...(where === undefined ? {} : { where }),
    ...(distinct.path === undefined ? {} : { distinct: distinct.path }),
  };
}

/** A path by whose values things are told apart; it may go through lists, each item of which then counts. */
function checkDistinct(checking: Checking, fixed: Fixed, { inner }: Ground): { readonly path?: string } | 'wrong' {
  const entry = fixed.entries.get('distinct');
  if (entry === undefined) return {};
  const { value } = entry;
  const path = text(checking, value, "'distinct'");
  if (path === undefined || value.kind !== 'scalar' || inner.type === undefined) return 'wrong';
  const target = follow(inner, path, true);
  if (isLost(target)) {
    fault(checking, placeWithin(value, target.start, target.length), target.message, target.hint);
    return 'wrong';
  }
  if (target.shape !== 'string') {
    fault(checking, value.at, `'${path}' is no text by which things could be told apart`);
    return 'wrong';
  }
  addRead(checking.reads, inner.type, target.path);
  return { path };
}

/** Bounds are checked like operands: a whole number, or a parameter that holds one. */
function boundOperator(name: string): Operator {
  return {
    name,
    summary: '',
    operand: { type: 'integer', minimum: 0 },
    kinds: [],
    whenAbsent: FALSE,
    prepare(operand) {
      countOperand(operand, 0);
      return { test: () => UNKNOWN };
    },
    words: () => '',
  };
}

function checkBound(checking: Checking, fixed: Fixed, name: Bound, counted: readonly Counted[]) {
  const entry = fixed.entries.get(name);
  if (entry === undefined) return undefined;
  const range = counted[0]?.range;
  if (range === undefined) return 'wrong';
  const place = placeAt(range.target, '', 'number');
  return checkOperand(checking, boundOperator(name), entry.value, place) ?? 'wrong';
}
