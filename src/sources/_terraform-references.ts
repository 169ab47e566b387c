import type { Json, JsonObject } from '../model/value.ts';
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

const withoutKey = (part: string) => part.split('[')[0] ?? part;

function parentOf(module: string): string {
  return splitAddress(module).slice(0, -2).join('.');
}

function childAddress(module: string, name: string): string {
  return module === '' ? `module.${name}` : `${module}.module.${name}`;
}

/** References without those that another one begins with: `a.b.id` is written along with `a.b`. */
function longest(references: readonly Json[]): readonly string[] {
  const texts = references.filter((reference) => typeof reference === 'string');
  return texts.filter((text) => !texts.some((other) => other.startsWith(`${text}.`) || other.startsWith(`${text}[`)));
}

/** Follows references from attribute to attribute, through modules' variables and outputs. */
export function readConfiguration(root: Json | undefined, instances: readonly Instance[]): Configuration {
  const configs = new Map<string, Json | undefined>();
  const modules = new Set(['']);
  const byName = new Map<string, Instance[]>();
  const named = new Map<string, ReadonlyMap<string, Json>>();
  for (const instance of instances) {
    for (let module = instance.module; !modules.has(module); module = parentOf(module)) modules.add(module);
    const key = `${instance.module}|${instance.type}.${instance.name}`;
    byName.set(key, [...(byName.get(key) ?? []), instance]);
  }
  const children = new Map<string, string[]>();
  for (const module of modules) {
    if (module === '') continue;
    const key = childAddress(parentOf(module), withoutKey(splitAddress(module).at(-1) ?? ''));
    children.set(key, [...(children.get(key) ?? []), module]);
  }

  function callOf(module: string): Json | undefined {
    const name = withoutKey(splitAddress(module).at(-1) ?? '');
    return own(own(configOf(parentOf(module)), 'module_calls'), name);
  }

  function configOf(module: string): Json | undefined {
    if (module === '') return root;
    if (!configs.has(module)) configs.set(module, own(callOf(module), 'module'));
    return configs.get(module);
  }

  function resourceOf({ module, type, name }: Instance): Json | undefined {
    const known = named.get(module) ?? indexResources(configOf(module));
    named.set(module, known);
    return known.get(`${type}.${name}`);
  }

  /** @returns undefined when anything but resources of the plan may give the value */
  function follow(expression: Json | undefined, module: string, walk: Walk): readonly Target[] | undefined {
    const references = longest(ownList(expression, 'references'));
    if (references.length === 0 || walk.depth > deepest) return undefined;
    const targets: Target[] = [];
    for (const reference of references) {
      walk.budget.steps -= 1;
      if (walk.budget.steps < 0) return undefined;
      // Inside an index these pick an instance. Elsewhere they may be the value itself, but then the attribute shows.
      if (/^(?:each\.key|count\.index)$/.test(reference)) {
        if (references.some((other) => splitAddress(other).length > 2)) return undefined;
        continue;
      }
      const found = followOne(splitAddress(reference), module, { ...walk, depth: walk.depth + 1 });
      if (found === undefined) return undefined;
      targets.push(...found);
    }
    return targets;
  }

  function followOne(parts: readonly string[], module: string, walk: Walk): readonly Target[] | undefined {
    const [head = '', name = '', attribute] = parts;
    if (head === 'var' && module !== '')
      return follow(own(own(callOf(module), 'expressions'), withoutKey(name)), parentOf(module), walk);
    if (head === 'module') {
      const inside = (children.get(childAddress(module, withoutKey(name))) ?? []).filter(
        (child) => !name.includes('[') || child === childAddress(module, name),
      );
      const [only] = inside;
      if (only === undefined || inside.length > 1 || attribute === undefined) return undefined;
      return follow(own(own(own(configOf(only), 'outputs'), withoutKey(attribute)), 'expression'), only, walk);
    }
    const all = byName.get(`${module}|${head}.${withoutKey(name)}`) ?? [];
    const exact = all.filter(({ address }) => address.endsWith(`${head}.${name}`));
    const chosen = name.includes('[') && exact.length > 0 ? exact : all;
    return chosen.length === 0 ? undefined : chosen.map(({ address }) => ({ address, attribute }));
  }

  return {
    resourceOf,
    targetOf(instance, attribute) {
      const expression = own(own(resourceOf(instance), 'expressions'), attribute);
      const targets = follow(expression, instance.module, { depth: 0, budget: { steps: mostSteps } });
      const [first, ...others] = targets ?? [];
      return others.every(({ address }) => address === first?.address) ? first : undefined;
    },
  };
}

interface Walk {
  readonly depth: number;
  readonly budget: { steps: number };
}

function indexResources(config: Json | undefined): ReadonlyMap<string, Json> {
  const index = new Map<string, Json>();
  for (const resource of ownList(config, 'resources') as readonly JsonObject[]) {
    if (ownText(resource, 'mode') !== 'managed') continue;
    index.set(`${ownText(resource, 'type')}.${ownText(resource, 'name')}`, resource);
  }
  return index;
}
