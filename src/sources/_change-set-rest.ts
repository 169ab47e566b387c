import type { CloudFormationForm, SatelliteJoin } from '../model/resource-type.ts';
import type { Json } from '../model/value.ts';
import type { PlacedBlock, Types } from './_declared.ts';
import { attributeOf } from './_satellites.ts';

/**
 * A change set names only what it changes. What else there is may add to anything that is there already, such as a rule to
 * a security group, but not to what is new.
 *
 * @param blocks of one side of the change
 */
export function restOf(blocks: readonly PlacedBlock[], { types }: Types): readonly PlacedBlock[] {
  const rest = new Map<string, PlacedBlock>();
  for (const block of restOfForms(blocks, types)) {
    const key = `${block.type}/${block.address}`;
    // One block may be an instance of two types, and the same may add to both.
    rest.set(key, { ...block, values: { ...rest.get(key)?.values, ...block.values } });
  }
  return [...rest.values()];
}

function restOfForms(blocks: readonly PlacedBlock[], types: Types['types']): readonly PlacedBlock[] {
  return [...types.values()].flatMap(({ type, cloudformation: form }) => {
    if (form?.satellites === undefined) return [];
    const mains = blocks.filter((block) => block.type === (form.main ?? type) && !block.isNew && !block.isRemoved);
    return Object.entries(form.satellites).flatMap(([satellite, joins]) =>
      mains.flatMap((main) => {
        const isWhole = !isAdditive(form, satellite) && blocks.some((block) => adds(block, satellite, main, joins));
        return isWhole ? [] : restTo(main, satellite, joins);
      }),
    );
  });
}

/** Whether a resource may have several of these, each of which adds to a list. */
function isAdditive({ sets, setBy }: CloudFormationForm, satellite: string): boolean {
  const lists = Object.keys(sets ?? {});
  return lists.some((list) => setBy?.[list]?.some((attribute) => attribute.startsWith(`${satellite}.`)) !== false);
}

function nameFor(main: PlacedBlock, { to }: SatelliteJoin): Json | undefined {
  return to === undefined ? main.identity : main.values[to];
}

function adds(block: PlacedBlock, type: string, main: PlacedBlock, joins: readonly SatelliteJoin[]): boolean {
  if (block.type !== type || block.isOptional === true) return false;
  return joins.some((join) => {
    const value = block.values[attributeOf(join)];
    const name = nameFor(main, join);
    return name !== undefined && (Array.isArray(value) ? value.includes(name) : value === name);
  });
}

function restTo(main: PlacedBlock, type: string, joins: readonly SatelliteJoin[]): readonly PlacedBlock[] {
  const join = joins.find((one) => typeof nameFor(main, one) === 'string');
  const name = join && nameFor(main, join);
  if (join === undefined || typeof name !== 'string') return [];
  const attribute = attributeOf(join);
  const { account, region, at } = main;
  const address = `the rest of the stack beside ${main.address}`;
  return [
    {
      type,
      address,
      identity: address,
      values: { [attribute]: attribute === join.joins ? name : [name] },
      written: undefined,
      isNew: false,
      isOptional: true,
      account,
      region,
      declared: { address },
      at,
    },
  ];
}
