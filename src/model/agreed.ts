import type { Gap, Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import { same } from './same.ts';
import type { JsonObject, Unknown } from './value.ts';

function isOneIn(records: readonly Resource[], first: Resource, name: string): boolean {
  return records.every(
    ({ properties, gaps }) =>
      same(properties[name], first.properties[name]) &&
      gaps?.[name]?.reason === first.gaps?.[name]?.reason &&
      gaps?.[name]?.detail === first.gaps?.[name]?.detail,
  );
}

/** One resource as it may come out in several ways: what all of them share, and a marker for all else. */
export function agreed(
  [first, ...others]: readonly [Resource, ...Resource[]],
  { groups }: Pick<ResourceType, 'groups'>,
  { $unknown: reason, detail }: Unknown,
): Resource {
  const all = [first, ...others];
  const names = new Set(all.flatMap((one) => [...Object.keys(one.properties), ...Object.keys(one.gaps ?? {})]));
  const disputed = [...names].filter((name) => !isOneIn(others, first, name));
  if (disputed.length === 0) return first;
  const properties: JsonObject = { ...first.properties };
  const calls = { ...first.calls };
  const gaps: Record<string, Gap> = { ...first.gaps };
  const why = detail === undefined ? {} : { detail };
  for (const name of disputed) {
    if (groups === undefined || !Object.hasOwn(groups, name)) {
      Object.assign(properties, { [name]: { $unknown: reason, ...why } });
      continue;
    }
    Reflect.deleteProperty(properties, name);
    Reflect.deleteProperty(calls, name);
    gaps[name] = { reason, ...why };
  }
  return { ...first, properties, calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}
