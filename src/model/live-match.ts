import type { DeclaredStack, Doubt, Proposal, ProposedChange } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Snapshot } from './snapshot.ts';
import { byCodeUnit, isObject, isUnknown, type Json } from './value.ts';

const namesShown = 5;

/** Which live resource each change is about, and what is in doubt about the stack that they are of. */
export interface LiveMatches {
  readonly matches: ReadonlyMap<ProposedChange, Resource>;
  readonly orphans: readonly Doubt[];
}

/** The names by which AWS may know what a change is about, the surest first. */
function namesOf({ before, after, aliases, action }: ProposedChange): readonly string[] {
  const later = action === 'replace' ? [] : [after?.id, after?.name];
  const names = [before?.arn, before?.id, ...(aliases ?? []), before?.name, after?.arn, ...later];
  return [...new Set(names.flatMap((name) => name ?? []))];
}

/** The names that lead to a live resource: its own one too where the ARN is made of it, so that there is only one. */
function namesOfLive({ id, arn, name }: Resource): readonly string[] {
  const isUnique = name !== undefined && (arn?.endsWith(`/${name}`) === true || arn?.endsWith(`:${name}`) === true);
  return [id, arn, isUnique ? name : undefined].flatMap((one) => one ?? []);
}

/** A change and how sure a name of it is: 0 is the surest. */
interface Candidate {
  readonly change: ProposedChange;
  readonly rank: number;
}

function indexOf(proposal: Proposal): ReadonlyMap<string, readonly Candidate[]> {
  const index = new Map<string, Candidate[]>();
  const add = (type: string, name: string, candidate: Candidate) => {
    const key = `${type}/${name}`;
    const same = index.get(key);
    if (same === undefined) index.set(key, [candidate]);
    else same.push(candidate);
  };
  for (const change of proposal.changes) {
    for (const [rank, name] of namesOf(change).entries()) add(change.type, name, { change, rank });
    if (stacksOf(proposal).length > 0) add(change.type, `@${change.declared.address}`, { change, rank: 100 });
  }
  return index;
}

/** Whether a live resource lies where a change is; a region that nobody named may be any. */
function liesThere(record: Resource, { before, after }: ProposedChange): boolean {
  const place = before ?? after;
  if (place === undefined) return false;
  return record.account === place.account && (record.region === place.region || place.region === 'unnamed');
}

