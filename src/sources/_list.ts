import type { Aws, Question } from '../aws/aws.ts';
import { blame } from '../model/blame.ts';
import { callKey } from '../model/call-key.ts';
import { makeResource } from '../model/make-resource.ts';
import { type InputScope, resolveInput } from '../model/resolve-input.ts';
import type { Resource } from '../model/resource.ts';
import type { Listing, ResourceType } from '../model/resource-type.ts';
import type { LedgerEntry } from '../model/snapshot.ts';
import { isObject, isUnknown, type Json, type JsonObject, type UnknownReason } from '../model/value.ts';
import type { Collecting } from './_collection.ts';

/**
 * Lists one type in one region, or for one parent, and hands on every resource that can be read. What went wrong is told
 * to `collecting`; only what `take` throws is thrown.
 */
export type List = (
  type: ResourceType,
  region: string,
  parent: JsonObject,
  collecting: Collecting,
  isStopped: () => boolean,
  take: Take,
) => Promise<void>;

export type Take = (resource: Resource) => Promise<void>;

/** One listing under way. */
interface Context {
  readonly aws: Aws;
  readonly type: ResourceType;
  readonly question: Question;
  /** The ledger key that the answer will have. */
  readonly call: string;
  readonly inherited: JsonObject;
  readonly collecting: Collecting;
  readonly take: Take;
}

export function listWith(aws: Aws, account: string): List {
  return async (type, region, parent, collecting, isStopped, take) => {
    const asked = questionOf(type, { account, region, properties: parent });
    if (typeof asked === 'string') {
      collecting.flaw('3', 'failed', `a list of ${type.noun}s could not be asked for: ${asked}`);
      return;
    }
    const context = { ...asked, aws, type, collecting, take };
    const entry = await (type.listing.items === '' ? takeAnswer(context) : takePages(context));
    if (entry.key !== context.call) throw new Error(`the ledger names ${context.call} otherwise: ${entry.key}`);
    collecting.took(entry, isStopped());
  };
}

/** The question and what the items inherit; a text says why there is none. */
function questionOf(type: ResourceType, scope: InputScope): Pick<Context, 'question' | 'call' | 'inherited'> | string {
  const { call, inherit } = type.listing;
  const references = Object.entries(inherit ?? {}).map(([member, from]) => [member, { from }]);
  try {
    const input = resolveInput(call.input, scope);
    const inherited = resolveInput(Object.fromEntries(references), scope);
    const { account, region } = scope;
    return { question: { account, region, call, input }, call: callKey(call, input), inherited };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The answer as a whole is the one instance; where nothing is configured, the instance has nothing but its id. */
async function takeAnswer(context: Context): Promise<LedgerEntry> {
  const { entry, value } = await context.aws.ask(context.question, '');
  if (entry.outcome !== 'complete') return entry;
  if (entry.absent === undefined) await takeItem(context, value);
  else await takeProperties(context, {});
  return entry;
}

/** Each page is dealt with before the next is asked for, so that memory does not grow with the list. */
async function takePages(context: Context): Promise<LedgerEntry> {
  let failure: { readonly error: unknown } | undefined;
  const entry = await context.aws.list(context.question, context.type.listing.items, async (page) => {
    try {
      await Promise.all(page.map((item) => takeItem(context, item)));
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  });
  if (failure !== undefined) throw failure.error;
  return entry;
}

async function takeItem(context: Context, item: Json | undefined): Promise<void> {
  const { type, collecting } = context;
  if (item !== undefined && type.listing.isOther?.(item)) return;
  const kept = keepItem(type.listing, item);
  if (typeof kept === 'string') collecting.flaw('4', 'failed', `one ${type.noun} cannot be read: ${kept}`);
  else await takeProperties(context, kept);
}

/** What is kept of an item; a text says why it cannot be read. */
function keepItem(listing: Listing, item: Json | undefined): JsonObject | string {
  try {
    const kept = item === undefined || listing.keep === undefined ? item : listing.keep(item);
    return isObject(kept) && !isUnknown(kept) ? kept : 'it is not an object';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function takeProperties(context: Context, kept: JsonObject): Promise<void> {
  const { aws, type, collecting, question, inherited, call } = context;
  const properties = { ...kept, ...inherited };
  const located = type.listing.region;
  const region = located === undefined ? question.region : await locate(context, located, properties);
  if (region === undefined) return;
  const placed = located === undefined ? properties : { ...properties, [located.property]: region };
  const { account } = question;
  const resource = makeResource(type, { partition: aws.partition, account, region }, placed, call);
  if (resource === undefined) collecting.flaw('4', 'failed', `one ${type.noun} has no ${type.id}`);
  else await context.take(resource);
}

const isRegion = /^[a-z]{2,8}(-[a-z0-9]{1,20}){1,5}$/;

/** The region of something that an account-wide list shows; undefined, and a flaw, where nobody says it. */
async function locate(
  { aws, type, collecting, question }: Context,
  { property, otherwise }: NonNullable<Listing['region']>,
  properties: JsonObject,
): Promise<string | undefined> {
  const given = properties[property];
  const unplaced = (reason: UnknownReason, why: string) => {
    collecting.flaw('4', reason, `the region of one ${type.noun} is not known: ${why}`);
    return undefined;
  };
  const named = (name: string) => (isRegion.test(name) ? name : unplaced('failed', 'what is said is no name of one'));
  if (typeof given === 'string' && given !== '') return named(given);
  if (otherwise === undefined) return unplaced('failed', `the list lacks ${property}`);
  const { account, region } = question;
  try {
    const input = resolveInput(otherwise.call.input, { account, region, properties });
    const { entry, value } = await aws.ask({ account, region, call: otherwise.call, input }, otherwise.value);
    if (entry.outcome === 'complete') return named(otherwise.keep(value));
    collecting.cite(entry.key);
    const { reason, detail } = blame(entry);
    return unplaced(reason, detail);
  } catch (error) {
    return unplaced('failed', error instanceof Error ? error.message : String(error));
  }
}
