import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { JsonObject } from './value.ts';

export interface ResourcePlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/**
 * A resource out of the properties that a listing gave.
 *
 * @param call ledger key of the listing
 * @returns undefined when the properties lack the type's id
 */
export function makeResource(
  type: ResourceType,
  place: ResourcePlace,
  properties: JsonObject,
  call: string,
): Resource | undefined {
  const text = (name: string) => {
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const id = text(type.id);
  if (id === undefined) return undefined;
  const arn = type.arn?.includes('{') ? fillArn(type.arn, place, text) : type.arn && text(type.arn);
  const name = type.name && text(type.name);
  return {
    type: type.type,
    account: place.account,
    region: place.region,
    id,
    ...(arn ? { arn } : {}),
    ...(name ? { name } : {}),
    properties,
    calls: { '': call },
  };
}

/** Undefined when a property that the ARN is made of is missing. */
function fillArn(
  template: string,
  place: ResourcePlace,
  text: (name: string) => string | undefined,
): string | undefined {
  let whole = true;
  const arn = template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = name === 'partition' || name === 'account' || name === 'region' ? place[name] : text(name);
    whole &&= value !== undefined;
    return value ?? '';
  });
  return whole ? arn : undefined;
}
