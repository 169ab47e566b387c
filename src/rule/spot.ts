import { ProvisoError } from '../errors.ts';
import type { Kind } from '../model/operator.ts';
import { parsePath } from '../model/path.ts';
import type { Shape, TypeFacts } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';

/** Where a condition stands: which resource type it speaks of, and what the current item is. */
export interface Spot {
  /** Undefined at the root of a rule about an account or region as a whole. */
  readonly type: TypeFacts | undefined;
  /** Path of the current item from the resource's root, lists as `[]`; `''` is the resource itself. */
  readonly path: string;
  readonly shape: Shape;
  /** How many conditions and quantifiers surround this one. */
  readonly depth: number;
  readonly quantifiers: number;
}

/** A path that leads somewhere. */
export interface Found {
  /** From the resource's root. */
  readonly path: string;
  readonly shape: Shape;
}

/** A path that does not: which part of its text is wrong, and why. */
export interface Lost {
  readonly start: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string | undefined;
  /** The first segment is no field at all: the word may have been meant as something else than a path. */
  readonly first: boolean;
}

export function isLost(result: Found | Lost): result is Lost {
  return 'message' in result;
}

export function joinPath(base: string, name: string): string {
  return base === '' || name === '' ? base + name : `${base}.${name}`;
}

export function kindOf(shape: Shape): Kind {
  if (typeof shape === 'string') return shape;
  return 'list' in shape ? 'list' : 'object';
}

/** The names of the fields that a value of this shape has, as far as they are known. */
export function fieldsOf(shape: Shape): readonly string[] {
  return typeof shape === 'object' && 'fields' in shape ? Object.keys(shape.fields) : [];
}

/** The shape of a member, or undefined where there is none of that name. */
export function memberShape(shape: Shape, name: string): Shape | undefined {
  if (shape === 'any' || shape === 'policy') return 'any';
  if (typeof shape !== 'object' || 'list' in shape) return undefined;
  if ('map' in shape) return shape.map;
  return Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
}

/** Why one segment of a path leads nowhere. */
interface Wrong {
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Follows a path from a spot.
 *
 * @param lists whether the path may go through lists, as `[]`
 */
export function follow(spot: Spot, path: string, lists: boolean): Found | Lost {
  const misformed = formProblem(path);
  if (misformed !== undefined)
    return { start: 0, length: path.length, message: misformed, hint: undefined, first: true };
  const segments = path.split('.');
  let shape = spot.shape;
  let walked = spot.path;
  let start = 0;
  for (const [index, segment] of segments.entries()) {
    const where = walked === '' ? (spot.type?.type ?? '') : walked;
    const next = step(shape, segment, where, lists, index === segments.length - 1);
    if (typeof next === 'object' && 'message' in next)
      return { hint: undefined, ...next, start, length: segment.length, first: index === 0 };
    walked = joinPath(walked, segment);
    shape = next;
    start += segment.length + 1;
  }
  return { path: walked, shape };
}

function formProblem(path: string): string | undefined {
  try {
    parsePath(path);
    return undefined;
  } catch (error) {
    if (error instanceof ProvisoError) return error.message;
    throw error;
  }
}

/** One segment further: the shape there, that of a list's items for `Name[]`. */
function step(shape: Shape, segment: string, where: string, lists: boolean, last: boolean): Shape | Wrong {
  const items = segment.endsWith('[]');
  const name = items ? segment.slice(0, -2) : segment;
  const next = memberShape(shape, name);
  if (next === undefined) return noMember(shape, name, where);
  const list = typeof next === 'object' && 'list' in next ? next : undefined;
  if (!items) {
    if (list === undefined || last) return next;
    return {
      message: `'${name}' is a list`,
      hint: lists ? `write ${name}[]` : 'range over it with some, every or none',
    };
  }
  if (!lists) return { message: "'[]' cannot stand here", hint: `range over '${name}' with some, every or none` };
  if (list !== undefined) return list.list;
  return next === 'any' ? 'any' : { message: `'${name}' is not a list`, hint: 'leave out the []' };
}

function noMember(shape: Shape, name: string, where: string): Wrong {
  if (typeof shape === 'object' && 'list' in shape) return { message: `'${where}' is a list and has no fields` };
  if (typeof shape === 'string') return { message: `'${where}' is a ${shape} and has no fields` };
  const hint =
    name.toLowerCase() === 'tags' ? 'write tag.KEY for the value of one tag' : suggestion(name, fieldsOf(shape));
  return { message: `${where} has no field '${name}'`, hint };
}
