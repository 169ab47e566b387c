import { setMaxListeners } from 'node:events';
import { ProvisoError } from '../errors.ts';
import { blame } from '../model/blame.ts';
import type { LedgerEntry, Obstacle } from '../model/snapshot.ts';
import { askForRole, type RoleWish, roleCredentials } from './assume-role.ts';
import type { Aws } from './aws.ts';
import { createCallLoop } from './call-loop.ts';
import { askCaller, type Caller, readCaller } from './caller-identity.ts';
import { createClients } from './clients.ts';
import { type Clock, systemClock } from './clock.ts';
import { type CredentialOptions, credentialSource, type Identity, keepCredentials } from './credentials.ts';
import { createEngine, defaultTimings, type Engine, type Timings } from './engine.ts';
import type { Ledger } from './ledger.ts';

export interface AwsOptions extends CredentialOptions {
  /** Where identity is asked, and services without regions if the partition has no place of its own; `us-east-1` by default. */
  readonly region?: string;
  /** Every call goes there instead of to AWS. The caller hands over AWS_ENDPOINT_URL, if that is what it means. */
  readonly endpointUrl?: string;
  /** Ends all calls when it is aborted. */
  readonly signal?: AbortSignal;
  readonly timings?: Partial<Timings>;
  readonly clock?: Clock;
  /** Told with every answer how far the sender's clock is ahead, in milliseconds, a second or so too little. */
  readonly onSkew?: (ahead: number) => void;
  /** Instead of the standard chain. */
  readonly credentials?: () => Promise<Identity>;
}

/** A connection for one set of credentials. */
export interface OpenedAws {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly region: string;
  /** Opens another account by a role that these credentials may assume, and makes sure that it is the account meant. */
  assume(wish: RoleWish): Promise<Assumed>;
}

/** A connection, or what stood in its way and the ledger's lines that tell of it. */
export type Assumed =
  | { readonly opened: OpenedAws }
  | { readonly entries: readonly LedgerEntry[]; readonly obstacle: Obstacle };

/** Where the services without regions of a partition are asked. */
const globalRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

const regionName = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/;

/** Whether a text has the form of a region's name. */
export function isRegionName(region: string): boolean {
  return region.length <= 32 && regionName.test(region);
}

/** The connection of one set of credentials, before anybody knows whose they are. */
interface Session {
  /** Asks with little patience: a wrong address shows at once. */
  readonly hasty: Aws;
  /** The calls of the run, once the caller is known. */
  run(caller: Caller): { readonly engine: Engine; readonly aws: Aws & { readonly book: Ledger } };
  stop(): void;
}

function startSession(options: AwsOptions, source: () => Promise<Identity>, region: string): Session {
  const timings = { ...defaultTimings, ...options.timings };
  const clock = options.clock ?? systemClock;
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const credentials = keepCredentials(source, clock);
  const { connectTimeout, requestTimeout } = timings;
  const place = options.endpointUrl === undefined ? {} : { endpointUrl: options.endpointUrl };
  const clients = createClients({ credentials, connectTimeout, requestTimeout, ...place });
  const stop = () => {
    options.signal?.removeEventListener('abort', stop);
    controller.abort();
    clients.close();
  };
  if (options.signal?.aborted === true) stop();
  else options.signal?.addEventListener('abort', stop, { once: true });
  const heard = options.onSkew === undefined ? {} : { onSkew: options.onSkew };
  const parts = { clients, credentials, clock, signal: controller.signal, ...heard };
  const foreign = options.endpointUrl !== undefined;
  const hasty = { ...timings, deadline: Math.min(timings.deadline, 10_000), longestPause: 500 };
  return {
    hasty: createCallLoop(createEngine({ ...parts, timings: hasty, globalRegion: region }, foreign), 'aws', stop),
    run({ partition }) {
      const globalRegion = Object.hasOwn(globalRegions, partition) ? globalRegions[partition] : region;
      const engine = createEngine({ ...parts, timings, globalRegion: globalRegion ?? region }, foreign);
      return { engine, aws: createCallLoop(engine, partition, stop) };
    },
    stop,
  };
}

