import type { Json } from '../model/value.ts';
import { own, ownList, ownText } from './_terraform-values.ts';

/** A resource instance of a plan, by the parts of its address. */
export interface Instance {
  readonly address: string;
  /** `module.web[0]`, or empty for the root module. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
}

/** What the configuration says of a plan's resources: what was written, and what expressions refer to. */
export interface Configuration {
  /** The resource as its module's configuration has it. */
  resourceOf(instance: Instance): Json | undefined;
  /** The one instance that an attribute takes its value from; undefined where that is not certain. */
  targetOf(instance: Instance, attribute: string): Target | undefined;
  /** All instances that an attribute takes its values from, each once; none where that is not certain. */
  targetsOf(instance: Instance, attribute: string): readonly Target[];
  readonly scope: Scope;
}

export interface Target {
  readonly address: string;
  /** The attribute of the target; undefined where an index hides it. */
  readonly attribute: string | undefined;
}

const deepest = 32;
const mostSteps = 1000;

/** Splits at the dots that stand outside brackets: `module.a["x.y"].id` has three parts. */
export function splitAddress(address: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < address.length; at += 1) {
    const character = address[at];
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    else if (character === '.' && depth === 0) {
      parts.push(address.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(address.slice(start));
  return parts;
}

export const withoutKey = (part: string) => part.split('[')[0] ?? part;

export function parentOf(module: string): string {
  return splitAddress(module).slice(0, -2).join('.');
}

export function childAddress(module: string, name: string): string {
  return module === '' ? `module.${name}` : `${module}.module.${name}`;
}

/** References without those that another one begins with: `a.b.id` is written along with `a.b`. */
export function longest(references: readonly Json[]): readonly string[] {
  const texts = references.filter((reference) => typeof reference === 'string');
  return texts.filter((text) => !texts.some((other) => other.startsWith(`${text}.`) || other.startsWith(`${text}[`)));
}

/** The modules of a plan, their resources, and what was found so far. */
export interface Scope {
  readonly root: Json | undefined;
  /** Instances by module and `type.name`. */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  /** Addresses of module instances by their address without the last key. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly configs: Map<string, Json | undefined>;
  readonly resources: Map<string, ReadonlyMap<string, Json>>;
}

interface Walk {
  readonly depth: number;
  readonly budget: { steps: number };
}

/** Follows references from attribute to attribute, through modules' variables and outputs. */
export function readConfiguration(root: Json | undefined, instances: readonly Instance[]): Configuration {
  const scope = scopeOf(root, instances);
  return {
    scope,
    resourceOf: (instance) => resourceOf(instance, scope),
    targetOf(instance, attribute) {
      const expression = own(own(resourceOf(instance, scope), 'expressions'), attribute);
      const targets = follow(expression, instance.module, { depth: 0, budget: { steps: mostSteps } }, scope);
      const [first, ...others] = targets ?? [];
      return others.every(({ address }) => address === first?.address) ? first : undefined;
    },
    targetsOf(instance, attribute) {
      const expression = own(own(resourceOf(instance, scope), 'expressions'), attribute);
      const targets = follow(expression, instance.module, { depth: 0, budget: { steps: mostSteps } }, scope) ?? [];
      return [...new Map(targets.map((target) => [target.address, target])).values()];
    },
  };
}

function scopeOf(root: Json | undefined, all: readonly Instance[]): Scope {
  const modules = new Set(['']);
  const instances = new Map<string, Instance[]>();
  for (const instance of all) {
    for (let module = instance.module; !modules.has(module); module = parentOf(module)) modules.add(module);
    append(instances, `${instance.module}|${instance.type}.${instance.name}`, instance);
  }
  modules.delete('');
  const children = new Map<string, string[]>();
  for (const module of modules) append(children, childAddress(parentOf(module), callName(module)), module);
  return { root, instances, children, configs: new Map(), resources: new Map() };
}

function append<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const same = map.get(key);
  if (same === undefined) map.set(key, [item]);
  else same.push(item);
}

function callName(module: string): string {
  return withoutKey(splitAddress(module).at(-1) ?? '');
}

/** The `module` block that calls a module. */
export function callOf(module: string, scope: Scope): Json | undefined {
  return own(own(configOf(parentOf(module), scope), 'module_calls'), callName(module));
}

export function configOf(module: string, scope: Scope): Json | undefined {
  if (module === '') return scope.root;
  if (!scope.configs.has(module)) scope.configs.set(module, own(callOf(module, scope), 'module'));
  return scope.configs.get(module);
}

export function resourceOf({ module, type, name }: Instance, scope: Scope): Json | undefined {
  const known = scope.resources.get(module) ?? indexResources(configOf(module, scope));
  scope.resources.set(module, known);
  return known.get(`${type}.${name}`);
}

function indexResources(config: Json | undefined): ReadonlyMap<string, Json> {
  const index = new Map<string, Json>();
  for (const resource of ownList(config, 'resources')) {
    if (ownText(resource, 'mode') !== 'managed') continue;
    index.set(`${ownText(resource, 'type')}.${ownText(resource, 'name')}`, resource);
  }
  return index;
}

/** Inside an index these pick an instance. Elsewhere they may be the value itself, but then an attribute shows. */
const picks = /^(?:each\.key|count\.index)$/;

/** @returns undefined when anything but resources of the plan may give the value */
function follow(expression: Json | undefined, module: string, walk: Walk, scope: Scope): readonly Target[] | undefined {
  const all = longest(ownList(expression, 'references'));
  const references = all.filter((reference) => !picks.test(reference));
  const mayPick = references.every((reference) => splitAddress(reference).length <= 2);
  if (references.length === 0 || walk.depth > deepest || (all.length > references.length && !mayPick)) return undefined;
  const targets: Target[] = [];
  for (const reference of references) {
    walk.budget.steps -= 1;
    const found = walk.budget.steps < 0 ? undefined : followOne(splitAddress(reference), module, walk, scope);
    if (found === undefined) return undefined;
    targets.push(...found);
  }
  return targets;
}

function followOne(parts: readonly string[], module: string, walk: Walk, scope: Scope): readonly Target[] | undefined {
  const [head = '', name = '', attribute] = parts;
  const deeper = { ...walk, depth: walk.depth + 1 };
  if (head === 'var' && module !== '') {
    const argument = own(own(callOf(module, scope), 'expressions'), withoutKey(name));
    return follow(argument, parentOf(module), deeper, scope);
  }
  if (head === 'module') return followOutput(childAddress(module, name), attribute, deeper, scope);
  const all = scope.instances.get(`${module}|${head}.${withoutKey(name)}`) ?? [];
  const exact = name.includes('[') ? all.filter(({ address }) => address.endsWith(`${head}.${name}`)) : [];
  const [only, ...others] = exact.length > 0 ? exact : all;
  return only === undefined || others.length > 0 ? undefined : [{ address: only.address, attribute }];
}

/** @param child the address of a module, with or without its key */
function followOutput(
  child: string,
  output: string | undefined,
  walk: Walk,
  scope: Scope,
): readonly Target[] | undefined {
  const all = scope.children.get(childAddress(parentOf(child), callName(child))) ?? [];
  const hasKey = child !== childAddress(parentOf(child), callName(child));
  const [only, ...others] = hasKey ? all.filter((module) => module === child) : all;
  if (only === undefined || others.length > 0 || output === undefined) return undefined;
  const declared = own(own(configOf(only, scope), 'outputs'), withoutKey(output));
  return follow(own(declared, 'expression'), only, walk, scope);
}