/** The value of a tag, in either of the forms that AWS writes tags in. */
function tagIn(tags: Json | undefined, key: string): string | undefined {
  if (isUnknown(tags)) return undefined;
  const list: readonly Json[] = Array.isArray(tags) ? tags : [];
  const item = list.find((tag) => isObject(tag) && tag.Key === key);
  const value = isObject(item) ? item.Value : isObject(tags) && Object.hasOwn(tags, key) ? tags[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** All stacks that a proposal declares, as far as it names them. */
function stacksOf({ stack, stacks }: Proposal): readonly DeclaredStack[] {
  return stacks ?? (stack === undefined ? [] : [{ path: [stack], prefix: '' }]);
}

/** Whether a stack has this name; a nested one is called like the outer one, with its logical id and a text of AWS's own. */
function isCalled(name: string, [outermost, ...ids]: DeclaredStack['path']): boolean {
  let rest = name.startsWith(outermost) ? name.slice(outermost.length) : undefined;
  for (const id of ids) {
    const suffix = rest?.startsWith(`-${id}-`) === true ? /^[A-Z0-9]{4,32}/.exec(rest.slice(id.length + 2)) : null;
    rest = suffix === null ? undefined : rest?.slice(id.length + 2 + suffix[0].length);
  }
  return rest === '';
}

/** The addresses at which a resource may be declared by the stack that has made it. */
function addressesIn(stacks: readonly DeclaredStack[], record: Resource, type: ResourceType): readonly string[] {
  if (stacks.length === 0 || type.tags === undefined) return [];
  const tags = record.properties[type.tags];
  const stack = tagIn(tags, 'aws:cloudformation:stack-name');
  const logical = tagIn(tags, 'aws:cloudformation:logical-id');
  if (stack === undefined || logical === undefined) return [];
  return stacks.filter(({ path }) => isCalled(stack, path)).map(({ prefix }) => prefix + logical);
}

/** What of a document's stack a snapshot shows by tags. */
interface StackSigns {
  look(record: Resource, type: ResourceType): void;
  doubts(): readonly Doubt[];
}

/** A template of which nobody says the stack and what is deployed: live resources may be of its stack all the same. */
function isStackUntold({ source, changes }: Proposal, stacks: readonly DeclaredStack[]): boolean {
  return source === 'cloudformation' && stacks.length === 0 && changes.every(({ before }) => before === undefined);
}

/** Notes which stacks the live resources are of that a template without a stack may have made. */
function untoldStacks({ changes }: Proposal): StackSigns {
  const declared = new Set(changes.map(({ type, declared: { address } }) => `${type}/${address}`));
  const found = new Map<string, number>();
  return {
    look({ type: name, properties }, type) {
      const tags = type.tags === undefined ? undefined : properties[type.tags];
      const stack = tagIn(tags, 'aws:cloudformation:stack-name');
      const logical = tagIn(tags, 'aws:cloudformation:logical-id');
      if (stack === undefined || logical === undefined || !declared.has(`${name}/${logical}`)) return;
      found.set(stack, (found.get(stack) ?? 0) + 1);
    },
    doubts() {
      const names = [...found.keys()].sort((a, b) => (found.get(b) ?? 0) - (found.get(a) ?? 0) || byCodeUnit(a, b));
      const [first] = names;
      if (first === undefined) return [];
      const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
      const shown = names.slice(0, namesShown).join(', ') + more;
      const they = names.length === 1 ? `stack ${shown} has` : `stacks ${shown} have`;
      const detail = `${they} resources of this template's logical ids, and it was judged as a new stack: give --stack ${first} if it is for that one`;
      return [{ code: 'incomplete', detail }];
    },
  };
}

/** Notes whether a snapshot has anything of the stack that the user has named. */
function namedStack({ stack, changes }: Proposal, types: ReadonlyMap<string, ResourceType>): StackSigns {
  let isFound = false;
  const isTaggable = changes.some(({ type }) => types.get(type)?.tags !== undefined);
  return {
    look({ properties }, type) {
      const name = type.tags === undefined ? undefined : tagIn(properties[type.tags], 'aws:cloudformation:stack-name');
      isFound ||= name !== undefined && stack !== undefined && (name === stack || name.startsWith(`${stack}-`));
    },
    doubts() {
      if (stack === undefined || !isTaggable || isFound) return [];
      const detail = `the snapshot has nothing of stack ${stack}; leave --stack out if it is new`;
      return [{ code: 'elsewhere', detail }];
    },
  };
}

/** Finds the live resources that a proposal is about, in one pass over the types that it declares. */
export async function findLive(
  live: Snapshot,
  proposal: Proposal,
  types: ReadonlyMap<string, ResourceType>,
): Promise<LiveMatches> {
  const index = indexOf(proposal);
  const stacks = stacksOf(proposal);
  const wanted = stacks.length === 0 ? new Set(proposal.changes.map(({ type }) => type)) : proposal.types;
  const best = new Map<ProposedChange, { readonly record: Resource; readonly rank: number }>();
  const left: string[] = [];
  const signs = isStackUntold(proposal, stacks) ? untoldStacks(proposal) : namedStack(proposal, types);
  const look = (record: Resource, type: ResourceType) => {
    const addresses = addressesIn(stacks, record, type);
    const names = new Set([...namesOfLive(record), ...addresses.map((one) => `@${one}`)]);
    const found = [...names].flatMap((name) => index.get(`${record.type}/${name}`) ?? []);
    for (const { change, rank } of found) {
      const isBetter = rank < (best.get(change)?.rank ?? Number.POSITIVE_INFINITY);
      if (isBetter && (liesThere(record, change) || namesOf(change)[rank]?.startsWith('arn:')))
        best.set(change, { record, rank });
    }
    const [address] = addresses;
    if (address !== undefined && found.length === 0) left.push(address);
  };
  for (const collection of live.manifest.collections) {
    const type = types.get(collection.type);
    if (type === undefined || !wanted.has(collection.type)) continue;
    for await (const batch of live.records(collection)) {
      for (const record of batch) {
        look(record, type);
        signs.look(record, type);
      }
    }
  }
  return {
    matches: new Map([...best].map(([change, { record }]) => [change, record])),
    orphans: [...(left.length === 0 ? [] : [orphaned(stacks, left)]), ...signs.doubts()],
  };
}

function orphaned(stacks: readonly DeclaredStack[], ids: readonly string[]): Doubt {
  const shown = [...ids].sort(byCodeUnit).slice(0, namesShown).join(', ');
  const more = ids.length > namesShown ? ` and ${ids.length - namesShown} more` : '';
  const [first] = stacks;
  const who = stacks.length === 1 ? `stack ${first?.path[0]} has` : 'its stacks have';
  const detail = `${who} ${shown}${more}, which the template does not declare: name the deployed template to tell what becomes of them`;
  return { code: 'incomplete', detail };
}
