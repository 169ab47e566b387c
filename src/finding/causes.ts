import type { ChangeAction, ChangedPart, Proposal, ProposedChange } from '../model/proposal.ts';
import type { Resource } from '../model/resource.ts';
import type { DeclaredForm, ResourceType } from '../model/resource-type.ts';
import type { Cause, Result } from './finding.ts';

/** More parts than these point at nothing in particular. */
const mostCauses = 5;
const longestChain = 20;

/** What explains best comes first: what goes, then what is made anew, changed or new, last what stays. */
const weight: Readonly<Record<ChangeAction, number>> = {
  delete: 0,
  replace: 1,
  update: 2,
  create: 3,
  forget: 4,
  none: 5,
};

/** A part, and the attribute that decides where it is known. */
interface Found {
  readonly part: ChangedPart;
  readonly attribute?: string;
}

/** A proposal, arranged for the question where a finding comes from. */
export interface Causing {
  /** Changes by `account/region/type/id`, of the resource before and after, and by `type/address`. */
  readonly touching: ReadonlyMap<string, ProposedChange>;
  readonly proposal: Proposal;
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Rule → types that it reads. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** Parts that change, of the types that a rule reads, by rule, account and the type left out; filled when they are asked for. */
  readonly related: Map<string, readonly Found[]>;
}

function placeOf({ account, region, type, id }: Resource): string {
  return `${account}/${region}/${type}/${id}`;
}

export function arrangeCauses(
  proposal: Proposal,
  types: ReadonlyMap<string, ResourceType>,
  reads: ReadonlyMap<string, readonly string[]>,
): Causing {
  const touching = new Map<string, ProposedChange>();
  for (const change of proposal.changes) {
    const { before, after, type, declared } = change;
    touching.set(`${type}/${declared.address}`, change);
    for (const record of [before, after]) if (record !== undefined) touching.set(placeOf(record), change);
  }
  return { touching, proposal, types, reads, related: new Map() };
}

/** The change that makes a resource what it is, even where nothing of it changes. */
export function changeOf({ touching }: Causing, { account, region, type, resource }: Result) {
  if (resource === undefined) return undefined;
  const declared = resource.declared && touching.get(`${type}/${resource.declared.address}`);
  return declared ?? touching.get(`${account}/${region}/${type}/${resource.id}`);
}

function formOf({ proposal, types }: Causing, type: string): DeclaredForm | undefined {
  const known = types.get(type);
  return proposal.source === 'terraform-plan' ? known?.terraform : known?.cloudformation;
}

/** `AWS::S3::BucketPolicy.PolicyDocument` names a satellite's attribute, `ingress.cidr_blocks` one of the main block. */
function splitSetter(setter: string, parts: readonly ChangedPart[]): { type: string | undefined; attribute: string } {
  const type = parts.find((part) => setter.startsWith(`${part.type}.`))?.type;
  return { type, attribute: type === undefined ? setter : setter.slice(type.length + 1) };
}

