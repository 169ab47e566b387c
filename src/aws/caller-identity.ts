import { ProvisoError } from '../errors.ts';
import type { LedgerEntry } from '../model/snapshot.ts';
import { isObject } from '../model/value.ts';
import type { Aws } from './aws.ts';
import { callerIdentity } from './own-calls.ts';

export interface Caller {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

export interface Reach {
  readonly region: string;
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/** Asks who the credentials belong to. Without a caller the ledger's line says why, or is whole and names none. */
export async function askCaller(
  aws: Aws,
  region: string,
): Promise<{ readonly caller: Caller | undefined; readonly entry: LedgerEntry }> {
  const { entry, value } = await aws.ask({ account: '', region, call: callerIdentity, input: {} }, '');
  const { Account: account, Arn: arn } = isObject(value) ? value : {};
  if (typeof account !== 'string' || !/^\d{12}$/.test(account) || typeof arn !== 'string' || !arn.startsWith('arn:')) {
    return { caller: undefined, entry };
  }
  return { caller: { account, arn, partition: arn.split(':')[1] ?? 'aws' }, entry: { ...entry, account } };
}

/**
 * Asks who the credentials belong to.
 *
 * @throws ProvisoError `credentials` or `endpoint`, with what to do
 */
export async function readCaller(aws: Aws, reach: Reach): Promise<{ caller: Caller; entry: LedgerEntry }> {
  const { caller, entry } = await askCaller(aws, reach.region);
  if (entry.outcome !== 'complete') throw mistake(entry, reach);
  if (caller !== undefined) return { caller, entry };
  const hint = 'Check that the endpoint speaks the AWS API.';
  throw new ProvisoError('endpoint', `${placeOf(reach)} did not say whose credentials these are`, { hint });
}

function placeOf({ endpointUrl, region }: Reach): string {
  return endpointUrl ?? `AWS in ${region}`;
}

function mistake({ error, outcome }: LedgerEntry, reach: Reach): ProvisoError {
  const name = error?.name ?? '';
  const said = error?.message ?? '';
  if (name === 'Stopped') return new ProvisoError('interrupted', 'stopped');
  if (/signature.*(expired|not yet current)/i.test(said) || name === 'RequestTimeTooSkewed') {
    const hint = 'Set the clock of this computer, then try again.';
    return new ProvisoError('credentials', `AWS refuses requests signed at this computer's time: ${said}`, { hint });
  }
  if (name === 'CredentialsProviderError') return notFound(said, reach);
  if (/expired/i.test(name) || (outcome === 'denied' && /expired/i.test(said))) {
    const hint = 'Sign in again (for example with `aws sso login`), or export new keys.';
    return new ProvisoError('credentials', `the AWS credentials have expired: ${said}`, { hint });
  }
  if (outcome === 'denied') {
    const hint = 'Check the keys and the profile: `aws sts get-caller-identity` must succeed with them.';
    return new ProvisoError('credentials', `${placeOf(reach)} refuses the credentials (${name}): ${said}`, { hint });
  }
  return unreachable(name, said, reach);
}

function notFound(said: string, { profile, roleArn }: Reach): ProvisoError {
  if (/expired/i.test(said)) {
    const hint = 'Sign in again, for example with `aws sso login`.';
    return new ProvisoError('credentials', `the AWS credentials have expired: ${said}`, { hint });
  }
  const source = roleArn ?? (profile === undefined ? undefined : `profile ${profile}`);
  const hint = 'Give --profile, set AWS_PROFILE, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
  const message = source === undefined ? 'no AWS credentials were found' : `no AWS credentials from ${source}`;
  return new ProvisoError('credentials', `${message}: ${said}`, { hint });
}

function unreachable(name: string, said: string, reach: Reach): ProvisoError {
  const unnamed = name === 'ENOTFOUND' || name === 'EAI_AGAIN';
  const hint =
    reach.endpointUrl === undefined
      ? `Check the network${unnamed ? ` and that the region ${reach.region} exists` : ''}.`
      : 'Check the address, and that something is listening there.';
  return new ProvisoError('endpoint', `${placeOf(reach)} cannot be asked: ${said}`, { hint });
}
