import { declared } from '../model/declared.ts';
import type { Block, DeclaredForm, SatelliteJoin } from '../model/resource-type.ts';

/** Separate blocks by the resource to which they add. */
export interface Satellites {
  readonly of: ReadonlyMap<Block, readonly Block[]>;
  /** Those that may or may not be there. */
  readonly optional: ReadonlyMap<Block, readonly Block[]>;
  /** Those that may belong to any. */
  readonly doubtful: readonly Block[];
}

const none: readonly Block[] = [];

/** Finds for each resource the blocks that add to it. */
export function joinSatellites(
  mains: readonly Block[],
  form: DeclaredForm,
  byType: ReadonlyMap<string, readonly Block[]>,
): Satellites {
  const of = new Map<Block, Block[]>();
  const optional = new Map<Block, Block[]>();
  const doubtful: Block[] = [];
  const find = finderIn(mains);
  const place = (block: Block, targets: readonly Block[] | undefined) => {
    if (targets === undefined && !block.isRemoved) doubtful.push(block);
    for (const main of targets ?? none) append(block.isOptional ? optional : of, main, block);
  };
  for (const [type, joins] of Object.entries(form.satellites ?? {}))
    for (const block of byType.get(type) ?? none) place(block, find(block, joins));
  return { of, optional, doubtful };
}

/** What certainly belongs to a resource, and what may. */
export function satellitesOf(main: Block, { of, optional, doubtful }: Satellites) {
  const own = optional.get(main);
  return { certain: of.get(main) ?? none, doubtful: own === undefined ? doubtful : [...own, ...doubtful] };
}

/** Finds the resources that a block names, which may be none of them; undefined where nobody can tell. */
function finderIn(mains: readonly Block[]) {
  const indexes = new Map<string | undefined, ReadonlyMap<string, readonly Block[]>>();
  return (block: Block, joins: readonly SatelliteJoin[]): readonly Block[] | undefined => {
    const join = joins.find((candidate) => declared(block.values, candidate.joins) !== undefined);
    const target = join === undefined ? undefined : declared(block.values, join.joins);
    if (join === undefined || typeof target !== 'string') return undefined;
    const index = indexes.get(join.to) ?? indexOf(mains, join.to);
    indexes.set(join.to, index);
    return index.get(target) ?? none;
  };
}

function indexOf(mains: readonly Block[], to: string | undefined): ReadonlyMap<string, readonly Block[]> {
  const index = new Map<string, Block[]>();
  for (const main of mains) {
    const key = to === undefined ? main.identity : declared(main.values, to);
    if (typeof key === 'string') append(index, key, main);
  }
  return index;
}

function append<Key>(map: Map<Key, Block[]>, key: Key, block: Block): void {
  const same = map.get(key);
  if (same === undefined) map.set(key, [block]);
  else same.push(block);
}
