import type { Leaf } from './operator.ts';
import { type Found, isObject, isUnknown, type Json, unknown } from './value.ts';
import { kindName } from './words.ts';

const shown = 5;
const visited = 10_000;

/**
 * Why a value with parts could not be judged: the markers inside it, the first five; without any, the items that are of
 * a kind the operator cannot judge; without those, the value itself.
 *
 * @param judges whether the operator can judge a value of this kind as a list's item
 */
export function doubts(
  value: Json,
  path: string,
  expected: string,
  judges: (item: Json) => boolean = () => true,
): readonly Leaf[] {
  const leaves: Leaf[] = markers(value, path).map((found) => ({ ...found, expected }));
  if (leaves.length > 0) return leaves;
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) {
      if (leaves.length < shown && !judges(item)) leaves.push(misfit(item, `${path}[${index}]`, expected));
    }
  }
  return leaves.length > 0 ? leaves : [misfit(value, path, expected)];
}

/** One observation for a value that is of the wrong kind. */
export function misfit(value: Json, path: string, expected: string): Leaf {
  const detail = `${kindName(value)} cannot be judged here`;
  return { path, observed: unknown('type', detail), expected };
}

/** The first observations; the last of them says how many are left out. */
export function firstLeaves(leaves: readonly Leaf[], most: number): readonly Leaf[] {
  return withMore(leaves.slice(0, most), leaves.length - most);
}

/** Observations of which some are left out, as many as `more`. */
export function withMore(leaves: readonly Leaf[], more: number): readonly Leaf[] {
  if (more <= 0) return leaves;
  return leaves.map((leaf, index) => (index === leaves.length - 1 ? { ...leaf, more } : leaf));
}

/** The chosen items of a list as observations of their own, the first five; the whole list when none is chosen. */
export function itemLeaves(
  value: readonly Json[],
  path: string,
  expected: string,
  chosen: (item: Json) => boolean,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let all = 0;
  for (const [index, item] of value.entries()) {
    if (!chosen(item)) continue;
    all += 1;
    if (leaves.length < shown) leaves.push({ path: `${path}[${index}]`, observed: item, expected });
  }
  return leaves.length > 0 ? withMore(leaves, all - leaves.length) : [{ path, observed: value, expected }];
}

/** Walks without recursion, and no further than a bound, because values come from outside. */
function markers(value: Json, path: string): { path: string; observed: Found }[] {
  const found: { path: string; observed: Found }[] = [];
  const open: { path: string; value: Found }[] = [{ path, value }];
  for (let index = 0; index < open.length && index < visited && found.length < shown; index++) {
    const part = open[index];
    if (part === undefined || typeof part.value !== 'object') continue;
    if (isUnknown(part.value)) found.push({ path: part.path, observed: part.value });
    else if (open.length < visited) open.push(...parts(part.value, part.path));
  }
  return found;
}

function parts(value: Json, path: string): { path: string; value: Found }[] {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).slice(0, visited);
    return items.map((item, index) => ({ path: `${path}[${index}]`, value: item }));
  }
  if (!isObject(value)) return [];
  const members = Object.entries(value).slice(0, visited);
  return members.map(([key, member]) => ({ path: path === '' ? key : `${path}.${key}`, value: member }));
}
