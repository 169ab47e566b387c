import { parseInstant } from '../model/instant.ts';
import type { Doubt, Proposal } from '../model/proposal.ts';
import type { TerraformForm } from '../model/resource-type.ts';
import { unnamed } from '../model/unnamed.ts';
import { type Destination, deployedAt, type PlacedBlock, type Types } from './_declared.ts';
import { feedDoubts } from './_feeds.ts';
import { inputError } from './_input.ts';
import { deferredBlocks, instanceOf, type PlanBlock, plannedBlocks, reasonOf } from './_plan-blocks.ts';
import { type PlanDocument, planDocument, wantsOf } from './_plan-document.ts';
import { planFeeds, withoutAdopted } from './_plan-feeds.ts';
import { partsOfBytes, partsOfFile } from './_plan-file.ts';
import { planAction } from './_plan-format.ts';
import { resolveLinks } from './_plan-links.ts';
import { planReader } from './_plan-parts.ts';
import { proposalOf } from './_proposal.ts';
import { readPlaces } from './_terraform-place.ts';
import { type Configuration, type Instance, readConfiguration } from './_terraform-references.ts';
import type { TerraformSources } from './_terraform-sources.ts';
import { settleTags } from './_terraform-tags.ts';
import { traceAttribute } from './_terraform-trace.ts';
import { own, ownText } from './_terraform-values.ts';

export interface PlanOptions extends Destination, Types {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Stands before all addresses, to tell those of several plans apart. */
  readonly prefix?: string;
  /** The files behind the plan. They confirm what the plan leaves open of an expression, and decide nothing else. */
  readonly sources?: Pick<TerraformSources, 'isListOfReferences' | 'keyedReference' | 'isReference'> &
    Partial<Pick<TerraformSources, 'isVariable'>>;
  /** Bytes of memory that there are for reading and judging: a plan that needs more is refused. No bound unless told. */
  readonly memory?: number;
}

/** Bytes of memory that reading and judging need at most for each byte that was parsed, as measured. */
const memoryPerByte = 6;

/**
 * What a Terraform plan would do to an account. The file is read piece by piece; memory holds no more of it than the
 * resources of types that have a form.
 *
 * @param file the output of `terraform show -json`
 * @throws ProvisoError 'input' when the file is not such a plan
 */
export async function openTerraformPlan(file: string, options: PlanOptions): Promise<Proposal> {
  const forms = formsOf(options);
  const { add, document, reader } = startReading(forms, options);
  for await (const parts of partsOfFile(file, reader)) {
    for (const part of parts) add(part);
    refuseBeyond(options.memory, reader.parsedBytes * memoryPerByte, file);
  }
  return proposalFrom(document, forms, file, options);
}

/** @throws ProvisoError 'input' when the bytes are not a plan */
export function readTerraformPlan(bytes: Buffer, file: string, options: PlanOptions): Proposal {
  const forms = formsOf(options);
  const { add, document, reader } = startReading(forms, options);
  for (const parts of partsOfBytes(bytes, file, reader)) for (const part of parts) add(part);
  return proposalFrom(document, forms, file, options);
}

/** Said before the process is ended for it, which would say nothing that a user can act on. */
function refuseBeyond(memory: number | undefined, needed: number, file: string): void {
  if (memory === undefined || needed <= memory) return;
  const [there, more] = [memory, needed].map((bytes) => Math.ceil(bytes / 1e6));
  throw inputError(
    file,
    `the plan is too large for the memory of this program: it needs more than ${more} MB, and has ${there}`,
    'give it more, in MB: NODE_OPTIONS=--max-old-space-size=16000 proviso gate FILE; or plan and judge the configuration in parts',
  );
}

function formsOf({ types }: Types): readonly TerraformForm[] {
  return [...types.values()].flatMap(({ terraform }) => (terraform === undefined ? [] : [terraform]));
}

function startReading(forms: readonly TerraformForm[], types: Types) {
  const feeds = planFeeds(types);
  const read = new Set(forms.flatMap(({ main, satellites }) => [...main, ...Object.keys(satellites ?? {})]));
  return { ...planDocument(read, feeds), reader: planReader({ wants: wantsOf(read, feeds) }) };
}