/**
 * Finds credentials and asks AWS whose they are.
 *
 * @throws ProvisoError `usage` for a region or endpoint that cannot be, `credentials` or `endpoint` where AWS cannot be
 * asked, `interrupted` when the signal was aborted
 */
export async function openAws(options: AwsOptions): Promise<OpenedAws> {
  checkOptions(options);
  const region = options.region ?? 'us-east-1';
  const session = startSession(options, options.credentials ?? credentialSource(options), region);
  try {
    const { caller, entry } = await readCaller(session.hasty, { ...options, region });
    const { engine, aws } = session.run(caller);
    aws.book.put(entry);
    return { aws, caller, region, assume: (wish) => openByRole(options, engine, { caller, region, wish }) };
  } catch (error) {
    session.stop();
    throw error;
  }
}

/** Who asks for which role, and where. */
interface Assuming {
  readonly caller: Caller;
  readonly region: string;
  readonly wish: RoleWish;
}

/** Opens a connection by a role that the engine's credentials may assume. */
async function openByRole(options: AwsOptions, engine: Engine, { caller, region, wish }: Assuming): Promise<Assumed> {
  const ask = () => askForRole(engine, region, wish);
  const { entry: assumed, identity } = await ask();
  if (identity === undefined) return { entries: [assumed], obstacle: closedDoor(assumed, wish) };
  let renewed = (_: LedgerEntry): void => undefined;
  const source = roleCredentials(identity, ask, (entry) => renewed(entry));
  const session = startSession(options, source, region);
  const { caller: found, entry } = await askCaller(session.hasty, region);
  const named = { ...entry, account: wish.account };
  const obstacle = found === undefined ? unnamed(named) : strange(found, caller, wish);
  if (found === undefined || obstacle !== undefined) {
    session.stop();
    return { entries: [assumed, named], obstacle: obstacle ?? unnamed(named) };
  }
  const { engine: own, aws } = session.run(found);
  renewed = (line) => aws.book.put(line);
  for (const line of [assumed, named]) aws.book.put(line);
  const further = (next: RoleWish) => openByRole(options, own, { caller: found, region, wish: next });
  return { opened: { aws, caller: found, region, assume: further } };
}

/** Why a role was not given. What it says depends on the role alone, and not on who asked. */
function closedDoor(entry: LedgerEntry, { externalId }: RoleWish): Obstacle {
  const { reason, detail, call } = blame(entry);
  if (reason !== 'denied') return { reason, detail, call };
  const condition = externalId === undefined ? 'without an external id' : 'with the external id that the policy gives';
  const name = entry.error?.name ?? 'denied';
  return { reason, detail: `${name}; the role's trust policy must admit the caller, ${condition}`, call };
}

function unnamed(entry: LedgerEntry): Obstacle {
  if (entry.outcome !== 'complete') return blame(entry);
  return { reason: 'failed', detail: 'nobody says whose credentials the role gave', call: entry.key };
}

/** What is wrong with where a role has led, if anything. */
function strange(found: Caller, caller: Caller, { account }: RoleWish): Obstacle | undefined {
  if (found.account !== account)
    return { reason: 'failed', detail: `the role has led to account ${found.account} and not to ${account}` };
  if (found.partition === caller.partition) return undefined;
  return { reason: 'failed', detail: `the account is in ${found.partition}, which is not the caller's partition` };
}

function checkOptions({ region, endpointUrl, roleArn }: AwsOptions): void {
  if (region !== undefined && !isRegionName(region)) {
    const hint = 'A region looks like eu-west-1.';
    throw new ProvisoError('usage', `'${region}' is not the name of an AWS region`, { hint });
  }
  if (roleArn !== undefined && !/^arn:[a-z-]+:iam::\d{12}:role\/./.test(roleArn)) {
    const hint = 'It looks like arn:aws:iam::111122223333:role/ProvisoAuditor.';
    throw new ProvisoError('usage', `'${roleArn}' is not the ARN of a role`, { hint });
  }
  if (endpointUrl === undefined) return;
  const url = URL.canParse(endpointUrl) ? new URL(endpointUrl) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new ProvisoError('usage', `'${endpointUrl}' is not an http or https address`, {
    hint: 'Write it whole: http://127.0.0.1:5000',
  });
}
