import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { startingRate } from './rates.ts';
import { createSlots, type Slots } from './slots.ts';

/** Times in milliseconds, sizes in bytes. */
export interface Timings {
  readonly connectTimeout: number;
  /** From the request to the answer's head, and the longest pause within its body. */
  readonly requestTimeout: number;
  /** From the first attempt to the last answer of one page. */
  readonly deadline: number;
  /** First pause after a fault; it doubles from attempt to attempt, up to the longest one. */
  readonly pause: number;
  /** First pause after a throttle. */
  readonly throttlePause: number;
  readonly longestPause: number;
  /** Between two looks at something that AWS prepares. */
  readonly pollPause: number;
  readonly polls: number;
  readonly largestBody: number;
  readonly pages: number;
  readonly concurrency: number;
  /** Calls per second of one operation, below which no throttle drives the limiter. */
  readonly slowestRate: number;
}

export const defaultTimings: Timings = {
  connectTimeout: 3000,
  requestTimeout: 20_000,
  deadline: 180_000,
  pause: 50,
  throttlePause: 500,
  longestPause: 20_000,
  pollPause: 1000,
  polls: 30,
  largestBody: 64 * 1024 * 1024,
  pages: 10_000,
  concurrency: 50,
  slowestRate: 0.5,
};

/** What all calls of one run share. */
export interface Engine {
  readonly clients: Clients;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly slots: Slots;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
  /** The region in which services without regions are asked. */
  readonly globalRegion: string;
  /** Told with every answer how far the sender's clock is ahead, in milliseconds: whole seconds, less the answer's way. */
  readonly onSkew?: (ahead: number) => void;
  limiter(account: string, region: string, service: string, operation: string): Limiter;
}

export function createEngine(parts: Omit<Engine, 'slots' | 'limiter'>, foreign: boolean): Engine {
  const limiters = new Map<string, Limiter>();
  return {
    ...parts,
    slots: createSlots(parts.timings.concurrency),
    limiter: (account, region, service, operation) => {
      const key = `${account}/${region}/${service}:${operation}`;
      const known = limiters.get(key);
      if (known !== undefined) return known;
      const limiter = createLimiter(startingRate(service, operation, foreign), parts.clock, parts.timings.slowestRate);
      limiters.set(key, limiter);
      return limiter;
    },
  };
}
