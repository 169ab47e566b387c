import { suggestion } from '../model/suggest.ts';
import { parsePath } from '../model/path.ts';
import { ProvisoError } from '../errors.ts';
import type { Kind } from '../model/operator.ts';
import type { ResourceType, Shape } from '../model/resource-type.ts';

/** Where a condition stands: which resource type it speaks of, and what the current item is. */
export interface Spot {
  /** Undefined at the root of a rule about an account or region as a whole. */
  readonly type: ResourceType | undefined;
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

function describeSpot(base: string, type: string): string {
  return base === '' ? type : base;
}

/**
 * Follows a path from a spot.
 *
 * @param lists whether the path may go through lists, as `[]`
 */
export function follow(spot: Spot, path: string, lists: boolean): Found | Lost {
  const segments = path.split('.');
  let shape = spot.shape;
  let walked = spot.path;
  let start = 0;
  try {
    parsePath(path);
  } catch (error) {
    if (!(error instanceof ProvisoError)) throw error;
    return { start: 0, length: path.length, message: error.message, hint: undefined, first: true };
  }
  for (const [index, segment] of segments.entries()) {
    const items = segment.endsWith('[]');
    const name = items ? segment.slice(0, -2) : segment;
    const lost = (message: string, hint?: string): Lost => ({
      start,
      length: segment.length,
      message,
      hint,
      first: index === 0,
    });
    const next = memberShape(shape, name);
    if (next === undefined) return noMember(shape, name, describeSpot(walked, spot.type?.type ?? ''), lost);
    walked = joinPath(walked, segment);
    shape = next;
    const list = typeof next === 'object' && 'list' in next;
    if (items && !lists) return lost(`'[]' cannot stand here`, `range over '${name}' with some, every or none`);
    if (items && !list && next !== 'any') return lost(`'${name}' is not a list`, 'leave out the []');
    if (items) shape = list ? next.list : 'any';
    else if (list && index < segments.length - 1)
      return lost(`'${name}' is a list`, lists ? `write ${name}[]` : 'range over it with some, every or none');
    start += segment.length + 1;
  }
  return { path: walked, shape };
}

function noMember(shape: Shape, name: string, where: string, lost: (message: string, hint?: string) => Lost): Lost {
  if (typeof shape === 'object' && 'list' in shape) return lost(`'${where}' is a list and has no fields`);
  if (typeof shape === 'string') return lost(`'${where}' is a ${shape} and has no fields`);
  return lost(`${where} has no field '${name}'`, suggestion(name, fieldsOf(shape)));
}
