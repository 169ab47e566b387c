import { hash } from 'node:crypto';
import { parseDate } from '../model/instant.ts';
import type { Waiver } from './policy.ts';

const day = 86_400_000;

/** How far ahead of the instant at which ages are measured a waiver may expire, in days. */
export const longestDays = 366;

/** The most failures that a waiver with a pattern may cover. */
export const widest = 25;

type Selection = Pick<Waiver, 'rule' | 'resource' | 'tag' | 'account' | 'region' | 'observed'>;

/** The name by which results and reports know a waiver. It depends on what the waiver covers alone. */
export function waiverId({ rule, resource, tag, account, region, observed }: Selection): string {
  const selected = [resource ?? null, tag === undefined ? null : [tag.key, tag.value ?? null]];
  const identity = [rule, ...selected, account ?? null, region ?? null, observed ?? null];
  return `w_${hash('sha256', JSON.stringify(identity), 'hex').slice(0, 12)}`;
}

/** What a waiver covers, in words: `resource sg-0a1 in eu-west-1 of account 111122223333`. */
export function coverWords({ resource, tag, account, region, observed }: Selection): string {
  const value = tag?.value === undefined ? '' : `=${tag.value}`;
  const what = tag === undefined ? `resource ${resource ?? ''}` : `tag ${tag.key}${value}`;
  const where = [region === undefined ? '' : ` in ${region}`, account === undefined ? '' : ` of account ${account}`];
  return `${what}${where.join('')}${observed === undefined ? '' : ', as observed'}`;
}

/** Whether the last day on which a waiver counts is over. Days end in UTC. */
export function isExpired(expires: string, now: number): boolean {
  const start = parseDate(expires);
  return start === undefined || now >= start + day;
}

/** Whether a waiver counts for longer than anybody may accept a failure. */
export function isTooLong(expires: string, now: number): boolean {
  const start = parseDate(expires);
  return start === undefined || start > now + longestDays * day;
}

/**
 * Whether a pattern can be nothing but one resource's ARN, or an id that AWS has made. Anybody may give a name, and the
 * same one many times.
 */
export function namesOne(resource: string): boolean {
  return /^arn:[^*?]+$/.test(resource) || /^[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}(?:[0-9a-f]{9})?$/.test(resource);
}

/** A waiver that can cover no more than was meant: it names its account, and one resource by its id or ARN. */
export function isNarrow({ account, resource }: Selection): boolean {
  return account !== undefined && resource !== undefined && namesOne(resource);
}

/** A pattern that every text of some length matches. */
export function saysNothing(resource: string): boolean {
  return /^[*?]*$/.test(resource);
}
