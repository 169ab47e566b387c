import type { Leaf } from '../model/operator.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isUnknown, type Unknown } from '../model/value.ts';
import type { Evidence } from './finding.ts';

/** The ledger key of the call that gave the value at a path, or that should have. */
function callBehind(path: string, resource: Resource, type: ResourceType | undefined): string | undefined {
  if (type === undefined) return undefined;
  const group = groupOf(type, path);
  return resource.gaps?.[group]?.call ?? resource.calls?.[group];
}

/**
 * One observation as documents carry it.
 *
 * @param explain completes an unknown by the permission that would have prevented it
 */
export function evidenceOf(
  leaf: Leaf,
  resource: Resource,
  type: ResourceType | undefined,
  explain: (gap: Unknown) => NonNullable<Evidence['unknown']>,
): Evidence {
  const { path, observed, expected } = leaf;
  const blamed = isUnknown(observed) ? observed.call : undefined;
  const call = blamed ?? callBehind(path, resource, type);
  return {
    path,
    ...(isUnknown(observed) ? { unknown: explain(observed) } : observed === undefined ? {} : { observed }),
    expected,
    ...(call === undefined ? {} : { call }),
  };
}
