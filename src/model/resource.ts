import type { TypeFacts } from './resource-type.ts';
import { type Found, isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from './value.ts';

/** Why a property group of one resource was not collected. */
export interface Gap {
  readonly reason: Unknown['$unknown'];
  /** Ledger key of the call that failed, if one was made. */
  readonly call?: string;
  readonly detail?: string;
}

/** Where a plan, a template or a document of the user's declares something. */
export interface DeclaredAt {
  /** `module.web.aws_s3_bucket.logs[0]` in a plan; a logical id in a template, in a nested stack `Outer/Inner`. */
  readonly address: string;
  /** Path of the construct that made it, for templates of the CDK. */
  readonly construct?: string;
  /** From the folder in which the run was started, with slashes. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/**
 * One AWS resource: a line of a snapshot. `properties` has the shapes and names of AWS's own API; what a second call
 * returned is nested under that call's property group.
 */
export interface Resource {
  /** CloudFormation's type name, or a documented name of our own for what CloudFormation lacks. */
  readonly type: string;
  /** Twelve digits. */
  readonly account: string;
  /** A region's name, or `global` for services without regions. */
  readonly region: string;
  /** Unique for the type within account and region. */
  readonly id: string;
  readonly arn?: string;
  readonly name?: string;
  readonly properties: JsonObject;
  /**
   * Property group → ledger key of the call that gave it; `''` is the root. Undefined only for a rule's own cases, where
   * every omitted property is known absent.
   */
  readonly calls?: Readonly<Record<string, string>>;
  /** Property groups that were asked for in vain. */
  readonly gaps?: Readonly<Record<string, Gap>>;
  /** Where the resource is declared, for plans and templates. */
  readonly declared?: DeclaredAt;
}

/** The property group to which a path belongs: its first segment if the type declares a group of that name, else the root. */
export function groupOf(type: Pick<TypeFacts, 'groups'>, path: string): string {
  if (type.groups === undefined) return '';
  const end = path.search(/[.[]/);
  const first = end < 0 ? path : path.slice(0, end);
  return Object.hasOwn(type.groups, first) ? first : '';
}

/** What it means that a resource lacks a property: known absent (`undefined`), or not collected and why. */
export type Absence = (resource: Resource) => Unknown | undefined;

/**
 * Decides what a property that is missing from a resource means. Made once for a path and asked for many resources.
 *
 * @param path the property's path from the root of the resource, lists as `[]`: `IpPermissions[].IpRanges`
 */
export function absenceAt(type: TypeFacts, path: string): Absence {
  const group = groupOf(type, path);
  const isAlwaysThere = type.always.includes(path);
  const notCollected = unknown('not-collected', `${group === '' ? type.type : group} was not collected`);
  return ({ calls, gaps }) => {
    if (calls === undefined) return undefined;
    const gap = gaps?.[group];
    if (gap !== undefined) return unknown(gap.reason, gap.detail, gap.call);
    const call = calls[group];
    if (call === undefined) return notCollected;
    return isAlwaysThere ? unknown('failed', `the answer lacks ${path}, which AWS always returns`, call) : undefined;
  };
}

/** Reads one member of an object that lies within a resource. `path` is the member's own; `absence` was made for it. */
export function member(
  object: Json | undefined,
  key: string,
  resource: Resource,
  path: string,
  absence: Absence,
): Found {
  if (!isObject(object))
    return object === undefined || object === null ? undefined : unknown('type', `${path} is not inside an object`);
  const value = object[key];
  if (value !== undefined && value !== null) return value;
  return absence(resource);
}

/** Reads one tag, from the property that the resource's type declares to hold its tags. */
export function tagReader(type: TypeFacts, key: string): (resource: Resource) => Found {
  if (type.tags === undefined) {
    const untold = unknown('not-collected', `${type.type} declares no tags`);
    return () => untold;
  }
  const whole = type.tags;
  const names = whole.split('.');
  const steps = names.map((name, index) => {
    const path = names.slice(0, index + 1).join('.');
    return { name, path, absence: absenceAt(type, path) };
  });
  return (resource) => {
    let tags: Found = resource.properties;
    for (const { name, path, absence } of steps) {
      tags = member(tags, name, resource, path, absence);
      if (tags === undefined || isUnknown(tags)) return tags;
    }
    if (Array.isArray(tags)) return findTag(tags as readonly Json[], key);
    if (!isObject(tags)) return unknown('type', `${whole} is not a list of tags`);
    return Object.hasOwn(tags, key) ? tags[key] : undefined;
  };
}

/** A tag that cannot be read may be the one that is looked for. */
function findTag(tags: readonly Json[], key: string): Found {
  let undecided: Unknown | undefined;
  for (const tag of tags) {
    if (isUnknown(tag)) undecided ??= tag;
    else if (!isObject(tag) || typeof tag.Key !== 'string') undecided ??= unknown('type', 'a tag has no key');
    else if (tag.Key === key) return tag.Value ?? unknown('failed', `tag ${key} has no value`);
  }
  return undecided;
}
