import type { Json } from '../model/value.ts';
import type { PlanFeeding, PlanFeeds } from './_plan-feeds.ts';
import type { PlanResourceChange, PlanStateResource } from './_plan-format.ts';
import type { PlanConfigPart, PlanPart, PlanReaderOptions } from './_plan-parts.ts';
import { isPlaceName, type PlaceFacts, placeTypes } from './_terraform-place.ts';

/** What is kept of a plan: what the resource types are read for, and what tells where they are. */
export interface PlanDocument extends PlaceFacts {
  /** Of managed resources of the types that are read. */
  readonly changes: readonly PlanResourceChange[];
  readonly deferred: readonly DeferredChange[];
  /** Those that change what is judged without being read themselves. */
  readonly feeding: readonly PlanFeeding[];
  /** All managed resources by type, deferred ones too. */
  readonly counts: ReadonlyMap<string, number>;
  readonly timestamp: string | undefined;
  readonly isErrored: boolean;
  readonly isComplete: boolean;
  readonly hasDrift: boolean;
}

export interface DeferredChange {
  /** `instance_count_unknown` */
  readonly reason: string;
  readonly change: PlanResourceChange;
}

/** What of a plan is worth parsing, for a document of the types that are read. */
export function wantsOf(read: ReadonlySet<string>, feeds: PlanFeeds): NonNullable<PlanReaderOptions['wants']> {
  return (member, mode, type) => {
    if (member === 'resource_changes') return mode === 'managed' && (read.has(type) || feeds.has(type));
    return member === 'prior_state' && mode === 'data' && placeTypes.has(type);
  };
}

type Module = Record<'resources', Json[]> & Record<'outputs' | 'variables' | 'module_calls', Record<string, Json>>;

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

interface Writing extends Writable<Omit<PlanDocument, 'rootModule'>> {
  readonly read: ReadonlySet<string>;
  readonly feeds: PlanFeeds;
  readonly feeding: PlanFeeding[];
  readonly changes: PlanResourceChange[];
  readonly deferred: DeferredChange[];
  readonly counts: Map<string, number>;
  readonly told: PlanStateResource[];
  readonly providers: Record<string, Json>;
  readonly variables: Map<string, string>;
  readonly rootModule: Module;
}

export interface DocumentWriter {
  add(part: PlanPart): void;
  readonly document: PlanDocument;
}

/** @param read the block types whose resources are kept */
export function planDocument(read: ReadonlySet<string>, feeds: PlanFeeds): DocumentWriter {
  const document: Writing = {
    read,
    feeds,
    feeding: [],
    changes: [],
    deferred: [],
    counts: new Map(),
    told: [],
    providers: nameless(),
    variables: new Map(),
    rootModule: emptyModule(),
    timestamp: undefined,
    isErrored: false,
    isComplete: true,
    hasDrift: false,
  };
  return { document, add: (part) => addPart(document, part) };
}

function addPart(document: Writing, part: PlanPart): void {
  switch (part.member) {
    case 'resource_changes':
      return addChange(document, part);
    case 'deferred_changes':
      return addDeferred(document, { reason: part.reason, change: part.value });
    case 'configuration':
      return addConfiguration(document, part);
    case 'provider_config':
      document.providers[part.key] = part.value;
      return;
    case 'prior_state':
      if (part.value?.mode === 'data' && placeTypes.has(part.value.type)) document.told.push(part.value);
      return;
    case 'variables':
      if (typeof part.value === 'string' && isPlaceName(part.value)) document.variables.set(part.name, part.value);
      return;
    default:
      addFact(document, part);
  }
}

function addFact(document: Writing, part: PlanPart): void {
  if (part.member === 'timestamp') document.timestamp = part.value;
  else if (part.member === 'errored') document.isErrored = part.value;
  else if (part.member === 'complete') document.isComplete = part.value;
  else if (part.member === 'resource_drift') document.hasDrift = true;
}

function addChange({ counts, changes, read, feeds, feeding }: Writing, { head, value }: ChangePart): void {
  const { mode, type } = value ?? head;
  if (mode !== 'managed' || type === undefined) return;
  const isDeposed = value === undefined ? head.isDeposed : value.deposed !== undefined;
  if (!isDeposed) counts.set(type, (counts.get(type) ?? 0) + 1);
  if (value === undefined) return;
  if (read.has(type)) changes.push(value);
  feeding.push(...feeds.of(value));
}

type ChangePart = Extract<PlanPart, { member: 'resource_changes' | 'resource_drift' }>;

function addDeferred({ counts, deferred }: Writing, { reason, change }: DeferredChange): void {
  if (change.mode !== 'managed') return;
  counts.set(change.type, (counts.get(change.type) ?? 0) + 1);
  deferred.push({ reason, change });
}

function addConfiguration({ rootModule, read }: Writing, part: PlanConfigPart): void {
  const [module, call] = moduleOf(rootModule, part.calls);
  if (part.kind === 'call') call[part.name] = part.value;
  else if (part.kind !== 'resource') module[part.kind === 'output' ? 'outputs' : 'variables'][part.name] = part.value;
  else if (read.has(part.value.type) || placeTypes.has(part.value.type)) module.resources.push({ ...part.value });
}

/** An object whose members have any name: those of every object are no more than names. */
function nameless(): Record<string, Json> {
  return Object.create(null) as Record<string, Json>;
}

function emptyModule(): Module {
  const module: Module = Object.create(null);
  return Object.assign(module, { resources: [], outputs: nameless(), variables: nameless(), module_calls: nameless() });
}

/** The module to which the calls lead, and the last call, made where it was not met yet. */
function moduleOf(root: Module, calls: readonly string[]): readonly [Module, Record<string, Json>] {
  let module = root;
  let call = nameless();
  for (const name of calls) {
    call = (module.module_calls[name] as Record<string, Json> | undefined) ?? nameless();
    module.module_calls[name] = call;
    module = (call.module as Module | undefined) ?? emptyModule();
    call.module = module;
  }
  return [module, call];
}
