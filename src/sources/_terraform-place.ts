import { parseArn } from '../model/arn.ts';
import { unnamed } from '../model/unnamed.ts';
import { canonicalJson, type Json, type JsonObject } from '../model/value.ts';
import type { Destination } from './_declared.ts';
import type { PlanStateResource } from './_plan-format.ts';
import { accountOfArn, accountOr, type Configured, namedAccount, settledArgument } from './_terraform-settled.ts';
import { own, ownList, ownText } from './_terraform-values.ts';

const regionPattern = /^[a-z]{2,4}(?:-[a-z0-9]{1,12}){2,4}$/;

/** Data sources that tell where a provider is. */
export const placeTypes = new Set(['aws_caller_identity', 'aws_region', 'aws_partition']);

/** Whether a text may say where something is: a region, an account or an ARN. */
export function isPlaceName(text: string): boolean {
  return text.length < 2048 && (accountOr(text) !== undefined || regionPattern.test(text) || text.startsWith('arn:'));
}

function regionOr(text: Json | undefined): string | undefined {
  return typeof text === 'string' && text.length < 64 && regionPattern.test(text) ? text : undefined;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Tells where a resource is to be: by itself, by its provider, by the caller, or not at all. */
export interface Places {
  readonly home: Place;
  readonly partition: string;
  /**
   * @param values what is known of the resource
   * @param identity what its provider tells it apart by, from version 6 on with account and region
   * @param provider its key among the plan's provider configurations
   */
  placeOf(values: Json, identity: JsonObject | undefined, provider: string | undefined): Place;
  /**
   * The provider of what is no longer written, and therefore has none in the plan: the only one of that name, or else
   * the one without an alias.
   */
  likelyProvider(values: Json, identity: JsonObject | undefined, name: string | undefined): LikelyProvider;
  /**
   * Whether a provider has credentials of its own, and nothing tells of which account. What it makes is not placed; with
   * the provider without an alias, it is placed where the change is taken to be for.
   */
  isForeign(values: Json, identity: JsonObject | undefined, provider: string | undefined): boolean;
}

export interface LikelyProvider {
  readonly key: string;
  /** Whether it can be no other, or the resource would be in the same place with any other. */
  readonly isCertain: boolean;
}

interface ProviderPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Whether it has other credentials than the provider without an alias. */
  readonly isApart: boolean;
  /** Whether it names an account, and nobody can tell which. */
  readonly isOpen: boolean;
  /** Whether it names a region, and nobody can tell which. */
  readonly isLost: boolean;
}

/** What of a plan tells where things are. */
export interface PlaceFacts extends Configured {
  /** `configuration.provider_config` */
  readonly providers: JsonObject;
  /** The data sources of `placeTypes` as they were read. */
  readonly told: readonly PlanStateResource[];
}

/** Of a resource that is there already: what is known of it, what tells it apart, and its provider. */
export type Placed = readonly [values: Json, identity: JsonObject | undefined, provider: string | undefined];

/** @param existing resources that are there, which tell of the account of their provider */
export function readPlaces(plan: PlaceFacts, existing: Iterable<Placed>, destination: Destination): Places {
  const told = toldByProviders(plan);
  for (const [values, identity, provider] of existing)
    if (provider !== undefined) add(told.accounts, provider, ownAccount(values, identity));
  const known = new Map<string, ProviderPlace>();
  const providerPlace = (key: string) => {
    const place = known.get(key) ?? readProvider(plan, key, told, destination);
    known.set(key, place);
    return place;
  };
  // Without a snapshot there is nothing with which it could be mistaken.
  const isTaken = destination.account !== undefined && destination.isAccountGiven !== true;
  const isForeign: Places['isForeign'] = (values, identity, key) => {
    const provider = key === undefined ? undefined : providerPlace(key);
    const isOther = provider?.isApart === true || (provider?.isOpen === true && isTaken);
    return isOther && (ownAccount(values, identity) ?? provider?.account) === undefined;
  };
  const placeOf: Places['placeOf'] = (values, identity, key) => {
    const provider = key === undefined ? undefined : providerPlace(key);
    const account =
      ownAccount(values, identity) ?? provider?.account ?? (provider?.isApart === true ? unnamed.account : undefined);
    const isLost = provider?.isLost === true && (key !== 'aws' || destination.isRegionGiven !== true);
    const region = ownRegion(values, identity) ?? provider?.region ?? (isLost ? unnamed.region : undefined);
    return {
      account: account ?? destination.account ?? unnamed.account,
      region: region ?? destination.region ?? unnamed.region,
    };
  };
  const home = placeOf(null, undefined, 'aws');
  const likelyProvider: Places['likelyProvider'] = (values, identity, name) => {
    const keys = Object.keys(plan.providers).filter((key) => ownText(own(plan.providers, key), 'full_name') === name);
    const [key = 'aws'] = keys.length === 1 ? keys : [];
    const all = keys.map((one) => placeOf(values, identity, one));
    const isGlobal =
      parseArn(ownText(values, 'arn') ?? '')?.region === '' && ownAccount(values, identity) !== undefined;
    const places = new Set(all.map(({ account, region }) => (isGlobal ? account : `${account}/${region}`)));
    return { key, isCertain: places.size <= 1 };
  };
  return {
    home,
    placeOf,
    likelyProvider,
    isForeign,
    partition: destination.partition ?? partitionOf(told, home.region),
  };
}

