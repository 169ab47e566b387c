import type { ChangeAction, DeclaredStack, Doubt, Proposal } from '../model/proposal.ts';
import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { withParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';
import type { Declaration, PlacedBlock, Types } from './_declared.ts';
import { proposalOf } from './_proposal.ts';
import { attributeOf } from './_satellites.ts';
import { blocksOf, type StackPlace, type TemplateBlock } from './_template-blocks.ts';
import { type TemplateStep, templateFeedDoubts } from './_template-feeds.ts';
import { type HiddenPart, unexpanded } from './_template-hidden.ts';
import { misspeltIn } from './_template-misspelt.ts';
import { stepsBetween } from './_template-replacement.ts';
import type { TemplateWorld } from './_template-scope.ts';
import type { TemplateStack } from './_template-stack.ts';
import { tracer } from './_template-trace.ts';

const mostWork = 20_000_000;

/** What all templates of one document share, to begin with. */
export function newWorld({ types }: Types): TemplateWorld {
  const forms = new Map(
    [...types.values()].flatMap(({ type, cloudformation }) =>
      cloudformation ? [[cloudformation.main ?? type, cloudformation] as const] : [],
    ),
  );
  const named = new Map(
    [...forms.values()].flatMap(({ refs }) =>
      Object.entries(refs ?? {}).map(
        ([type, ref]) => [type, { ref, replacement: { always: [ref] }, properties: () => ({}) }] as const,
      ),
    ),
  );
  const links = [...forms.values()].flatMap(({ satellites, links: more }) => [
    ...Object.values(satellites ?? {}).flatMap((joins) => joins.map(attributeOf)),
    ...(more ?? []),
  ]);
  return {
    formOf: (type) => forms.get(type) ?? named.get(type),
    links: new Set(links),
    references: new WeakMap(),
    exports: new Map(),
    work: { left: mostWork },
  };
}

/** A stack, and where it is to be. */
export interface PlacedStack {
  readonly stack: TemplateStack;
  readonly place: StackPlace;
}

/** What a document says besides its resources. */
export interface DocumentFacts extends Pick<Proposal, 'noun' | 'files' | 'partition' | 'home' | 'now'> {
  readonly stack?: string;
  readonly doubts: readonly Doubt[];
}

function hiddenIn({ hidden, nested }: TemplateStack): readonly HiddenPart[] {
  return [...hidden, ...[...nested.values()].flatMap(hiddenIn)];
}

/** What is not shown may add to anything that is. */
export function strangersFor(
  parts: readonly HiddenPart[],
  { account, region, at }: StackPlace,
  types: Types['types'],
): readonly PlacedBlock[] {
  const forms = [...types.values()].flatMap(({ cloudformation }) => cloudformation ?? []);
  const names = [...new Set(forms.flatMap(({ satellites }) => Object.keys(satellites ?? {})))];
  const shared = { values: {}, written: undefined, isNew: true, account, region, at };
  const all = parts.flatMap(({ name, mayAdd }) =>
    names
      .filter((type) => mayAdd?.test(type) !== false)
      .map((type) => ({ ...shared, type, address: name, identity: name, declared: { address: name } })),
  );
  return onceEach(all);
}

/** Parts may have one name; where they are does not matter, since each may add to anything. */
function onceEach(blocks: readonly PlacedBlock[]): readonly PlacedBlock[] {
  return [...new Map(blocks.map((one) => [`${one.type}/${one.address}`, one])).values()];
}

function strangersIn(stacks: readonly PlacedStack[], types: Types['types']): readonly PlacedBlock[] {
  return onceEach(stacks.flatMap(({ stack, place }) => strangersFor(hiddenIn(stack), place, types)));
}

/** What becomes of each resource of a template, beside the one that is deployed. */
interface Transition {
  readonly blocks: readonly PlacedBlock[];
  readonly past: readonly PlacedBlock[];
  readonly actions: ReadonlyMap<string, ChangeAction>;
  readonly doubts: readonly Doubt[];
}

function firstDeployment(next: readonly TemplateBlock[]): Transition {
  return {
    blocks: next.map(({ block }) => block),
    past: [],
    actions: new Map(next.map(({ block }) => [block.address, 'create'])),
    doubts: [],
  };
}

const isKept = (policy: TemplateBlock['onDeletion']) => typeof policy === 'string' && policy.startsWith('Retain');

function earlier(marker: Unknown): Unknown {
  const { $unknown, detail, parts } = marker;
  // What is there already has its value, and nobody chooses it any more.
  const there = unknown(
    $unknown === 'known-after-apply' ? 'not-collected' : $unknown,
    `${detail ?? 'it is not known'}, before the change`,
  );
  return parts === undefined ? there : withParts(there, parts);
}

function markersEarlier(value: Declared): Declared {
  if (isUnknown(value)) return earlier(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => markersEarlier(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, markersEarlier(member)]));
}

