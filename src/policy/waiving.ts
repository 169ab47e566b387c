import { everywhere, type Result } from '../finding/finding.ts';
import type { Behind } from '../finding/inspect.ts';
import { observationDigest } from '../finding/observation.ts';
import { compileGlob } from '../model/glob.ts';
import { tagReader } from '../model/resource.ts';
import { FALSE, TRUE, type Truth, truth, UNKNOWN } from '../model/truth.ts';
import type { Waiver } from './policy.ts';
import { isExpired, isNarrow, isTooLong, longestDays, namesOne, saysNothing, waiverId, widest } from './waiver.ts';

/** One waiver while results pass by. */
export interface Watch {
  readonly waiver: Waiver;
  readonly id: string;
  readonly matches: (text: string) => boolean;
  readonly expired: boolean;
  /** Why it covers nothing although it has not expired; undefined while nothing is known against it. */
  broad: { readonly why: string; readonly what: 'days' | 'resources' } | undefined;
  /** How many failures it covers, or would. */
  matched: number;
  /** Failures that it would cover if they had been observed as it says, and the last one's digest, if there is one. */
  readonly otherwise: { times: number; digest: string | undefined };
  readonly accounts: Set<string>;
  /** Whether something is unknown that it might cover. */
  possible: boolean;
}

function broadness({ expires, resource }: Waiver, now: number): Watch['broad'] {
  if (isTooLong(expires, now)) return { why: `it counts for more than ${longestDays} days`, what: 'days' };
  if (resource === undefined || !saysNothing(resource)) return undefined;
  return { why: 'its pattern names nothing', what: 'resources' };
}

export function watch(waiver: Waiver, now: number): Watch {
  return {
    waiver,
    id: waiverId(waiver),
    matches: compileGlob(waiver.resource ?? ''),
    expired: isExpired(waiver.expires, now),
    broad: broadness(waiver, now),
    matched: 0,
    otherwise: { times: 0, digest: undefined },
    accounts: new Set(),
    possible: false,
  };
}

/** Whether a waiver that names a place is about this one. `*` stands for places that nobody can name. */
function isAt(named: string | undefined, place: string): Truth {
  if (named === undefined || named === place) return TRUE;
  return place === everywhere ? UNKNOWN : FALSE;
}

function hasTag({ key, value }: NonNullable<Waiver['tag']>, behind: Behind | undefined): Truth {
  if (behind === undefined) return UNKNOWN;
  const found = tagReader(behind.type, key)(behind.resource);
  if (found === undefined) return FALSE;
  return typeof found === 'string' ? truth(value === undefined || value === found) : UNKNOWN;
}

/** Whether the waiver's pattern or tag fits what a result is about. A list that is not whole may hold anything. */
function selects({ waiver, matches }: Watch, { resource, type, account, region }: Result, behind?: Behind): Truth {
  if (resource === undefined) {
    const whole = type === 'account' ? account : type === 'region' ? region : everywhere;
    if (whole === everywhere) return UNKNOWN;
    return truth(waiver.tag === undefined && matches(whole));
  }
  if (waiver.tag !== undefined) return hasTag(waiver.tag, behind);
  const { id, arn, name, declared } = resource;
  // A name that is another resource's id must not come under that one's waiver.
  const texts = namesOne(waiver.resource ?? '') ? [id, arn] : [id, arn, name, declared?.address];
  return truth(texts.some((text) => text !== undefined && matches(text)));
}

/** Whether a waiver is about a result, whatever became of it. */
function isAbout(one: Watch, result: Result, behind: Behind | undefined): Truth {
  const { account, region } = one.waiver;
  const where = Math.min(isAt(account, result.account), isAt(region, result.region)) as Truth;
  return where === FALSE ? FALSE : (Math.min(where, selects(one, result, behind)) as Truth);
}

/** Notes a failure that a waiver is about. @returns whether the waiver would cover it */
function note(one: Watch, result: Result): boolean {
  const pinned = one.waiver.observed;
  const digest = pinned === undefined ? undefined : observationDigest(result);
  if (digest !== pinned) {
    one.otherwise.times += 1;
    one.otherwise.digest = digest;
    return false;
  }
  one.matched += 1;
  one.accounts.add(result.account);
  return true;
}

/** Waivers by the rule whose failures they cover, in the order of the policy. */
export type Waiving = ReadonlyMap<string, readonly Watch[]>;

export function watchAll(waivers: readonly Waiver[], now: number): Waiving {
  const byRule = new Map<string, Watch[]>();
  for (const waiver of waivers) {
    const same = byRule.get(waiver.rule) ?? [];
    byRule.set(waiver.rule, [...same, watch(waiver, now)]);
  }
  return byRule;
}

/**
 * Lays the waivers over a result: the first one that covers a failure is named by it. The outcome stays what it is, and
 * what is unknown is never covered.
 */
export function waive(waiving: Waiving, result: Result, behind: Behind | undefined): Result {
  const { outcome } = result;
  if (outcome === 'pass' || outcome === 'not-applicable') return result;
  let covering: string | undefined;
  for (const one of waiving.get(result.rule) ?? []) {
    const about = isAbout(one, result, behind);
    if (about === FALSE) continue;
    if (outcome !== 'fail' || about === UNKNOWN) one.possible = true;
    else if (note(one, result) && !one.expired && one.broad === undefined) covering ??= one.id;
  }
  return covering === undefined ? result : { ...result, waiver: covering };
}

/** Whether it must be known how far a waiver reaches before it may cover anything. */
export function needsMeasure({ waiver, expired, broad }: Watch): boolean {
  return !expired && broad === undefined && !isNarrow(waiver);
}

/** What is too broad about a waiver that was tried on all results. */
function breadth({ matched, accounts }: Watch): Watch['broad'] {
  if (matched > widest) return { why: `it covers ${matched} failures`, what: 'resources' };
  return accounts.size > 1 ? { why: `it covers failures of ${accounts.size} accounts`, what: 'resources' } : undefined;
}

/** Waivers that know of themselves whether they reach too far, from ones that were tried on all results. */
export function measured(tried: Waiving, waivers: readonly Waiver[], now: number): Waiving {
  const fresh = watchAll(waivers, now);
  for (const [rule, watches] of fresh) {
    for (const [index, one] of watches.entries()) {
      const before = tried.get(rule)?.[index];
      if (before !== undefined && needsMeasure(one)) one.broad = breadth(before);
    }
  }
  return fresh;
}
