import type { Leaf } from '../model/operator.ts';
import { isUnknown } from '../model/value.ts';
import type { Evidence } from './finding.ts';
import { explainUnknown, type Permissions } from './gap.ts';

/** One observation as documents carry it: an unknown with the permission that would have prevented it. */
export function evidenceOf(leaf: Leaf, permissions: Permissions, account: string): Evidence {
  const { path, observed, expected, within } = leaf;
  const call = (isUnknown(observed) ? observed.call : undefined) ?? leaf.call;
  // Members stand in the order of their names, which is the one in which they are written.
  if (call !== undefined && observed !== undefined && !isUnknown(observed))
    return within === undefined ? { call, expected, observed, path } : { call, expected, observed, path, within };
  const rest = within === undefined ? {} : { within };
  if (isUnknown(observed)) {
    if (call === undefined) return { expected, path, unknown: explainUnknown(observed, permissions, account), ...rest };
    const known = observed.call === call ? observed : { ...observed, call };
    return { call, expected, path, unknown: explainUnknown(known, permissions, account), ...rest };
  }
  const seen = observed === undefined ? {} : { observed };
  return { ...(call === undefined ? {} : { call }), expected, ...seen, path, ...rest };
}
