import { declaredItems } from './declared.ts';
import { doubtOf } from './declared-policy.ts';
import type { Block, Declared } from './resource-type.ts';
import { isUnknown, type Json, unknown } from './value.ts';

const elsewhere = unknown('not-collected', 'it is there already, and may have more of these than are declared here');

/** What each type of block adds to a list. */
export type Contributions = Readonly<Record<string, (block: Block) => readonly Json[]>>;

/**
 * The items that separate blocks add to a list of a resource. Where more may be added, a marker among them stands for any
 * number of others: to what is there already, or by blocks that may belong to any.
 */
export function contributed(
  main: Block,
  certain: readonly Block[],
  doubtful: readonly Block[],
  contributions: Contributions,
): readonly Json[] {
  const items = certain.flatMap((block) => (block.isRemoved ? [] : (contributions[block.type]?.(block) ?? [])));
  const doubt = doubtOf(ofTypes(doubtful, contributions));
  return [...items, ...(doubt === undefined ? [] : [doubt]), ...(main.isNew ? [] : [elsewhere])];
}

/** Those blocks of which a table speaks. */
export function ofTypes(blocks: readonly Block[], table: Readonly<Record<string, unknown>>): readonly Block[] {
  return blocks.filter(({ type }) => Object.hasOwn(table, type));
}

/** The items of a declared list; a list that is not known is a marker among them. */
export function spread(list: Declared, convert: (item: Json) => Json = (item) => item): readonly Json[] {
  const items = declaredItems(list);
  return isUnknown(items) ? [items] : items.map((item) => (isUnknown(item) ? item : convert(item)));
}

/** When something comes into being. What is there already tells it itself, or nobody does. */
export function bornAt({ isNew, at }: Block, told?: Declared): Declared {
  if (typeof told === 'string' && told !== '') return told;
  return isNew ? at : unknown('not-collected', 'it was made before');
}