function proposalFrom(
  document: PlanDocument,
  forms: readonly TerraformForm[],
  file: string,
  options: PlanOptions,
): Proposal {
  const { present, past, actions, configuration, feeding } = blocksOf(document, forms, file, options);
  const providerOf = (instance: Instance) => ownText(configuration.resourceOf(instance), 'provider_config_key');
  const existing = past.map(({ values, key, instance }) => [values, key, providerOf(instance)] as const);
  const places = readPlaces({ ...document, isVariable: options.sources?.isVariable }, existing, options);
  const instances = new Map([...past, ...present].map(({ address, instance }) => [address, instance]));
  const strays = new Set<string>();
  const foreign = new Map<string, boolean>();
  const placed = (block: PlanBlock): PlacedBlock => {
    const { instance, key, provider } = block;
    const written = providerOf(instance);
    const likely = written === undefined ? places.likelyProvider(block.values, key, provider) : undefined;
    if (likely?.isCertain === false) strays.add(block.address);
    const values = settleTags(block, written === undefined ? undefined : own(document.providers, written));
    const place = places.placeOf(values, key, written ?? likely?.key);
    if (places.isForeign(values, key, written ?? likely?.key))
      foreign.set(block.address, place.account !== unnamed.account);
    return { ...block, values, ...place, declared: { address: block.address } };
  };
  const placedBlocks = { blocks: present.map(placed), past: past.map(placed) };
  return proposalOf(
    {
      source: 'terraform-plan',
      noun: 'Terraform plan',
      call: ['terraform', 'plan'],
      files: [file],
      ...madeAtOf(document),
      partition: places.partition,
      home: places.home,
      ...placedBlocks,
      actions,
      counts: document.counts,
      doubts: [...doubtsOf(document), ...feedDoubts(feeding), ...strayDoubts([...strays]), ...foreignDoubts(foreign)],
      trace: tracer(instances, configuration),
      now: options.now,
    },
    options,
    ({ terraform }) => terraform && { main: terraform.main, form: terraform },
  );
}

/** Made apart from all else that is known of the plan, which it would keep in memory for as long as the proposal is there. */
function tracer(instances: ReadonlyMap<string, Instance>, { scope }: Pick<Configuration, 'scope'>): Proposal['trace'] {
  return ({ declared: { address } }, attribute) => {
    const instance = instances.get(address);
    return instance === undefined ? [] : traceAttribute(instance, attribute, scope);
  };
}

function madeAtOf({ timestamp }: PlanDocument): { readonly madeAt?: number } {
  const madeAt = timestamp === undefined ? undefined : parseInstant(timestamp);
  return madeAt === undefined ? {} : { madeAt };
}

function blocksOf(document: PlanDocument, forms: readonly TerraformForm[], file: string, options: PlanOptions) {
  const deferred = new Map(document.deferred.map((one) => [one.change.address, one]));
  const changes = document.changes.filter(({ address }) => !deferred.has(address));
  refuseTwice(changes, file);
  const instances = [...changes, ...document.deferred.map(({ change }) => change)].map(instanceOf);
  const others = document.feeding.map(({ instance }) => instance).filter(({ type }) => type === 'aws_vpc');
  const configuration = readConfiguration(document.rootModule, [...instances, ...others]);
  const identityOf = new Map(forms.flatMap(({ main, identity }) => main.map((type) => [type, identity] as const)));
  const pendingOf = new Map(forms.flatMap(({ main, pending }) => main.map((type) => [type, pending] as const)));
  const { now, sources, prefix = '' } = options;
  const isListOfReferences = (address: string, attribute: string) =>
    sources?.isListOfReferences(address, attribute) === true;
  const keyedReference = (address: string, attribute: string) => sources?.keyedReference(address, attribute);
  const context = {
    prefix,
    configuration,
    identityOf,
    pendingOf,
    isListOfReferences,
    keyedReference,
    isReference: (address: string, attribute: string) => sources?.isReference(address, attribute) === true,
    written: new Map(),
    at: deployedAt(now),
  };
  const all = [
    ...changes.map((change) => plannedBlocks(change, context)),
    ...[...deferred.values()].map((one) => deferredBlocks(one, context)),
  ];
  const present = all.flatMap((one) => one.present);
  return {
    configuration,
    feeding: withoutAdopted(document.feeding, changes, configuration),
    present: resolveLinks(present, forms, linksOf(forms), context),
    past: all.flatMap((one) => one.past),
    actions: new Map(all.flatMap((one) => one.actions)),
  };
}

