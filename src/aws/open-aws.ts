import { setMaxListeners } from 'node:events';
import { ProvisoError } from '../errors.ts';
import type { Aws } from './aws.ts';
import { createCallLoop } from './call-loop.ts';
import { type Caller, readCaller } from './caller-identity.ts';
import { createClients } from './clients.ts';
import { type Clock, systemClock } from './clock.ts';
import { type CredentialOptions, credentialSource, type Identity, keepCredentials } from './credentials.ts';
import { createEngine, defaultTimings, type Timings } from './engine.ts';

export interface AwsOptions extends CredentialOptions {
  /** Where identity is asked, and services without regions if the partition has no place of its own; `us-east-1` by default. */
  readonly region?: string;
  /** Every call goes there instead of to AWS. The caller hands over AWS_ENDPOINT_URL, if that is what it means. */
  readonly endpointUrl?: string;
  /** Ends all calls when it is aborted. */
  readonly signal?: AbortSignal;
  readonly timings?: Partial<Timings>;
  readonly clock?: Clock;
  /** Instead of the standard chain. */
  readonly credentials?: () => Promise<Identity>;
}

/** A connection for one set of credentials. */
export interface OpenedAws {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly region: string;
}

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

/**
 * Finds credentials and asks AWS whose they are.
 *
 * @throws ProvisoError `usage` for a region or endpoint that cannot be, `credentials` or `endpoint` where AWS cannot be
 * asked, `interrupted` when the signal was aborted
 */
export async function openAws(options: AwsOptions): Promise<OpenedAws> {
  checkOptions(options);
  const region = options.region ?? 'us-east-1';
  const timings = { ...defaultTimings, ...options.timings };
  const clock = options.clock ?? systemClock;
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const credentials = keepCredentials(options.credentials ?? credentialSource(options), clock);
  const { connectTimeout, requestTimeout } = timings;
  const place = options.endpointUrl === undefined ? {} : { endpointUrl: options.endpointUrl };
  const clients = createClients({ credentials, connectTimeout, requestTimeout, ...place });
  const stop = () => {
    controller.abort();
    clients.close();
  };
  if (options.signal?.aborted === true) stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  const parts = { clients, credentials, clock, timings, signal: controller.signal };
  const foreign = options.endpointUrl !== undefined;
  // Identity is asked with little patience: a wrong address shows at once.
  const hasty = { ...timings, deadline: Math.min(timings.deadline, 10_000), longestPause: 500 };
  const first = createEngine({ ...parts, timings: hasty, globalRegion: region }, foreign);
  try {
    const { caller, entry } = await readCaller(createCallLoop(first, 'aws', stop), { ...options, region });
    const globalRegion = Object.hasOwn(globalRegions, caller.partition) ? globalRegions[caller.partition] : region;
    const engine = createEngine({ ...parts, globalRegion: globalRegion ?? region }, foreign);
    const aws = createCallLoop(engine, caller.partition, stop);
    aws.book.put(entry);
    return { aws, caller, region };
  } catch (error) {
    stop();
    throw error;
  }
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
