import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Clock } from './clock.ts';

/** A set of credentials as the SDK's clients take it. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  /** The SDK's names for the ways in which it found them. */
  readonly $source?: Readonly<Record<string, string>>;
}

export interface CredentialOptions {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

export interface Credentials {
  /** Given to every client: one look-up serves them all. */
  readonly provider: (() => Promise<Identity>) & { memoized?: boolean };
  /** A number that grows with every refresh. */
  generation(): number;
  /** Forgets the credentials of that generation, so that the next call looks them up anew. */
  refresh(generation: number): void;
}

const beforeExpiry = 5 * 60_000;

export function credentialSource(options: CredentialOptions): () => Promise<Identity> {
  const base = fromNodeProviderChain(options.profile === undefined ? {} : { profile: options.profile });
  if (options.roleArn === undefined) return base;
  const region = options.region ?? 'us-east-1';
  const assumed = fromTemporaryCredentials({
    masterCredentials: base,
    params: {
      RoleArn: options.roleArn,
      RoleSessionName: 'proviso',
      ...(options.externalId === undefined ? {} : { ExternalId: options.externalId }),
    },
    clientConfig: { region, ...(options.endpointUrl === undefined ? {} : { endpoint: options.endpointUrl }) },
  });
  return () => assumed();
}

/** Keeps one promise of credentials for all clients and renews it five minutes before it expires. */
export function keepCredentials(source: () => Promise<Identity>, clock: Clock): Credentials {
  let current: Promise<Identity> | undefined;
  let renewAt = Number.POSITIVE_INFINITY;
  let generation = 0;
  const look = () => {
    const promise = source();
    current = promise;
    generation += 1;
    renewAt = Number.POSITIVE_INFINITY;
    promise.then(
      (identity) => {
        if (current !== promise || identity.expiration === undefined) return undefined;
        const left = identity.expiration.getTime() - clock.now();
        renewAt = clock.now() + Math.max(left / 2, left - beforeExpiry);
        return undefined;
      },
      () => {
        if (current === promise) current = undefined;
        return undefined;
      },
    );
    return promise;
  };
  const provider = async () => (current === undefined || clock.now() >= renewAt ? look() : current);
  return {
    provider: Object.assign(provider, { memoized: true }),
    generation: () => generation,
    refresh: (failed) => {
      if (failed === generation) current = undefined;
    },
  };
}
