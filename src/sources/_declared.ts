import { ProvisoError } from '../errors.ts';
import { makeResource } from '../model/make-resource.ts';
import { markMembers } from '../model/mark-untold.ts';
import { type MemoryEnd, memorySnapshot } from '../model/memory-snapshot.ts';
import type { DeclaredAt, Gap, Resource } from '../model/resource.ts';
import type { Block, DeclaredForm, ResourceType, Shape } from '../model/resource-type.ts';
import type { LedgerEntry, Manifest, Snapshot } from '../model/snapshot.ts';
import { isUnknown, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { joinSatellites, type Satellites, satellitesOf } from './_satellites.ts';

/** Stands for an account and a region that a plan or template does not name. */
export const unnamed = { account: '000000000000', region: 'unnamed' } as const;

/** What the caller knows of the place where something is to be deployed. */
export interface Destination {
  /** Twelve digits. */
  readonly account?: string;
  readonly region?: string;
  /** `aws` unless told. */
  readonly partition?: string;
}

/** The resource types and AWS's own shapes of them. */
export interface Types {
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** A block, and where it is to be. */
export interface PlacedBlock extends Block {
  readonly account: string;
  readonly region: string;
  readonly declared: DeclaredAt;
  /** Set when nothing of it can be read: why. */
  readonly hidden?: Unknown;
}

/** A plan or template that has been read. */
export interface Declaration {
  readonly source: Extract<Manifest['source'], 'terraform-plan' | 'cloudformation'>;
  /** For sentences: `Terraform plan`. */
  readonly noun: string;
  /** What records cite as the call that gave them: service and operation. */
  readonly call: readonly [service: string, operation: string];
  readonly partition: string;
  /** Where things are even if nothing is declared there. */
  readonly home: { readonly account: string; readonly region: string };
  readonly blocks: readonly PlacedBlock[];
  /** Why more is missing than any declaration lacks, if it is. */
  readonly flaw: string | undefined;
  readonly finished: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The form of a type and the blocks that are its instances. */
export interface FormOf {
  readonly main: readonly string[];
  readonly form: DeclaredForm;
}

/** A type with the members of AWS's answer. */
interface Shaped {
  readonly type: ResourceType;
  readonly fields: Readonly<Record<string, Shape>>;
}

function shapedWith(shapes: Types['shapes'], type: ResourceType): Shaped {
  const shape = shapes.get(type.type);
  if (typeof shape !== 'object' || !('fields' in shape)) throw new Error(`${type.type} has no members`);
  return { type, fields: shape.fields };
}

type Place = Pick<PlacedBlock, 'account' | 'region'>;

function groupByType(blocks: readonly PlacedBlock[]): ReadonlyMap<string, readonly PlacedBlock[]> {
  const byType = new Map<string, PlacedBlock[]>();
  for (const block of blocks) {
    const same = byType.get(block.type);
    if (same === undefined) byType.set(block.type, [block]);
    else same.push(block);
  }
  return byType;
}

/** Moves the property groups out of what a form gave: known ones cite the declaration, the others are gaps. */
function withGroups(type: ResourceType, form: DeclaredForm, declaration: Declaration, given: JsonObject, call: string) {
  const calls: Record<string, string> = { '': call };
  const gaps: Record<string, Gap> = {};
  const properties = { ...given };
  for (const name of Object.keys(type.groups ?? {})) {
    const value = given[name];
    if (form.groups?.includes(name) !== true)
      gaps[name] = { reason: 'not-collected', detail: `a ${declaration.noun} is not read for ${name}` };
    else if (isUnknown(value)) {
      gaps[name] = { reason: value.$unknown, ...(value.detail === undefined ? {} : { detail: value.detail }) };
      delete properties[name];
    } else calls[name] = call;
  }
  return { properties, calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

function recordOf(
  { type, fields }: Shaped,
  form: DeclaredForm,
  declaration: Declaration,
  block: PlacedBlock,
  satellites: Satellites,
): Resource {
  const groups = Object.keys(type.groups ?? {});
  const call = keyOf(declaration);
  const own = satellitesOf(block, satellites);
  const told = block.hidden ? { [type.id]: block.identity } : form.properties(block, own.certain, own.doubtful);
  const untold = block.hidden ?? unknown('not-collected', `a ${declaration.noun} is not read for it`);
  const given = markMembers(told, fields, untold, block.hidden ? [] : groups);
  const { account, region } = block;
  const made = makeResource(type, { partition: declaration.partition, account, region }, given, call);
  const { arn, id, ...rest } = made ?? { type: type.type, account, region, id: block.identity, arn: undefined };
  return {
    ...rest,
    id,
    // What does not exist yet has no ARN, and one that is made up from an address would pass for real.
    ...(arn === undefined || block.isNew ? {} : { arn }),
    ...withGroups(type, form, declaration, given, call),
    declared: block.declared,
  };
}

/** Ids are unique: what would be the second of one id is named by its address. */
function recordsOf(
  shaped: Shaped,
  { main, form }: FormOf,
  declaration: Declaration,
  byType: ReadonlyMap<string, readonly PlacedBlock[]>,
) {
  const mains = main.flatMap((name) => byType.get(name) ?? []).filter((block) => !block.isRemoved);
  const satellites = joinSatellites(mains, form, byType);
  const seen = new Set<string>();
  return mains.map((block) => {
    const record = recordOf(shaped, form, declaration, block, satellites);
    const place = `${record.account}/${record.region}/`;
    const unique = seen.has(place + record.id) ? { ...record, id: block.address } : record;
    if (seen.has(place + unique.id))
      throw new ProvisoError('input', `${JSON.stringify(block.address).slice(0, 200)} is declared twice`);
    seen.add(place + unique.id);
    return unique;
  });
}

function keyOf({ call }: Declaration): string {
  return call.join(':');
}

function ledgerEntry(declaration: Declaration, place: Place, items: number): LedgerEntry {
  const [service, operation] = declaration.call;
  const time = new Date(declaration.now).toISOString();
  return {
    key: keyOf(declaration),
    ...place,
    service,
    operation,
    input: {},
    outcome: 'complete',
    permission: '',
    pages: 1,
    items,
    attempts: 1,
    requestIds: [],
    startedAt: time,
    answeredAt: time,
  };
}

/** A declaration never tells all that an account has, so that no list of it is whole. */
function endOf(declaration: Declaration, place: Place, type: ResourceType, isRead: boolean): MemoryEnd {
  const { noun, flaw } = declaration;
  const only = isRead ? `a ${noun} tells only of what it declares` : `a ${noun} is not read for ${type.type}`;
  const detail = isRead && flaw !== undefined ? flaw : only;
  return { ...place, type: type.type, complete: false, reason: 'not-collected', detail, calls: [keyOf(declaration)] };
}

function placesOf({ home, blocks }: Declaration): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { account, region } of [home, ...blocks]) places.set(`${account}/${region}`, { account, region });
  return [...places.values()];
}

/**
 * A declaration as a snapshot that is judged like any other: each resource by what is declared, no list as whole.
 *
 * @throws ProvisoError 'input' when one resource is declared twice
 */
export function snapshotOf(
  declaration: Declaration,
  { types, shapes }: Types,
  formOf: (type: ResourceType) => FormOf | undefined,
): Snapshot {
  const byType = groupByType(declaration.blocks);
  const regional = placesOf(declaration);
  const accounts = [...new Set(regional.map(({ account }) => account))];
  const global = accounts.map((account) => ({ account, region: 'global' }));
  const records: Resource[] = [];
  const ends: MemoryEnd[] = [];
  for (const type of types.values()) {
    const form = formOf(type);
    if (form !== undefined)
      for (const record of recordsOf(shapedWith(shapes, type), form, declaration, byType)) records.push(record);
    const places = type.reach === 'global' ? global : regional;
    ends.push(...places.map((place) => endOf(declaration, place, type, form !== undefined)));
  }
  const time = new Date(declaration.now).toISOString();
  return memorySnapshot(
    {
      source: declaration.source,
      partition: declaration.partition,
      accounts: accounts.map((id) =>
        id === unnamed.account ? { id, name: `not named by the ${declaration.noun}` } : { id },
      ),
      regions: regional.map((place) => ({ ...place, status: 'enabled', selected: true })),
      finished: declaration.finished,
      startedAt: time,
      finishedAt: time,
    },
    [...regional, ...global].map((place) => ledgerEntry(declaration, place, declaration.blocks.length)),
    records,
    ends,
  );
}
