import { callKey } from '../model/call-key.ts';
import type { LedgerEntry } from '../model/snapshot.ts';
import type { Identity } from './credentials.ts';
import type { Engine } from './engine.ts';
import { assumeRole } from './own-calls.ts';
import { broken, readPages } from './pages.ts';

/** A role and the account that it is to lead to. */
export interface RoleWish {
  /** Twelve digits. */
  readonly account: string;
  readonly roleArn: string;
  readonly externalId?: string;
}

/** Credentials of the role, or none; the ledger's line says why. */
export interface AssumeAttempt {
  readonly entry: LedgerEntry;
  readonly identity: Identity | undefined;
}

/** Under this name the calls of a run stand in the account's own logs. */
export const sessionName = 'proviso';

/** Asks for a role's credentials, by those of the engine. The ledger's line leaves out the external id. */
export async function askForRole(engine: Engine, region: string, wish: RoleWish): Promise<AssumeAttempt> {
  const named = { RoleArn: wish.roleArn, RoleSessionName: sessionName };
  const input = wish.externalId === undefined ? named : { ...named, ExternalId: wish.externalId };
  const question = { account: wish.account, region, call: assumeRole, input };
  let identity: Identity | undefined;
  const entry = await readPages(engine, question, 'Credentials', async ([credentials]) => {
    identity = readIdentity(credentials);
    return identity === undefined ? broken('WrongAnswer', 'the answer holds no whole credentials') : undefined;
  });
  return { entry: { ...entry, input: named, key: callKey(assumeRole, named) }, identity };
}

function readIdentity(given: unknown): Identity | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given as Readonly<Record<string, unknown>>;
  const texts = [AccessKeyId, SecretAccessKey, SessionToken];
  const whole = texts.every((text) => typeof text === 'string' && text !== '') && Expiration instanceof Date;
  if (!whole || Number.isNaN(Expiration.getTime())) return undefined;
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(SessionToken),
    expiration: Expiration,
  };
}

/**
 * A source of the role's credentials that begins with those that were just given and asks again when it is asked again.
 *
 * @param onEntry gets the ledger's line of each further attempt
 */
export function roleCredentials(
  first: Identity,
  ask: () => Promise<AssumeAttempt>,
  onEntry: (entry: LedgerEntry) => void,
): () => Promise<Identity> {
  let given: Identity | undefined = first;
  return async () => {
    const known = given;
    given = undefined;
    if (known !== undefined) return known;
    const { entry, identity } = await ask();
    onEntry(entry);
    if (identity !== undefined) return identity;
    const { name = 'CredentialsProviderError', message = 'the role cannot be assumed again' } = entry.error ?? {};
    throw Object.assign(new Error(message), { name });
  };
}
