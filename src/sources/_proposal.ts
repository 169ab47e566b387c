import { ProvisoError } from '../errors.ts';
import { makeResource } from '../model/make-resource.ts';
import { markMembers } from '../model/mark-untold.ts';
import type { ChangeAction, ChangedPart, Proposal, ProposalCoverage, ProposedChange } from '../model/proposal.ts';
import type { Gap, Resource } from '../model/resource.ts';
import type { ResourceType, Shape, TerraformForm } from '../model/resource-type.ts';
import { byCodeUnit, isUnknown, type JsonObject, unknown } from '../model/value.ts';
import type { Declaration, PlacedBlock, Types } from './_declared.ts';
import { locate } from './_locate.ts';
import { nameSpaceOf } from './_name-space.ts';
import { additionsIn, partialProperties } from './_partial.ts';
import { append, joinSatellites, type NamingForm, type Satellites, satellitesOf, spaced } from './_satellites.ts';
import { isSetting, oneOfEach } from './_settings.ts';

/** The form of a type and the blocks that are its instances. */
export interface FormOf {
  readonly main: readonly string[];
  readonly form: NamingForm & Pick<TerraformForm, 'remains'>;
}

/** A type, its form, and the members of AWS's answer. */
interface Shaped extends FormOf {
  readonly type: ResourceType;
  readonly fields: Readonly<Record<string, Shape>>;
}

type ByType = ReadonlyMap<string, readonly PlacedBlock[]>;

function shapedWith(shapes: Types['shapes'], type: ResourceType, form: FormOf): Shaped {
  const shape = shapes.get(type.type);
  if (typeof shape !== 'object' || !('fields' in shape)) throw new Error(`${type.type} has no members`);
  return { type, ...form, fields: shape.fields };
}

function groupByType(blocks: readonly PlacedBlock[]): ByType {
  const byType = new Map<string, PlacedBlock[]>();
  for (const block of blocks) append(byType, block.type, block);
  return byType;
}

