import { declared } from '../model/declared.ts';
import type { Block, CloudFormationForm, DeclaredForm, SatelliteJoin, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type Unknown } from '../model/value.ts';

/** Separate blocks by the resource to which they add. */
export interface Satellites<B extends Block = Block> {
  readonly of: ReadonlyMap<Block, readonly B[]>;
  /** Those that may or may not be there. */
  readonly optional: ReadonlyMap<Block, readonly B[]>;
  /** Those that may belong to any. */
  readonly doubtful: readonly B[];
  /** Those that add to something that is not among the resources, by their place and what they call it, as {@link spaced}. */
  readonly strays: ReadonlyMap<string, readonly B[]>;
  /** Resources whose names are written and not known yet: what adds to something of another name may add to these. */
  readonly unnamed: ReadonlySet<Block>;
  /** What may add to those. */
  readonly mayAdd: readonly B[];
}

/** Within what names of a type are unique. */
export interface NameSpace<B extends Block> {
  /** A text for each such place. */
  readonly of: (block: B) => string;
  /** Whether two blocks may lie in one; if not, neither adds to the other, whatever it calls it. */
  readonly mayShare: (one: B, other: B) => boolean;
}

/** A form, and by what its resources are named. */
export type NamingForm = DeclaredForm & Partial<Pick<TerraformForm, 'identity'>> & Pick<CloudFormationForm, 'ref'>;

const none: readonly never[] = [];

/** A name within a place. */
export function spaced(space: string, name: string): string {
  return `${space} ${name}`;
}

/** Finds for each resource the blocks that add to it. */
export function joinSatellites<B extends Block>(
  mains: readonly B[],
  form: NamingForm,
  byType: ReadonlyMap<string, readonly B[]>,
  space: NameSpace<B>,
): Satellites<B> {
  const of = new Map<Block, B[]>();
  const optional = new Map<Block, B[]>();
  const strays = new Map<string, B[]>();
  const doubtful: B[] = [];
  const homeless: B[] = [];
  const find = finderIn(mains, space);
  const place = (block: B, { name, targets }: Named) => {
    if (name === undefined && !block.isRemoved && doubtful.at(-1) !== block) doubtful.push(block);
    if (targets.length === 0) append(strays, spaced(space.of(block), name ?? block.address), block);
    if (targets.length === 0 && name !== undefined && !block.isRemoved) homeless.push(block);
    for (const main of targets) append(block.isOptional ? optional : of, main, block);
  };
  for (const [type, joins] of Object.entries(form.satellites ?? {}))
    for (const block of byType.get(type) ?? none) for (const named of find(block, joins)) place(block, named);
  const unnamed = new Set(mains.filter((main) => isUnnamed(main, form)));
  return { of, optional, doubtful, strays, unnamed, mayAdd: [...homeless, ...doubtful] };
}

/** What AWS makes up for each new resource, so that nothing that has a name already can mean it. */
const madeUp = new Set(['id', 'arn']);

/** Whether somebody names a resource, and the name is known only later. */
function isUnnamed({ values, written, isNew }: Block, { identity, ref, satellites }: NamingForm): boolean {
  const isOpen = (name: string) => isUnknown(values[name]) && !madeUp.has(name) && written?.has(name) !== false;
  const names = identity ?? (ref === undefined ? [] : [ref]);
  const isNamed = names.some((name) => typeof values[name] === 'string');
  const joined = Object.values(satellites ?? {}).flatMap((joins) => joins.flatMap(({ to }) => to ?? []));
  return isNew && ((!isNamed && names.some(isOpen)) || joined.some(isOpen));
}

/** What certainly belongs to a resource, and what may. */
export function satellitesOf<B extends Block>(main: Block, { of, optional, doubtful, unnamed, mayAdd }: Satellites<B>) {
  const own = optional.get(main);
  const any = unnamed.has(main) ? mayAdd : doubtful;
  return { certain: of.get(main) ?? none, doubtful: own === undefined ? any : [...own, ...any] };
}

/** What a block calls the resource to which it adds, undefined where nobody can tell, and those that are called so. */
interface Named {
  readonly name: string | undefined;
  readonly targets: readonly Block[];
}

function finderIn<B extends Block>(mains: readonly B[], space: NameSpace<B>) {
  const indexes = new Map<string | undefined, ReadonlyMap<string, readonly B[]>>();
  const indexBy = (to: string | undefined) => {
    const index = indexes.get(to) ?? indexOf(mains, to);
    indexes.set(to, index);
    return index;
  };
  const called = (to: string | undefined, name: string, block: B): readonly B[] | undefined => {
    // An address is one of a kind, wherever its resource lies.
    const found = indexBy(to)
      .get(name)
      ?.filter((main) => main.address === name || space.mayShare(main, block));
    return found === undefined || found.length === 0 ? undefined : found;
  };
  return (block: B, joins: readonly SatelliteJoin[]): readonly Named[] => {
    const lists = joins.filter(({ joins: name }) => name.includes('[]'));
    const join = joins.find((candidate) => declared(block.values, attributeOf(candidate)) !== undefined);
    if (join === undefined)
      return lists.length > 0 && !isUnseen(block, lists) ? [] : [{ name: undefined, targets: none }];
    return namesOf(block, join).map((name) => ({
      name,
      // What refers to something new, by whatever attribute, has become its identity.
      targets: name === undefined ? none : (called(join.to, name, block) ?? called(undefined, name, block) ?? none),
    }));
  };
}

/** Whether nobody can tell if a block has such lists at all. */
function isUnseen(block: Block & { readonly hidden?: Unknown }, lists: readonly SatelliteJoin[]): boolean {
  const isBare = lists.every((join) => !Object.hasOwn(block.values, attributeOf(join)));
  return block.hidden !== undefined || (block.written === undefined && isBare);
}

/** The attribute by which a join is made. */
export function attributeOf({ joins }: SatelliteJoin): string {
  return joins.split('[]')[0] ?? joins;
}

/** What a block calls the resources to which it adds, each once; undefined for one of which nobody can tell. */
function namesOf(block: Block, join: SatelliteJoin): readonly (string | undefined)[] {
  const attribute = attributeOf(join);
  const value = declared(block.values, attribute);
  if (attribute === join.joins) return [typeof value === 'string' ? value : undefined];
  // What nobody wrote is there all the same in a provider's plan, as not known yet.
  if (isUnknown(value) && block.isNew && block.written?.has(attribute) === false) return [];
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const [, member] = join.joins.split('[].');
  const names = items.map((item) => (member === undefined ? item : declared(item, member)));
  return [...new Set(names.map((name) => (typeof name === 'string' ? name : undefined)))].filter((name) => name !== '');
}

function indexOf<B extends Block>(mains: readonly B[], to: string | undefined): ReadonlyMap<string, readonly B[]> {
  const index = new Map<string, B[]>();
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