/** A resource as it is, with other markers than any that it has as it would be. */
export function beforeChange(block: PlacedBlock): PlacedBlock {
  const { hidden } = block;
  const values = Object.fromEntries(Object.entries(block.values).map(([name, value]) => [name, markersEarlier(value)]));
  if (hidden === undefined && same(values, block.values)) return block;
  return { ...block, values, ...(hidden === undefined ? {} : { hidden: earlier(hidden) }) };
}

/** What is not known of a resource is the same as before only if nothing has changed that it may hang on. */
function asBefore(old: TemplateBlock, next: TemplateBlock | undefined): TemplateBlock {
  const block = beforeChange(old.block);
  if (block === old.block || (next !== undefined && old.closure() === next.closure())) return old;
  return { ...old, block };
}

/** What stays of a resource that its stack lets go. */
function leftover(block: PlacedBlock, address: string): PlacedBlock {
  return { ...block, address, isNew: false, declared: { ...block.declared, address } };
}

function transition(
  deployed: readonly TemplateBlock[],
  next: readonly TemplateBlock[],
  world: TemplateWorld,
): Transition {
  const steps = stepsBetween(deployed, next, world);
  const { old } = steps;
  const known = new Map(old.map((one) => [one.block.address, one]));
  const actions = new Map<string, ChangeAction>();
  const blocks: PlacedBlock[] = [];
  const doubts: Doubt[] = [...steps.doubts];
  const letGo = ({ block }: TemplateBlock, policy: TemplateBlock['onDeletion'], address: string): ChangeAction => {
    if (isUnknown(policy))
      doubts.push({ code: 'incomplete', detail: `whether ${block.address} is kept when it goes is not known` });
    if (isKept(policy)) blocks.push(leftover(block, address));
    return isKept(policy) ? 'forget' : 'delete';
  };
  for (const one of next) {
    const { block } = one;
    const was = known.get(block.address);
    const action = steps.actions.get(block.address) ?? 'create';
    actions.set(block.address, action);
    blocks.push({ ...block, isNew: was === undefined || action === 'replace' });
    if (was === undefined || action !== 'replace') continue;
    const kept = `${block.address} (kept)`;
    if (letGo(was, was.onReplacement, kept) === 'forget') actions.set(kept, 'forget');
  }
  const present = new Set(next.map(({ block }) => block.address));
  for (const one of old) {
    const { address } = one.block;
    if (present.has(address)) continue;
    const action = letGo(one, one.onDeletion, address);
    actions.set(address, action);
    if (action === 'delete') blocks.push({ ...one.block, isNew: false, isRemoved: true });
  }
  return { blocks, past: old.map(({ block }) => ({ ...block, isNew: false })), actions, doubts };
}

/** A stack and those inside it, by what CloudFormation calls them. */
function namesOf(
  stack: TemplateStack,
  name: string | undefined,
  ids: readonly string[] = [],
): readonly DeclaredStack[] {
  if (name === undefined) return [];
  const inner = [...stack.nested].flatMap(([id, nested]) => namesOf(nested, name, [...ids, id]));
  return [{ path: [name, ...ids], prefix: stack.evaluator.scope.prefix }, ...inner];
}

function countsOf(blocks: readonly TemplateBlock[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { block } of blocks) counts.set(block.type, (counts.get(block.type) ?? 0) + 1);
  return counts;
}

