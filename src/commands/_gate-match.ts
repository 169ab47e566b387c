import { hash } from 'node:crypto';
import type { ResourceType } from '../model/resource-type.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Touched, tagTexts } from './_gate-touched.ts';

/** How what a change was to make was told again once it was there. */
export interface Matching {
  /** `account/region/type/id` that is there → the id under which it was predicted. */
  readonly predictedAs: ReadonlyMap<string, string>;
  readonly counts: Readonly<Record<'id' | 'name' | 'tags' | 'unmatched', number>>;
  /** `account/region/type/id` of predictions of which nobody can say what became of them. */
  readonly unmatched: ReadonlySet<string>;
}

/** A resource that is there, by what it can be told. */
interface Candidate {
  readonly key: string;
  readonly id: string;
  readonly arn: string | undefined;
  readonly name: string | undefined;
  readonly tags: string | undefined;
}

/** Tags as one text; of no tags nothing can be told. */
function tagKey(tags: readonly string[] | undefined): string | undefined {
  return tags === undefined || tags.length === 0 ? undefined : hash('sha256', JSON.stringify(tags), 'hex');
}

async function candidatesIn(
  snapshot: Snapshot,
  wanted: readonly Touched[],
  types: ReadonlyMap<string, ResourceType>,
): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  const places = new Set(wanted.map(({ account, region, type }) => `${account}/${region}/${type}`));
  const found = new Map<string, Candidate[]>();
  for (const collection of snapshot.manifest.collections) {
    const place = `${collection.account}/${collection.region}/${collection.type}`;
    if (!places.has(place)) continue;
    const list = found.get(place) ?? [];
    found.set(place, list);
    for await (const batch of snapshot.records(collection)) {
      for (const record of batch) {
        const tags = tagKey(tagTexts(record, types.get(record.type)));
        list.push({ key: `${place}/${record.id}`, id: record.id, arn: record.arn, name: record.name, tags });
      }
    }
  }
  return found;
}

type Way = Exclude<keyof Matching['counts'], 'unmatched'>;

/** The one that fits, if nothing else does. */
function only(candidates: readonly Candidate[], fits: (one: Candidate) => boolean): Candidate | undefined {
  const found = candidates.filter(fits);
  return found.length === 1 ? found[0] : undefined;
}

/** By the id where it was known, else by a name, else by tags that nothing else there has. */
function matchOne(touched: Touched, candidates: readonly Candidate[]): readonly [Way, Candidate] | undefined {
  const ids = new Set([touched.after, ...(touched.aliases ?? [])]);
  const byId = candidates.find(({ id, arn }) => ids.has(id) || (arn !== undefined && ids.has(arn)));
  if (byId !== undefined) return ['id', byId];
  const byName = touched.name === undefined ? undefined : only(candidates, ({ name }) => name === touched.name);
  if (byName !== undefined) return ['name', byName];
  const tags = tagKey(touched.tags);
  const byTags = tags === undefined ? undefined : only(candidates, (one) => one.tags === tags);
  return byTags === undefined ? undefined : ['tags', byTags];
}

/**
 * Finds what a change was to make among what is there.
 *
 * @param known `account/region/type/id` of what was there before: none of it is new
 */
export async function matchTouched(
  all: readonly Touched[],
  snapshot: Snapshot,
  types: ReadonlyMap<string, ResourceType>,
  known: ReadonlySet<string>,
): Promise<Matching> {
  const made = all.filter(({ action, after }) => after !== undefined && (action === 'create' || action === 'replace'));
  const candidates = await candidatesIn(snapshot, made, types);
  const predictedAs = new Map<string, string>();
  const counts = { id: 0, name: 0, tags: 0, unmatched: 0 };
  const unmatched = new Set<string>();
  for (const touched of made) {
    const place = `${touched.account}/${touched.region}/${touched.type}`;
    const planned = `${place}/${touched.after}`;
    const free = (candidates.get(place) ?? []).filter(
      ({ key }) => !predictedAs.has(key) && (key === planned || !known.has(key)),
    );
    const match = matchOne(touched, free);
    if (match === undefined) {
      counts.unmatched += 1;
      unmatched.add(planned);
    } else {
      counts[match[0]] += 1;
      predictedAs.set(match[1].key, touched.after ?? '');
    }
  }
  return { predictedAs, counts, unmatched };
}
