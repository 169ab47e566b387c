import { parseArn } from '../model/arn.ts';
import { parseInstant } from '../model/instant.ts';
import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { ChangeAction, Doubt, Proposal } from '../model/proposal.ts';
import { unnamed } from '../model/unnamed.ts';
import { isUnknown, type Json, unknown } from '../model/value.ts';
import { type ChangeSet, type ChangeSetFile, describeCommand, joinPages, stateDoubts } from './_change-set-pages.ts';
import { restOf } from './_change-set-rest.ts';
import { type Context, readContext, tagsIn } from './_change-set-values.ts';
import { type Declaration, type Destination, deployedAt, type PlacedBlock, type Types } from './_declared.ts';
import { inputError, readInput } from './_input.ts';
import { type StackPlace, stackTagsOf } from './_template-blocks.ts';
import { beforeChange, newWorld, proposeTemplate, strangersFor, withoutStrangers } from './_template-declaration.ts';
import { type TemplateStep, templateFeedDoubts } from './_template-feeds.ts';
import { type HiddenPart, unexpanded } from './_template-hidden.ts';
import { ownMember, type TemplateWorld, textMember } from './_template-scope.ts';
import { stackType } from './_template-stack.ts';
import { shownFile } from './_template-text.ts';

const maxBytes = 50_000_000;
const deepest = 10;

export interface ChangeSetOptions extends Destination, Types {
  /** Tags that the stack gives to what it makes, besides those that the change set tells; none where it is empty. */
  readonly stackTags?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What has been read already, and its name. */
export interface ChangeSetBytes {
  readonly file: string;
  readonly bytes: Buffer;
}

/** @throws ProvisoError 'input' */
export async function readChangeSetFile(source: string | ChangeSetBytes): Promise<ChangeSetFile> {
  const file = typeof source === 'string' ? source : source.file;
  const bytes = typeof source === 'string' ? await readInput(file, maxBytes) : source.bytes;
  try {
    return { file, root: parseJsonBytes(bytes) };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw inputError(file, `the change set cannot be read: ${error.message}`, `run: ${describeCommand}`, error);
  }
}

/** What becomes of one resource. */
interface Step {
  readonly type: string;
  readonly action: ChangeAction;
  readonly address: string;
  readonly past?: PlacedBlock;
  /** Those that there will be, a leftover among them. */
  readonly blocks: readonly PlacedBlock[];
  readonly doubt?: Doubt;
  /** Whether what becomes of it is decided later. */
  readonly isOpen: boolean;
  /** Set when the change set was described without values. */
  readonly isBare: boolean;
}

interface Reading {
  readonly sets: ReadonlyMap<string, ChangeSet>;
  readonly place: StackPlace;
  readonly world: TemplateWorld;
  readonly hidden: HiddenPart[];
}

/** @throws ProvisoError 'input' when the files hold no change set, or several */
export function proposalOfChangeSet(files: readonly ChangeSetFile[], options: ChangeSetOptions): Proposal {
  const sets = joinPages(files);
  const [outer, ...inner] = sets;
  const at = deployedAt(options.now);
  const { partition, ...home } = homeOf(outer, options);
  const reading: Reading = {
    sets: new Map(sets.map((set) => [set.id, set])),
    place: { ...home, at, ...stackTagsOf(tagsIn(outer.facts), options.stackTags) },
    world: newWorld(options),
    hidden: [],
  };
  const steps = stepsIn(outer, '', reading, 0);
  const next = steps.flatMap(({ blocks }) => blocks);
  const past = steps.flatMap((step) => step.past ?? []);
  const strangers = strangersFor(reading.hidden, reading.place, options.types);
  const rest = restOf(next, options);
  const made = parseInstant(textMember(outer.facts, 'CreationTime') ?? '');
  const declaration: Declaration = {
    source: 'cloudformation',
    noun: 'CloudFormation change set',
    call: ['cloudformation', 'DescribeChangeSet'],
    files: files.map(({ file }) => shownFile(file)),
    partition,
    home,
    now: options.now,
    ...(made === undefined ? {} : { madeAt: made }),
    blocks: [...next, ...strangers, ...rest],
    past: [...past, ...strangers, ...restOf(past, options)],
    actions: new Map(
      steps.flatMap(({ address, action }) => [[address, action] as const, [keptAs(address), 'forget'] as const]),
    ),
    counts: countsOf(steps),
    doubts: doubtsOf(outer, inner, steps, reading.hidden),
    trace: () => [],
  };
  return withoutStrangers(proposeTemplate(declaration, options), [...strangers, ...rest, ...restOf(past, options)]);
}

function countsOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of steps) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function doubtsOf(
  outer: ChangeSet,
  inner: readonly ChangeSet[],
  steps: readonly Step[],
  hidden: readonly HiddenPart[],
): readonly Doubt[] {
  return [
    ...stateDoubts(outer),
    // A nested stack that stays as it is says nothing against the others.
    ...inner.flatMap(stateDoubts).filter(({ code }) => code !== 'empty'),
    ...unexpanded(hidden),
    ...steps.flatMap(({ doubt }) => doubt ?? []),
    ...templateFeedDoubts(steps.map(feedStep)),
    ...bareDoubts(steps),
  ];
}

