import type { Clock } from './clock.ts';
import type { Rate } from './rates.ts';

/** A token bucket that learns: it halves its rate when AWS throttles and climbs slowly while it does not. */
export interface Limiter {
  /** Resolves when the next call may be made; first come, first served. At once when the signal is aborted. */
  take(signal: AbortSignal): Promise<void>;
  succeeded(): void;
  throttled(): void;
  /** Calls per second allowed at present. */
  rate(): number;
}

const climb = 0.01;
/** Calls that were under way together are throttled together: they count as one throttle. */
const together = 1000;

/**
 * Lets callers pass in their order.
 *
 * @param wait takes a place, or says how many milliseconds there is none
 */
function createQueue(wait: () => number, clock: Clock): Limiter['take'] {
  const queue: (() => void)[] = [];
  let pumping = false;
  const pump = async (signal: AbortSignal) => {
    pumping = true;
    while (queue.length > 0) {
      const pause = signal.aborted ? 0 : wait();
      if (pause === 0) queue.shift()?.();
      else await clock.sleep(pause, signal);
    }
    pumping = false;
  };
  return (signal) =>
    new Promise((resolve) => {
      queue.push(resolve);
      if (!pumping) void pump(signal);
    });
}

/** @param slowest the calls per second below which no throttle drives it */
export function createLimiter(start: Rate, clock: Clock, slowest: number): Limiter {
  let perSecond = start.perSecond;
  let tokens = start.burst;
  let refilled = clock.now();
  let throttledAt = Number.NEGATIVE_INFINITY;
  let granted: number[] = [];

  const refill = () => {
    const now = clock.now();
    const burst = Math.min(start.burst, Math.max(1, perSecond * 2));
    tokens = Math.min(
      throttledAt === Number.NEGATIVE_INFINITY ? start.burst : burst,
      tokens + ((now - refilled) / 1000) * perSecond,
    );
    refilled = now;
  };
  const grant = () => {
    refill();
    if (tokens < 1) return Math.ceil(((1 - tokens) / perSecond) * 1000);
    tokens -= 1;
    const now = clock.now();
    granted.push(now);
    if (granted.length > 2000) granted = granted.filter((at) => at > now - together);
    return 0;
  };
  return {
    take: createQueue(grant, clock),
    succeeded: () => {
      perSecond = Math.min(start.ceiling, perSecond + start.perSecond * climb);
    },
    throttled: () => {
      const now = clock.now();
      if (now - throttledAt < together) return;
      const observed = granted.filter((at) => at > now - together).length;
      perSecond = Math.max(slowest, Math.min(perSecond, Math.max(1, observed)) / 2);
      throttledAt = now;
      refill();
      tokens = Math.min(tokens, 1);
    },
    rate: () => perSecond,
  };
}
