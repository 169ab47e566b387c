import { isObject, type Json, type JsonObject } from '../model/value.ts';
import { own, ownList, ownText } from './_terraform-values.ts';

/** What a plan does with one object. The last four make it anew, in the order that is said, or let the old one go. */
export type PlanAction =
  | 'no-op'
  | 'create'
  | 'read'
  | 'update'
  | 'delete'
  | 'forget'
  | 'delete-then-create'
  | 'create-then-delete'
  | 'create-then-forget';

/** A value before and after, under the names of the published format. */
export interface PlanChange {
  /** As the plan has it; {@link planAction} tells what it means. */
  readonly actions: readonly string[];
  /** `null` where there is nothing. */
  readonly before: Json;
  /** `null` where nothing is left. Members that are known only after apply are left out. */
  readonly after: Json;
  /** `true` in the place of each value that is known only after apply. */
  readonly after_unknown: Json;
  /** `true` in the place of each value that is sensitive. The values stand in `before` and `after` all the same. */
  readonly before_sensitive: Json;
  readonly after_sensitive: Json;
  /** The attributes for which the object has to be made anew. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: PlanImport;
  readonly before_identity?: JsonObject;
  readonly after_identity?: JsonObject;
  readonly generated_config?: string;
}

export interface PlanImport {
  readonly id?: string;
  /** Set where the id is known only after apply. */
  readonly unknown?: boolean;
  readonly identity?: JsonObject;
}

/** An entry of `resource_changes` or `resource_drift`. */
export interface PlanResourceChange {
  /** `module.web["a"].aws_s3_bucket.logs[0]` */
  readonly address: string;
  /** Where it was before a `moved` block. */
  readonly previous_address?: string;
  readonly module_address?: string;
  /** `managed` or `data` */
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  /** Set for a deferred resource of which nobody knows how often it will be there. */
  readonly index_unknown?: boolean;
  readonly provider_name?: string;
  /** Set for the leftover of a replacement that has failed: its key. */
  readonly deposed?: string;
  readonly change: PlanChange;
  /** `replace_because_cannot_update`; newer versions may have others. */
  readonly action_reason?: string;
}

/** A resource of `prior_state`. */
export interface PlanStateResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly values: JsonObject;
  readonly sensitive_values: Json;
}

/** A resource block of `configuration`. */
export interface PlanConfigResource {
  /** Within its module. */
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  /** A key of `configuration.provider_config`. */
  readonly provider_config_key?: string;
  /** By attribute an expression; for blocks a list of the same, or one. Dynamic blocks are not in it. */
  readonly expressions: JsonObject;
  readonly count_expression?: Json;
  readonly for_each_expression?: Json;
}

/** Thrown for a plan with parts that the published format does not have. */
export class PlanPartError extends Error {
  /** `resource_changes[3]` */
  readonly part: string;

  constructor(part: string, message: string) {
    super(`${part} ${message}`);
    this.name = 'PlanPartError';
    this.part = part;
  }
}

const pairs: Readonly<Record<string, PlanAction>> = {
  'delete,create': 'delete-then-create',
  'create,delete': 'create-then-delete',
  'create,forget': 'create-then-forget',
};
const singles = new Set<string>(['no-op', 'create', 'read', 'update', 'delete', 'forget']);

/** @returns undefined for what this version does not know */
export function planAction(actions: readonly string[]): PlanAction | undefined {
  const [first = '', ...others] = actions;
  if (others.length === 0) return singles.has(first) ? (first as PlanAction) : undefined;
  const name = actions.join(',');
  return Object.hasOwn(pairs, name) ? pairs[name] : undefined;
}

/** @throws PlanPartError */
export function resourceChangeOf(entry: Json, part: string): PlanResourceChange {
  const index = own(entry, 'index');
  return {
    ...named(entry, part),
    ...texts(entry, ['previous_address', 'module_address', 'provider_name', 'deposed', 'action_reason']),
    ...(typeof index === 'string' || typeof index === 'number' ? { index } : {}),
    ...(own(entry, 'index_unknown') === true ? { index_unknown: true } : {}),
    change: changeOf(own(entry, 'change'), part),
  };
}

/** @throws PlanPartError */
export function changeOf(change: Json | undefined, part: string): PlanChange {
  const actions = ownList(change, 'actions');
  if (actions.length === 0 || !actions.every((action) => typeof action === 'string'))
    throw new PlanPartError(part, 'says no action');
  const importing = own(change, 'importing');
  const paths = ownList(change, 'replace_paths');
  return {
    actions,
    before: own(change, 'before') ?? null,
    after: own(change, 'after') ?? null,
    after_unknown: own(change, 'after_unknown') ?? false,
    before_sensitive: own(change, 'before_sensitive') ?? false,
    after_sensitive: own(change, 'after_sensitive') ?? false,
    ...(paths.length === 0 ? {} : { replace_paths: paths.filter(isPath) }),
    ...(isObject(importing) ? { importing: importOf(importing) } : {}),
    ...objects(change, ['before_identity', 'after_identity']),
    ...texts(change, ['generated_config']),
  };
}

/** @throws PlanPartError */
export function stateResourceOf(entry: Json, part: string): PlanStateResource {
  const values = own(entry, 'values');
  return {
    ...named(entry, part),
    values: isObject(values) ? values : {},
    sensitive_values: own(entry, 'sensitive_values') ?? false,
  };
}

/** @throws PlanPartError */
export function configResourceOf(entry: Json, part: string): PlanConfigResource {
  const expressions = own(entry, 'expressions');
  const [count, each] = [own(entry, 'count_expression'), own(entry, 'for_each_expression')];
  return {
    ...named(entry, part, false),
    ...texts(entry, ['provider_config_key']),
    expressions: isObject(expressions) ? expressions : {},
    ...(count === undefined ? {} : { count_expression: count }),
    ...(each === undefined ? {} : { for_each_expression: each }),
  };
}

function named(entry: Json, part: string, isAddressed = true) {
  const text = (name: string) => {
    const value = ownText(entry, name);
    if (value === undefined) throw new PlanPartError(part, `has no ${name}`);
    return value;
  };
  const [mode, type, name] = [text('mode'), text('type'), text('name')];
  // The address is made of the others, but for keys, and stands in front of everything only in changes.
  return {
    address: isAddressed ? text('address') : (ownText(entry, 'address') ?? `${type}.${name}`),
    mode,
    type,
    name,
  };
}

function texts<Name extends string>(
  entry: Json | undefined,
  names: readonly Name[],
): { readonly [N in Name]?: string } {
  const found: { [N in Name]?: string } = {};
  for (const name of names) {
    const value = ownText(entry, name);
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

function objects<Name extends string>(entry: Json | undefined, names: readonly Name[]) {
  const found: { [N in Name]?: JsonObject } = {};
  for (const name of names) {
    const value = own(entry, name);
    if (isObject(value)) found[name] = value;
  }
  return found;
}

function isPath(path: Json): path is readonly (string | number)[] {
  return Array.isArray(path) && path.every((step) => typeof step === 'string' || typeof step === 'number');
}

function importOf(importing: JsonObject): PlanImport {
  return {
    ...texts(importing, ['id']),
    ...objects(importing, ['identity']),
    ...(own(importing, 'unknown') === true ? { unknown: true } : {}),
  };
}
