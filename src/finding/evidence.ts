import type { Leaf } from '../model/operator.ts';
import { isUnknown, type Unknown } from '../model/value.ts';
import type { Evidence } from './finding.ts';

/**
 * One observation as documents carry it.
 *
 * @param explain completes an unknown by the permission that would have prevented it
 */
export function evidenceOf(leaf: Leaf, explain: (gap: Unknown) => NonNullable<Evidence['unknown']>): Evidence {
  const { path, observed, expected } = leaf;
  const within = leaf.within === undefined ? {} : { within: leaf.within };
  const call = (isUnknown(observed) ? observed.call : undefined) ?? leaf.call;
  // Members stand in the order of their names, which is the one in which they are written.
  if (call !== undefined && observed !== undefined && !isUnknown(observed))
    return { call, expected, observed, path, ...within };
  return {
    ...(call === undefined ? {} : { call }),
    expected,
    ...(observed === undefined || isUnknown(observed) ? {} : { observed }),
    path,
    ...(isUnknown(observed) ? { unknown: explain(call === undefined ? observed : { ...observed, call }) } : {}),
    ...within,
  };
}
