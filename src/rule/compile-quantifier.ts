import { parseInstant } from '../model/instant.ts';
import type { Reader, Run } from '../model/operator.ts';
import type { Resource } from '../model/resource.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';
import type { Evaluator } from './evaluator.ts';
import { readerAlong } from './read.ts';
import type { Condition, Range } from './rule.ts';

export type Quantifier = Extract<Condition, { kind: 'quantifier' }>;

/** What there is to range over, and why there may be more: parts of one resource, or resources of their own. */
export type Ranged =
  | { readonly kind: 'items'; readonly items: readonly Json[]; readonly incomplete: undefined }
  | { readonly kind: 'resources'; readonly items: readonly Resource[]; readonly incomplete: Unknown | undefined };

/** Finds what a quantifier ranges over; an unknown marker when even that is not known. */
export type Finder = (item: Json, resource: Resource, run: Run) => Ranged | Unknown;

export const tooMany = unknown('limit', 'more list items than are visited for one rule and resource');
/** A list item that AWS wrote as null: something is there, and nothing is known of it. */
const nullItem: Json = unknown('type', 'the item is null');

export function finderFor(range: Range): Finder {
  if (range.kind === 'list') {
    const read = listReader(range);
    return (item, resource) => {
      const found = read(item, resource) ?? [];
      if (Array.isArray(found)) return { kind: 'items', items: found as readonly Json[], incomplete: undefined };
      return isUnknown(found) ? found : unknown('type', `${range.path} is not a list`);
    };
  }
  if (range.kind === 'of') {
    const { type, scope } = range;
    return (_item, resource, run) => {
      const region = scope === 'region' ? resource.region : undefined;
      const { resources, incomplete } = run.graph.all(type, resource.account, region);
      return { kind: 'resources', items: resources, incomplete };
    };
  }
  return (_item, resource, run) => followAll(range, resource, run);
}

export function listReader({ place, path }: Extract<Range, { kind: 'list' }>): Reader {
  // The place's path is the item's followed by the range's own.
  return readerAlong(place.type, place.path.slice(0, -path.length).replace(/\.$/, ''), path.split('.'));
}

function followAll(range: Extract<Range, { kind: 'follow' }>, start: Resource, run: Run): Ranged {
  const [holder, relation] = [range.holders[0], range.relations[0]];
  if (range.relations.length === 1 && holder !== undefined && relation !== undefined) {
    const { resources, incomplete } = run.graph.related(start, holder, relation);
    run.visits -= resources.length;
    return {
      kind: 'resources',
      items: run.visits < 0 ? [] : resources,
      incomplete: run.visits < 0 ? tooMany : incomplete,
    };
  }
  return followChain(range, start, run);
}

function followChain(range: Extract<Range, { kind: 'follow' }>, start: Resource, run: Run): Ranged {
  let resources: readonly Resource[] = [start];
  let incomplete: Unknown | undefined;
  for (const [index, relation] of range.relations.entries()) {
    const holder = range.holders[index];
    if (holder === undefined) break;
    const found: (readonly Resource[])[] = [];
    for (const resource of resources) {
      const related = run.graph.related(resource, holder, relation);
      incomplete ??= related.incomplete;
      run.visits -= related.resources.length;
      if (run.visits < 0) return { kind: 'resources', items: [], incomplete: tooMany };
      found.push(related.resources);
    }
    const [first = []] = found;
    resources = found.length <= 1 ? first : [...new Set(found.flat())];
  }
  return { kind: 'resources', items: resources, incomplete };
}

/** The parts of a quantifier, ready for judging. */
export interface Parts {
  readonly quantifier: Quantifier['quantifier'];
  readonly filter: Evaluator | undefined;
  readonly where: Evaluator | undefined;
  readonly newest: Reader | undefined;
  /** The answer when nothing is ranged over. */
  readonly whenEmpty: Truth;
}

export function whenEmpty(allowEmpty: Quantifier['allowEmpty']): Truth {
  return allowEmpty === 'unknown' ? UNKNOWN : allowEmpty ? TRUE : FALSE;
}

export function itemAt(ranged: Ranged, index: number): Json {
  if (ranged.kind === 'items') return ranged.items[index] ?? nullItem;
  return ranged.items[index]?.properties ?? nullItem;
}

export function ownerAt(ranged: Ranged, index: number, resource: Resource): Resource {
  return ranged.kind === 'items' ? resource : (ranged.items[index] ?? resource);
}

/**
 * Three-valued `some`, `every` and `none`, in one pass. An item counts against `every` as far as it is ranged over and
 * its condition fails; for `some` and against `none` as far as it is ranged over and its condition holds.
 */
export function judgeItems(parts: Parts, ranged: Ranged, resource: Resource, run: Run): Truth {
  if (parts.newest !== undefined) return judgeNewest(parts, parts.newest, ranged, resource, run);
  const count = ranged.items.length;
  let worst = doubt(ranged);
  let empty = not(worst);
  for (let i = 0; i < count; i += 1) {
    run.visits -= 1;
    if (run.visits < 0) return UNKNOWN;
    const item = itemAt(ranged, i);
    const owner = ownerAt(ranged, i, resource);
    const ranges = parts.filter === undefined ? TRUE : parts.filter.evaluate(item, owner, run);
    if (ranges === FALSE) continue;
    empty = least(empty, not(ranges));
    const hit = hitOf(parts, ranges, item, owner, run);
    if (hit === TRUE) return parts.quantifier === 'some' ? TRUE : FALSE;
    if (hit > worst) worst = hit;
  }
  return settle(parts, worst, empty, run);
}

