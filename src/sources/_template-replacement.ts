import type { ChangeAction, Doubt } from '../model/proposal.ts';
import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isObject, isUnknown, type Json } from '../model/value.ts';
import type { PlacedBlock } from './_declared.ts';
import type { TemplateBlock } from './_template-blocks.ts';
import { ownMember, type TemplateWorld } from './_template-scope.ts';

/** A resource that is declared before the change and after it. */
interface Pair {
  readonly was: TemplateBlock;
  readonly will: TemplateBlock;
}

interface Step {
  readonly action: Extract<ChangeAction, 'replace' | 'update' | 'none'>;
  /** Set where nobody can tell whether it is made anew. */
  readonly isOpen: boolean;
}

/** What becomes of each resource that stays declared. */
export interface Steps {
  /** The deployed resources; those that are made anew have an id that is unlike the new one's. */
  readonly old: readonly TemplateBlock[];
  readonly actions: ReadonlyMap<string, Step['action']>;
  readonly doubts: readonly Doubt[];
}

function hasMarker(value: Declared): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasMarker);
  return isObject(value) && Object.values(value).some(hasMarker);
}

/** Numbers, and yes and no, may be written as text. */
function asWritten(value: Declared): Declared {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function differs(was: Declared, will: Declared): boolean | undefined {
  if (same(asWritten(was), asWritten(will))) return false;
  return hasMarker(was) || hasMarker(will) ? undefined : true;
}

/** Whether what may make a resource anew can do so under its policy for updates. */
function isPossible({ updatePolicy }: TemplateBlock, under: string | undefined): boolean {
  if (under === undefined || isUnknown(updatePolicy)) return true;
  return ownMember(updatePolicy, under) !== undefined;
}

function stepOf({ was, will }: Pair, world: TemplateWorld, isMoved: boolean): Step {
  const [old, block] = [was.block, will.block];
  if (old.type !== block.type) return { action: 'replace', isOpen: false };
  const facts = ({ values, hidden, isOptional }: PlacedBlock) => ({ values, hidden, isOptional });
  const action = same(facts(old), facts(block)) ? 'none' : 'update';
  const form = world.formOf(block.type);
  // What only adds to others goes with what it has added to.
  if (form === undefined) return { action: isMoved ? 'replace' : action, isOpen: false };
  if (old.hidden !== undefined || block.hidden !== undefined)
    return { action, isOpen: action === 'update' && block.hidden === undefined };
  const { always, perhaps = [], perhapsUnder } = form.replacement;
  const isOther = (name: string) => differs(old.values[name], block.values[name]);
  const certain = always.map(isOther);
  if (certain.includes(true)) return { action: 'replace', isOpen: false };
  const isPerhaps = isPossible(will, perhapsUnder) && perhaps.some((name) => isOther(name) !== false);
  return { action, isOpen: isPerhaps || certain.includes(undefined) };
}

/** Puts other ids in the place of some, wherever the id of another resource may stand. */
function withIds(value: Json, ids: ReadonlyMap<string, string>, world: TemplateWorld, isLink: boolean): Json {
  if (typeof value === 'string') return isLink ? (ids.get(value) ?? value) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withIds(item, ids, world, isLink));
  if (!isObject(value) || isUnknown(value)) return value;
  const members = Object.entries(value).map(([name, member]): [string, Json | undefined] => [
    name,
    member === undefined ? undefined : withIds(member, ids, world, isLink || world.links.has(name)),
  ]);
  return Object.fromEntries(members);
}

function renamed(one: TemplateBlock, ids: ReadonlyMap<string, string>, world: TemplateWorld): TemplateBlock {
  if (ids.size === 0) return one;
  const { block } = one;
  const values = withIds(block.values, ids, world, false);
  const identity = ids.get(block.identity) ?? block.identity;
  const isSame = identity === block.identity && same(values, block.values);
  return isSame || !isObject(values) ? one : { ...one, block: { ...block, identity, values } };
}

const namesShown = 5;

function doubtAbout(addresses: readonly string[]): readonly Doubt[] {
  if (addresses.length === 0) return [];
  const more = addresses.length > namesShown ? ` and ${addresses.length - namesShown} more` : '';
  const they = addresses.length === 1 ? 'is' : 'are';
  const names = addresses.slice(0, namesShown).join(', ') + more;
  const detail = `whether ${names} ${they} made anew is decided at deployment; a change set may tell`;
  return [{ code: 'deferred', detail }];
}

/**
 * Tells what CloudFormation makes anew. The id of what is made anew is another one, so that what refers to it changes as
 * well, and may be made anew in its turn.
 */
export function stepsBetween(
  old: readonly TemplateBlock[],
  next: readonly TemplateBlock[],
  world: TemplateWorld,
): Steps {
  const wills = new Map(next.map((one) => [one.block.address, one]));
  const ids = new Map<string, string>();
  for (;;) {
    const then = old.map((one) => renamed(one, ids, world));
    const steps = then.flatMap((was, index) => {
      const will = wills.get(was.block.address);
      return will === undefined ? [] : [{ was, will, step: stepOf({ was, will }, world, was !== old[index]) }];
    });
    const anew = steps.filter(
      ({ was, will, step }) => step.action === 'replace' && was.block.identity === will.block.identity,
    );
    for (const { was } of anew) ids.set(was.block.identity, `${was.block.identity} (before)`);
    if (anew.length > 0) continue;
    return {
      old: then,
      actions: new Map(steps.map(({ will, step }) => [will.block.address, step.action])),
      doubts: doubtAbout(steps.flatMap(({ will, step }) => (step.isOpen ? [will.block.address] : []))),
    };
  }
}