/** What templates tell of each resource; what becomes of it is known only beside the one that is deployed. */
function stepsOf(
  next: readonly TemplateBlock[],
  old: readonly TemplateBlock[] | undefined,
  { actions }: Transition,
): readonly TemplateStep[] {
  const [now, then] = [next, old ?? []].map((list) => new Map(list.map(({ block }) => [block.address, block])));
  return [...new Map([...(then ?? []), ...(now ?? [])]).values()]
    .filter(({ type }) => type !== stackSet)
    .map(({ type, address }) => ({
      type,
      address,
      action: old === undefined ? undefined : actions.get(address),
      before: then?.get(address)?.values,
      after: now?.get(address)?.values,
    }));
}

/** Told of as what is not expanded. */
const stackSet = 'AWS::CloudFormation::StackSet';

/**
 * What templates would do to an account.
 *
 * @param previous what is deployed; undefined where nobody knows
 */
export function proposalOfStacks(
  stacks: readonly PlacedStack[],
  previous: readonly PlacedStack[] | undefined,
  facts: DocumentFacts,
  { types, shapes }: Types,
  world: TemplateWorld,
): Proposal {
  const next = stacks.flatMap(({ stack, place }) => blocksOf(stack, place));
  const own = new Map(next.map((one) => [one.block.address, one]));
  const old = previous
    ?.flatMap(({ stack, place }) => blocksOf(stack, place))
    .map((one) => asBefore(one, own.get(one.block.address)));
  const change = old === undefined ? firstDeployment(next) : transition(old, next, world);
  const strangers = strangersIn(stacks, types);
  const past = strangersIn(previous ?? [], types);
  const parts = stacks.flatMap(({ stack }) => hiddenIn(stack));
  const shown = new Set(parts.map(({ detail }) => detail));
  const gone = (previous ?? [])
    .flatMap(({ stack }) => hiddenIn(stack))
    .filter(({ detail }) => !shown.has(detail))
    .map((part) => ({ ...part, detail: `as it is deployed now, ${part.detail}; what becomes of it is not known` }));
  const empty: Doubt = { code: 'empty', detail: `the ${facts.noun} declares no resources` };
  const isEmpty = next.length === 0 && parts.length === 0 && change.blocks.length === 0;
  const named = stacks.flatMap(({ stack }) => namesOf(stack, stack.evaluator.scope.stack));
  const declaration: Declaration = {
    ...facts,
    ...(named.length === 0 ? {} : { stacks: named }),
    source: 'cloudformation',
    call: ['cloudformation', 'template'],
    blocks: [...change.blocks, ...strangers],
    past: [...change.past, ...past],
    actions: change.actions,
    counts: countsOf(next),
    doubts: [
      ...facts.doubts,
      ...unexpanded(parts),
      ...unexpanded(gone),
      ...change.doubts,
      ...misspeltIn(
        stacks.map(({ stack }) => stack),
        { types, shapes },
      ),
      ...templateFeedDoubts(stepsOf(next, old, change)),
      ...(isEmpty ? [empty] : []),
    ],
    ...tracer(stacks.map(({ stack }) => stack)),
  };
  return withoutStrangers(proposeTemplate(declaration, { types, shapes }), [...strangers, ...past]);
}

/** The proposal of what is declared in CloudFormation's own terms. */
export function proposeTemplate(declaration: Declaration, types: Types): Proposal {
  return proposalOf(
    declaration,
    types,
    ({ type, cloudformation }) => cloudformation && { main: [cloudformation.main ?? type], form: cloudformation },
  );
}

/** What stands for parts that nobody sees is no resource and no part of one, but only casts doubt on others. */
export function withoutStrangers(proposal: Proposal, strangers: readonly PlacedBlock[]): Proposal {
  const names = new Set(strangers.map(({ address }) => address));
  const isSeen = ({ declared }: Pick<PlacedBlock, 'declared'>) => !names.has(declared.address);
  return {
    ...proposal,
    changes: proposal.changes
      .filter(isSeen)
      .map((change) => (change.parts.every(isSeen) ? change : { ...change, parts: change.parts.filter(isSeen) })),
  };
}
