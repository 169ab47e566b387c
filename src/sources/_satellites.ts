import { declared } from '../model/declared.ts';
import type { Block, DeclaredForm, SatelliteJoin } from '../model/resource-type.ts';

/** Separate blocks by the resource to which they add. */
export interface Satellites<B extends Block = Block> {
  readonly of: ReadonlyMap<Block, readonly B[]>;
  /** Those that may or may not be there. */
  readonly optional: ReadonlyMap<Block, readonly B[]>;
  /** Those that may belong to any. */
  readonly doubtful: readonly B[];
  /** Those that add to something that is not among the resources, by what they call it; a doubtful one by its own address. */
  readonly strays: ReadonlyMap<string, readonly B[]>;
}

const none: readonly never[] = [];

/** Finds for each resource the blocks that add to it. */
export function joinSatellites<B extends Block>(
  mains: readonly B[],
  form: DeclaredForm,
  byType: ReadonlyMap<string, readonly B[]>,
): Satellites<B> {
  const of = new Map<Block, B[]>();
  const optional = new Map<Block, B[]>();
  const strays = new Map<string, B[]>();
  const doubtful: B[] = [];
  const find = finderIn(mains);
  const place = (block: B, { name, targets }: Named) => {
    if (name === undefined && !block.isRemoved) doubtful.push(block);
    if (targets.length === 0) append(strays, name ?? block.address, block);
    for (const main of targets) append(block.isOptional ? optional : of, main, block);
  };
  for (const [type, joins] of Object.entries(form.satellites ?? {}))
    for (const block of byType.get(type) ?? none) place(block, find(block, joins));
  return { of, optional, doubtful, strays };
}

/** What certainly belongs to a resource, and what may. */
export function satellitesOf<B extends Block>(main: Block, { of, optional, doubtful }: Satellites<B>) {
  const own = optional.get(main);
  return { certain: of.get(main) ?? none, doubtful: own === undefined ? doubtful : [...own, ...doubtful] };
}

/** What a block calls the resource to which it adds, undefined where nobody can tell, and those that are called so. */
interface Named {
  readonly name: string | undefined;
  readonly targets: readonly Block[];
}

function finderIn(mains: readonly Block[]) {
  const indexes = new Map<string | undefined, ReadonlyMap<string, readonly Block[]>>();
  return (block: Block, joins: readonly SatelliteJoin[]): Named => {
    const join = joins.find((candidate) => declared(block.values, candidate.joins) !== undefined);
    const name = join === undefined ? undefined : declared(block.values, join.joins);
    if (join === undefined || typeof name !== 'string') return { name: undefined, targets: none };
    const index = indexes.get(join.to) ?? indexOf(mains, join.to);
    indexes.set(join.to, index);
    return { name, targets: index.get(name) ?? none };
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

export function append<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
}
