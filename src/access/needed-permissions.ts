import { assumeRole, callerIdentity, describeRegions } from '../aws/own-calls.ts';
import { permissionOf } from '../aws/permission.ts';
import { groupOf } from '../model/resource.ts';
import type { Call, ResourceType } from '../model/resource-type.ts';
import { byCodeUnit } from '../model/value.ts';

/** What a rule reads, by type. */
export interface Reader {
  readonly id: string;
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One IAM action, the calls that it allows, and the rules that need it. */
export interface Permission {
  /** `s3:GetBucketPolicy` */
  readonly action: string;
  /** `s3:GetBucketPolicy`, by client and operation; sorted. */
  readonly calls: readonly string[];
  /** Ids, sorted; empty for what every run asks, whatever its rules. */
  readonly rules: readonly string[];
}

/** What every run asks in each account: without its regions nobody knows where to look. */
export const runPermission = permissionOf(describeRegions);

/** Asked by every run as well, and allowed by AWS to everybody. */
export const freeAction = permissionOf(callerIdentity);

/** What the caller needs, and not the role that is assumed. */
export const assumePermission = permissionOf(assumeRole);

type Types = ReadonlyMap<string, ResourceType>;

/** The calls that give what is read of a type: its listing, those of its parents, and its groups. */
function callsFor(type: ResourceType, paths: Iterable<string>, types: Types): readonly Call[] {
  const calls: Call[] = [];
  for (let at: ResourceType | undefined = type; at !== undefined; at = parentOf(at, types)) {
    calls.push(at.listing.call);
    if (at.listing.region?.otherwise !== undefined) calls.push(at.listing.region.otherwise.call);
  }
  for (const name of new Set([...paths].map((path) => groupOf(type, path)))) {
    const group = type.groups?.[name];
    if (group === undefined) continue;
    if (group.shared?.before !== undefined) calls.push(group.shared.before.call);
    calls.push(group.call);
  }
  return calls;
}

function parentOf(type: ResourceType, types: Types): ResourceType | undefined {
  return type.listing.parent === undefined ? undefined : types.get(type.listing.parent);
}

function sorted(texts: Iterable<string>): readonly string[] {
  return [...texts].sort(byCodeUnit);
}

/** The IAM actions that rules need, sorted; nothing of what any run asks besides. */
export function permissionsOfRules(rules: Iterable<Reader>, types: Types): readonly Permission[] {
  const found = new Map<string, { readonly calls: Set<string>; readonly rules: Set<string> }>();
  for (const { id, reads } of rules) {
    for (const [name, paths] of reads) {
      const type = types.get(name);
      for (const call of type === undefined ? [] : callsFor(type, paths, types)) {
        const action = permissionOf(call);
        const entry = found.get(action) ?? { calls: new Set<string>(), rules: new Set<string>() };
        found.set(action, entry);
        entry.calls.add(`${call.service}:${call.operation}`);
        entry.rules.add(id);
      }
    }
  }
  return sorted(found.keys()).map((action) => {
    const entry = found.get(action);
    return { action, calls: sorted(entry?.calls ?? []), rules: sorted(entry?.rules ?? []) };
  });
}

/**
 * The IAM actions that a run over rules needs in each account, and no others: first the one that every run needs, then
 * those of the rules, sorted.
 */
export function neededPermissions(rules: Iterable<Reader>, types: Types): readonly Permission[] {
  const own = { action: runPermission, calls: [`${describeRegions.service}:${describeRegions.operation}`], rules: [] };
  return [own, ...permissionsOfRules(rules, types).filter(({ action }) => action !== runPermission)];
}