function feedStep({ type, address, action, past, blocks, isOpen }: Step): TemplateStep {
  const [next] = blocks;
  const told = (block: PlacedBlock | undefined) => (block?.hidden === undefined ? block?.values : undefined);
  return { type, address, action: isOpen ? undefined : action, before: told(past), after: told(next) };
}

function homeOf({ facts, file }: ChangeSet, { account, region, partition }: Destination) {
  const arn = parseArn(textMember(facts, 'StackId') ?? '');
  const told = arn?.account === '' ? undefined : arn?.account;
  if (told !== undefined && account !== undefined && told !== account)
    throw inputError(file, `the change set is for account ${told}, and not for ${account}`);
  return {
    account: told ?? account ?? unnamed.account,
    region: arn?.region || region || unnamed.region,
    partition: arn?.partition ?? partition ?? 'aws',
  };
}

function bareDoubts(steps: readonly Step[]): readonly Doubt[] {
  const bare = steps.filter(({ isBare }) => isBare);
  if (bare.length === 0) return [];
  const detail = `the change set tells no properties of ${bare.length} of ${steps.length} resources; run: ${describeCommand}`;
  return [{ code: 'unreadable', detail }];
}

function stepsIn(set: ChangeSet, prefix: string, reading: Reading, depth: number): readonly Step[] {
  return set.changes.flatMap((change) => {
    const inner = textMember(change, 'ChangeSetId');
    const nested = inner === undefined ? undefined : reading.sets.get(inner);
    const id = textMember(change, 'LogicalResourceId');
    const type = textMember(change, 'ResourceType');
    if (id === undefined || type === undefined)
      throw inputError(set.file, 'a change has no LogicalResourceId or ResourceType', `run: ${describeCommand}`);
    if (type !== stackType) return [stepOf(change, { id: prefix + id, type, file: set.file }, reading)];
    if (nested !== undefined && depth < deepest) return stepsIn(nested, `${prefix}${id}/`, reading, depth + 1);
    const name = `the stack ${prefix}${id}`;
    const command = `aws cloudformation describe-change-set --change-set-name ${inner ?? 'ID'} --include-property-values`;
    reading.hidden.push({
      name,
      detail: `what ${name} changes is not in the change set; add what this prints: ${command}`,
    });
    return [];
  });
}

interface Named {
  readonly id: string;
  readonly type: string;
  readonly file: string;
}

function keptAs(address: string): string {
  return `${address} (kept)`;
}

/** Makes the blocks of one change. */
interface Maker {
  /** As it is; undefined where there is nothing yet. */
  past(): PlacedBlock | undefined;
  /** As it would be, a leftover beside it. */
  next(): readonly PlacedBlock[];
}

