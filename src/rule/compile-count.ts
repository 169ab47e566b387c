import { countOperand } from '../model/operand.ts';
import type { Run } from '../model/operator.ts';
import { valuesAt } from '../model/relate.ts';
import type { Resource } from '../model/resource.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { isUnknown, type Json, type Unknown } from '../model/value.ts';
import { type Finder, finderFor, least, tooMany } from './compile-quantifier.ts';
import { addLeaf, type Evaluator, type Explaining } from './evaluator.ts';
import { fillIn } from './parameters.ts';
import type { Condition, Counted } from './rule.ts';
import { countWords } from './sentence.ts';

type Count = Extract<Condition, { kind: 'count' }>;
type Value = (name: string) => Json | undefined;

/** One kind of thing that is counted, ready for counting. */
interface Group extends Counted {
  readonly find: Finder;
  readonly test: Evaluator | undefined;
}

interface Bounds {
  readonly plus: number;
  readonly most: number | undefined;
  readonly least: number | undefined;
}

/** Something that counts for certain, where it was seen, and what tells it apart. */
interface Seen {
  readonly path: string;
  readonly shown: Json;
}

/** What tells a thing apart: values of AWS as JSON, which never looks like the key of a thing that stands for itself. */
interface Key {
  readonly key: string;
  readonly shown: Json;
}

/** Something of which it is not known whether it counts. */
interface Doubtful {
  readonly resource: Resource;
  readonly path: string;
  readonly test: Evaluator;
}

/** What was counted: each key once, however often it was seen. */
interface Tally {
  readonly sure: Map<string, Seen>;
  readonly maybe: Map<string, Doubtful>;
  /** Why there may be any number more, and where. */
  readonly open: { readonly path: string; readonly gap: Unknown }[];
}

/** @param compile compiles the conditions inside; throws OperandError for a bound that cannot be */
export function compileCount(
  condition: Count,
  valueOf: Value,
  compile: (condition: Condition) => Evaluator,
): Evaluator {
  const groups = condition.among.map((one) => ({
    ...one,
    find: finderFor(one.range),
    test: one.where && compile(one.where),
  }));
  const bounds = boundsOf(condition, valueOf);
  return {
    evaluate: (item, resource, run) => judge(take(groups, item, resource, run), bounds),
    explain(item, _path, answer, negated, context) {
      const expected = countWords(condition, negated, valueOf);
      explain({ tally: take(groups, item, context.resource, context.run), bounds, expected, groups }, answer, context);
    },
  };
}

function boundsOf({ plus, atMost, atLeast }: Count, valueOf: Value): Bounds {
  const number = (operand: Json | undefined) => {
    const value = operand === undefined ? undefined : fillIn(operand, valueOf);
    return value === undefined ? undefined : countOperand(value, 0);
  };
  return { plus: number(plus) ?? 0, most: number(atMost), least: number(atLeast) };
}

function take(groups: readonly Group[], item: Json, resource: Resource, run: Run): Tally {
  const tally: Tally = { sure: new Map(), maybe: new Map(), open: [] };
  for (const group of groups) {
    const found = group.find(item, resource, run);
    if (isUnknown(found) || found.kind === 'items') {
      tally.open.push({ path: pathOf(group), gap: isUnknown(found) ? found : tooMany });
      continue;
    }
    if (found.incomplete !== undefined) tally.open.push({ path: pathOf(group), gap: found.incomplete });
    for (const one of found.items) {
      run.visits -= 1;
      if (run.visits < 0) {
        tally.open.push({ path: pathOf(group), gap: tooMany });
        return tally;
      }
      takeOne(tally, group, one, run);
    }
  }
  return tally;
}

function takeOne(tally: Tally, group: Group, resource: Resource, run: Run): void {
  const counts = group.test?.evaluate(resource.properties, resource, run) ?? TRUE;
  if (counts === FALSE) return;
  const path = `${pathOf(group)}[${resource.id}]`;
  const { keys, gap } = keysOf(group, resource);
  if (gap !== undefined) tally.open.push({ path: `${path}.${group.distinct}`, gap });
  for (const { key, shown } of keys) {
    if (counts === TRUE) tally.sure.set(key, tally.sure.get(key) ?? { path, shown });
    else if (group.test !== undefined && !tally.maybe.has(key))
      tally.maybe.set(key, { resource, path, test: group.test });
  }
}

/** What tells a thing apart from others. A single value that is known to be absent tells nothing: the thing stands for itself. */
function keysOf(
  { range, distinct }: Group,
  resource: Resource,
): { readonly keys: readonly Key[]; readonly gap: Unknown | undefined } {
  const { type, account, region, id, name } = resource;
  const own = { key: `\n${type}\n${account}\n${region}\n${id}`, shown: name ?? id };
  if (distinct === undefined) return { keys: [own], gap: undefined };
  const { values, unknown: gap } = valuesAt(resource, range.target, distinct);
  const keys = values.map((value) => ({ key: JSON.stringify(value), shown: value }));
  return { keys: keys.length === 0 && gap === undefined && !distinct.includes('[]') ? [own] : keys, gap };
}

function pathOf({ range }: Counted): string {
  return range.kind === 'of' ? range.type : range.name;
}

function judge(tally: Tally, { plus, most, least: fewest }: Bounds): Truth {
  const low = tally.sure.size + plus;
  const doubted = [...tally.maybe.keys()].filter((key) => !tally.sure.has(key)).length;
  const high = tally.open.length > 0 ? Number.POSITIVE_INFINITY : low + doubted;
  const below = most === undefined || high <= most ? TRUE : low > most ? FALSE : UNKNOWN;
  const above = fewest === undefined || low >= fewest ? TRUE : high < fewest ? FALSE : UNKNOWN;
  return least(below, above);
}

interface Account {
  readonly tally: Tally;
  readonly bounds: Bounds;
  readonly expected: string;
  readonly groups: readonly Group[];
}

/** Says how many there are and which, or what keeps them from being counted. */
function explain({ tally, bounds, expected, groups }: Account, answer: Truth, context: Explaining): void {
  const path = [...new Set(groups.map(pathOf))].join(' + ');
  if (answer !== UNKNOWN) {
    addLeaf(context.leaves, { path, observed: tally.sure.size + bounds.plus, expected });
    for (const { path: at, shown } of tally.sure.values())
      addLeaf(context.leaves, { path: at, observed: shown, expected });
    return;
  }
  for (const { path: at, gap } of tally.open) {
    const call = typeof gap.call === 'string' ? { call: gap.call } : {};
    addLeaf(context.leaves, { path: at, observed: gap, expected, ...call });
  }
  for (const [key, { resource, path: at, test }] of tally.maybe)
    if (!tally.sure.has(key)) test.explain(resource.properties, at, UNKNOWN, false, { ...context, resource });
}
