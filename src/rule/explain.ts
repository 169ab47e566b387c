import { groupOf, type Resource } from '../model/resource.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { type Found, isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';
import {
  type Finder,
  itemAt,
  least,
  listReader,
  ownerAt,
  type Parts,
  type Quantifier,
  type Ranged,
  tooMany,
  type Weights,
  weightsOf,
} from './compile-quantifier.ts';
import { addLeaf, type Evaluator, type Explaining } from './evaluator.ts';
import { joinPath } from './spot.ts';

/** Explains `all` and `any`: the parts that share the answer decided it. */
export function explainParts(
  parts: readonly Evaluator[],
  item: Json,
  path: string,
  answer: Truth,
  negated: boolean,
  context: Explaining,
): void {
  for (const part of parts)
    if (part.evaluate(item, context.resource, context.run) === answer)
      part.explain(item, path, answer, negated, context);
}

/** Explains `if`: the branch that was taken, or what leaves it open which one is. */
export function explainIf(
  parts: { readonly if: Evaluator; readonly then: Evaluator; readonly else: Evaluator | undefined },
  item: Json,
  path: string,
  answer: Truth,
  negated: boolean,
  context: Explaining,
): void {
  const { resource, run } = context;
  const condition = parts.if.evaluate(item, resource, run);
  if (condition === UNKNOWN && answer === UNKNOWN) parts.if.explain(item, path, UNKNOWN, negated, context);
  const taken = [condition === FALSE ? undefined : parts.then, condition === TRUE ? undefined : parts.else];
  for (const part of taken)
    if (part?.evaluate(item, resource, run) === answer) part.explain(item, path, answer, negated, context);
  // Without an else, what does not meet the condition holds.
  if (condition === FALSE && parts.else === undefined) parts.if.explain(item, path, FALSE, !negated, context);
}

/** A quantifier with all that its explanation needs. */
export interface Explained {
  readonly condition: Quantifier;
  readonly parts: Parts;
  readonly find: Finder;
  /** What is expected of the items, in words. */
  readonly words: (negated: boolean) => string;
  /** What is ranged over, in the singular. */
  readonly things: string;
}

export function explainQuantifier(
  explained: Explained,
  item: Json,
  path: string,
  answer: Truth,
  negated: boolean,
  context: Explaining,
): void {
  const { condition, parts, find } = explained;
  const { resource, run } = context;
  const base = basePath(condition, path);
  const ranged = find(item, resource, run);
  if (isUnknown(ranged)) return whole(condition, base, ranged, explained.words(negated), context);
  const weights = weightsOf(parts, ranged, resource, run);
  if (weights === undefined) return whole(condition, base, tooMany, explained.words(negated), context);
  if (weights.empty === TRUE) {
    const observed = answer === UNKNOWN ? nothingSeen(ranged) : emptyList(condition, item, resource);
    return whole(condition, base, observed, `at least one ${explained.things}`, context);
  }
  const sight: Sight = { explained, ranged, weights, negated, base, context };
  const seen = explainItems(sight, answer);
  if (answer === UNKNOWN && ranged.incomplete !== undefined)
    return whole(condition, base, ranged.incomplete, explained.words(negated), context);
  if (seen) return;
  const observed = answer === UNKNOWN ? (run.visits < 0 ? tooMany : undecided) : `${ranged.items.length} items`;
  whole(condition, base, observed, explained.words(negated), context);
}

/** Says something of the list, or of the other resources, as a whole. */
function whole(
  condition: Quantifier,
  path: string,
  observed: Found,
  expected: string,
  { resource, leaves }: Explaining,
): void {
  addLeaf(leaves, { path, observed, expected, ...callOf(condition, resource, observed) });
}

const undecided = unknown('not-collected', 'what is known of the items does not decide it');

/** `allow-empty: unknown`: nothing was found at all, or nothing that counts. */
function nothingSeen(ranged: Ranged): Unknown {
  return ranged.items.length === 0
    ? unknown('not-collected', 'there is nothing to judge by')
    : unknown('stale', 'there is nothing that counts to judge by');
}

function emptyList(condition: Quantifier, item: Json, resource: Resource): Found {
  return condition.range.kind === 'list' ? listReader(condition.range)(item, resource) : [];
}

function basePath(condition: Quantifier, path: string): string {
  const { range } = condition;
  if (range.kind === 'of') return range.type;
  return joinPath(path, range.kind === 'list' ? range.path : range.name);
}

