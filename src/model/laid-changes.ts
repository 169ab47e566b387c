import { agreed } from './agreed.ts';
import { collectionKey } from './edited-snapshot.ts';
import { mergeRecord } from './merge-record.ts';
import { proposalCall } from './planned.ts';
import type { Doubt, Proposal, ProposedChange } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import { same } from './same.ts';
import { unknown } from './value.ts';

type Types = ReadonlyMap<string, ResourceType>;

/** A change, and the live resource that it is about. */
export interface Laid {
  readonly change: ProposedChange;
  readonly live: Resource | undefined;
}

const inNoOrder = unknown('known-after-apply', 'several changes set it differently, in no order that is told');
/** Of more than these, what one of them changes is unknown. */
const mostOrders = 8;

/** What a live resource is after a change; undefined where it is gone, or another has taken its place. */
function remainderOf({ change, live }: Laid, proposal: Proposal, types: Types): Resource | undefined {
  const { after, before, action } = change;
  if (live === undefined || after === undefined || action === 'replace') return after;
  const type = types.get(change.type);
  if (type === undefined || action === 'forget') return live;
  const form = (proposal.source === 'terraform-plan' ? type.terraform : type.cloudformation) ?? {};
  const addsOnly = proposal.source === 'cloudformation';
  const told = before === undefined ? (change.ifThere ?? after) : after;
  return mergeRecord(live, type, { before, after: told, call: proposalCall(proposal), form, addsOnly });
}

function isDeletion({ action, after }: ProposedChange): boolean {
  return action === 'delete' && after === undefined;
}

function isWriter({ change: { action, after } }: Laid): boolean {
  return after !== undefined && action !== 'none' && action !== 'forget' && action !== 'replace';
}

/** What changes of one live resource leave of it, whichever of them comes last. */
function leftBy(live: Resource, group: readonly Laid[], proposal: Proposal, types: Types): Resource {
  const lay = (order: readonly Laid[]): Resource =>
    order.reduce((standing, { change }) => remainderOf({ change, live: standing }, proposal, types) ?? standing, live);
  const writers = group.filter(isWriter);
  const type = types.get(live.type);
  if (writers.length < 2 || type === undefined) return lay(group);
  const orders =
    writers.length > mostOrders
      ? [[], ...writers.map((one) => [one])]
      : writers.map((last) => [...writers.filter((one) => one !== last), last]);
  const [first = live, ...others] = orders.map(lay);
  return agreed([first, ...others], type, inNoOrder);
}

/** What becomes of one live resource that several changes are about, by change. */
function layTogether(live: Resource, group: readonly Laid[], proposal: Proposal, types: Types) {
  const changes = group.map(({ change }) => change);
  const isKept = changes.some(({ action }) => action === 'forget');
  const isGone = changes.some((change) => isDeletion(change) || (change.action === 'replace' && !isKept));
  const others = group.filter(({ change }) => !isDeletion(change) && change.action !== 'replace');
  const left = isGone || others.length === 0 ? undefined : leftBy(live, others, proposal, types);
  return group.map(({ change }): readonly [ProposedChange, Resource | undefined] => {
    // What is made under a name that another one gives up has nothing of the other's.
    const isOwn = change.action === 'replace' || (isGone && change.action === 'create');
    return [change, isOwn ? change.after : isDeletion(change) ? undefined : left];
  });
}

/** What AWS refuses to change stays as it is, and whoever deploys must hear that this fails. */
function withFrozen(live: Resource, after: Resource, proposal: Proposal, types: Types) {
  const frozen = types.get(live.type)?.frozen?.(live.properties, proposal.now) ?? [];
  const refused =
    after.id === live.id ? frozen.filter((name) => !same(live.properties[name], after.properties[name])) : [];
  if (refused.length === 0) return { after, doubts: [] };
  const properties = { ...after.properties };
  for (const name of refused) {
    const value = live.properties[name];
    if (value === undefined) Reflect.deleteProperty(properties, name);
    else Object.assign(properties, { [name]: value });
  }
  const detail = `${after.declared?.address ?? live.id} changes ${refused.join(', ')} of ${live.id}, which is final: AWS will refuse it, and the deployment fails`;
  return { after: { ...after, properties }, doubts: [{ code: 'incomplete', detail }] satisfies readonly Doubt[] };
}

/** Each change with what it leaves, and what of it AWS will refuse. */
export function layAll(
  laid: readonly Laid[],
  proposal: Proposal,
  types: Types,
): { readonly changes: readonly ProposedChange[]; readonly doubts: readonly Doubt[] } {
  const groups = new Map<string, Laid[]>();
  for (const one of laid) {
    if (one.live === undefined) continue;
    const key = `${collectionKey(one.live)}/${one.live.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const left = new Map<ProposedChange, Resource | undefined>();
  for (const group of groups.values()) {
    const [first, ...others] = group;
    if (first?.live === undefined) continue;
    const together =
      others.length === 0
        ? [[first.change, remainderOf(first, proposal, types)] as const]
        : layTogether(first.live, group, proposal, types);
    for (const [change, after] of together) left.set(change, after);
  }
  const doubts = new Map<string, Doubt>();
  const changes = laid.map(({ change, live }) => {
    const { after: _, ...rest } = change;
    const after = left.has(change) ? left.get(change) : change.after;
    if (after === undefined) return rest;
    if (live === undefined) return { ...rest, after };
    const kept = withFrozen(live, after, proposal, types);
    for (const doubt of kept.doubts) doubts.set(doubt.detail, doubt);
    return { ...rest, after: kept.after };
  });
  return { changes, doubts: [...doubts.values()] };
}