/** The parts that give what was observed, by what the type's form says. */
function settersOf(setBy: DeclaredForm['setBy'], parts: readonly ChangedPart[], result: Result): readonly Found[] {
  const names = new Set(result.evidence.map(({ path }) => path.split(/[.[]/, 1)[0] ?? ''));
  const [main] = parts;
  return [...names].flatMap((name) => {
    const setters = setBy !== undefined && Object.hasOwn(setBy, name) ? (setBy[name] ?? []) : [];
    return setters.flatMap((setter) => {
      const { type, attribute } = splitSetter(setter, parts);
      // An attribute of a type that makes no part of this resource sets nothing here.
      if (type === undefined && /^(?:aws_|[A-Za-z0-9]+::)[^.]*\./.test(setter)) return [];
      return parts
        .filter((part) => (type === undefined ? part === main : part.type === type))
        .map((part) => ({ part, attribute }));
    });
  });
}

/**
 * Whether a block that has parts of its own, such as the rules of a group, gives the attribute itself: it has an
 * expression for it, or a line. If not, the parts give it, and are what is to be mended.
 */
function givesItself({ part, attribute }: Found, { proposal }: Causing): boolean {
  if (attribute === undefined || proposal.trace(part, attribute).length > 0) return true;
  const { file, line } = part.declared;
  const place = proposal.placeOf?.(part, attribute);
  return place !== undefined && (place.file !== file || place.line !== line);
}

/** Those that give a value before a main block that only might. */
function ownFirst(setters: readonly Found[], main: ChangedPart | undefined, causing: Causing): readonly Found[] {
  const isVague = (found: Found) => found.part === main && !givesItself(found, causing);
  return [...setters.filter((found) => !isVague(found)), ...setters.filter(isVague)];
}

function byWeight(a: Found, b: Found): number {
  return weight[a.part.action] - weight[b.part.action];
}

/** Each part once, by its first mention; those that change before those that stay, those with an attribute first. */
function arranged(found: readonly Found[]): readonly Found[] {
  const seen = new Set<ChangedPart>();
  const once = found.filter(({ part }) => !seen.has(part) && seen.add(part));
  const attributed = once.filter(({ attribute }) => attribute !== undefined);
  const others = once.filter(({ attribute }) => attribute === undefined);
  const changes = (wanted: boolean) => (one: Found) => (one.part.action !== 'none') === wanted;
  return [
    ...attributed.filter(changes(true)),
    ...others.filter(changes(true)).sort(byWeight),
    ...attributed.filter(changes(false)),
    ...others.filter(changes(false)),
  ];
}

/**
 * Whatever changes among what a rule reads in an account, deletions first.
 *
 * @param apart type of which others say nothing about the result
 */
function relatedTo(causing: Causing, { rule, account }: Result, apart: string): readonly Found[] {
  const key = `${rule}/${account}/${apart}`;
  const known = causing.related.get(key);
  if (known !== undefined) return known;
  const types = new Set(causing.reads.get(rule));
  const parts = causing.proposal.changes
    .filter(({ type, before, after }) => type !== apart && types.has(type) && (after ?? before)?.account === account)
    .flatMap((change) => change.parts.filter(({ action }) => action !== 'none'));
  const found = [...new Set(parts)]
    .map((part) => ({ part }))
    .sort(byWeight)
    .slice(0, mostCauses);
  causing.related.set(key, found);
  return found;
}

function causeOf({ part, attribute }: Found, { proposal }: Causing): Cause {
  const { declared, action } = part;
  if (attribute === undefined) return { action, declared };
  const place = proposal.placeOf?.(part, attribute);
  const chain = proposal.trace(part, attribute).slice(0, longestChain);
  return { action, attribute, ...(chain.length === 0 ? {} : { chain }), declared: { ...declared, ...place } };
}

/**
 * Where something that a change introduces comes from: the parts that make up the resource, with the attribute that
 * decides; where nothing of the resource itself changes, what does change among all that the rule reads.
 */
export function causesOf(causing: Causing, result: Result): readonly Cause[] {
  const change = changeOf(causing, result);
  const parts = change?.parts ?? [];
  const setters = change === undefined ? [] : settersOf(formOf(causing, change.type)?.setBy, parts, result);
  const own = arranged([...ownFirst(setters, parts[0], causing), ...parts.map((part) => ({ part }))]);
  const explains = setters.some(({ part }) => part.action !== 'none');
  const touched = own.some(({ part }) => part.action !== 'none');
  // Another resource of its own type explains nothing about one that changes itself.
  const others = explains ? [] : relatedTo(causing, result, touched ? result.type : '');
  const found = touched ? [...own, ...others] : [...others, ...own];
  const seen = new Set<ChangedPart>();
  return found
    .filter(({ part }) => !seen.has(part) && seen.add(part))
    .slice(0, mostCauses)
    .map((one) => causeOf(one, causing));
}
