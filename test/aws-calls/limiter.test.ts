import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/aws/clock.ts';
import { createLimiter } from '../../src/aws/limiter.ts';
import { type Rate, startingRate } from '../../src/aws/rates.ts';

/** A clock on which sleeping takes no time, but comes after everything that is ready. */
function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      await new Promise((resolve) => setImmediate(resolve));
      now += milliseconds;
    },
  };
}

const { signal } = new AbortController();
const rate = (perSecond: number, burst: number, ceiling = perSecond): Rate => ({ perSecond, burst, ceiling });

async function timesOf(count: number, start: Rate): Promise<number[]> {
  const clock = fakeClock();
  const limiter = createLimiter(start, clock, 0.5);
  const times: number[] = [];
  await Promise.all(Array.from({ length: count }, () => limiter.take(signal).then(() => times.push(clock.now()))));
  return times;
}

describe('a limiter', () => {
  it('lets the burst pass at once and the rest at its rate', async () => {
    const times = await timesOf(15, rate(10, 5));
    expect(times.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(times.slice(5)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  it('never lets more pass in any span than burst and rate allow', async () => {
    const law = fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 30 }),
      async (count, perSecond, burst) => {
        const times = await timesOf(count, rate(perSecond, burst));
        expect(times).toHaveLength(count);
        for (const [i, from] of times.entries()) {
          for (const [j, to] of times.entries()) {
            if (j < i) continue;
            expect(j - i + 1).toBeLessThanOrEqual(burst + ((to - from) / 1000) * perSecond + 1e-6);
          }
        }
      },
    );
    await fc.assert(law, { numRuns: 100 });
  });

  it('halves its rate once for throttles that come together, and again for later ones', async () => {
    const clock = fakeClock();
    const limiter = createLimiter(rate(16, 16), clock, 0.5);
    await Promise.all(Array.from({ length: 16 }, () => limiter.take(signal)));
    limiter.throttled();
    limiter.throttled();
    expect(limiter.rate()).toBe(8);
    await clock.sleep(1001, signal);
    await Promise.all(Array.from({ length: 8 }, () => limiter.take(signal)));
    limiter.throttled();
    expect(limiter.rate()).toBeLessThanOrEqual(4);
  });

  it('starts from what was really called when its own limit was far higher', async () => {
    const limiter = createLimiter(rate(10_000, 10_000), fakeClock(), 0.5);
    await Promise.all(Array.from({ length: 40 }, () => limiter.take(signal)));
    limiter.throttled();
    expect(limiter.rate()).toBe(20);
  });

  it('never falls below its slowest rate', async () => {
    const clock = fakeClock();
    const limiter = createLimiter(rate(10, 10), clock, 0.5);
    for (let i = 0; i < 20; i += 1) {
      limiter.throttled();
      await clock.sleep(1500, signal);
    }
    expect(limiter.rate()).toBe(0.5);
  });

  it('climbs slowly while nothing is throttled, up to its ceiling', () => {
    const limiter = createLimiter(rate(10, 10, 20), fakeClock(), 0.5);
    for (let i = 0; i < 10; i += 1) limiter.succeeded();
    expect(limiter.rate()).toBeCloseTo(11);
    for (let i = 0; i < 1000; i += 1) limiter.succeeded();
    expect(limiter.rate()).toBe(20);
  });

  it('lets everybody go when the run is stopped', async () => {
    const controller = new AbortController();
    const limiter = createLimiter(rate(0.5, 1), fakeClock(), 0.5);
    controller.abort();
    const taken = Array.from({ length: 50 }, () => limiter.take(controller.signal));
    await expect(Promise.all(taken)).resolves.toHaveLength(50);
  });
});

describe('the starting rate', () => {
  it.each([
    ['ec2', 'DescribeInstances', { perSecond: 10, burst: 50, ceiling: 10 }],
    ['account', 'ListRegions', { perSecond: 2.5, burst: 2, ceiling: 2.5 }],
    ['backup', 'ListBackupPlans', { perSecond: 10, burst: 20, ceiling: 100 }],
    ['constructor', 'toString', { perSecond: 10, burst: 20, ceiling: 100 }],
  ])('of %s:%s is half of what is published, or a guess', (service, operation, expected) => {
    expect(startingRate(service, operation, false)).toEqual(expected);
  });
});
