import { join } from 'node:path';
import type { ChangeAction, Proposal, ProposedChange } from '../model/proposal.ts';
import type { Resource } from '../model/resource.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { byCodeUnit, canonicalJson, isObject, isUnknown, type Json } from '../model/value.ts';
import { writeNewFile } from './_output.ts';

/** Where a run keeps what its change touches, beside results and summary. */
export const touchedFile = 'change.ndjson';

/** A resource that a change touches, and by what it can be told again once it is deployed. */
export interface Touched {
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly address: string;
  readonly action: ChangeAction;
  /** Ids before and after the change, as far as the document knows them. */
  readonly before?: string;
  readonly after?: string;
  readonly aliases?: readonly string[];
  readonly name?: string;
  /** `Key=Value`, sorted; left out when not all of them are known. */
  readonly tags?: readonly string[];
}

/** All tags of a resource as texts; undefined when one is not known. */
export function tagTexts(
  { properties, gaps }: Resource,
  type: ResourceType | undefined,
): readonly string[] | undefined {
  let tags: Json | undefined = properties;
  for (const name of type?.tags?.split('.') ?? []) {
    if (gaps !== undefined && Object.hasOwn(gaps, name)) return undefined;
    tags = isObject(tags) && !isUnknown(tags) ? tags[name] : undefined;
  }
  if (type?.tags === undefined || isUnknown(tags)) return undefined;
  const pairs: readonly (readonly [unknown, unknown])[] = Array.isArray(tags)
    ? (tags as readonly Json[]).map((tag) => (isObject(tag) ? [tag.Key, tag.Value] : [undefined, undefined]))
    : isObject(tags)
      ? Object.entries(tags)
      : [];
  if (pairs.some(([key, value]) => typeof key !== 'string' || typeof value !== 'string')) return undefined;
  return pairs.map(([key, value]) => `${String(key)}=${String(value)}`).sort(byCodeUnit);
}

function touchedBy(change: ProposedChange, types: ReadonlyMap<string, ResourceType>): Touched | undefined {
  const { type, declared, action, before, after, aliases } = change;
  const record = after ?? before;
  if (action === 'none' || record === undefined) return undefined;
  const tags = tagTexts(record, types.get(type));
  return {
    account: record.account,
    region: record.region,
    type,
    address: declared.address,
    action,
    ...(before === undefined ? {} : { before: before.id }),
    ...(after === undefined ? {} : { after: after.id }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(record.name === undefined ? {} : { name: record.name }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** Keeps beside a run's results what its change touches, so that the prediction can be verified after the deployment. */
export async function keepTouched(
  folder: string,
  { changes }: Proposal,
  types: ReadonlyMap<string, ResourceType>,
): Promise<void> {
  await writeNewFile(
    join(folder, touchedFile),
    (async function* () {
      for (const change of changes) {
        const touched = touchedBy(change, types);
        if (touched !== undefined) yield `${canonicalJson(touched)}\n`;
      }
    })(),
  );
}
