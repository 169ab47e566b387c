import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { ChangeAction, Doubt, Proposal } from '../model/proposal.ts';
import type { Block, TerraformForm } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';
import type { Destination, PlacedBlock, Types } from './_declared.ts';
import { inputError, readInput } from './_input.ts';
import { proposalOf } from './_proposal.ts';
import { attributeOf } from './_satellites.ts';
import { readPlaces } from './_terraform-place.ts';
import { type Configuration, type Instance, readConfiguration } from './_terraform-references.ts';
import { own, ownList, ownText, plannedValue } from './_terraform-values.ts';

const maxBytes = 400_000_000;
const maxChanges = 500_000;

export interface PlanOptions extends Destination, Types {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One entry of `resource_changes`. */
interface Change {
  readonly instance: Instance;
  readonly actions: readonly string[];
  /** What there is now and what there will be, markers inside; undefined where there is nothing. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/**
 * What a Terraform plan would do to an account.
 *
 * @param file the output of `terraform show -json`
 * @throws ProvisoError 'input' when the file is not such a plan
 */
export async function openTerraformPlan(file: string, options: PlanOptions): Promise<Proposal> {
  return readTerraformPlan(await readInput(file, maxBytes), file, options);
}

/** @throws ProvisoError 'input' when the bytes are not a plan */
export function readTerraformPlan(bytes: Buffer, file: string, options: PlanOptions): Proposal {
  const plan = parsePlan(bytes, file);
  const forms = [...options.types.values()].flatMap(({ terraform }) => (terraform === undefined ? [] : [terraform]));
  const read = new Set(forms.flatMap(({ main, satellites }) => [...main, ...Object.keys(satellites ?? {})]));
  const counts = new Map<string, number>();
  const changes = changesOf(plan, file, read, counts);
  const configuration = readConfiguration(
    own(own(plan, 'configuration'), 'root_module'),
    changes.map(({ instance }) => instance),
  );
  const places = readPlaces(plan, options);
  const placed = ({ instance, ...block }: PlanBlock): PlacedBlock => {
    const provider = ownText(configuration.resourceOf(instance), 'provider_config_key');
    return { ...block, ...places.placeOf(block.values, provider), declared: { address: block.address } };
  };
  const { present, past } = blocksOf(changes, forms, configuration, new Date(options.now).toISOString());
  const madeAt = Date.parse(ownText(plan, 'timestamp') ?? '');
  return proposalOf(
    {
      source: 'terraform-plan',
      noun: 'Terraform plan',
      call: ['terraform', 'plan'],
      files: [file],
      ...(Number.isNaN(madeAt) ? {} : { madeAt }),
      partition: options.partition ?? 'aws',
      home: places.home,
      blocks: present.map(placed),
      past: past.map(placed),
      actions: new Map(changes.map(({ instance, actions }) => [instance.address, actionOf(actions)])),
      counts,
      doubts: doubtsOf(plan),
      trace: () => [],
      now: options.now,
    },
    options,
    ({ terraform }) => terraform && { main: terraform.main, form: terraform },
  );
}

const how = 'write it with: terraform show -json PLANFILE > plan.json';

function parsePlan(bytes: Buffer, file: string): JsonObject {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK')
    throw inputError(file, 'this is a plan in Terraform’s own binary form', how);
  const plan = parseJson(bytes, file);
  const version = ownText(plan, 'format_version');
  if (!isObject(plan) || version === undefined || own(plan, 'terraform_version') === undefined)
    throw inputError(file, 'this is no plan of Terraform', how);
  if (!/^1\.[0-9]{1,4}$/.test(version))
    throw inputError(file, `this plan has format ${JSON.stringify(version.slice(0, 20))}; plans of format 1 are read`);
  if (own(plan, 'planned_values') === undefined && own(plan, 'resource_changes') === undefined)
    throw inputError(file, 'this is a state of Terraform, not a plan', how);
  return plan;
}

function parseJson(bytes: Buffer, file: string): Json {
  try {
    return parseJsonBytes(bytes);
  } catch (error) {
    if (error instanceof JsonTextError) throw inputError(file, `the plan cannot be read: ${error.message}`, how, error);
    throw error;
  }
}

/** Why the plan lacks more than what it does not manage. */
function doubtsOf(plan: JsonObject): readonly Doubt[] {
  const deferred = ownList(plan, 'deferred_changes').length;
  return [
    ...(own(plan, 'errored') === true ? [{ code: 'errored', detail: 'the plan ended with an error' } as const] : []),
    ...(deferred > 0 ? [{ code: 'deferred', detail: `the plan puts ${deferred} changes off` } as const] : []),
    ...(own(plan, 'complete') === false ? [{ code: 'incomplete', detail: 'the plan is not complete' } as const] : []),
  ];
}

function actionOf(actions: readonly string[]): ChangeAction {
  if (actions.includes('forget')) return actions.includes('create') ? 'replace' : 'forget';
  if (actions.includes('create')) return actions.includes('delete') ? 'replace' : 'create';
  if (actions.includes('delete')) return 'delete';
  return actions.includes('update') ? 'update' : 'none';
}

function changesOf(
  plan: JsonObject,
  file: string,
  read: ReadonlySet<string>,
  counts: Map<string, number>,
): readonly Change[] {
  const changes = own(plan, 'resource_changes') ?? [];
  if (!Array.isArray(changes)) throw inputError(file, 'the resource_changes of the plan are not a list');
  if (changes.length > maxChanges) throw inputError(file, `the plan has more than ${maxChanges} resources`);
  return (changes as readonly Json[]).flatMap((change, index) => {
    if (ownText(change, 'mode') !== 'managed' || own(change, 'deposed') !== undefined) return [];
    const found = changeOf(change);
    if (found === undefined) throw inputError(file, `resource_changes[${index}] of the plan cannot be read`);
    const { type } = found.instance;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    return read.has(type) ? [found] : [];
  });
}

function changeOf(entry: Json): Change | undefined {
  const [address, type, name] = ['address', 'type', 'name'].map((member) => ownText(entry, member));
  const change = own(entry, 'change');
  const actions = ownList(change, 'actions').filter((action) => typeof action === 'string');
  if (address === undefined || type === undefined || name === undefined || actions.length === 0) return undefined;
  const values = (when: 'before' | 'after') => {
    const planned = plannedValue(
      own(change, when) ?? undefined,
      when === 'after' ? own(change, 'after_unknown') : undefined,
      own(change, `${when}_sensitive`),
    );
    return isObject(planned) && !isUnknown(planned) ? planned : undefined;
  };
  // A resource that is there, but of which nothing can be read, must not vanish.
  const isHidden = (['before', 'after'] as const).some((when) => own(change, when) && values(when) === undefined);
  if (isHidden) return undefined;
  const module = ownText(entry, 'module_address') ?? '';
  return { instance: { address, module, type, name }, actions, before: values('before'), after: values('after') };
}

type PlanBlock = Block & { readonly instance: Instance };

function blocksOf(
  changes: readonly Change[],
  forms: readonly TerraformForm[],
  configuration: Configuration,
  at: string,
): { readonly present: readonly PlanBlock[]; readonly past: readonly PlanBlock[] } {
  const identityOf = new Map(forms.flatMap(({ main, identity }) => main.map((type) => [type, identity] as const)));
  const links = linksOf(forms);
  const pairs = changes.map((change) => pairOf(change, identityOf, configuration, at));
  const all = pairs.flatMap(({ present }) => present);
  const byAddress = new Map(all.filter(({ isRemoved }) => !isRemoved).map((block) => [block.address, block]));
  const present = all.map((block) => {
    const resolved = [...(links.get(block.type) ?? [])].flatMap((attribute) => {
      if (!isUnknown(block.values[attribute])) return [];
      const target = configuration.targetOf(block.instance, attribute);
      const other = target && byAddress.get(target.address);
      const names = other && identityOf.get(other.type);
      const isId = target?.attribute === undefined || names?.includes(target.attribute) === true;
      return other !== undefined && names !== undefined && isId ? [[attribute, other.identity] as const] : [];
    });
    return resolved.length === 0 ? block : { ...block, values: { ...block.values, ...Object.fromEntries(resolved) } };
  });
  return { present, past: pairs.flatMap(({ past }) => past) };
}

/** By block type, the attributes that hold the id of another resource. */
function linksOf(forms: readonly TerraformForm[]): ReadonlyMap<string, ReadonlySet<string>> {
  const links = new Map<string, Set<string>>();
  const add = (type: string, attributes: readonly string[]) => {
    links.set(type, new Set([...(links.get(type) ?? []), ...attributes]));
  };
  for (const form of forms) {
    for (const [type, joins] of Object.entries(form.satellites ?? {})) add(type, joins.map(attributeOf));
    for (const [type, attributes] of Object.entries(form.links ?? {})) add(type, attributes);
  }
  return links;
}

/** What a change takes away and what it leaves. Something that is only forgotten stays as it is. */
function pairOf(
  { instance, actions, before, after }: Change,
  identityOf: ReadonlyMap<string, readonly string[]>,
  configuration: Configuration,
  at: string,
): { readonly present: readonly PlanBlock[]; readonly past: readonly PlanBlock[] } {
  const { type, address } = instance;
  const expressions = own(configuration.resourceOf(instance), 'expressions');
  const written =
    configuration.resourceOf(instance) === undefined
      ? undefined
      : new Set(isObject(expressions) ? Object.keys(expressions) : []);
  const blockOf = (values: JsonObject, isNew: boolean): PlanBlock => {
    const ids = (identityOf.get(type) ?? []).map((name) => values[name]);
    const identity = ids.find((id) => typeof id === 'string' && id !== '');
    return {
      type,
      address,
      identity: typeof identity === 'string' ? identity : address,
      values,
      written,
      isNew,
      at,
      instance,
    };
  };
  const isGone = before !== undefined && actions.some((action) => action === 'delete' || action === 'update');
  const isLeft = after !== undefined && !(actions.length === 1 && actions[0] === 'forget');
  const past = before === undefined ? [] : [blockOf(before, false)];
  const removed = isGone ? past.map((block) => ({ ...block, isRemoved: true as const })) : [];
  return { past, present: [...removed, ...(isLeft ? [blockOf(after, actions.includes('create'))] : [])] };
}
