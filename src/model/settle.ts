import { parsePath } from './path.ts';
import type { Proposal, ProposedChange } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType, Settlement } from './resource-type.ts';
import { same } from './same.ts';
import { isObject, isUnknown, type Json } from './value.ts';

/** The one instance that an account and region have of a type, such as a default of theirs. */
export type SettingOf = (type: string, account: string, region: string) => Resource | undefined;

/** What stands at a path without lists. */
function valueAt(resource: Resource, path: string): Json | undefined {
  let here: Json | undefined = resource.properties;
  for (const { name } of parsePath(path)) here = isObject(here) && !isUnknown(here) ? here[name] : undefined;
  return isUnknown(here) ? undefined : here;
}

function isMadeAnew({ action, before, isPartial }: ProposedChange): boolean {
  return isPartial !== true && (action === 'replace' || (action === 'create' && before === undefined));
}

function settleOne(resource: Resource, settledBy: Readonly<Record<string, Settlement>>, setting: SettingOf): Resource {
  const filled: Record<string, Json> = {};
  for (const [property, { type, value, unless, detail, overrules }] of Object.entries(settledBy)) {
    const marker = resource.properties[property];
    if (!isUnknown(marker)) continue;
    if (unless !== undefined && resource.properties[unless] !== undefined) continue;
    const source = setting(type, resource.account, resource.region);
    const known = source === undefined ? undefined : valueAt(source, value);
    const isDecided = known !== undefined && (marker.detail === detail || same(known, overrules));
    if (isDecided) filled[property] = known;
  }
  return Object.keys(filled).length === 0
    ? resource
    : { ...resource, properties: { ...resource.properties, ...filled } };
}

/**
 * The resources of a proposal after the change. What nobody declared for a new one, and AWS fills from a setting of the
 * account, has that setting's value: of the proposal itself, or else of the live account.
 */
export function settle(
  { changes, source }: Pick<Proposal, 'changes' | 'source'>,
  types: ReadonlyMap<string, ResourceType>,
  live: SettingOf | undefined,
): readonly Resource[] {
  const own = new Map(
    changes.flatMap(({ type, after }) =>
      after === undefined ? [] : [[`${type}/${after.account}/${after.region}`, after] as const],
    ),
  );
  const setting: SettingOf = (type, account, region) =>
    own.get(`${type}/${account}/${region}`) ?? live?.(type, account, region);
  return changes.flatMap((change) => {
    if (change.after === undefined) return [];
    const form = types.get(change.type)?.[source === 'terraform-plan' ? 'terraform' : 'cloudformation'];
    return form?.settledBy !== undefined && isMadeAnew(change)
      ? [settleOne(change.after, form.settledBy, setting)]
      : [change.after];
  });
}