function refuseTwice(changes: PlanDocument['changes'], file: string): void {
  const seen = new Set<string>();
  for (const { address, deposed = '' } of changes) {
    const key = `${address} ${deposed}`;
    if (seen.has(key)) throw inputError(file, `${JSON.stringify(address.slice(0, 200))} is declared twice`);
    seen.add(key);
  }
}

/** By block type, the attributes that hold the id of another resource. */
function linksOf(forms: readonly TerraformForm[]): ReadonlyMap<string, ReadonlySet<string>> {
  const links = new Map<string, Set<string>>();
  const add = (type: string, attributes: readonly string[]) => {
    links.set(type, new Set([...(links.get(type) ?? []), ...attributes]));
  };
  for (const form of forms) {
    for (const [type, joins] of Object.entries(form.satellites ?? {}))
      add(
        type,
        joins.map(({ joins: name }) => name),
      );
    for (const [type, attributes] of Object.entries(form.links ?? {})) add(type, attributes);
  }
  return links;
}

/** Why the plan tells less than it seems to. */
function doubtsOf({ isErrored, isComplete, deferred, counts, hasDrift, changes }: PlanDocument): readonly Doubt[] {
  const doubts: Doubt[] = [];
  const doubt = (code: Doubt['code'], detail: string) => doubts.push({ code, detail });
  if (isErrored) doubt('errored', 'the plan ended with an error: what comes after it is missing');
  if (deferred.length > 0) {
    const names = deferred.map((one) => `${one.change.address.slice(0, 200)} (${reasonOf(one)})`);
    doubt('deferred', `the plan puts ${deferred.length} of its resources off: ${few(names)}`);
  } else if (!isComplete && !isErrored)
    doubt('incomplete', 'the plan is not complete: it was made for some resources only, as with -target');
  const odd = changes.filter(({ change }) => planAction(change.actions) === undefined);
  if (odd.length > 0) {
    const names = odd.map(
      ({ address, change }) => `${address.slice(0, 200)} (${change.actions.join(', ').slice(0, 100)})`,
    );
    doubt('unreadable', `the plan does with ${odd.length} resources what is not known here: ${few(names)}`);
  }
  if (![...counts.keys()].some((type) => /^aws(?:cc)?_/.test(type)))
    doubt(
      'empty',
      hasDrift && counts.size === 0 ? 'the plan only refreshes the state' : 'the plan has no resource of AWS',
    );
  return doubts;
}

function strayDoubts(strays: readonly string[]): readonly Doubt[] {
  if (strays.length === 0) return [];
  const names = few(strays.map((address) => address.slice(0, 200)));
  const detail = `the plan does not tell in which account and region ${strays.length} of its resources are, which are no longer written: ${names}`;
  return [{ code: 'unreadable', detail }];
}

/** @param foreign by address, whether it is placed in the account that the change is taken to be for */
function foreignDoubts(foreign: ReadonlyMap<string, boolean>): readonly Doubt[] {
  if (foreign.size === 0) return [];
  const names = few([...foreign.keys()].map((address) => address.slice(0, 200)));
  const remedy = [...foreign.values()].includes(true) ? '; --account names that of the provider without an alias' : '';
  const detail = `the plan does not tell in which account ${foreign.size} of its resources are, whose providers have credentials of their own: ${names}${remedy}`;
  return [{ code: 'unreadable', detail }];
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