function makerOf(change: Json, { id: address, type, file }: Named, action: ChangeAction, reading: Reading): Maker {
  const physical = textMember(change, 'PhysicalResourceId') || undefined;
  const before = readContext(ownMember(change, 'BeforeContext'));
  const after = readContext(ownMember(change, 'AfterContext'));
  // What is imported stays as it is, and only its stack's record of it is new.
  const standing = textMember(change, 'Action') === 'Import' ? after : before;
  const { stackTags: _, ...there } = reading.place;
  const isKnown = keepsTags(change);
  const place = (context: Context) => (isKnown || context !== standing ? reading.place : there);
  const make = (context: Context, isNew: boolean, at = address): PlacedBlock => ({
    ...contentsOf(context),
    type,
    address: at,
    identity: (isNew ? undefined : physical) ?? nameIn(context, type, reading.world) ?? at,
    isNew,
    ...place(context),
    declared: { address: at, file: shownFile(file) },
    ...(physical === undefined || isNew ? {} : { aliases: [physical] }),
  });
  const isKept = textMember(change, 'PolicyAction') === 'ReplaceAndRetain';
  return {
    past() {
      if (action === 'create') return undefined;
      const block = make(standing, false);
      // What is masked or looked up on both sides need not be the same.
      return action === 'update' || action === 'replace' ? beforeChange(block) : block;
    },
    next() {
      if (action === 'delete') return [{ ...make(before, false), isRemoved: true }];
      if (action === 'forget') return [make(before, false)];
      const isNew = action === 'create' || action === 'replace';
      return isKept ? [make(after, isNew), make(before, false, keptAs(address))] : [make(after, isNew)];
    },
  };
}

/** Whether a resource that stays has the tags already that it is to have. */
function keepsTags(change: Json): boolean {
  const scope = ownMember(change, 'Scope');
  return textMember(change, 'Action') === 'Modify' && Array.isArray(scope) && !scope.includes('Tags');
}

function stepOf(change: Json, named: Named, reading: Reading): Step {
  const { id: address, type } = named;
  const action = actionOf(change);
  const maker = makerOf(change, named, action, reading);
  const past = maker.past();
  const isOpen = !isDecided(change);
  const told = action === 'delete' || action === 'forget' ? 'BeforeContext' : 'AfterContext';
  return {
    type,
    action,
    address,
    ...(past === undefined ? {} : { past }),
    blocks: isOpen ? maker.next().map((block) => ({ ...block, hidden: open })) : maker.next(),
    ...doubtAbout(change, address, isOpen, action),
    isOpen,
    isBare: ownMember(change, told) === undefined,
  };
}

function doubtAbout(change: Json, address: string, isOpen: boolean, action: ChangeAction): Pick<Step, 'doubt'> {
  const isAnew = action === 'update' && textMember(change, 'Replacement') === 'Conditional';
  if (!isOpen && !isAnew) return {};
  const what = isOpen ? `what becomes of ${address}` : `whether ${address} is made anew`;
  return { doubt: { code: 'deferred', detail: `${what} ${atExecution}` } };
}

const atExecution = 'is decided when the change set is executed';
const open = unknown('known-after-apply', `what becomes of it ${atExecution}`);

const actions: Readonly<Record<string, ChangeAction>> = {
  Add: 'create',
  Modify: 'update',
  Remove: 'delete',
  Import: 'none',
  SyncWithActual: 'none',
};

/** What is `Dynamic` is decided later, and so is whatever nobody knows yet. */
function isDecided(change: Json): boolean {
  return Object.hasOwn(actions, textMember(change, 'Action') ?? '');
}

function actionOf(change: Json): ChangeAction {
  const action = isDecided(change) ? (actions[textMember(change, 'Action') ?? ''] ?? 'update') : 'update';
  const policy = textMember(change, 'PolicyAction') ?? '';
  if (action === 'delete' && policy === 'Retain') return 'forget';
  const isReplaced = textMember(change, 'Replacement') === 'True' || policy.startsWith('ReplaceAnd');
  return action === 'update' && isReplaced ? 'replace' : action;
}

const bare = unknown('not-collected', 'the change set was described without --include-property-values');

function contentsOf(context: Context): Pick<PlacedBlock, 'values' | 'written' | 'hidden'> {
  if (context !== undefined && 'properties' in context)
    return { values: context.properties, written: new Set(Object.keys(context.properties)) };
  return { values: {}, written: undefined, hidden: context === undefined ? bare : context.flaw };
}

/** The name that is written for a resource that is made. */
function nameIn(context: Context, type: string, world: TemplateWorld): string | undefined {
  const ref = world.formOf(type)?.ref;
  const value = ref === undefined || context === undefined || 'flaw' in context ? undefined : context.properties[ref];
  return typeof value === 'string' && !isUnknown(value) ? value : undefined;
}