/** Moves the property groups out of what a form gave: known ones cite the declaration, the others are gaps. */
function withGroups({ type, form }: Shaped, { noun, call: [service, operation] }: Declaration, given: JsonObject) {
  const call = `${service}:${operation}`;
  const calls: Record<string, string> = { '': call };
  const gaps: Record<string, Gap> = {};
  const properties = { ...given };
  for (const name of Object.keys(type.groups ?? {})) {
    const value = given[name];
    if (form.groups?.includes(name) !== true)
      gaps[name] = { reason: 'not-collected', detail: `a ${noun} is not read for ${name}` };
    else if (isUnknown(value)) {
      gaps[name] = { reason: value.$unknown, ...(value.detail === undefined ? {} : { detail: value.detail }) };
      delete properties[name];
    } else calls[name] = call;
  }
  return { properties, calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

/** What a listing takes from the place where it is asked: a setting of which each has one is known by it. */
function inheritedBy({ listing }: ResourceType, { account, region }: PlacedBlock): JsonObject {
  const places: Readonly<Record<string, string>> = { '@account': account, '@region': region };
  const members = Object.entries(listing.inherit ?? {}).map(([name, from]) => [name, places[from]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** A record out of what a form told of a block. */
function recordOf(shaped: Shaped, declaration: Declaration, block: PlacedBlock, told: JsonObject): Resource {
  const { type, fields } = shaped;
  const { noun, partition } = declaration;
  const untold = block.hidden ?? unknown('not-collected', `a ${noun} is not read for it`);
  const known = { ...told, ...inheritedBy(type, block) };
  const given = markMembers(known, fields, untold, block.hidden ? [] : Object.keys(type.groups ?? {}));
  const { account, region } = block;
  const made = makeResource(type, { partition, account, region }, given, '');
  const { arn, id, name } = made ?? { id: block.identity, arn: undefined, name: undefined };
  return {
    type: type.type,
    account,
    region: type.reach === 'global' ? 'global' : region,
    id,
    // What does not exist yet has no ARN, and one that is made up from an address would pass for real.
    ...(arn === undefined || block.isNew ? {} : { arn }),
    ...(name === undefined ? {} : { name }),
    ...withGroups(shaped, declaration, given),
    declared: block.declared,
  };
}

/** The blocks of one type before or after a change, with what adds to each. */
interface Side {
  readonly mains: readonly PlacedBlock[];
  readonly satellites: Satellites<PlacedBlock>;
}

function sideOf({ type, main, form }: Shaped, byType: ByType): Side {
  const mains = main.flatMap((name) => byType.get(name) ?? []).filter((block) => form.isOther?.(block) !== true);
  const present = mains.filter(({ isRemoved }) => !isRemoved);
  return { mains, satellites: joinSatellites(present, form, byType, nameSpaceOf(type)) };
}

function toldOf({ type, form }: Shaped, block: PlacedBlock, { satellites }: Side): JsonObject {
  if (block.hidden !== undefined) return { [type.id]: block.identity };
  const { certain, doubtful } = satellitesOf(block, satellites);
  return form.properties(block, certain, doubtful);
}

/** Ids are unique: what would be the second of one id is named by its address, but for a setting, which is one and the same. */
function recordsOf(shaped: Shaped, declaration: Declaration, side: Side): ReadonlyMap<string, Resource> {
  const records = new Map<string, Resource>();
  const seen = new Set<string>();
  for (const block of side.mains) {
    if (block.isRemoved) continue;
    const record = recordOf(shaped, declaration, block, toldOf(shaped, block, side));
    const place = `${record.account}/${record.region}/`;
    const isSecond = seen.has(place + record.id) && !isSetting(shaped.type);
    const unique = isSecond ? { ...record, id: block.address } : record;
    if ((isSecond && seen.has(place + unique.id)) || records.has(block.address))
      throw new ProvisoError('input', `${JSON.stringify(block.address).slice(0, 200)} is declared twice`);
    seen.add(place + unique.id);
    records.set(block.address, unique);
  }
  return records;
}

/** What the deletion of a setting leaves: AWS's default, or all of it. */
function remainderOf(shaped: Shaped, declaration: Declaration, block: PlacedBlock, before: Resource | undefined) {
  const remains = shaped.form.remains?.[block.type];
  if (remains === undefined) return undefined;
  return remains === 'kept' ? before : recordOf(shaped, declaration, block, remains(block));
}

function partOf({ type, declared, address }: PlacedBlock, { actions }: Declaration): ChangedPart {
  return { type, declared, action: actions.get(address) ?? 'none' };
}

function actionOf(own: ChangeAction, parts: readonly ChangedPart[]): ChangeAction {
  const isLeft = own === 'none' || own === 'forget';
  return isLeft && parts.some(({ action }) => action !== 'none' && action !== 'forget') ? 'update' : own;
}

/** Blocks by address, the first that is there. */
function byAddress(...lists: readonly (readonly PlacedBlock[])[]): ReadonlyMap<string, PlacedBlock> {
  const blocks = new Map<string, PlacedBlock>();
  for (const block of lists.flat()) if (!blocks.has(block.address)) blocks.set(block.address, block);
  return blocks;
}

/** Blocks that add to each resource, on both sides of the change, by the resource's address. */
function additionsOf(sides: readonly Side[]): ReadonlyMap<string, readonly PlacedBlock[]> {
  const additions = new Map<string, PlacedBlock[]>();
  for (const { mains, satellites } of sides)
    for (const main of mains)
      for (const list of [satellites.of.get(main), satellites.optional.get(main)])
        for (const block of list ?? []) append(additions, main.address, block);
  return additions;
}

/** What a template alone tells of a resource that may be there already, as all that adds to it may. */
function ifThereOf(shaped: Shaped, declaration: Declaration, block: PlacedBlock, { satellites }: Side) {
  const isAlone = declaration.source === 'cloudformation' && declaration.past.length === 0;
  if (!isAlone || block.hidden !== undefined || block.isRemoved) return undefined;
  const old = (one: PlacedBlock): PlacedBlock => ({ ...one, isNew: false });
  const { certain, doubtful } = satellitesOf(block, satellites);
  const told = shaped.form.properties(old(block), certain.map(old), doubtful.map(old));
  return recordOf(shaped, declaration, old(block), told);
}

function changesOf(shaped: Shaped, declaration: Declaration, past: Side, next: Side): readonly ProposedChange[] {
  const before = recordsOf(shaped, declaration, past);
  const after = recordsOf(shaped, declaration, next);
  const additions = additionsOf([next, past]);
  const present = next.mains.filter(({ isRemoved }) => !isRemoved);
  return [...byAddress(present, next.mains, past.mains).values()].map((block): ProposedChange => {
    const { address, declared } = block;
    const parts = [...byAddress([block], additions.get(address) ?? []).values()].map((one) => partOf(one, declaration));
    const was = before.get(address);
    const own = declaration.actions.get(address) ?? 'none';
    const left = after.get(address) ?? remainderOf(shaped, declaration, block, was);
    const there = ifThereOf(shaped, declaration, block, next);
    // The second of one id has lost it, and is found by it all the same.
    const aliases = was?.id === address ? [...(block.aliases ?? []), block.identity] : block.aliases;
    return {
      type: shaped.type.type,
      declared,
      action: actionOf(own, parts),
      ...(was === undefined ? {} : { before: was }),
      ...(left === undefined ? {} : { after: left }),
      ...(there === undefined ? {} : { ifThere: there }),
      ...(aliases === undefined ? {} : { aliases }),
      parts,
    };
  });
}

/** What is declared here of resources that are declared elsewhere. */
function partialChangesOf(shaped: Shaped, declaration: Declaration, past: Side, next: Side): readonly ProposedChange[] {
  const space = nameSpaceOf(shaped.type);
  const known = new Set([...past.mains, ...next.mains].map((main) => spaced(space.of(main), main.identity)));
  const names = new Set([...next.satellites.strays.keys(), ...past.satellites.strays.keys()]);
  return [...names].flatMap((key): ProposedChange[] => {
    const [then, later] = [past, next].map(({ satellites }) => satellites.strays.get(key) ?? []);
    const [first] = [...(later ?? []), ...(then ?? [])];
    const name = key.slice(key.indexOf(' ') + 1);
    if (known.has(key) || first === undefined || then === undefined || later === undefined) return [];
    const { isRemoved: _, isOptional: __, ...rest } = first;
    const target: PlacedBlock = { ...rest, identity: name, values: {}, written: undefined, isNew: false };
    if (shaped.form.isOther?.(target) === true) return [];
    const told = partialProperties(shaped.form, target, additionsIn(then), additionsIn(later));
    const record = (properties: JsonObject) =>
      recordOf(shaped, declaration, target, { ...properties, [shaped.type.id]: name });
    const parts = [...byAddress(later, then).values()].map((one) => partOf(one, declaration));
    return [
      {
        type: shaped.type.type,
        declared: first.declared,
        action: actionOf('none', parts),
        before: record(told.before),
        after: record(told.after),
        isPartial: true,
        parts,
      },
    ];
  });
}

function placesOf({ home, blocks, past }: Declaration): Proposal['places'] {
  const places = new Map<string, Proposal['home']>();
  for (const { account, region } of [home, ...blocks, ...past]) places.set(`${account}/${region}`, { account, region });
  return [...places.values()].sort((a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region));
}

/** What would add to something, by its type, and is part of nothing that is read. */
function idleIn({ blocks, past }: Declaration, changes: readonly ProposedChange[]): ReadonlyMap<string, number> {
  const used = new Set(changes.flatMap(({ parts }) => parts.map(({ declared }) => declared.address)));
  const idle = new Map<string, number>();
  // What a replacement has left behind is not counted by itself.
  for (const { address, type, declared } of byAddress(blocks, past).values())
    if (!used.has(declared.address) && !address.endsWith(')')) idle.set(type, (idle.get(type) ?? 0) + 1);
  return idle;
}

function coverageOf(
  declaration: Declaration,
  forms: readonly Shaped[],
  changes: readonly ProposedChange[],
): ProposalCoverage {
  const read = new Set(forms.flatMap(({ main, form }) => [...main, ...Object.keys(form.satellites ?? {})]));
  const idle = idleIn(declaration, changes);
  const sorted = [...declaration.counts].sort(([a], [b]) => byCodeUnit(a, b));
  const unmapped = sorted.flatMap(([type, count]) => {
    const left = read.has(type) ? Math.min(count, idle.get(type) ?? 0) : count;
    return left === 0 ? [] : [{ type, count: left }];
  });
  const sum = (of: readonly number[]) => of.reduce((total, count) => total + count, 0);
  const declared = sum(sorted.map(([, count]) => count));
  return { declared, mapped: declared - sum(unmapped.map(({ count }) => count)), unmapped };
}

function keyOf({ type, before, after, declared }: ProposedChange): string {
  const { account = '', region = '', id = '' } = after ?? before ?? {};
  return `${account}/${region}/${type}/${id}/${declared.address}`;
}

/**
 * What a plan or template would do, resource by resource.
 *
 * @throws ProvisoError 'input' when one resource is declared twice
 */
export function proposalOf(
  declaration: Declaration,
  { types, shapes }: Types,
  formOf: (type: ResourceType) => FormOf | undefined,
): Proposal {
  const forms = [...types.values()].flatMap((type) => {
    const form = formOf(type);
    return form === undefined ? [] : [shapedWith(shapes, type, form)];
  });
  const located = locate(declaration, forms);
  const [after, before] = [located.blocks, located.past].map(groupByType);
  const changes = forms.flatMap((shaped) => {
    const [next, past] = [after, before].map((byType) => sideOf(shaped, byType ?? new Map()));
    if (next === undefined || past === undefined) return [];
    const own = changesOf(shaped, located, past, next);
    return [
      ...(isSetting(shaped.type) ? oneOfEach(own, shaped.type) : own),
      ...partialChangesOf(shaped, located, past, next),
    ];
  });
  const { blocks: _, past: __, actions: ___, counts: ____, ...facts } = declaration;
  const keyed = changes.map((change) => [keyOf(change), change] as const);
  return {
    ...facts,
    places: placesOf(located),
    types: new Set(forms.map(({ type }) => type.type)),
    changes: keyed.sort(([a], [b]) => byCodeUnit(a, b)).map(([, change]) => change),
    coverage: coverageOf(declaration, forms, changes),
  };
}