function callOf(condition: Quantifier, resource: Resource, observed: Found): { readonly call?: string } {
  const { range } = condition;
  if (isUnknown(observed) && typeof observed.call === 'string') return { call: observed.call };
  if (range.kind !== 'list') return {};
  const call = resource.calls?.[groupOf(range.place.type, range.place.path)];
  return call === undefined ? {} : { call };
}

/** A quantifier in the middle of being explained. */
interface Sight {
  readonly explained: Explained;
  readonly ranged: Ranged;
  readonly weights: Weights;
  readonly negated: boolean;
  readonly base: string;
  readonly context: Explaining;
}

/** @returns whether anything was said */
function explainItems(sight: Sight, answer: Truth): boolean {
  const { leaves } = sight.context;
  const before = leaves.list.length + leaves.more;
  const { quantifier } = sight.explained.condition;
  // One item settles `some` when it is met, and `every` and `none` when they are broken.
  const settled = answer === (quantifier === 'some' ? TRUE : FALSE);
  for (const [i, weight] of sight.weights.items.entries()) {
    if (weight !== FALSE) explainItem(sight, i, weight, answer, settled);
  }
  if (answer === UNKNOWN && leaves.list.length + leaves.more === before) {
    // It is not even known whether anything is ranged over.
    for (const [i, weight] of sight.weights.items.entries()) if (weight === UNKNOWN) explainWeight(sight, i);
  }
  return leaves.list.length + leaves.more > before;
}

function explainItem(sight: Sight, index: number, weight: Truth, answer: Truth, settled: boolean): void {
  const { explained, ranged, negated, base, context } = sight;
  const { where } = explained.parts;
  const { quantifier } = explained.condition;
  const item = itemAt(ranged, index);
  const owner = ownerAt(ranged, index, context.resource);
  const at = itemPath(ranged, index, base);
  const holds = where === undefined ? TRUE : where.evaluate(item, owner, context.run);
  const hit = least(weight, quantifier === 'every' ? not(holds) : holds);
  if (answer === UNKNOWN ? hit !== UNKNOWN : settled && hit !== TRUE) return;
  if (answer === UNKNOWN && weight === UNKNOWN) explainWeight(sight, index);
  if (answer === UNKNOWN && holds !== UNKNOWN) return;
  // What `none` fails for should not have held.
  const turned = (quantifier === 'none') !== negated;
  if (where === undefined) {
    const observed = shown(item);
    // What is only named may change without a trace: the item itself is left out.
    const more = observed === item ? {} : { more: 1 };
    addLeaf(context.leaves, { path: at, observed, expected: explained.words(negated), ...more });
  } else where.explain(item, at, holds, turned, seenFrom(context, owner));
}

/** The same explanation, from the resource to which an item belongs. */
function seenFrom(context: Explaining, owner: Resource): Explaining {
  return owner === context.resource ? context : { ...context, resource: owner };
}

/** Says why it is not known whether an item counts: its filter, or whether it is the newest. */
function explainWeight(sight: Sight, index: number): void {
  const { explained, ranged, negated, base, context } = sight;
  const { filter, newest } = explained.parts;
  const item = itemAt(ranged, index);
  const owner = ownerAt(ranged, index, context.resource);
  const at = itemPath(ranged, index, base);
  if (filter?.evaluate(item, owner, context.run) === UNKNOWN)
    return filter.explain(item, at, UNKNOWN, negated, seenFrom(context, owner));
  if (newest === undefined || explained.condition.newest === undefined) return;
  const path = joinPath(at, explained.condition.newest.path);
  const time = newest(item, owner);
  const why = time === undefined ? 'there is no time' : 'it cannot be told which is the newest';
  const observed = isUnknown(time) ? time : unknown('type', why);
  addLeaf(context.leaves, { path, observed, expected: 'a time by which the newest can be told' });
}

function itemPath(ranged: Ranged, index: number, base: string): string {
  if (ranged.kind === 'items') return `${base}[${index}]`;
  return `${base}[${ranged.items[index]?.id ?? index}]`;
}

/** What an item is shown as: whole where it is small, else what kind of thing it is. */
function shown(item: Json): Json {
  if (typeof item !== 'object' || item === null) return item;
  return JSON.stringify(item).length <= 400
    ? item
    : Array.isArray(item)
      ? `a list of ${item.length} items`
      : 'an object';
}