/** What the items that were not seen may be. */
function doubt(ranged: Ranged): Truth {
  return ranged.incomplete === undefined ? FALSE : UNKNOWN;
}

/** How far one item settles the quantifier: meets `some`, or breaks `every` or `none`. */
function hitOf(parts: Parts, ranges: Truth, item: Json, owner: Resource, run: Run): Truth {
  const holds = parts.where === undefined ? TRUE : parts.where.evaluate(item, owner, run);
  return least(ranges, parts.quantifier === 'every' ? not(holds) : holds);
}

export function least(a: Truth, b: Truth): Truth {
  return a < b ? a : b;
}

/** Whether anything is ranged over may itself be unknown: then both answers must agree. */
function settle(parts: Parts, worst: Truth, empty: Truth, run: Run): Truth {
  if (run.visits < 0) return UNKNOWN;
  const answer = parts.quantifier === 'some' ? worst : not(worst);
  if (empty === FALSE) return answer;
  if (empty === TRUE) return parts.whenEmpty;
  return answer === parts.whenEmpty ? answer : UNKNOWN;
}

function judgeNewest(parts: Parts, newest: Reader, ranged: Ranged, resource: Resource, run: Run): Truth {
  const weights = weigh(parts, newest, ranged, resource, run);
  if (weights === undefined) return UNKNOWN;
  let worst = doubt(ranged);
  for (const [i, weight] of weights.items.entries()) {
    if (weight === FALSE) continue;
    const hit = hitOf(parts, weight, itemAt(ranged, i), ownerAt(ranged, i, resource), run);
    if (hit > worst) worst = hit;
  }
  return settle(parts, worst, weights.empty, run);
}

/** How far each item is the newest of those that the filter leaves, and whether it leaves none. */
export interface Weights {
  readonly items: readonly Truth[];
  readonly empty: Truth;
}

/** What is known of one item in the search for the newest. */
interface Candidate {
  readonly ranges: Truth;
  readonly time: number | undefined;
}

/** @returns undefined when there are too many items */
function weigh(parts: Parts, newest: Reader, ranged: Ranged, resource: Resource, run: Run): Weights | undefined {
  const candidates: Candidate[] = [];
  for (let i = 0; i < ranged.items.length; i += 1) {
    run.visits -= 1;
    if (run.visits < 0) return undefined;
    const item = itemAt(ranged, i);
    const owner = ownerAt(ranged, i, resource);
    const ranges = parts.filter === undefined ? TRUE : parts.filter.evaluate(item, owner, run);
    const found = ranges === FALSE ? undefined : newest(item, owner);
    candidates.push({ ranges, time: typeof found === 'string' ? parseInstant(found) : undefined });
  }
  return { items: weighTimes(candidates, ranged.incomplete !== undefined), empty: emptiness(candidates, ranged) };
}

function emptiness(candidates: readonly Candidate[], ranged: Ranged): Truth {
  if (candidates.some(({ ranges }) => ranges === TRUE)) return FALSE;
  const unsure = ranged.incomplete !== undefined || candidates.some(({ ranges }) => ranges === UNKNOWN);
  return unsure ? UNKNOWN : TRUE;
}

/** @param incomplete an item that was not seen may be newer than all that were */
function weighTimes(candidates: readonly Candidate[], incomplete: boolean): readonly Truth[] {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { ranges, time } of candidates) if (ranges === TRUE && time !== undefined && time > latest) latest = time;
  const uncertain = ({ ranges, time }: Candidate) => ranges === UNKNOWN || time === undefined;
  const beaten =
    incomplete ||
    candidates.some((one) => one.ranges !== FALSE && uncertain(one) && (one.time === undefined || one.time > latest));
  return candidates.map((one) => {
    const { ranges, time } = one;
    if (ranges === FALSE || (time !== undefined && time < latest)) return FALSE;
    return uncertain(one) || beaten ? UNKNOWN : TRUE;
  });
}

/** Every item is ranged over. */
function allOf(ranged: Ranged, run: Run): Weights | undefined {
  const { length } = ranged.items;
  run.visits -= length;
  if (run.visits < 0) return undefined;
  return { items: new Array<Truth>(length).fill(TRUE), empty: length > 0 ? FALSE : emptiness([], ranged) };
}

/** How far each item is ranged over, for explaining. @returns undefined when there are too many items */
export function weightsOf(parts: Parts, ranged: Ranged, resource: Resource, run: Run): Weights | undefined {
  if (parts.newest !== undefined) return weigh(parts, parts.newest, ranged, resource, run);
  if (parts.filter === undefined) return allOf(ranged, run);
  const candidates: Candidate[] = [];
  for (let i = 0; i < ranged.items.length; i += 1) {
    run.visits -= 1;
    if (run.visits < 0) return undefined;
    const ranges = parts.filter.evaluate(itemAt(ranged, i), ownerAt(ranged, i, resource), run);
    candidates.push({ ranges, time: undefined });
  }
  return { items: candidates.map(({ ranges }) => ranges), empty: emptiness(candidates, ranged) };
}
