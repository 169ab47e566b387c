import { namedArn } from '../model/declared-place.ts';
import type { Block, Declared } from '../model/resource-type.ts';
import { type JsonObject, unknown } from '../model/value.ts';

export const later = (what: string) => unknown('known-after-apply', `${what} is known only when it exists`);
export const untold = (what: string) => unknown('not-collected', `a plan does not tell ${what}`);

/** RDS writes the kind of thing and its name into an ARN. */
export function rdsArn(block: Block, told: Declared, kind: string, name: Declared): Declared {
  return namedArn(block, told, { service: 'rds', resource: [`${kind}:`, name] });
}

/** What every snapshot of RDS has that is taken with the deployment. */
export function newSnapshot({ at }: Block): JsonObject {
  // The provider and CloudFormation wait until it is whole.
  return { SnapshotType: 'manual', Status: 'available', SnapshotCreateTime: at };
}

/** What a plan tells of a snapshot that is there already. */
export function knownSnapshot({ values }: Block): JsonObject {
  return {
    SnapshotType: values.snapshot_type || untold('its type'),
    Status: values.status || untold('its status'),
    SnapshotCreateTime: untold('when it was taken'),
  };
}
