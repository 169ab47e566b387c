import { ProvisoError } from '../errors.ts';

/** One step of a path: a member's name, and whether the path goes on through the items of the list found there. */
export interface Step {
  readonly name: string;
  readonly items: boolean;
}

const reserved = new Set(['__proto__', 'constructor', 'prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

/**
 * Splits `IpPermissions[].IpRanges[].CidrIp` into its steps.
 *
 * @throws ProvisoError when a segment is empty or is a name that every JavaScript object has
 */
export function parsePath(path: string): readonly Step[] {
  return path.split('.').map((segment) => {
    const items = segment.endsWith('[]');
    const name = items ? segment.slice(0, -2) : segment;
    if (name === '' || name.includes('[') || name.includes(']')) {
      throw new ProvisoError(
        'rule',
        `'${path}' is not a path: segments are names, separated by dots, with [] after a list`,
      );
    }
    if (reserved.has(name)) throw new ProvisoError('rule', `'${name}' cannot be used in a path`);
    return { name, items };
  });
}
