/** How fast one operation may be called in one account and region. */
export interface Rate {
  /** Calls per second. */
  readonly perSecond: number;
  /** Calls that may be made at once after a pause. */
  readonly burst: number;
  /** What the limiter may climb to while nothing is throttled. */
  readonly ceiling: number;
}

interface Published {
  readonly perSecond: number;
  readonly burst: number;
}

/** AWS's published limits, per account, region and operation. */
const published: Readonly<Record<string, Published>> = {
  ec2: { perSecond: 20, burst: 100 },
  'cloudtrail:LookupEvents': { perSecond: 2, burst: 2 },
  'account:ListRegions': { perSecond: 5, burst: 5 },
  'account:GetRegionOptStatus': { perSecond: 5, burst: 5 },
  'account:GetAlternateContact': { perSecond: 10, burst: 15 },
};

/** The part of a published limit that is left to everybody else, so that an audit never starves production. */
const share = 0.5;

const unpublished: Rate = { perSecond: 10, burst: 20, ceiling: 100 };

/** For endpoints that are not AWS: no limit to begin with, but one that is learnt from throttles. */
const emulator: Rate = { perSecond: 10_000, burst: 10_000, ceiling: 10_000 };

/** The rate at which to begin with an operation. */
export function startingRate(service: string, operation: string, foreign: boolean): Rate {
  if (foreign) return emulator;
  const name = `${service}:${operation}`;
  const limit = Object.hasOwn(published, name)
    ? published[name]
    : Object.hasOwn(published, service)
      ? published[service]
      : undefined;
  if (limit === undefined) return unpublished;
  const perSecond = limit.perSecond * share;
  return { perSecond, burst: Math.max(1, Math.floor(limit.burst * share)), ceiling: perSecond };
}