function ownAccount(values: Json, identity: JsonObject | undefined): string | undefined {
  return (
    accountOfArn(own(values, 'arn')) ?? accountOr(own(values, 'owner_id')) ?? accountOr(own(identity, 'account_id'))
  );
}

function ownRegion(values: Json, identity: JsonObject | undefined): string | undefined {
  const arn = ownText(values, 'arn');
  const told = regionOr(own(values, 'region')) ?? regionOr(own(identity, 'region'));
  return told ?? (arn === undefined ? undefined : regionOr(parseArn(arn)?.region));
}

/** Answers of data sources, by the provider that was asked. */
interface Told {
  readonly accounts: Map<string, Set<string>>;
  readonly regions: Map<string, Set<string>>;
  readonly partitions: ReadonlySet<string>;
}

function add(map: Map<string, Set<string>>, key: string, value: string | undefined): void {
  if (value === undefined) return;
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
}

function toldByProviders({ told, rootModule }: PlaceFacts): Told {
  const accounts = new Map<string, Set<string>>();
  const regions = new Map<string, Set<string>>();
  const partitions = new Set<string>();
  for (const { address, type, name, values } of told) {
    const provider = providerOf(address, type, name, rootModule) ?? '';
    if (type === 'aws_caller_identity') add(accounts, provider, accountOr(own(values, 'account_id')));
    if (type === 'aws_region')
      add(
        regions,
        provider,
        regionOr(own(values, 'region')) ?? regionOr(own(values, 'name')) ?? regionOr(own(values, 'id')),
      );
    const partition = type === 'aws_partition' ? ownText(values, 'partition') : undefined;
    if (partition !== undefined && /^aws[a-z-]{0,12}$/.test(partition)) partitions.add(partition);
  }
  return { accounts, regions, partitions };
}

/** The provider of a data source: `module.a["x"].data.aws_region.this` */
function providerOf(address: string, type: string, name: string, root: Json): string | undefined {
  let module: Json | undefined = root;
  for (const [, call = ''] of address.matchAll(/(?:^|\.)module\.([A-Za-z0-9_-]+)(?=[.[])/g))
    module = own(own(own(module, 'module_calls'), call), 'module');
  const found = ownList(module, 'resources').find((one) => own(one, 'type') === type && own(one, 'name') === name);
  return ownText(found, 'provider_config_key');
}

function only(values: ReadonlySet<string> | undefined): string | undefined {
  return values?.size === 1 ? [...values][0] : undefined;
}

function partitionOf({ partitions }: Told, region: string): string {
  const told = only(partitions);
  if (told !== undefined) return told;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function readProvider(plan: PlaceFacts, key: string, told: Told, { account: wanted }: Destination): ProviderPlace {
  const config = own(plan.providers, key);
  const expressions = own(config, 'expressions');
  const calls = (ownText(config, 'module_address') ?? '').split('.').filter((_, index) => index % 2 === 1);
  const provider = { key, calls, expressions };
  const named = namedAccount(provider, plan, wanted);
  const written = own(expressions, 'region');
  const region = regionOr(settledArgument(written, ['region'], provider, plan)) ?? only(told.regions.get(key));
  return {
    account: only(told.accounts.get(key)) ?? named.account ?? accountOf(plan, key, told),
    region,
    isApart: key !== 'aws' && Object.hasOwn(plan.providers, key) && isApart(plan, key),
    isOpen: named.isOpen,
    isLost: region === undefined && isOpenRegion(written, key),
  };
}

/** What is more than a variable, as a local value is, is left to the caller for the provider without an alias. */
function isOpenRegion(written: Json | undefined, key: string): boolean {
  const references = ownList(written, 'references');
  const [first] = references;
  if (key !== 'aws') return references.length > 0;
  return references.length === 1 && typeof first === 'string' && first.startsWith('var.');
}

/** Arguments of a provider that decide whose credentials it has. */
const credentials = [
  'access_key',
  'secret_key',
  'token',
  'profile',
  'assume_role',
  'assume_role_with_web_identity',
].concat(['shared_config_files', 'shared_credentials_files', 'endpoints']);

function credentialsOf(provider: Json | undefined): string {
  const expressions = own(provider, 'expressions');
  const given = credentials.map((name) => own(expressions, name) ?? null);
  return canonicalJson(given.every((one) => one === null) ? [] : [given, ownText(provider, 'module_address') ?? '']);
}

/** The account of all providers that have the same credentials, where all that is known of it agrees. */
function accountOf({ providers }: PlaceFacts, key: string, { accounts }: Told): string | undefined {
  const mine = credentialsOf(own(providers, key));
  const isSame = (other: string) => Object.hasOwn(providers, other) && credentialsOf(own(providers, other)) === mine;
  if (!Object.hasOwn(providers, key)) return undefined;
  const same = [...accounts].filter(([other]) => isSame(other));
  return only(new Set(same.flatMap(([, found]) => [...found])));
}

/** Whoever runs the plan gives the credentials of the provider without an alias; other ones may be of any account. */
function isApart({ providers }: PlaceFacts, key: string): boolean {
  const mine = credentialsOf(own(providers, key));
  return mine !== credentialsOf(undefined) && mine !== credentialsOf(own(providers, 'aws'));
}
