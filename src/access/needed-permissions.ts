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

/** A call, and the type for whose resources it is made; undefined for one that is made whatever there is. */
interface NeededCall {
  readonly call: Call;
  readonly about: string | undefined;
}

/** The calls that give what is read of a type: its listing, those of its parents, and its groups. */
function callsFor(type: ResourceType, paths: Iterable<string>, types: Types): readonly NeededCall[] {
  const calls: NeededCall[] = [];
  for (let at: ResourceType | undefined = type; at !== undefined; at = parentOf(at, types)) {
    calls.push({ call: at.listing.call, about: at.listing.parent });
    const otherwise = at.listing.region?.otherwise;
    if (otherwise !== undefined) calls.push({ call: otherwise.call, about: at.type });
  }
  for (const name of new Set([...paths].map((path) => groupOf(type, path)))) {
    const group = type.groups?.[name];
    if (group === undefined) continue;
    const before = group.shared?.before;
    if (before !== undefined) calls.push({ call: before.call, about: type.type });
    calls.push({ call: group.call, about: type.type });
  }
  return calls;
}

/** Every call that rules need, once for each rule and type. */
function* callsOf<R extends Pick<Reader, 'reads'>>(rules: Iterable<R>, types: Types) {
  for (const rule of rules) {
    for (const [name, paths] of rule.reads) {
      const type = types.get(name);
      for (const needed of type === undefined ? [] : callsFor(type, paths, types)) yield { ...needed, rule };
    }
  }
}

/**
 * The types for whose resources the calls behind an action are made: without any such resource nobody asks. None for an
 * action that is asked for whatever there is.
 */
export function typesAskedAbout(
  action: string,
  rules: Iterable<Pick<Reader, 'reads'>>,
  types: Types,
): readonly string[] {
  const found = new Set<string>();
  for (const { call, about } of callsOf(rules, types)) {
    if (permissionOf(call) !== action) continue;
    if (about === undefined) return [];
    found.add(about);
  }
  return sorted(found);
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
  for (const { call, rule } of callsOf(rules, types)) {
    const action = permissionOf(call);
    const entry = found.get(action) ?? { calls: new Set<string>(), rules: new Set<string>() };
    found.set(action, entry);
    entry.calls.add(`${call.service}:${call.operation}`);
    entry.rules.add(rule.id);
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
