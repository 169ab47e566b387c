import type { Resource } from '../../src/model/resource.ts';
import type { CollectionEnd, SnapshotWriter } from '../../src/model/snapshot.ts';

/** A writer that keeps what it is given: records by `region/type/id`, ends by `region/type`. */
export function collected() {
  const records = new Map<string, Resource>();
  const ends = new Map<string, CollectionEnd>();
  const writer: Pick<SnapshotWriter, 'add' | 'end'> = {
    add(resource) {
      const place = `${resource.region}/${resource.type}`;
      if (ends.has(place)) throw new Error(`${place} was ended before ${resource.id} came`);
      records.set(`${place}/${resource.id}`, resource);
    },
    async end(_account, region, type, end) {
      const place = `${region}/${type}`;
      if (ends.has(place)) throw new Error(`${place} was ended twice`);
      ends.set(place, end);
    },
  };
  return { records, ends, writer };
}
