import type { ChangeAction } from '../model/proposal.ts';
import type { Block, Declared, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import type { DeferredChange } from './_plan-document.ts';
import { type PlanAction, type PlanResourceChange, planAction } from './_plan-format.ts';
import { withPending } from './_plan-pending.ts';
import { type Sides, sidesOf } from './_plan-sides.ts';
import type { Configuration, Instance } from './_terraform-references.ts';
import { own } from './_terraform-values.ts';

/** A block of a plan, and what tells where it is. */
export interface PlanBlock extends Block {
  readonly instance: Instance;
  /** What the provider tells it apart by. */
  readonly key: JsonObject | undefined;
  /** `registry.terraform.io/hashicorp/aws` */
  readonly provider: string | undefined;
  readonly aliases?: readonly string[];
  readonly hidden?: Unknown;
}

/** What one change makes of one or two objects. */
export interface PlannedBlocks {
  readonly present: readonly PlanBlock[];
  readonly past: readonly PlanBlock[];
  readonly actions: readonly (readonly [address: string, action: ChangeAction])[];
}

export interface BlockContext {
  /** Stands before all addresses, to tell those of several plans apart. */
  readonly prefix: string;
  readonly configuration: Configuration;
  /** By main type, the attributes that hold the id by which others refer to it. */
  readonly identityOf: ReadonlyMap<string, readonly string[]>;
  /** By main type, what AWS puts off. */
  readonly pendingOf: ReadonlyMap<string, TerraformForm['pending']>;
  /** What is written of each block of the configuration, as far as it was asked for. */
  readonly written: Map<Json, ReadonlySet<string>>;
  /** Answers whether the files confirm that an attribute is a list of plain references and nothing else. */
  readonly isListOfReferences: (address: string, attribute: string) => boolean;
  readonly keyedReference: (address: string, attribute: string) => string | undefined;
  /** Answers whether the files confirm that an attribute is one plain reference and nothing else. */
  readonly isReference: (address: string, attribute: string) => boolean;
  /** When what is new comes into being, ISO 8601. */
  readonly at: string;
}

/** What becomes of an object, in words that all sources share. */
export const changeActions: Readonly<Record<PlanAction, ChangeAction>> = {
  'no-op': 'none',
  read: 'none',
  create: 'create',
  update: 'update',
  delete: 'delete',
  forget: 'forget',
  'delete-then-create': 'replace',
  'create-then-delete': 'replace',
  'create-then-forget': 'create',
};

/** Why Terraform puts a change off, in words. */
const putOff: Readonly<Record<string, string>> = {
  instance_count_unknown: 'nobody knows yet how often it will be there',
  resource_config_unknown: 'its configuration is not known yet',
  provider_config_unknown: 'the configuration of its provider is not known yet',
  deferred_prereq: 'something that it needs is put off',
  absent_prereq: 'something that it needs is not there yet',
  excluded: 'it was excluded',
  not_included: 'it was not asked for',
};

export function instanceOf({ address, module_address, type, name }: PlanResourceChange): Instance {
  return { address, module: module_address ?? '', type, name };
}

/** @returns why it is put off, in words */
export function reasonOf({ reason }: DeferredChange): string {
  return Object.hasOwn(putOff, reason) ? (putOff[reason] ?? reason) : 'Terraform gives no reason that is known';
}

function addressOf({ address }: PlanResourceChange, { prefix }: BlockContext): string {
  return prefix + address;
}

/** What a change takes away and what it leaves. Something that is only forgotten stays as it is. */
export function plannedBlocks(entry: PlanResourceChange, context: BlockContext): PlannedBlocks {
  const { change, deposed } = entry;
  const action = planAction(change.actions);
  const told = sidesOf(change);
  const sides = action === 'update' ? withPending(told, context.pendingOf.get(entry.type)) : told;
  if (deposed !== undefined) return leftover(entry, sides, action, context);
  if (action === undefined) return withUnknownAfter(entry, sides, oddAction, context);
  const past = blockOn(entry, sides.before, false, context);
  const isNew = changeActions[action] === 'create' || changeActions[action] === 'replace';
  const made = action === 'forget' ? undefined : blockOn(entry, sides.after, isNew, context);
  const next = made === undefined || isNew || past === undefined ? made : { ...made, was: past.values };
  if (action === 'create-then-forget' && past !== undefined) return forgotten(past, next);
  const isGone = action !== 'no-op' && action !== 'read' && action !== 'forget';
  return {
    past: list(past),
    // What an update takes away from others goes too, before what it adds comes.
    present: [...(isGone ? list(past).map(removed) : []), ...list(action === 'forget' ? past : next)],
    actions: [[addressOf(entry, context), changeActions[action]]],
  };
}

/** A resource of which nobody can tell what becomes of it. */
export function deferredBlocks(deferred: DeferredChange, context: BlockContext): PlannedBlocks {
  const marker = unknown('known-after-apply', `Terraform puts it off: ${reasonOf(deferred)}`);
  return withUnknownAfter(deferred.change, sidesOf(deferred.change.change), marker, context);
}

const oddAction = unknown('type', 'the plan does something with it that is not known here');

function withUnknownAfter(entry: PlanResourceChange, sides: Sides, why: Unknown, context: BlockContext): PlannedBlocks {
  const past = blockOn(entry, sides.before, false, context);
  const expressions = own(context.configuration.resourceOf(instanceOf(entry)), 'expressions');
  const names = [sides.before, sides.after, expressions].flatMap((from) =>
    isObject(from) && !isUnknown(from) ? Object.keys(from) : [],
  );
  const values = Object.fromEntries(names.map((name) => [name, why]));
  const next = blockOn(entry, values, past === undefined, context);
  const hidden = next && { ...next, identity: past?.identity ?? next.identity, hidden: why };
  const action = past === undefined ? 'create' : 'update';
  return {
    past: list(past),
    present: [...list(past).map(removed), ...list(hidden)],
    actions: [[addressOf(entry, context), action]],
  };
}

/** What a replacement that failed has left behind, under an address of its own. */
function leftover(
  entry: PlanResourceChange,
  { before }: Sides,
  action: PlanAction | undefined,
  context: BlockContext,
): PlannedBlocks {
  const address = `${addressOf(entry, context)} (deposed ${entry.deposed})`;
  const past = list(blockOn(entry, before, false, context)).map((block) => ({ ...block, address }));
  const own = action === 'delete' || action === 'forget' ? action : 'none';
  return {
    past,
    present: own === 'delete' ? past.map(removed) : past,
    actions: [[address, own]],
  };
}

/** A new object, and the old one, which stays without being managed. */
function forgotten(past: PlanBlock, next: PlanBlock | undefined): PlannedBlocks {
  const old = { ...past, address: `${past.address} (forgotten)` };
  return {
    past: [old],
    present: [old, ...list(next)],
    actions: [
      [old.address, 'forget'],
      [past.address, 'create'],
    ],
  };
}

function removed(block: PlanBlock): PlanBlock {
  return { ...block, isRemoved: true };
}

function list<Item>(item: Item | undefined): readonly Item[] {
  return item === undefined ? [] : [item];
}

/** One side of a change as a block; a resource of which nothing can be read must not vanish. */
function blockOn(
  entry: PlanResourceChange,
  side: Declared,
  isNew: boolean,
  context: BlockContext,
): PlanBlock | undefined {
  if (side === undefined || side === null) return undefined;
  const hidden = isUnknown(side) ? side : isObject(side) ? undefined : notRead;
  const values: JsonObject = hidden === undefined && isObject(side) ? side : {};
  const instance = instanceOf(entry);
  const resource = context.configuration.resourceOf(instance);
  const address = addressOf(entry, context);
  const identity = textIn(values, context.identityOf.get(entry.type) ?? []) ?? address;
  const aliases = isNew ? [] : aliasesOf(entry, values, identity);
  const { before_identity, after_identity } = entry.change;
  return {
    type: entry.type,
    address,
    identity,
    values,
    written: resource === undefined ? undefined : writtenIn(resource, context),
    isNew,
    at: context.at,
    instance,
    key: after_identity ?? before_identity,
    provider: entry.provider_name,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(hidden === undefined ? {} : { hidden }),
  };
}

function writtenIn(resource: Json, { written }: BlockContext): ReadonlySet<string> {
  const known = written.get(resource);
  if (known !== undefined) return known;
  const expressions = own(resource, 'expressions');
  const names = new Set(isObject(expressions) ? Object.keys(expressions) : []);
  written.set(resource, names);
  return names;
}

const notRead = unknown('type', 'the plan has no attributes of it');

function textIn(values: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = own(values, name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function aliasesOf({ change }: PlanResourceChange, values: JsonObject, identity: string): readonly string[] {
  const names = [change.importing?.id, own(values, 'id'), own(values, 'arn')];
  const texts = names.filter((name): name is string => typeof name === 'string' && name !== '' && name !== identity);
  return [...new Set(texts)];
}
